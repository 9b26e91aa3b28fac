// The recorded program of one case, net and loss: its forward and its backward pass.

/* global OPERATIONS */
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
 * How one operation is run. `over` and `back` read and add to the arrays of all nodes in place.
 * @typedef {object} Instruction
 * @property {number} node
 * @property {number[]} operands
 * @property {(data: Float64Array) => number} run
 * @property {(data: Float64Array, grad: Float64Array, adjoint: number) => void} back
 */

/** Runs it for one case after the other: `data` and `grad` have a number for each node. */
class Program {
  /** @param {RecordedProgram} recorded */
  constructor(recorded) {
    const { inputs, parameters, constants, operations, outputs } = recorded;
    this.firstParameter = inputs.length;
    this.parameterCount = parameters.length;
    const firstConstant = inputs.length + parameters.length;
    const first = firstConstant + constants.length;
    this.error = outputs[0];
    this.outputs = outputs.slice(1);
    this.data = new Float64Array(first + operations.length);
    this.grad = new Float64Array(this.data.length);
    constants.forEach(([, x], i) => (this.data[firstConstant + i] = Number(WORDS[x] ?? x)));
    const instructions = operations.map(([name, operands], i) =>
      instruction(name, operands, first + i));
    this.nodes = Int32Array.from(instructions, ({ node }) => node);
    this.runs = instructions.map(({ run }) => run);
    this.backs = instructions.map(({ back }) => back);
    this.parameters = this.data.subarray(this.firstParameter, firstConstant);
    this.gradient = this.grad.subarray(this.firstParameter, firstConstant);
  }

  /** Compute every node for one case: its inputs and targets. @param {Float64Array} row */
  forward(row) {
    const { data, nodes, runs } = this;
    data.set(row);
    for (let i = 0; i < nodes.length; i++) data[nodes[i]] = runs[i](data);
    return data[this.error];
  }

  /** From the error back to every node; a zero adjoint contributes zero. */
  backward() {
    const { data, grad, nodes, backs } = this;
    grad.fill(0);
    grad[this.error] = 1;
    for (let i = nodes.length - 1; i >= 0; i--) {
      const adjoint = grad[nodes[i]];
      if (adjoint !== 0) backs[i](data, grad, adjoint);
    }
  }
}

/** JSON has no word for them. @type {Record<string | number, number>} */
const WORDS = { nan: NaN, inf: Infinity, "-inf": -Infinity };

/** @type {(name: string, operands: number[], node: number) => Instruction} */
function instruction(name, operands, node) {
  const { value, partials, domain, over, back } = OPERATIONS[name];
  const [a, b] = operands;
  if (over && back) {
    const places = Int32Array.from(operands);
    return {
      node,
      operands,
      run: (data) => over(data, places),
      back: (data, grad, adjoint) => back(data, places, grad, adjoint),
    };
  }
  if (domain || operands.length > 2) {
    return {
      node,
      operands,
      run: (data) => {
        const xs = operands.map((operand) => data[operand]);
        return domain && domain(...xs) ? NaN : value(...xs);
      },
      back: (data, grad, adjoint) => {
        const found = partials(data[node], ...operands.map((operand) => data[operand]));
        found.forEach((partial, k) => (grad[operands[k]] += partial === 0 ? 0 : adjoint * partial));
      },
    };
  }
  if (operands.length === 2) {
    return {
      node,
      operands,
      run: (data) => value(data[a], data[b]),
      back: (data, grad, adjoint) => {
        const [da, db] = partials(data[node], data[a], data[b]);
        grad[a] += da === 0 ? 0 : adjoint * da;
        grad[b] += db === 0 ? 0 : adjoint * db;
      },
    };
  }
  return {
    node,
    operands,
    run: (data) => value(data[a]),
    back: (data, grad, adjoint) => {
      const [partial] = partials(data[node], data[a]);
      grad[a] += partial === 0 ? 0 : adjoint * partial;
    },
  };
}
