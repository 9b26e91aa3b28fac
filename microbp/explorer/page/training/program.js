// The recorded program of one case, net and loss, run forward and backward over many cases at once.

/* global OPERATIONS, instruction */
/* exported Program */

/**
 * As `Program.save` of microbp has it: nodes are numbered inputs, parameters, constants, operations.
 * @typedef {object} RecordedProgram
 * @property {string[]} inputs their labels
 * @property {[string, number][]} parameters
 * @property {[string, number | string][]} constants
 * @property {[string, number[], string?][]} operations
 * @property {number[]} outputs the error, then the net's outputs
 */

/**
 * `data` and `grad` have `width` numbers, one for each case, of each input and each operation, and
 * one number of each parameter and constant. So a width of 1 is one number for each node.
 */
class Program {
  /**
   * @param {RecordedProgram} recorded
   * @param {number} width how many cases at once, at most
   */
  constructor(recorded, width) {
    const { inputs, parameters, constants, operations, outputs } = recorded;
    this.width = width;
    this.inputs = inputs.length;
    this.firstParameter = inputs.length * width;
    const firstConstant = this.firstParameter + parameters.length;
    this.first = firstConstant + constants.length;
    const size = this.first + operations.length * width;
    this.data = new Float64Array(size);
    this.grad = new Float64Array(size);
    constants.forEach(([, x], i) => (this.data[firstConstant + i] = Number(WORDS[x] ?? x)));
    this.parameters = this.data.subarray(this.firstParameter, firstConstant);
    this.gradient = this.grad.subarray(this.firstParameter, firstConstant);

    const [once, last] = [inputs.length, inputs.length + parameters.length + constants.length];
    const isOnce = (/** @type {number} */ node) => node >= once && node < last;
    const place = (/** @type {number} */ node) =>
      node < once ? node * width : isOnce(node) ? this.firstParameter + node - once : this.first + (node - last) * width;
    /** Whose gradient is wanted: the parameters', and so that of all that depends on them. */
    const wanted = Array.from({ length: last }, (_, i) => i >= once && i < once + parameters.length);
    this.instructions = operations.map(([name, operands], i) => {
      const which = operands.map((operand) => wanted[operand]);
      wanted.push(which.includes(true));
      return instruction(OPERATIONS[name], {
        at: Int32Array.from(operands, place),
        step: Int32Array.from(operands, (operand) => Number(!isOnce(operand))),
        to: place(last + i),
        wanted: which,
      });
    });
    this.backwards = this.instructions.filter((_, i) => wanted[last + i]).reverse();
    this.outputs = Int32Array.from(outputs, place);
    this.steps = Int32Array.from(outputs, (node) => Number(!isOnce(node)));
  }

  /** Compute every node for so many of the cases, from this one on. @type {(rows: Float64Array[], from: number, count: number) => void} */
  forward(rows, from, count) {
    const { data, inputs, width } = this;
    for (let i = 0; i < inputs; i++) {
      for (let c = 0; c < count; c++) data[i * width + c] = rows[from + c][i];
    }
    for (const each of this.instructions) each.run(data, count);
  }

  /** An output of a case that was computed: 0 is the error. @type {(output: number, c: number) => number} */
  output(output, c) {
    return this.data[this.outputs[output] + c * this.steps[output]];
  }

  /** From the errors of so many cases back to every node that depends on a parameter. @param {number} count */
  backward(count) {
    const { data, grad } = this;
    this.gradient.fill(0);
    grad.fill(0, this.first);
    for (let c = 0; c < count; c++) grad[this.outputs[0] + c * this.steps[0]] += 1;
    for (const each of this.backwards) each.back(data, grad, count);
  }
}

/** JSON has no word for them. @type {Record<string | number, number>} */
const WORDS = { nan: NaN, inf: Infinity, "-inf": -Infinity };
