// Several steps at once in words: what a node, a unit or a layer has done.

/* global STEPS, UNKNOWN, added, brief, clipped, counted, equationOf, gradOf, lineOf */
/* global now, owned, range, short, wordsOf */
/* exported equationsOf, summaryLine, summaryWords, titleOf */

const MOST_TERMS = 3; // of what a node passes on; more are counted
const MOST_EQUATIONS = 3;

/** @type {(group: Group) => string} */
const nameOfGroup = (group) => clipped(group.name) || "the group";

/** With what it is: "unit hidden1", "layer hidden". @type {(group: Group) => string} */
function titleOf(group) {
  if (["part", "step", "weights"].includes(group.kind)) return nameOfGroup(group);
  return /s$/.test(group.kind) ? `the ${group.kind} ${nameOfGroup(group)}` : `${group.kind} ${nameOfGroup(group)}`;
}

/**
 * As `lineOf`, for the steps from `from` to `to`: of one node or group, in one direction.
 * @type {(from: number, to: number) => [string, string]}
 */
function summaryLine(from, to) {
  const group = owned(to);
  if (from === to || now.fault) return lineOf(to);
  if (STEPS[to].kind === "forward") {
    const made = outputsIn(group, from, to);
    if (made.length < 2) return lineOf(to);
    return [`${nameOfGroup(/** @type {Group} */ (group))} =`, range(made.map((i) => now.values[i]))];
  }
  if (!group) return [`${gradOf(STEPS[to].node)} =`, short(now.grads[STEPS[to].node])];
  const grads = group.outputs.map((i) => now.grads[i]);
  return [`${nameOfGroup(group)}.grad =`, grads.length ? range(grads) : UNKNOWN];
}

/** The group's outputs that these steps are about. @type {(group: Group | null, from: number, to: number) => number[]} */
function outputsIn(group, from, to) {
  const nodes = new Set(STEPS.slice(from, to + 1).map(({ node }) => node));
  return group ? group.outputs.filter((i) => nodes.has(i)) : [...nodes];
}

/** @type {(from: number, to: number) => string} */
function summaryWords(from, to) {
  if (from === to || now.fault) return wordsOf(to, false);
  const group = owned(to);
  if (STEPS[to].kind === "forward") {
    return group ? `All of ${titleOf(group)}: ${counted(to - from + 1, "operation")} in one step.` : "";
  }
  const edges = counted(to - from + 1, "edge");
  if (group) {
    return `Its gradient goes back along ${edges}, each time multiplied by the partial there: all of ` +
      `${titleOf(group)} in one step.`;
  }
  const { node } = STEPS[to];
  if (now.grads[node] === 0) return `The gradient of ${brief(node)} is 0, and passes on nothing.`;
  const shown = STEPS.slice(from, to + 1).slice(0, to - from + 1 > MOST_TERMS + 1 ? MOST_TERMS : undefined);
  const terms = shown.map((step, k) =>
    step.kind === "edge" ? `${gradOf(step.to)} += ${short(added[from + k])}` : "");
  const rest = to - from + 1 - shown.length;
  return `Passed on along ${edges}, times the partial on each: ${terms.join(", ")}` +
    `${rest ? `, and ${rest} more` : ""}.`;
}

/**
 * The equations of these steps, each once: a key and a line, as `equationOf` gives them.
 * @type {(from: number, to: number) => [string, string][]}
 */
function equationsOf(from, to) {
  if (from === to) return [equationOf(STEPS[to])];
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const step of STEPS.slice(from, to + 1)) {
    const [key] = equationOf(step);
    if (key && !found.has(key)) found.set(key, "");
    if (found.size === MOST_EQUATIONS) break;
  }
  return [...found];
}
