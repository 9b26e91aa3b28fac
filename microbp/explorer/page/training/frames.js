// A training that the page can't run, as it was recorded: some sweeps' weights, one after the other.

/* exported FrameTraining */

/** What `Training` is for a training that runs here; `sweep` counts the frames. */
class FrameTraining {
  /** @param {any} data */
  constructor(data) {
    this.frames = data.frames;
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
}
