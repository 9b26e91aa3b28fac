// The table of operations, as microbp's ops.py has it: what each computes, and one derivative of
// the result y for each operand. `domain` says in words why there is no value, or "". Tests hold
// all of it to ops.py.

/* global ROOT_2, TWO_OVER_ROOT_PI, above, addAdjoints, addOperand, addProduct, addShares, alone */
/* global digamma, erf, erfc, hypot, isPole, lgamma, logaddexp, logsumexp, pow, sigmoid, softmax */
/* global times, trigamma */
/* exported OPERATIONS */

/**
 * @typedef {object} Operation
 * @property {(...xs: number[]) => number} value
 * @property {(y: number, ...xs: number[]) => number[]} partials
 * @property {(...xs: number[]) => string} [domain]
 * @property {(numbers: Float64Array, places: Places, count: number) => void} [over]
 *   computes the values of so many cases, one after the other
 * @property {(numbers: Float64Array, grads: Float64Array, places: Places, count: number) => void}
 *   [back] adds each adjoint times each partial to the gradients of the operands
 */

// --- Formulas too long for a line

/** @type {(y: number, a: number, b: number) => number[]} */
function powPartials(y, a, b) {
  const base = a <= 0 ? 1 : a;
  const sign = a < 0 && Math.abs(b) > 2 ** 53 ? -1 : 1; // b - 1 is odd, and rounded to even
  const whole = b <= -1 || b >= 1 || (a <= 0 && b > 0);
  const byBase = whole ? sign * b * pow(a, b - 1) : (b * y) / base;
  return [byBase, a <= 0 ? 0 : y * Math.log(base)];
}

/** @type {(h: number, a: number, b: number) => number[]} */
function hypotPartials(h, a, b) {
  if (h <= 0) return [0, 0];
  const scale = h > 1 ? 0.5 : 1; // for the length of two large numbers overflows
  const [x, y] = [scale * a, scale * b];
  const finite = Math.abs(x) + Math.abs(y) < Infinity;
  const [u, v] = finite ? [x, y] : [unlessFinite(x), unlessFinite(y)];
  const length = hypot(u, v);
  return [u / length, v / length];
}

/** The sign of an infinite number, and 0 for a finite one. @type {(x: number) => number} */
function unlessFinite(x) {
  return Math.abs(x) < Infinity ? 0 : Math.sign(x);
}

/** @type {(y: number, a: number, b: number) => number[]} */
function atan2Partials(y, a, b) {
  const h = hypot(a, b);
  const [sine, cosine] = hypotPartials(h, a, b);
  const length = h <= 0 ? 1 : h;
  return [cosine / length, -sine / length];
}

/** x sigmoid(x), where that has underflowed too. @type {(x: number) => number} */
function silu(x) {
  const root = Math.exp(-0.5 * Math.abs(x));
  return (x > 0 ? x : times(x, root) * root) / (1 + root * root);
}

/** The probability that a standard normal number is less than x. @type {(x: number) => number} */
function normal(x) {
  return 0.5 * erfc(-x / ROOT_2);
}

/** Of the weights, then as many activities, then the bias. @type {(...operands: number[]) => number} */
function dot(...operands) {
  return alone(dotOver, operands);
}

/** @type {NonNullable<Operation["over"]>} */
function dotOver(numbers, places, count) {
  const { at, to } = places;
  const terms = (at.length - 1) / 2;
  numbers.fill(-0, to, to + count); // to which anything may be added and keeps its bits
  for (let i = 0; i < terms; i++) {
    addProduct(numbers, places, i, terms + i, count);
  }
  addOperand(numbers, places, 2 * terms, count);
}

/** @type {(y: number, ...operands: number[]) => number[]} */
function dotPartials(y, ...operands) {
  const terms = (operands.length - 1) / 2;
  return [...operands.slice(terms, -1), ...operands.slice(0, terms), 1];
}

/** @type {NonNullable<Operation["back"]>} */
function dotBack(numbers, grads, places, count) {
  const terms = (places.at.length - 1) / 2;
  for (let i = 0; i < 2 * terms; i++) {
    addShares(numbers, grads, places, i, i < terms ? i + terms : i - terms, count);
  }
  addAdjoints(grads, places, 2 * terms, count);
}

/** From left to right. @type {(...xs: number[]) => number} */
function total(...xs) {
  return alone(totalOver, xs);
}

/** @type {NonNullable<Operation["over"]>} */
function totalOver(numbers, places, count) {
  const { at, to } = places;
  numbers.fill(at.length ? -0 : 0, to, to + count);
  for (let i = 0; i < at.length; i++) addOperand(numbers, places, i, count);
}

