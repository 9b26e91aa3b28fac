// The forward pass, done again in the page with other numbers for the leaves.

/* global FORWARD_ORDER, NODES, OPERATIONS, backwardPass, nameOf, now, number, recorded, short */
/* exported WHY_FIXED, forwardPass, recompute, restore */

const MADE_BY_HAND = "custom";  // the name of their operation

const WHY_FIXED = (() => {
  const missing = NODES.map((node) => node.op).filter((op) => op && !(op in OPERATIONS));
  const names = [...new Set([...missing, ...recorded.custom])];
  const reasons = [];
  const operations = names.filter((name) => name !== MADE_BY_HAND);
  if (operations.length) {
    reasons.push(`${operations.join(", ")}: a custom operation, made with microbp.operation, ` +
      "exists in Python only");
  }
  if (names.includes(MADE_BY_HAND)) {
    reasons.push("nodes made by hand, by Value(data, children, local_grads): they have no formula");
  }
  if (!reasons.length) return "";
  return `This page can't compute ${reasons.join("; nor ")}. All numbers stay as they were recorded.`;
})();

/**
 * Why an operation has no value at these operands, in words; "" where it has one.
 * @type {(op: string, xs: number[]) => string}
 */
const whyNot = (op, xs) => OPERATIONS[op].domain?.(...xs) || "";

/**
 * Fill `values` from the leaves on. Returns the first node without a value, or -1.
 * @type {(values: number[], known: boolean[], nodes?: number[]) => number}
 */
function forwardPass(values, known, nodes = FORWARD_ORDER) {
  let first = -1;
  for (const i of nodes) {
    const { op, operands } = NODES[i];
    known[i] = operands.every((operand) => known[operand]);
    if (!known[i]) continue;
    const xs = operands.map((operand) => values[operand]);
    known[i] = !whyNot(op, xs);
    if (known[i]) values[i] = OPERATIONS[op].value(...xs);
    else if (first < 0) first = i;
  }
  return first;
}

/** Compute everything again from the leaves in `now.values`: values, partials and gradients. */
function recompute() {
  const first = forwardPass(now.values, now.known);
  now.fault = null;
  for (const i of FORWARD_ORDER) {
    if (!now.known[i]) continue;
    const xs = NODES[i].operands.map((operand) => now.values[operand]);
    now.partials[i] = OPERATIONS[NODES[i].op].partials(now.values[i], ...xs);
  }
  if (first >= 0) {
    const { op, operands } = NODES[first];
    const xs = operands.map((k) => now.values[k]);
    const given = operands.map((k) => (NODES[k].name ? `${nameOf(k)} = ` : "") + short(now.values[k]));
    now.fault = { node: first, words: `${op}(${given.join(", ")}): ${whyNot(op, xs)}` };
  } else {
    backwardPass();
  }
}

/** Everything as Python recorded it. */
function restore() {
  NODES.forEach((node, i) => {
    now.values[i] = number(node.data);
    now.partials[i] = node.partials.map(number);
    now.known[i] = true;
  });
  now.fault = null;
  backwardPass();
}
