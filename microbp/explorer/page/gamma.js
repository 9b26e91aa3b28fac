// The logarithm of the gamma function, and its first two derivatives, as microbp's gamma.py has them.

/* exported digamma, isPole, lgamma, trigamma */

const FAR = 10;
const ZETA_LESS_1 = [
  0.6449340668482264, 0.2020569031595943, 0.08232323371113819, 0.03692775514336993,
  0.01734306198444914, 0.008349277381922827, 0.00407735619794434, 0.0020083928260822143,
  0.0009945751278180853, 0.0004941886041194645, 0.0002460865533080483, 0.00012271334757848915,
  6.124813505870483e-5, 3.058823630702049e-5, 1.528225940865187e-5, 7.637197637899763e-6,
  3.81729326499984e-6, 1.908212716553939e-6, 9.539620338727962e-7,
];
for (let k = 21; k <= 40; k++) ZETA_LESS_1.push(2 ** -k + 3 ** -k + 4 ** -k);
const LOG_NEAR_2 = ZETA_LESS_1.map((zeta, i) => zeta / (i + 2));
const ONE_LESS_EULER = 0.42278433509846713;
const STIRLING = 0.4189385332046727;
const LGAMMA_SERIES = [
  1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400,
];
const DIGAMMA_SERIES = [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12, -3617 / 8160];
const TRIGAMMA_SERIES = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510];

/** Whether x is 0 or a negative whole number. @type {(x: number) => boolean} */
function isPole(x) {
  return x <= 0 && (Number.isInteger(x) || x === -Infinity);
}

/** log |gamma(x)|. @type {(x: number) => number} */
function lgamma(x) {
  if (isPole(x)) return Infinity;
  if (x <= -FAR) return -Math.log(Math.abs(sinPi(x)) / Math.PI) - lgamma(1 - x);
  if (x < 0.5) {
    let product = 1;
    for (; x < 1.3; x += 1) product *= x;
    return logNear2(x - 2) - Math.log(Math.abs(product));
  }
  if (x < 1.3) return logNear2(x - 1) - Math.log1p(x - 1);
  if (x < FAR) {
    let product = 1;
    while (x > 2.5) product *= x -= 1;
    return Math.log(product) + logNear2(x - 2);
  }
  const series = polynomial(1 / (x * x), LGAMMA_SERIES) / x;
  return (x - 0.5) * (Math.log(x) - 1) + STIRLING + series;
}

/** Its derivative. @type {(x: number) => number} */
function digamma(x) {
  if (isPole(x)) return NaN;
  if (x < 0) return digamma(1 - x) - Math.PI / Math.tan(Math.PI * (x - Math.round(x)));
  if (x < 0.5) return slopeNear2(x) - 1 / (1 + x) - 1 / x;
  if (x < 1.3) return slopeNear2(x - 1) - 1 / x;
  if (x < FAR) {
    let reciprocals = 0;
    while (x > 2.5) reciprocals += 1 / (x -= 1);
    return reciprocals + slopeNear2(x - 2);
  }
  const square = 1 / (x * x);
  return Math.log(x) - 0.5 / x - square * polynomial(square, DIGAMMA_SERIES);
}

/** The derivative of that. @type {(x: number) => number} */
function trigamma(x) {
  if (isPole(x)) return Infinity;
  if (x < 0) return (Math.PI / sinPi(x)) ** 2 - trigamma(1 - x);
  let squares = 0;
  for (; x < FAR; x += 1) squares += 1 / x / x;
  const series = polynomial(1 / (x * x), TRIGAMMA_SERIES) / x;
  return squares + (1 + (0.5 + series) / x) / x;
}

/** sin(pi x), without rounding pi x; up to its sign. @type {(x: number) => number} */
function sinPi(x) {
  return Math.sin(Math.PI * (x - Math.round(x)));
}

/** log gamma(2 + z), for z from -0.7 to 0.5. @type {(z: number) => number} */
function logNear2(z) {
  return z * (ONE_LESS_EULER + z * polynomial(-z, LOG_NEAR_2));
}

/** Its derivative. @type {(z: number) => number} */
function slopeNear2(z) {
  return ONE_LESS_EULER + z * polynomial(-z, ZETA_LESS_1);
}

/** c0 + c1 x + c2 x² + ... @type {(x: number, coefficients: number[]) => number} */
function polynomial(x, coefficients) {
  return coefficients.reduceRight((whole, coefficient) => coefficient + x * whole, 0);
}
