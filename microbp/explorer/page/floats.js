// Functions of numbers, as microbp's floats.py has them, in the arithmetic of the browser.
//
// + - * / and the square root are the same to the last bit everywhere, and so is what is made of
// them. The functions of `Math` are within an ulp or so of Python's; what a browser lacks, or has
// less exactly, is written here.

/* exported ROOT_2, TWO_OVER_ROOT_PI, above, erf, erfc, hypot, logaddexp, logsumexp, pow, sigmoid */
/* exported softmax, times */

/** @typedef {[number, number]} Pair */

// --- Pairs [high, low]: a number as the sum of two floats, to twice the digits of one

/** a + b, and what rounding took from it. @type {(a: number, b: number) => Pair} */
function sumOf(a, b) {
  const high = a + b;
  const b_ = high - a;
  return [high, a - (high - b_) + (b - b_)];
}

/**
 * a * b, and what rounding took from it; for numbers far from the ends of the floats.
 * @type {(a: number, b: number) => Pair}
 */
function productOf(a, b) {
  const high = a * b;
  const [a1, a2] = halves(a);
  const [b1, b2] = halves(b);
  return [high, a2 * b2 - (high - a1 * b1 - a2 * b1 - a1 * b2)];
}

/** x as two floats of half the digits each, whose products are exact. @type {(x: number) => Pair} */
function halves(x) {
  const shifted = x * 134217729; // 2 ** 27 + 1
  const high = shifted - (shifted - x);
  return [high, x - high];
}

/** @type {(first: Pair, second: Pair) => Pair} */
function pairSum([a, a_], [b, b_]) {
  const [high, low] = sumOf(a, b);
  return sumOf(high, low + (a_ + b_));
}

/** @type {(first: Pair, second: Pair) => Pair} */
function pairProduct([a, a_], [b, b_]) {
  const [high, low] = productOf(a, b);
  return sumOf(high, low + (a * b_ + a_ * b));
}

/** @type {(pair: Pair, n: number) => Pair} */
function pairQuotient([a, a_], n) {
  const high = a / n;
  const [back, rest] = productOf(high, n);
  return sumOf(high, (a - back - rest + a_) / n);
}

/**
 * The sum as if it were rounded once, as Python's math.fsum: J. R. Shewchuk's algorithm.
 * @type {(xs: number[]) => number}
 */
function exactSum(xs) {
  /** @type {number[]} */
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
  while (!low) {
    const part = parts.pop();
    if (part === undefined) break;
    [sum, low] = sumOf(sum, part);
  }
  const rest = parts.at(-1); // which breaks a tie
  const next = sum + 2 * low;
  return rest && low > 0 === rest > 0 && next - sum === 2 * low ? next : sum;
}

// --- Functions

/**
 * The length of (a, b), by the formula of C. F. Borges (2019) that C libraries use.
 * @type {(a: number, b: number) => number}
 */
function hypot(a, b) {
  const long = Math.max(Math.abs(a), Math.abs(b));
  const short = Math.min(Math.abs(a), Math.abs(b));
  if (!(long < Infinity)) return Math.hypot(a, b);
  if (long >= short * 2 ** 54) return long + short;
  const scale = long > 1e150 ? 2 ** -600 : short < 1e-150 ? 2 ** 600 : 1;
  return lengthOf(scale * long, scale * short) / scale;
}

/**
 * The root of the sum of their squares, less its rounding error.
 * @type {(long: number, short: number) => number}
 */
function lengthOf(long, short) {
  const h = Math.sqrt(long * long + short * short);
  if (h <= 2 * short) {
    const d = h - short;
    return h - (long * (2 * d - long) + (d - 2 * (long - short)) * d) / (2 * h);
  }
  const d = h - long;
  return h - (2 * d * (long - 2 * short) + ((4 * d - short) * short + d * d)) / (2 * h);
}

/** @type {(x: number) => number} */
function sigmoid(x) {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const tail = Math.exp(x);
  return tail / (1 + tail);
}

