// Python's random.Random: the same numbers to the last bit, from the same seed.

/* global sha512 */
/* exported PythonRandom */

const STATE_WORDS = 624;

/** The Mersenne Twister of M. Matsumoto and T. Nishimura (1998), as Python seeds and reads it. */
class PythonRandom {
  /** @param {number | bigint | string} seed a whole number, or a text */
  constructor(seed) {
    this.state = new Uint32Array(STATE_WORDS);
    this.next = STATE_WORDS;
    this.fillBy(wordsOf(typeof seed === "string" ? numberOf(seed) : BigInt(seed)));
  }

  /** @param {number} seed */
  fill(seed) {
    const s = this.state;
    s[0] = seed;
    for (let i = 1; i < STATE_WORDS; i++) {
      s[i] = Math.imul(1812433253, s[i - 1] ^ (s[i - 1] >>> 30)) + i;
    }
  }

  /** @param {number[]} key */
  fillBy(key) {
    this.fill(19650218);
    const s = this.state;
    let [i, j] = [1, 0];
    const advance = () => {
      if (++i < STATE_WORDS) return;
      s[0] = s[STATE_WORDS - 1];
      i = 1;
    };
    for (let k = Math.max(STATE_WORDS, key.length); k > 0; k--) {
      s[i] = (s[i] ^ Math.imul(s[i - 1] ^ (s[i - 1] >>> 30), 1664525)) + key[j] + j;
      advance();
      j = (j + 1) % key.length;
    }
    for (let k = STATE_WORDS - 1; k > 0; k--) {
      s[i] = (s[i] ^ Math.imul(s[i - 1] ^ (s[i - 1] >>> 30), 1566083941)) - i;
      advance();
    }
    s[0] = 0x80000000;
  }

  /** 32 random bits. */
  word() {
    if (this.next === STATE_WORDS) this.twist();
    let y = this.state[this.next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  twist() {
    const s = this.state;
    for (let i = 0; i < STATE_WORDS; i++) {
      const y = (s[i] & 0x80000000) | (s[(i + 1) % STATE_WORDS] & 0x7fffffff);
      s[i] = s[(i + 397) % STATE_WORDS] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.next = 0;
  }

  /** From 0 to below 1. */
  random() {
    const high = this.word() >>> 5;
    return (high * 67108864 + (this.word() >>> 6)) / 9007199254740992;
  }

  /** @type {(low: number, high: number) => number} */
  uniform(low, high) {
    return low + (high - low) * this.random();
  }

  /** A whole number from 0 to below n, which has at most 32 bits. @param {number} n */
  below(n) {
    const spare = Math.clz32(n);
    for (;;) {
      const found = this.word() >>> spare;
      if (found < n) return found;
    }
  }

  /** So many different numbers from 0 to below n. @type {(n: number, count: number) => number[]} */
  sample(n, count) {
    if (n <= 21 + (count > 5 ? 4 ** Math.ceil(Math.log(3 * count) / Math.log(4)) : 0)) {
      const pool = [...Array(n).keys()];
      return Array.from({ length: count }, (_, i) => {
        const j = this.below(n - i);
        const found = pool[j];
        pool[j] = pool[n - i - 1];
        return found;
      });
    }
    /** @type {Set<number>} */
    const found = new Set();
    while (found.size < count) found.add(this.below(n));
    return [...found];
  }

  /** Put the items into a random order, in place. @param {number[]} items */
  shuffle(items) {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [items[i], items[j]] = [items[j], items[i]];
    }
  }
}

/** The number that a text in ASCII stands for as a seed: its bytes, then their hash. @param {string} text */
function numberOf(text) {
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  return [...bytes, ...sha512(bytes)].reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

/** Its 32-bit words, the lowest first. @param {bigint} seed */
function wordsOf(seed) {
  const words = [];
  for (let rest = seed < 0n ? -seed : seed; rest; rest >>= 32n) {
    words.push(Number(rest & 0xffffffffn));
  }
  return words.length ? words : [0];
}
