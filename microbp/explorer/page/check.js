// The gradient check: central differences, computed here, beside what the backward pass found.

/* global FORWARD_ORDER, LAST, LEAVES, NODES, ROOT, UNKNOWN, USES, WHY_FIXED, announce, brief, byId */
/* global computedAt, controlById, element, forwardPass, now, revealed, short */
/* exported showCheck, staleCheck */

/** @typedef {{here: number, bound: number, kink: boolean}} Difference */
/** @typedef {"agrees" | "differs" | "unknown"} Verdict */
/**
 * What was found at a leaf: two slopes, how far they are apart, and how far they may be.
 * @typedef {object} Finding
 * @property {number} leaf
 * @property {number} grad
 * @property {number} here
 * @property {number} bound
 * @property {number} off
 * @property {Verdict} verdict
 * @property {string} words
 */

const EPS = 2 ** -52;

/** All that is computed from a leaf, in the order of the forward pass. @type {(leaf: number) => number[]} */
function computedFrom(leaf) {
  const found = new Set([leaf]);
  for (const i of found) for (const [user] of USES[i]) found.add(user);
  found.delete(leaf);
  return [...found].sort((i, k) => computedAt[i] - computedAt[k]);
}

/**
 * The root as a function of one leaf; NaN where it has no value.
 * @type {(leaf: number) => (data: number) => number}
 */
function rootBy(leaf) {
  const nodes = computedFrom(leaf);
  const values = [...now.values];
  const known = NODES.map(() => true);
  return (data) => {
    values[leaf] = data;
    return forwardPass(values, known, nodes) < 0 ? values[ROOT] : NaN;
  };
}

/** How far rounding may have moved the root: each node's by a unit in its last place or two. */
function roundingOfRoot() {
  return FORWARD_ORDER.reduce((sum, i) => {
    const part = Math.abs(now.grads[i] * now.values[i]) * EPS;
    return sum + (Number.isNaN(part) ? 0 : part);
  }, 0);
}

/**
 * The central difference at one leaf, and how far rounding and truncation may have moved it.
 * @type {(leaf: number, noise: number) => Difference}
 */
function differenceBy(leaf, noise) {
  const root = rootBy(leaf);
  const size = Math.abs(now.values[leaf]);
  // Half of the digits for a leaf of everyday size; others may have a scale of their own, or not.
  const sizes = new Set([Math.max(1, size), size || 1, 1]);
  let best = { here: NaN, bound: NaN, kink: false };
  for (const scale of sizes) {
    const found = differenceOver(2 ** Math.round(Math.log2(Math.cbrt(EPS) * scale)), root, leaf, noise);
    if (!(found.bound >= best.bound)) best = found;
    if (best.bound <= 1e-4 * Math.abs(best.here)) break;
  }
  return best;
}

/** @type {(h: number, root: (data: number) => number, leaf: number, noise: number) => Difference} */
function differenceOver(h, root, leaf, noise) {
  const [x, y] = [now.values[leaf], now.values[ROOT]];
  const slopes = (/** @type {number} */ step) => {
    const [below, above] = [root(x - step), root(x + step)];
    const bend = Math.abs((above - y) / step - (y - below) / step);
    return { here: (above - below) / (x + step - (x - step)), bend };
  };
  const { here, bend } = slopes(h);
  const wider = slopes(2 * h);
  const rounding = (2 * noise + EPS * Math.abs(y)) / h;
  const truncation = Math.abs(wider.here - here); // three times what theory expects
  // Twice the step bends a smooth curve twice as much, but not a kink.
  const kink = bend > 100 * rounding && wider.bend < 1.5 * bend;
  return { here, bound: 2 * (rounding + truncation), kink };
}

/** @type {(leaf: number, noise: number) => Finding} */
function verdictOn(leaf, noise) {
  const grad = now.grads[leaf];
  const { here, bound, kink } = differenceBy(leaf, noise);
  const off = Math.abs(here - grad);
  const found = { leaf, grad, here, bound, off };
  if (!Number.isFinite(here) || !Number.isFinite(grad)) {
    return { ...found, verdict: "unknown", words: "can't tell: no finite slope, or an edge of the domain" };
  }
  if (kink) return { ...found, verdict: "unknown", words: "a kink or a jump: the two sides differ" };
  if (off > bound) return { ...found, verdict: "differs", words: "differs by more than that explains" };
  const vague = grad !== 0 && Math.abs(grad) <= bound;
  return { ...found, verdict: "agrees", words: vague ? "agrees, but that is mostly rounding" : "agrees" };
}

const HEADS = ["leaf", "gradient", "difference", "apart", "explained", "verdict"];

/** Before the backward pass is done in "predict", the check would give its results away. */
function showCheck() {
  const waits = !revealed(LAST);
  controlById("check").disabled = Boolean(WHY_FIXED) || waits;
  byId("check-waits").hidden = !waits;
  if (waits && byId("checked").dataset.verdict) staleCheck();
}

/** Forget what was found with other numbers. */
function staleCheck() {
  byId("checked").replaceChildren();
  delete byId("checked").dataset.verdict;
  if (WHY_FIXED) byId("checked").append(element("p", WHY_FIXED, "hint"));
}

function check() {
  const output = byId("checked");
  if (now.fault) {
    output.replaceChildren(element("p", `There is nothing to check: ${now.fault.words}.`));
    return;
  }
  const noise = roundingOfRoot();
  const found = LEAVES.filter((i) => NODES[i].name || LEAVES.length <= 40).map((i) => verdictOn(i, noise));
  const count = (/** @type {Verdict} */ verdict) => found.filter((one) => one.verdict === verdict).length;
  const sentence = count("differs")
    ? `${count("differs")} of ${found.length} differ by more than rounding and truncation explain.`
    : count("unknown")
      ? `${count("agrees")} of ${found.length} agree; of ${count("unknown")} the difference can't tell.`
      : `All ${found.length} agree, as far as a difference can tell.`;
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  for (const title of HEADS) {
    const cell = document.createElement("th");
    cell.textContent = title;
    cell.scope = "col";
    head.append(cell);
  }
  const body = table.createTBody();
  for (const { leaf, grad, here, off, bound, verdict, words } of found.slice(0, 200)) {
    const row = body.insertRow();
    row.className = verdict;
    row.dataset.node = String(leaf);
    const name = NODES[leaf].name ? brief(leaf) : `constant ${brief(leaf)}`;
    const cells = [name, short(grad), short(here), rough(off), rough(bound), words];
    for (const text of cells) row.append(element("td", text));
  }
  output.dataset.verdict = count("differs") ? "differs" : count("unknown") ? "unknown" : "agrees";
  output.replaceChildren(element("p", sentence, "verdict"), scrolling(table), element("p",
    "A difference of nearly equal numbers is inexact itself. “Explained” is how far rounding and " +
    "the curve between the two points may have moved it.", "hint"));
  announce(sentence);
}

/** @type {(x: number) => string} */
const rough = (x) => {
  if (x === 0) return "0";
  return Number.isFinite(x) ? x.toExponential(0).replace(/e([+-])(\d)$/, "e$10$2") : UNKNOWN;
};

/** @type {(table: HTMLTableElement) => HTMLElement} */
function scrolling(table) {
  const box = element("div", "", "scroll");
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", "Gradient check, leaf by leaf");
  box.append(table);
  return box;
}

byId("check").addEventListener("click", check);
staleCheck();
