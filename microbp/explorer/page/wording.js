// Each step in words: its line of code, and what it means. Names are the user's, and only ever text.

/* global LEAVES, NODES, ROOT, SEED, STEPS, added, after, changedAt, now, short */
/* exported UNKNOWN, bracketed, brief, clipped, described, gradOf, isolated, kindOf, lineOf, nameOf, phaseOf */
/* exported wordsOf */

/** @type {Record<string, string>} */
const INFIX = { add: "+", sub: "-", mul: "*", div: "/", pow: "**" };
const LONGEST_NAME = 32;
const UNKNOWN = "–";

/** A node's label, or its number where it has none. @type {(i: number) => string} */
function nameOf(i) {
  return NODES[i].name || short(now.values[i]);
}

/** @type {(i: number) => string} */
function brief(i) {
  return clipped(nameOf(i));
}

/** @type {(i: number) => string} */
function described(i) {
  const kind = kindOf(i);
  return kind === "constant" ? "a constant" : `${brief(i)}, ${kind}`;
}

/** @type {(i: number) => string} */
function kindOf(i) {
  return NODES[i].op || (NODES[i].name ? "a leaf" : "constant");
}

// What runs from right to left, or makes the text around it do so.
const TURNING = /[\u0590-\u08ff\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]/;

/** A name of readable length. @type {(name: string) => string} */
function cut(name) {
  const letters = [...name];
  return letters.length > LONGEST_NAME ? `${letters.slice(0, LONGEST_NAME - 1).join("")}…` : name;
}

/** The same, kept from turning the line around it. @type {(name: string) => string} */
function clipped(name) {
  return isolated(cut(name));
}

/** A name that can't turn the line around it. @type {(name: string) => string} */
function isolated(name) {
  return TURNING.test(name) ? `\u2068${name}\u2069` : name;
}

/** @type {(i: number) => string} */
function shown(i) {
  return now.known[i] ? short(now.values[i]) : UNKNOWN;
}

/** @type {(text: string) => string} */
const bracketed = (text) => (text.startsWith("-") ? `(${text})` : text);

/**
 * An operation as one would type it, of names or of numbers.
 * @type {(i: number, text: (i: number) => string) => string}
 */
function expression(i, text) {
  const { op, operands } = NODES[i];
  const parts = operands.map((operand) => text(operand));
  if (Object.hasOwn(INFIX, op)) return `${bracketed(parts[0])} ${INFIX[op]} ${bracketed(parts[1])}`;
  if (op === "neg") return `-${bracketed(parts[0])}`;
  if (op === "dot") {
    const terms = parts.length >> 1;
    const products = parts.slice(0, terms).map((w, k) => `${bracketed(w)} * ${bracketed(parts[terms + k])}`);
    return [...abridged(products), bracketed(parts[parts.length - 1])].join(" + ");
  }
  if (op === "total") return abridged(parts.map(bracketed)).join(" + ") || "0";
  return `${op}(${abridged(parts).join(", ")})`;
}

/** @type {(parts: string[]) => string[]} */
function abridged(parts) {
  return parts.length > 6 ? [...parts.slice(0, 3), "…", parts[parts.length - 1]] : parts;
}

/** @type {(i: number) => string} */
const gradOf = (i) => (NODES[i].name ? brief(i) : `(${brief(i)})`) + ".grad";

/**
 * The line of code, up to its result, and the result: `w.grad += 0.4 * -0.1 =` and `-0.04`.
 * @type {(s: number) => [string, string]}
 */
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
  if (step.kind !== "edge") return ["", ""];
  if (now.fault) return [`${gradOf(step.to)} += ${gradOf(step.node)} * ${UNKNOWN} =`, UNKNOWN];
  const partial = short(now.partials[step.node][step.k]);
  return [`${gradOf(step.to)} += ${short(now.grads[step.node])} * ${partial} =`, short(added[s])];
}

/** @type {(s: number) => string} */
function phaseOf(s) {
  if (s === 0) return "Start";
  return s < SEED ? "Forward pass" : "Backward pass";
}

/**
 * One or two sentences about a step; without its result while that is to be guessed.
 * @type {(s: number, hidden: boolean) => string}
 */
function wordsOf(s, hidden) {
  const step = STEPS[s];
  if (step.kind === "start") {
    const leaves = LEAVES.length === 1 ? "1 leaf" : `${LEAVES.length.toLocaleString("en")} leaves`;
    return `Given: ${leaves}. Step forward to compute all else; then the backward pass finds the gradients.`;
  }
  if (now.fault && (step.kind !== "forward" || !now.known[step.node])) {
    if (step.node === now.fault.node && step.kind === "forward") return `${now.fault.words}.`;
    return step.kind === "forward"
      ? `No value, because ${brief(now.fault.node)} has none.`
      : `No gradient, because ${brief(now.fault.node)} has no value.`;
  }
  if (step.kind === "seed") {
    return `${brief(ROOT)} changes as itself, one for one. Every other gradient starts at 0.`;
  }
  if (step.kind === "forward") {
    if (hidden) return "What is the value?";
    const { operands } = NODES[step.node];
    const kept = abridged(operands.map((_, k) => short(now.partials[step.node][k]))).join(", ");
    const noun = operands.length === 1 ? "partial" : "partials";
    return operands.length ? `Kept for the way back, the ${noun}: ${kept}.` : "";
  }
  if (step.kind !== "edge") return "";
  if (hidden) return `The gradient of ${brief(step.node)}, times the partial on the edge. What is added?`;
  if (now.grads[step.node] === 0) return `The gradient of ${brief(step.node)} is 0, and passes on nothing.`;
  const times = changedAt[step.to];
  const turn = times.indexOf(s) + 1;
  const sum = `${gradOf(step.to)} is now ${short(after[s])}`;
  const product = `The gradient of ${brief(step.node)}, times the partial on the edge`;
  if (times.length === 1) return `${product}. ${sum}.`;
  return `${sum}: the sum of ${turn} of its ${times.length} uses.`;
}
