// What a chosen node shows: its chain-rule sum over all uses, and the paths from the root to it.

/* global BACKWARD_ORDER, NODES, ROOT, STEPS, USES, added, announce, bracketed, brief, byId, changedAt */
/* global computedAt, controlById, counted, element, faultSeen, kindOf, nameOf, now, picture, revealed */
/* global settled, short, state, toChange */
/* exported changesOf, choose, chosen, showPanel */

const MOST_PATHS = 12; // more are counted, not listed
let chosen = -1;

/** @type {(i: number) => void} */
function choose(i) {
  chosen = i === chosen ? -1 : i;
  picture.trace(chosen);
  showPanel();
  if (chosen >= 0) announce(byId("panel").textContent ?? "");
}

function showPanel() {
  const panel = byId("panel");
  if (chosen < 0) {
    const hint = "Click a node, or reach it with Tab and press Enter, to see its whole chain-rule sum.";
    panel.replaceChildren(element("p", hint, "hint"));
    return;
  }
  const fault = faultSeen();
  const said = fault ? [element("p", `${fault.words}.`)] : sum(chosen);
  const focused = document.activeElement?.id; // of the two buttons, which are made anew
  panel.replaceChildren(heading(chosen), changes(chosen), ...said);
  if (focused === "change-before" || focused === "change-after") {
    (controlById(focused).disabled ? byId("panel-title") : byId(focused)).focus();
  }
}

/** @type {(i: number) => HTMLElement} */
function heading(i) {
  const head = element("h3");
  head.append(element("bdi", nameOf(i)));
  head.append(element("small", kindOf(i)));
  return head;
}

/** The steps that change a node: its value, then its gradient. @type {(i: number) => number[]} */
const changesOf = (i) => (computedAt[i] ? [computedAt[i], ...changedAt[i]] : changedAt[i]);

/** Two buttons, to go to the steps that change node i. @type {(i: number) => HTMLElement} */
function changes(i) {
  const steps = changesOf(i);
  const row = element("p", "", "changes");
  const add = (/** @type {string} */ id, /** @type {string} */ text, /** @type {1 | -1} */ by) => {
    const button = document.createElement("button");
    [button.type, button.id, button.textContent] = ["button", id, text];
    button.title = by > 0 ? "To the next step that changes this node (n)" : "To the one before (p)";
    button.disabled = !steps.some((s) => by * (s - state.at) > 0);
    button.addEventListener("click", () => toChange(by));
    row.append(button);
  };
  add("change-before", "Change before", -1);
  add("change-after", "Next change", 1);
  return row;
}

/** @type {(i: number) => string} */
const fraction = (i) => `∂${brief(ROOT)}/∂${brief(i)}`;

/** The chain-rule sum of a node, a row for each use. @type {(i: number) => HTMLElement[]} */
function sum(i) {
  if (i === ROOT) return [element("p", `${fraction(i)} = 1: the backward pass starts here.`)];
  const uses = USES[i];
  const table = document.createElement("table");
  table.append(element("caption", uses.length === 1
    ? `${fraction(i)} has one term, for its one use:`
    : `${fraction(i)} is the sum over its ${uses.length} uses:`));
  const head = table.createTHead().insertRow();
  for (const title of ["by way of", "gradient", "× partial", "= term"]) {
    const cell = document.createElement("th");
    cell.textContent = title;
    cell.scope = "col";
    head.append(cell);
  }
  const body = table.createTBody();
  const all = uses.every(([user, k]) => revealed(stepOf(user, k)));
  uses.slice(0, 100).forEach(([user, k]) => {
    const s = stepOf(user, k);
    const seen = revealed(s);
    const row = body.insertRow();
    row.className = s <= settled() ? "" : "waits";
    const numbers = seen ? [now.grads[user], now.partials[user][k], added[s]].map(short) : ["?", "?", "?"];
    for (const text of [brief(user), ...numbers]) row.append(element("td", text));
  });
  if (uses.length > 100) body.insertRow().append(element("td", `and ${uses.length - 100} more`));
  const total = element("p", `${fraction(i)} = ${all ? short(now.grads[i]) : "?"}`, "total");
  return [table, total, ...(all ? paths(i) : [])];
}

/** @type {Map<string, number>} */
const edgeSteps = new Map(STEPS.map((step, s) => [step.kind === "edge" ? `${step.node} ${step.k}` : "", s]));
/** @type {(node: number, k: number) => number} */
const stepOf = (node, k) => edgeSteps.get(`${node} ${k}`) ?? 0;

/** How many paths lead from the root to each node. */
const pathCounts = (() => {
  const counts = NODES.map(() => 0);
  counts[ROOT] = 1;
  for (const i of BACKWARD_ORDER) for (const operand of NODES[i].operands) counts[operand] += counts[i];
  return counts;
})();

/** @type {(i: number) => HTMLElement[]} */
function paths(i) {
  const n = pathCounts[i];
  const many = n < 1e15 ? counted(n, "path") : `${short(n)} paths`;
  if (n > MOST_PATHS) {
    const why = "too many to list. The backward pass need not: it goes through each node once.";
    return [element("p", `${many} lead here from ${brief(ROOT)}: ${why}`, "hint")];
  }
  const list = element("ul", "", "paths");
  /** @type {(node: number, names: string[], partials: number[]) => void} */
  const walk = (node, names, partials) => {
    if (node === ROOT) {
      const product = partials.reduceRight((whole, partial) => whole * partial, 1);
      const item = element("li", [brief(ROOT), ...names].join(" → "));
      const factors = partials.map(short).map(bracketed).join(" × ");
      item.append(element("span", partials.length === 1 ? short(product) : `${factors} = ${short(product)}`));
      list.append(item);
      return;
    }
    for (const [user, k] of USES[node]) {
      walk(user, [brief(node), ...names], [now.partials[user][k], ...partials]);
    }
  };
  walk(i, [], []);
  const head = n === 1
    ? "One path leads here, with the product of its partials:"
    : `${many} lead here, each with the product of its partials:`;
  return [element("p", head), list];
}
