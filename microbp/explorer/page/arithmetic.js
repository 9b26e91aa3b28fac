// The table of operations, as microbp's ops.py has it, in the arithmetic of the browser: what each
// computes, and one derivative of the result y for each operand. `domain` says in words why there
// is no value, or "". Tests hold all of it to ops.py. It comes first in the page, as it needs
// nothing else.
//
// + - * / and the square root are the same to the last bit everywhere, and so is what is made of
// them. The functions of `Math` are within an ulp or so of Python's; what a browser lacks, or has
// less exactly, is written here.

// --- Pairs [high, low]: a number as the sum of two floats, to twice the digits of one

/** a + b, and what rounding took from it. */
function sumOf(a, b) {
  const high = a + b;
  const b_ = high - a;
  return [high, a - (high - b_) + (b - b_)];
}

/** a * b, and what rounding took from it; for numbers far from the ends of the floats. */
function productOf(a, b) {
  const high = a * b;
  const [a1, a2] = halves(a);
  const [b1, b2] = halves(b);
  return [high, a2 * b2 - (high - a1 * b1 - a2 * b1 - a1 * b2)];
}

/** x as two floats of half the digits each, whose products are exact. */
function halves(x) {
  const shifted = x * 134217729; // 2 ** 27 + 1
  const high = shifted - (shifted - x);
  return [high, x - high];
}

function pairSum([a, a_], [b, b_]) {
  const [high, low] = sumOf(a, b);
  return sumOf(high, low + (a_ + b_));
}

function pairProduct([a, a_], [b, b_]) {
  const [high, low] = productOf(a, b);
  return sumOf(high, low + (a * b_ + a_ * b));
}

function pairQuotient([a, a_], n) {
  const high = a / n;
  const [back, rest] = productOf(high, n);
  return sumOf(high, (a - back - rest + a_) / n);
}

/** The sum as if it were rounded once, as Python's math.fsum: J. R. Shewchuk's. */
function exactSum(xs) {
  const parts = []; // of the sum so far, the smallest first; none shares a digit with another
  for (let x of xs) {
    let kept = 0;
    for (const part of parts) {
      const [high, low] = sumOf(x, part);
      if (low) parts[kept++] = low;
      x = high;
    }
    parts.length = kept;
    parts.push(x);
  }
  let [sum, low] = [0, 0];
  while (parts.length && !low) [sum, low] = sumOf(sum, parts.pop());
  const rest = parts.at(-1); // which breaks a tie
  const next = sum + 2 * low;
  return rest && low > 0 === rest > 0 && next - sum === 2 * low ? next : sum;
}

// --- Functions, as microbp's floats.py has them

/** The length of (a, b), by the formula of C. F. Borges (2019) that C libraries use. */
function hypot(a, b) {
  const long = Math.max(Math.abs(a), Math.abs(b));
  const short = Math.min(Math.abs(a), Math.abs(b));
  if (!(long < Infinity)) return Math.hypot(a, b);
  if (long >= short * 2 ** 54) return long + short;
  const scale = long > 1e150 ? 2 ** -600 : short < 1e-150 ? 2 ** 600 : 1;
  return lengthOf(scale * long, scale * short) / scale;
}

/** Their squares' root, and what it is too much, found without a square of large numbers. */
function lengthOf(long, short) {
  const h = Math.sqrt(long * long + short * short);
  if (h <= 2 * short) {
    const d = h - short;
    return h - (long * (2 * d - long) + (d - 2 * (long - short)) * d) / (2 * h);
  }
  const d = h - long;
  return h - (2 * d * (long - 2 * short) + ((4 * d - short) * short + d * d)) / (2 * h);
}

function sigmoid(x) {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const tail = Math.exp(x);
  return tail / (1 + tail);
}

function logaddexp(a, b) {
  const top = Math.max(a, b);
  return Number.isFinite(top) ? top + Math.log1p(Math.exp(-Math.abs(a - b))) : top;
}

function logsumexp(...xs) {
  const top = Math.max(...xs);
  if (!Number.isFinite(top)) return top;
  const rest = xs.filter((_, i) => i !== xs.indexOf(top));
  return top + Math.log1p(exactSum(rest.map((x) => Math.exp(x - top))));
}

function softmax(...xs) {
  const top = Math.max(...xs);
  const shares = xs.map((x) => Math.exp(x - top));
  const whole = exactSum(shares);
  return shares.map((share) => share / whole);
}

/** As C's: 1 to any power is 1, and so is anything to the power 0; JavaScript has NaN for some. */
function pow(a, b) {
  return a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b;
}

/** 2 / sqrt(pi) (x - x³ / 3 + x⁵ / (2! 5) - ...), in pairs; from 2 on, what lacks to 1. */
function erf(x) {
  const size = Math.abs(x);
  if (size >= 2) return Math.sign(x) * (1 - erfc(Math.min(size, 6)));
  if (!(size > TINY)) return TWO_OVER_ROOT_PI * x;
  const square = pairProduct([x, 0], [-x, 0]);
  let [power, sum] = [[x, 0], [x, 0]];
  for (let n = 1; Math.abs(power[0]) > 1e-20 * size; n++) {
    power = pairQuotient(pairProduct(power, square), n);
    sum = pairSum(sum, pairQuotient(power, 2 * n + 1));
  }
  return TWO_OVER_ROOT_PI * sum[0];
}

