// A training that the page can't run, as it was recorded: some sweeps' weights, one after the other.

/* global JUDGES */
/* exported FrameTraining */

/** What `Training` is for a training that runs here; `sweep` counts the frames. */
class FrameTraining {
  /** @param {any} data */
  constructor(data) {
    this.frames = data.frames;
    this.program = data.program;
    this.judge = data.judge;
    /** @type {Float64Array[]} */
    this.targets = data.cases.map((/** @type {number[]} */ row) => Float64Array.from(row.slice(data.inputs)));
    this.sweep = 0;
    this.settings = {};
    this.errors = /** @type {number[]} */ ([]);
    this.rights = /** @type {number[]} */ ([]);
    this.parameters = Float64Array.from(this.frames.weights[0], Number);
  }

  /** @param {number} count */
  advance(count) {
    const before = this.sweep;
    this.rewind(Math.min(this.sweep + count, this.frames.sweeps.length - 1));
    return this.sweep - before;
  }

  /** @param {number} sweep */
  rewind(sweep) {
    this.sweep = sweep;
    this.parameters.set(this.frames.weights[sweep].map(Number));
    this.errors = this.frames.errors.slice(0, sweep).map(Number);
    this.rights = this.frames.right.slice(0, sweep);
  }

  reset() {
    this.rewind(0);
  }

  /** What was recorded of all cases; which are right where the page knows how that is judged. */
  look() {
    /** @type {number[][]} */
    const outputs = this.frames.outputs[this.sweep].map((/** @type {unknown[]} */ ys) => ys.map(Number));
    const judge = JUDGES[this.judge];
    const right = judge ? outputs.map((ys, c) => judge(Float64Array.from(ys), this.targets[c])) : [];
    return { outputs, right, error: Number(this.frames.errors[this.sweep]) };
  }

  /** The inputs and the outputs of a case: of no other unit anything was recorded. @type {(row: number[], c: number) => {data: Float64Array, grad: Float64Array}} */
  gradients(row, c) {
    const { inputs = [], operations = [], parameters = [], constants = [], outputs = [] } = this.program ?? {};
    const nodes = inputs.length + parameters.length + constants.length + operations.length;
    const data = new Float64Array(nodes).fill(NaN);
    if (nodes) data.set(row);
    outputs.slice(1).forEach((/** @type {number} */ node, /** @type {number} */ k) => (data[node] = this.frames.outputs[this.sweep][c][k]));
    return { data, grad: new Float64Array(nodes) };
  }
}
