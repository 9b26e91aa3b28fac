// SHA-512, from which Python's random.Random takes its state where the seed is a text.

/* exported sha512 */

const WORD = (1n << 64n) - 1n;

/** The first 64 bits after the point of the n-th root of x. @type {(x: bigint, n: bigint) => bigint} */
function fractionOfRoot(x, n) {
  const scaled = x << (64n * n);
  let root = 1n << 70n; // above it
  for (;;) {
    const nearer = ((n - 1n) * root + scaled / root ** (n - 1n)) / n;
    if (nearer >= root) return root & WORD;
    root = nearer;
  }
}

/** @type {bigint[]} */
const PRIMES = [];
for (let x = 2n; PRIMES.length < 80; x++) if (PRIMES.every((p) => x % p)) PRIMES.push(x);
const ROUND_CONSTANTS = PRIMES.map((p) => fractionOfRoot(p, 3n));
const FIRST_STATE = PRIMES.slice(0, 8).map((p) => fractionOfRoot(p, 2n));

/** @type {(x: bigint, by: bigint) => bigint} */
const turned = (x, by) => ((x >> by) | (x << (64n - by))) & WORD;

/** @type {(bytes: Uint8Array) => Uint8Array} */
function sha512(bytes) {
  const padded = new Uint8Array(Math.ceil((bytes.length + 17) / 128) * 128);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);
  let state = FIRST_STATE;
  for (let at = 0; at < padded.length; at += 128) {
    const w = Array.from({ length: 16 }, (_, i) => view.getBigUint64(at + 8 * i));
    state = compressed(state, w);
  }
  const result = new DataView(new ArrayBuffer(64));
  state.forEach((x, i) => result.setBigUint64(8 * i, x));
  return new Uint8Array(result.buffer);
}

/** @type {(state: bigint[], w: bigint[]) => bigint[]} */
function compressed(state, w) {
  for (let i = 16; i < 80; i++) {
    const [x, y] = [w[i - 15], w[i - 2]];
    const s0 = turned(x, 1n) ^ turned(x, 8n) ^ (x >> 7n);
    const s1 = turned(y, 19n) ^ turned(y, 61n) ^ (y >> 6n);
    w.push((w[i - 16] + s0 + w[i - 7] + s1) & WORD);
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 80; i++) {
    const s1 = turned(e, 14n) ^ turned(e, 18n) ^ turned(e, 41n);
    const t1 = h + s1 + ((e & f) ^ (~e & WORD & g)) + ROUND_CONSTANTS[i] + w[i];
    const s0 = turned(a, 28n) ^ turned(a, 34n) ^ turned(a, 39n);
    const t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) & WORD, c, b, a, (t1 + t2) & WORD];
  }
  return [a, b, c, d, e, f, g, h].map((x, i) => (x + state[i]) & WORD);
}
