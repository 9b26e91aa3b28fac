// Numbers in words: as people read them, and with every digit.

/* exported SPECIAL, counted, exact, parsed, range, short */

/** What JSON has no number for. @type {Record<string, number>} */
const SPECIAL = { nan: NaN, inf: Infinity, "-inf": -Infinity };

/** As Python's format(x, ".4g"): an exact tie goes to the even digit. @type {(x: number) => string} */
function short(x) {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  if (x === 0) return Object.is(x, -0) ? "-0" : "0";
  let text = Math.abs(x).toExponential(3);
  const long = Math.abs(x).toExponential(60);
  if (/^\d\.\d\d[02468]50+e/.test(long)) text = long.slice(0, 5) + long.slice(long.indexOf("e"));
  const [digits, power] = text.split("e");
  const exponent = Number(power);
  const sign = x < 0 ? "-" : "";
  if (exponent < -4 || exponent >= 4) {
    const places = String(Math.abs(exponent)).padStart(2, "0");
    return `${sign}${trimmed(digits)}e${exponent < 0 ? "-" : "+"}${places}`;
  }
  return sign + trimmed(Number(text).toFixed(3 - exponent));
}

/** @type {(digits: string) => string} */
function trimmed(digits) {
  return digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
}

/** Every digit, so that it reads back to the same bits. @type {(x: number) => string} */
function exact(x) {
  return Object.is(x, -0) ? "-0" : String(x);
}

/** One number, or the least and the largest. @type {(numbers: number[]) => string} */
function range(numbers) {
  const known = numbers.filter((x) => !Number.isNaN(x));
  if (known.length < numbers.length) return "nan";
  const least = known.reduce((a, b) => Math.min(a, b));
  const most = known.reduce((a, b) => Math.max(a, b));
  return short(least) === short(most) ? short(numbers[0]) : `${short(least)} … ${short(most)}`;
}

/** The number that someone typed; null where it is none. @type {(typed: string) => number | null} */
function parsed(typed) {
  const text = typed.trim();
  if (Object.hasOwn(SPECIAL, text)) return SPECIAL[text];
  const x = Number(text.replace(",", ".").replace("−", "-"));
  return text === "" || Number.isNaN(x) ? null : x;
}

/** @type {(n: number, noun: string) => string} */
function counted(n, noun) {
  return `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;
}
