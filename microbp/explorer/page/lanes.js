// Loops over cases, whose numbers lie one after the other: what a net's long sums are made of.

/* exported addAdjoints, addOperand, addProduct, addShares, alone */

/**
 * Where the numbers of an operation are. Case c of operand i is at `at[i] + c * step[i]`: the step
 * is 0 where the number is the same in every case, else 1. Its result is at `to + c`.
 * @typedef {object} Places
 * @property {Int32Array} at
 * @property {Int32Array} step
 * @property {number} to
 * @property {boolean[]} wanted of which operands the gradient is wanted
 */

/**
 * The value for one case. @type {(over: (numbers: Float64Array, places: Places, count: number) =>
 *   void, operands: number[]) => number}
 */
function alone(over, operands) {
  const to = operands.length;
  const at = Int32Array.from(operands.keys());
  const numbers = Float64Array.of(...operands, 0);
  over(numbers, { at, step: at, to, wanted: [] }, 1);
  return numbers[to];
}

/** Add operand i to the results. @type {(numbers: Float64Array, places: Places, i: number, count: number) => void} */
function addOperand(numbers, { at, step, to }, i, count) {
  if (step[i]) addScaled(numbers, to, numbers, at[i], 1, count);
  else {
    const x = numbers[at[i]];
    for (let c = 0; c < count; c++) numbers[to + c] += x;
  }
}

/** Add operand i times operand j to the results. @type {(numbers: Float64Array, places: Places, i: number, j: number, count: number) => void} */
function addProduct(numbers, { at, step, to }, i, j, count) {
  const [x, y] = [at[i], at[j]];
  if (!step[i] && step[j]) addScaled(numbers, to, numbers, y, numbers[x], count);
  else for (let c = 0; c < count; c++) numbers[to + c] += numbers[x + c * step[i]] * numbers[y + c * step[j]];
}

/**
 * Add a number times each of a list to another list, which may be in the same array.
 * @type {(sums: Float64Array, to: number, xs: Float64Array, from: number, factor: number, count: number) => void}
 */
function addScaled(sums, to, xs, from, factor, count) {
  for (let c = 0; c < count; c++) sums[to + c] += factor * xs[from + c];
}

/**
 * To the gradient of operand i, whose partial is 1.
 * @type {(grads: Float64Array, places: Places, i: number, count: number) => void}
 */
function addAdjoints(grads, { at, step, to, wanted }, i, count) {
  if (!wanted[i]) return;
  for (let c = 0; c < count; c++) grads[at[i] + c * step[i]] += grads[to + c];
}

/**
 * To the gradient of operand i, whose partial is operand `of`: adjoint times partial. A zero of
 * either contributes zero, even to an infinite other.
 * @type {(numbers: Float64Array, grads: Float64Array, places: Places, i: number, of: number, count: number) => void}
 */
function addShares(numbers, grads, { at, step, to, wanted }, i, of, count) {
  if (!wanted[i]) return;
  const partial = numbers[at[of]];
  if (step[i] && !step[of] && Number.isFinite(partial)) {
    if (partial !== 0) addScaled(grads, at[i], grads, to, partial, count);
    return;
  }
  if (!step[i] && step[of]) {
    let sum = 0;
    for (let c = 0; c < count; c++) sum += grads[to + c] * numbers[at[of] + c];
    if (Number.isFinite(sum)) {
      grads[at[i]] += sum;
      return;
    }
  }
  for (let c = 0; c < count; c++) {
    const [adjoint, part] = [grads[to + c], numbers[at[of] + c * step[of]]];
    if (adjoint !== 0 && part !== 0) grads[at[i] + c * step[i]] += adjoint * part;
  }
}
