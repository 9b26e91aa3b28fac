// The forward pass, done again in the page with other numbers for the leaves.

const WHY_FIXED = (() => {
  const own = [...new Set(NODES.map((node) => node.op).filter((op) => op && !(op in OPERATIONS)))];
  if (recorded.own.length) own.push(...recorded.own.filter((name) => !own.includes(name)));
  if (!own.length) return "";
  return `This page can't compute ${own.join(", ")}: an operation that was made with ` +
    "microbp.operation exists in Python only. Its numbers stay as they were recorded.";
})();

/** Why an operation has no value at these operands, in words; "" where it has one. */
const whyNot = (op, xs) => OPERATIONS[op].domain?.(...xs) || "";

/** Fill `values` from the leaves on. Returns the first node without a value, or -1. */
function forwards(values, known, nodes = FORWARDS) {
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

/** Compute everything anew from the leaves in `now.values`: partials and the sweep as well. */
function recompute() {
  const first = forwards(now.values, now.known);
  now.fault = null;
  for (const i of FORWARDS) {
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
    sweepNow();
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
  sweepNow();
}
