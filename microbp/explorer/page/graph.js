// The graph as Python recorded it, and what is known of it now: values, partials and gradients.

const recorded = JSON.parse(document.getElementById("recorded").textContent);

// JSON has no word for these three.
const SPECIAL = { nan: NaN, inf: Infinity, "-inf": -Infinity };
const number = (x) => (typeof x === "string" ? SPECIAL[x] : x);

const NODES = recorded.nodes; // each after all its operands
const ROOT = NODES.length - 1;
const BACKWARDS = recorded.sweep; // the nodes that are no leaves, in the order of the engine's sweep
const FORWARDS = [...BACKWARDS].reverse();
const LEAVES = NODES.flatMap((node, i) => (node.op ? [] : [i]));

// USES[i]: each [node, k] whose k-th operand is node i, in the order in which the sweep gets there.
const USES = NODES.map(() => []);
for (const i of BACKWARDS) NODES[i].operands.forEach((operand, k) => USES[operand].push([i, k]));

// What stands in the page now. A node without a value (its operation has none) is not `known`.
const now = {
  values: NODES.map((node) => number(node.data)),
  partials: NODES.map((node) => node.partials.map(number)),
  known: NODES.map(() => true),
  grads: NODES.map(() => 0),
  fault: null, // { node, words } where an operation has no value
};

function nameOf(i) {
  return NODES[i].name || short(now.values[i]);
}

/** As Python's format(x, ".4g") writes it: an exact tie goes to the even digit. */
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

function trimmed(digits) {
  return digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
}

/** Every digit, so that whoever reads it gets the same bits. */
function exact(x) {
  return Object.is(x, -0) ? "-0" : String(x);
}

function counted(n, noun) {
  return `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;
}