const TINY = 1e-9; // its square, beside 1, is nothing to a float
const TWO_OVER_ROOT_PI = 1.1283791670955126;

/** exp(-x²) / sqrt(pi) / (x + 1/2 / (x + 2/2 / (x + 3/2 / ...))), for x from 2 on. */
function erfc(x) {
  let rest = 0;
  for (let n = 80; n > 0; n--) rest = n / 2 / (x + rest);
  return ((Math.exp(-x * x) / (x + rest)) * TWO_OVER_ROOT_PI) / 2;
}

/** 1 where a > b, 0 where a < b, `tie` where they are equal; NaN if either is. */
function above(a, b, tie) {
  if (a > b) return 1;
  return a < b ? 0 : a === b ? tie : NaN;
}

// --- Formulas too long for a line

function powPartials(y, a, b) {
  const base = a <= 0 ? 1 : a;
  const whole = b <= -1 || b >= 1 || (a <= 0 && b > 0);
  const byBase = whole ? b * pow(a, b - 1) : (b * y) / base;
  return [byBase, a <= 0 ? 0 : y * Math.log(base)];
}

function hypotPartials(h, a, b) {
  const scale = h > 1 ? 0.5 : 1; // for the length of two large numbers overflows
  const length = h <= 0 ? 1 : hypot(scale * a, scale * b);
  return [(scale * a) / length, (scale * b) / length];
}

function atan2Partials(y, a, b) {
  const h = hypot(a, b);
  const length = h <= 0 ? 1 : h;
  return [b / length / length, -a / length / length];
}

/** The weights, then as many activities, then the bias. */
function dot(...operands) {
  const terms = (operands.length - 1) / 2;
  const products = operands.slice(0, terms).map((w, i) => w * operands[terms + i]);
  return total(...products, operands[2 * terms]);
}

function dotPartials(y, ...operands) {
  const terms = (operands.length - 1) / 2;
  return [...operands.slice(terms, -1), ...operands.slice(0, terms), 1];
}

/** From left to right. */
function total(...xs) {
  return xs.length ? xs.reduce((sum, x) => sum + x) : 0;
}

// --- Where there is no value, in words

const unless = (none, words) => (none ? words : "");
const finite = (name) => (x) =>
  unless(Math.abs(x) === Infinity, `the ${name} is defined for finite numbers`);

const OPERATIONS = {
  add: { value: (a, b) => a + b, partials: () => [1, 1] },
  sub: { value: (a, b) => a - b, partials: () => [1, -1] },
  mul: { value: (a, b) => a * b, partials: (y, a, b) => [b, a] },
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
  sqrt: {
    value: (x) => Math.sqrt(x),
    partials: (y) => [0.5 / Math.abs(y)],
    domain: (x) => unless(x < 0, "the square root is defined for numbers from 0 on"),
  },
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
  atan: { value: (x) => Math.atan(x), partials: (y, x) => [1 / (1 + x * x)] },
  atan2: { value: (a, b) => Math.atan2(a, b), partials: atan2Partials },
  sinh: { value: (x) => Math.sinh(x), partials: (y, x) => [Math.cosh(x)] },
  cosh: { value: (x) => Math.cosh(x), partials: (y, x) => [Math.sinh(x)] },
  tanh: { value: (x) => Math.tanh(x), partials: (y, x) => [(1 / Math.cosh(x)) * (1 / Math.cosh(x))] },
  sigmoid: { value: sigmoid, partials: (y, x) => [y * sigmoid(-x)] },
  softplus: { value: (x) => logaddexp(x, 0), partials: (y, x) => [sigmoid(x)] },
  relu: { value: (x) => (x > 0 || Number.isNaN(x) ? x : 0), partials: (y, x) => [above(x, 0, 0)] },
  maximum: {
    value: (a, b) => (a >= b || Number.isNaN(a) ? a : b),
    partials: (y, a, b) => [above(a, b, 0.5), above(b, a, 0.5)],
  },
  minimum: {
    value: (a, b) => (a <= b || Number.isNaN(a) ? a : b),
    partials: (y, a, b) => [above(b, a, 0.5), above(a, b, 0.5)],
  },
  where_positive: {
    value: (c, a, b) => (c > 0 ? a : c <= 0 ? b : c),
    partials: (y, c) => [0, above(c, 0, 0), above(0, c, 1)],
  },
  hypot: { value: hypot, partials: hypotPartials },
  logaddexp: { value: logaddexp, partials: (y, a, b) => [sigmoid(a - b), sigmoid(b - a)] },
  erf: { value: erf, partials: (y, x) => [TWO_OVER_ROOT_PI * Math.exp(-x * x)] },
  dot: { value: dot, partials: dotPartials },
  total: { value: total, partials: (y, ...xs) => xs.map(() => 1) },
  logsumexp: { value: logsumexp, partials: (y, ...xs) => softmax(...xs) },
};
