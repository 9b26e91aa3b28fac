// Each step in words: its line of code, and what it means. Names are the user's, and only ever text.

const INFIX = { add: "+", sub: "-", mul: "*", div: "/", pow: "**" };
const LONGEST_NAME = 32;
const UNKNOWN = "–";

function brief(i) {
  return clipped(nameOf(i));
}

// What runs from right to left, or makes the text around it do so.
const TURNING = /[\u0590-\u08ff\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]/;

/** A name of bearable length. */
function cut(name) {
  const letters = [...name];
  return letters.length > LONGEST_NAME ? `${letters.slice(0, LONGEST_NAME - 1).join("")}…` : name;
}

/** The same, kept from turning the line around it. */
function clipped(name) {
  return TURNING.test(name) ? `\u2068${cut(name)}\u2069` : cut(name);
}

function shown(i) {
  return now.known[i] ? short(now.values[i]) : UNKNOWN;
}

const bracketed = (text) => (text.startsWith("-") ? `(${text})` : text);

/** An operation as one would type it, of names or of numbers. */
function expression(i, text) {
  const { op, operands } = NODES[i];
  const parts = operands.map(text);
  if (op in INFIX) return `${bracketed(parts[0])} ${INFIX[op]} ${bracketed(parts[1])}`;
  if (op === "neg") return `-${bracketed(parts[0])}`;
  if (op === "dot") {
    const terms = parts.length >> 1;
    const products = parts.slice(0, terms).map((w, k) => `${bracketed(w)} * ${bracketed(parts[terms + k])}`);
    return [...abridged(products), bracketed(parts[parts.length - 1])].join(" + ");
  }
  if (op === "total") return abridged(parts.map(bracketed)).join(" + ") || "0";
  return `${op}(${abridged(parts).join(", ")})`;
}

function abridged(parts) {
  return parts.length > 6 ? [...parts.slice(0, 3), "…", parts[parts.length - 1]] : parts;
}

const gradOf = (i) => (NODES[i].name ? brief(i) : `(${brief(i)})`) + ".grad";

/** The line of code, up to its result, and the result: `w.grad += 0.4 * -0.1` and `-0.04`. */
function lineOf(s) {
  const step = STEPS[s];
  if (step.kind === "start") return ["", ""];
  if (step.kind === "seed") return [`${gradOf(ROOT)} =`, now.fault ? UNKNOWN : "1"];
  if (step.kind === "forward") {
    const names = expression(step.node, brief);
    const numbers = expression(step.node, shown);
    const middle = names === numbers || numbers === shown(step.node) ? names : `${names} = ${numbers}`;
    return [`${brief(step.node)} = ${middle} =`, shown(step.node)];
  }
  if (now.fault) return [`${gradOf(step.to)} += ${gradOf(step.node)} * ${UNKNOWN} =`, UNKNOWN];
  const partial = short(now.partials[step.node][step.k]);
  return [`${gradOf(step.to)} += ${short(now.grads[step.node])} * ${partial} =`, short(added[s])];
}

function phaseOf(s) {
  if (s === 0) return "Start";
  return s < SEED ? "Forward pass" : "Reverse sweep";
}

/** One or two sentences about a step; without its result while that is to be guessed. */
function wordsOf(s, hidden) {
  const step = STEPS[s];
  if (step.kind === "start") {
    const leaves = LEAVES.length === 1 ? "1 leaf" : `${LEAVES.length.toLocaleString("en")} leaves`;
    return `Given: ${leaves}. Step forward to compute all else; then the sweep goes back.`;
  }
  if (now.fault && (step.kind !== "forward" || !now.known[step.node])) {
    if (step.node === now.fault.node && step.kind === "forward") return `${now.fault.words}.`;
    return step.kind === "forward"
      ? `No value, because ${brief(now.fault.node)} has none.`
      : `No gradient, because ${brief(now.fault.node)} has no value.`;
  }
  if (step.kind === "seed") return `${brief(ROOT)} changes as itself, one for one. Every other gradient starts at 0.`;
  if (step.kind === "forward") {
    if (hidden) return "What is the value?";
    const { operands } = NODES[step.node];
    const kept = abridged(operands.map((_, k) => short(now.partials[step.node][k]))).join(", ");
    return operands.length ? `Kept for the way back, the ${operands.length === 1 ? "partial" : "partials"}: ${kept}.` : "";
  }
  if (hidden) return `The gradient of ${brief(step.node)}, times the partial on the edge. What is added?`;
  if (now.grads[step.node] === 0) return `The gradient of ${brief(step.node)} is 0, and passes on nothing.`;
  const times = changedAt[step.to];
  const turn = times.indexOf(s) + 1;
  const sum = `${gradOf(step.to)} is now ${short(after[s])}`;
  if (times.length === 1) return `The gradient of ${brief(step.node)}, times the partial on the edge. ${sum}.`;
  return `${sum}: the sum of ${turn} of its ${times.length} uses.`;
}