/** @type {NonNullable<Operation["back"]>} */
function totalBack(numbers, grads, places, count) {
  for (let i = 0; i < places.at.length; i++) addAdjoints(grads, places, i, count);
}

/** @type {NonNullable<Operation["over"]>} */
function mulOver(numbers, places, count) {
  numbers.fill(-0, places.to, places.to + count);
  addProduct(numbers, places, 0, 1, count);
}

/** @type {NonNullable<Operation["back"]>} */
function mulBack(numbers, grads, places, count) {
  addShares(numbers, grads, places, 0, 1, count);
  addShares(numbers, grads, places, 1, 0, count);
}

/** The largest; NaN if one is. @type {(...xs: number[]) => number} */
function larger(...xs) {
  return xs.reduce((a, b) => (a >= b || Number.isNaN(a) ? a : b));
}

/** The smallest. @type {(...xs: number[]) => number} */
function smaller(...xs) {
  return xs.reduce((a, b) => (a <= b || Number.isNaN(a) ? a : b));
}

/** 1 for the operand that is the result; a tie shares it. @type {(y: number, ...xs: number[]) => number[]} */
function sharedEqually(y, ...xs) {
  const tied = xs.map((x) => above(x, y, 1) * above(y, x, 1));
  return tied.map((one) => one / total(...tied));
}

// --- Where there is no value, in words

/** @type {(none: boolean, words: string) => string} */
const unless = (none, words) => (none ? words : "");
/** @type {(name: string) => (x: number) => string} */
const noPole = (name) => (x) =>
  unless(isPole(x), `the ${name} is defined for all numbers but 0 and the negative whole ones`);
/** @type {(name: string) => (x: number) => string} */
const finite = (name) => (x) =>
  unless(Math.abs(x) === Infinity, `the ${name} is defined for finite numbers`);