/** @type {(a: number, b: number) => number} */
function logaddexp(a, b) {
  const top = Math.max(a, b);
  return Number.isFinite(top) ? top + Math.log1p(Math.exp(-Math.abs(a - b))) : top;
}

/** @type {(...xs: number[]) => number} */
function logsumexp(...xs) {
  const top = Math.max(...xs);
  if (!Number.isFinite(top)) return top;
  const rest = xs.filter((_, i) => i !== xs.indexOf(top));
  return top + Math.log1p(exactSum(rest.map((x) => Math.exp(x - top))));
}

/** @type {(...xs: number[]) => number[]} */
function softmax(...xs) {
  const top = Math.max(...xs);
  const shares = xs.map((x) => (x === top ? 1 : Math.exp(x - top)));
  const whole = exactSum(shares);
  return shares.map((share) => share / whole);
}

/** a * b, but 0 for 0 times infinity. @type {(a: number, b: number) => number} */
function times(a, b) {
  const none = (a === 0 && Math.abs(b) === Infinity) || (b === 0 && Math.abs(a) === Infinity);
  return none ? 0 : a * b;
}

/**
 * As in C: 1 to any power is 1, and so is anything to the power 0; JavaScript has NaN for some.
 * @type {(a: number, b: number) => number}
 */
function pow(a, b) {
  return a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b;
}

/**
 * 2 / sqrt(pi) (x - x³ / 3 + x⁵ / (2! 5) - ...), in pairs; from 2 on, 1 - erfc.
 * @type {(x: number) => number}
 */
function erf(x) {
  const size = Math.abs(x);
  if (size >= 2) return Math.sign(x) * (1 - erfcTail(Math.min(size, 6)));
  if (!(size > TINY)) return TWO_OVER_ROOT_PI * x;
  return TWO_OVER_ROOT_PI * erfSeries(x)[0];
}

/** x - x³ / 3 + x⁵ / (2! 5) - ..., for x up to 2. @type {(x: number) => Pair} */
function erfSeries(x) {
  const size = Math.abs(x);
  const square = pairProduct([x, 0], [-x, 0]);
  /** @type {[Pair, Pair]} */
  let [power, sum] = [[x, 0], [x, 0]];
  for (let n = 1; Math.abs(power[0]) > 1e-20 * size; n++) {
    power = pairQuotient(pairProduct(power, square), n);
    sum = pairSum(sum, pairQuotient(power, 2 * n + 1));
  }
  return sum;
}

/** 1 - erf(x). @type {(x: number) => number} */
function erfc(x) {
  if (x >= 2) return erfcTail(x);
  if (x <= -2) return 2 - erfcTail(-x);
  if (!(Math.abs(x) > TINY)) return 1 - TWO_OVER_ROOT_PI * x;
  const [high, low] = pairProduct(erfSeries(x), [-TWO_OVER_ROOT_PI, -1.533545961316588e-17]);
  return pairSum([1, 0], [high, low])[0];
}

const TINY = 1e-9; // its square, beside 1, is nothing to a float
const TWO_OVER_ROOT_PI = 1.1283791670955126;
const ROOT_2 = 1.4142135623730951;

/**
 * exp(-x²) / sqrt(pi) / (x + 1/2 / (x + 2/2 / (x + 3/2 / ...))), for x from 2 on.
 * @type {(x: number) => number}
 */
function erfcTail(x) {
  let rest = 0;
  for (let n = 80; n > 0; n--) rest = n / 2 / (x + rest);
  const [square, lost] = x < 30 ? productOf(x, x) : [x * x, 0];
  return ((Math.exp(-square) * (1 - lost) * TWO_OVER_ROOT_PI) / 2) / (x + rest);
}

/**
 * 1 where a > b, 0 where a < b, `tie` where they are equal; NaN if either is.
 * @type {(a: number, b: number, tie: number) => number}
 */
function above(a, b, tie) {
  if (a > b) return 1;
  return a < b ? 0 : a === b ? tie : NaN;
}