/** @type {Record<string, Operation>} */
const OPERATIONS = {
  add: { value: (a, b) => a + b, partials: () => [1, 1] },
  sub: { value: (a, b) => a - b, partials: () => [1, -1] },
  mul: { value: (a, b) => a * b, partials: (y, a, b) => [b, a], over: mulOver, back: mulBack },
  div: {
    value: (a, b) => a / b,
    partials: (y, a, b) => [1 / b, -y / b],
    domain: (a, b) => unless(b === 0, "the quotient is defined for a divisor other than 0"),
  },
  neg: { value: (x) => -x, partials: () => [-1] },
  pow: {
    value: pow,
    partials: powPartials,
    domain: (a, b) =>
      unless(
        (a < 0 && Number.isFinite(b) && !Number.isInteger(b)) || (a === 0 && b < 0),
        "the power is defined for a base above 0, for 0 to a power of at least 0, " +
          "and for a negative base to a whole power",
      ),
  },
  abs: { value: (x) => Math.abs(x), partials: (y, x) => [Math.sign(x)] },
  exp: { value: (x) => Math.exp(x), partials: (y) => [y] },
  expm1: { value: (x) => Math.expm1(x), partials: (y, x) => [Math.exp(x)] },
  log: {
    value: (x) => Math.log(x),
    partials: (y, x) => [1 / x],
    domain: (x) => unless(x <= 0, "the logarithm is defined for numbers above 0"),
  },
  log1p: {
    value: (x) => Math.log1p(x),
    partials: (y, x) => [1 / (1 + x)],
    domain: (x) => unless(x <= -1, "log(1 + x) is defined for numbers above -1"),
  },
  log2: {
    value: (x) => Math.log2(x),
    partials: (y, x) => [1 / Math.LN2 / x],
    domain: (x) => unless(x <= 0, "the logarithm is defined for numbers above 0"),
  },
  log10: {
    value: (x) => Math.log10(x),
    partials: (y, x) => [1 / Math.LN10 / x],
    domain: (x) => unless(x <= 0, "the logarithm is defined for numbers above 0"),
  },
  exp2: { value: (x) => 2 ** x, partials: (y) => [Math.LN2 * y] },
  sqrt: {
    value: (x) => Math.sqrt(x),
    partials: (y) => [0.5 / Math.abs(y)],
    domain: (x) => unless(x < 0, "the square root is defined for numbers from 0 on"),
  },
  cbrt: { value: (x) => Math.cbrt(x), partials: (y) => [1 / (3 * y * y)] },
  sin: { value: (x) => Math.sin(x), partials: (y, x) => [Math.cos(x)], domain: finite("sine") },
  cos: { value: (x) => Math.cos(x), partials: (y, x) => [-Math.sin(x)], domain: finite("cosine") },
  tan: { value: (x) => Math.tan(x), partials: (y) => [1 + y * y], domain: finite("tangent") },
  asin: {
    value: (x) => Math.asin(x),
    partials: (y, x) => [1 / Math.sqrt((1 - x) * (1 + x))],
    domain: (x) => unless(Math.abs(x) > 1, "the arcsine is defined from -1 to 1"),
  },
  acos: {
    value: (x) => Math.acos(x),
    partials: (y, x) => [-1 / Math.sqrt((1 - x) * (1 + x))],
    domain: (x) => unless(Math.abs(x) > 1, "the arccosine is defined from -1 to 1"),
  },
  atan: { value: (x) => Math.atan(x), partials: (y, x) => [1 / hypot(1, x) / hypot(1, x)] },
  atan2: { value: (a, b) => Math.atan2(a, b), partials: atan2Partials },
  sinh: { value: (x) => Math.sinh(x), partials: (y, x) => [Math.cosh(x)] },
  cosh: { value: (x) => Math.cosh(x), partials: (y, x) => [Math.sinh(x)] },
  tanh: {
    value: (x) => Math.tanh(x),
    partials: (y, x) => [4 * sigmoid(2 * x) * sigmoid(-2 * x)],
  },
  asinh: { value: (x) => Math.asinh(x), partials: (y, x) => [1 / hypot(1, x)] },
  acosh: {
    value: (x) => Math.acosh(x),
    partials: (y, x) => [1 / (Math.sqrt(x - 1) * Math.sqrt(x + 1))],
    domain: (x) =>
      unless(x < 1, "the inverse hyperbolic cosine is defined for numbers from 1 on"),
  },
  atanh: {
    value: (x) => Math.atanh(x),
    partials: (y, x) => [1 / ((1 - x) * (1 + x))],
    domain: (x) =>
      unless(
        Math.abs(x) >= 1,
        "the inverse hyperbolic tangent is defined for numbers between -1 and 1",
      ),
  },
  sigmoid: { value: sigmoid, partials: (y, x) => [y * sigmoid(-x)] },
  softplus: { value: (x) => logaddexp(x, 0), partials: (y, x) => [sigmoid(x)] },
  relu: { value: (x) => (x > 0 || Number.isNaN(x) ? x : 0), partials: (y, x) => [above(x, 0, 0)] },
  leaky_relu: {
    value: (x) => (x > 0 ? x : 0.01 * x),
    partials: (y, x) => [above(x, 0, 0) + 0.01 * above(0, x, 1)],
  },
  silu: {
    value: silu,
    partials: (y, x) => [sigmoid(x) + times(y, sigmoid(-x))],
  },
  gelu: {
    value: (x) => times(x, normal(x)),
    partials: (y, x) => [normal(x) + times(x, (1 / Math.sqrt(2 * Math.PI)) * Math.exp(-0.5 * x * x))],
  },
  maximum: {
    value: (a, b) => (a >= b || Number.isNaN(a) ? a : b),
    partials: (y, a, b) => [above(a, b, 0.5), above(b, a, 0.5)],
  },
  minimum: {
    value: (a, b) => (a <= b || Number.isNaN(a) ? a : b),
    partials: (y, a, b) => [above(b, a, 0.5), above(a, b, 0.5)],
  },
  largest: { value: larger, partials: sharedEqually },
  smallest: { value: smaller, partials: sharedEqually },
  where_positive: {
    value: (c, a, b) => (c > 0 ? a : c <= 0 ? b : c),
    partials: (y, c) => [0, above(c, 0, 0), above(0, c, 1)],
  },
  hypot: { value: hypot, partials: hypotPartials },
  logaddexp: { value: logaddexp, partials: (y, a, b) => softmax(a, b) },
  erf: { value: erf, partials: (y, x) => [TWO_OVER_ROOT_PI * Math.exp(-x * x)] },
  erfc: { value: erfc, partials: (y, x) => [-TWO_OVER_ROOT_PI * Math.exp(-x * x)] },
  lgamma: {
    value: lgamma,
    partials: (y, x) => [digamma(x)],
    domain: noPole("logarithm of the gamma function"),
  },
  digamma: { value: digamma, partials: (y, x) => [trigamma(x)], domain: noPole("digamma function") },
  dot: { value: dot, partials: dotPartials, over: dotOver, back: dotBack },
  total: {
    value: total,
    partials: (y, ...xs) => xs.map(() => 1),
    over: totalOver,
    back: totalBack,
  },
  logsumexp: { value: logsumexp, partials: (y, ...xs) => softmax(...xs) },
};
