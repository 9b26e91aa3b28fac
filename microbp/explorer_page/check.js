// The gradient check: central differences, computed here, beside what the sweep found.

const EPS = 2 ** -52;

/** All that is computed from a leaf, in the order of the forward pass. */
function computedFrom(leaf) {
  const found = new Set([leaf]);
  for (const i of found) for (const [user] of USES[i]) found.add(user);
  found.delete(leaf);
  return [...found].sort((i, k) => computedAt[i] - computedAt[k]);
}

/** The root as a function of one leaf; NaN where there is none. */
function rootBy(leaf) {
  const nodes = computedFrom(leaf);
  const values = [...now.values];
  const known = NODES.map(() => true);
  return (data) => {
    values[leaf] = data;
    return forwards(values, known, nodes) < 0 ? values[ROOT] : NaN;
  };
}

/** How far rounding may have moved the root: each node's by a unit in its last place or two. */
function roundingOfRoot() {
  return FORWARDS.reduce((sum, i) => {
    const part = Math.abs(now.grads[i] * now.values[i]) * EPS;
    return sum + (Number.isNaN(part) ? 0 : part);
  }, 0);
}

/** The central difference by one leaf, and how far rounding and truncation may have moved it. */
function differenceBy(leaf, noise) {
  const root = rootBy(leaf);
  const [x, y] = [now.values[leaf], now.values[ROOT]];
  const h = 2 ** Math.round(Math.log2(Math.cbrt(EPS) * Math.max(1, Math.abs(x))));
  const [below, above] = [root(x - h), root(x + h)];
  const here = (above - below) / (x + h - (x - h));
  const wider = (root(x + 2 * h) - root(x - 2 * h)) / (x + 2 * h - (x - 2 * h));
  const rounding = (2 * noise + EPS * Math.abs(y)) / h;
  const truncation = Math.abs(wider - here); // three times what theory expects
  const bend = Math.abs((above - y) / h - (y - below) / h);
  return { here, bound: rounding + truncation, bend, rounding };
}

function verdictOn(leaf, noise) {
  const sweep = now.grads[leaf];
  const { here, bound, bend, rounding } = differenceBy(leaf, noise);
  const off = Math.abs(here - sweep);
  const found = { leaf, sweep, here, bound, off };
  if (!Number.isFinite(here) || !Number.isFinite(sweep)) {
    return { ...found, verdict: "unknown", words: "can't tell: no number on one side, or no slope" };
  }
  if (off <= 2 * bound && bound <= 0.01 * Math.max(Math.abs(sweep), Math.abs(here))) return { ...found, verdict: "agrees", words: "agrees" };
  if (off <= 2 * bound) {
    const zero = Math.abs(sweep) <= bound;
    return { ...found, verdict: "agrees", words: zero && sweep !== 0 ? "agrees, but the difference is mostly rounding" : "agrees" };
  }
  if (bend > 100 * rounding && bend > 0.01 * Math.max(Math.abs(sweep), Math.abs(here), 1e-3)) {
    return { ...found, verdict: "unknown", words: "a kink: the slopes on both sides differ" };
  }
  return { ...found, verdict: "differs", words: "differs by more than rounding and truncation explain" };
}

const HEADS = ["leaf", "sweep", "difference", "apart", "explained", "verdict"];

function check() {
  const output = byId("checked");
  if (now.fault) {
    output.replaceChildren(element("p", `There is nothing to check: ${now.fault.words}.`));
    return;
  }
  const noise = roundingOfRoot();
  const found = LEAVES.filter((i) => NODES[i].name || LEAVES.length <= 40).map((i) => verdictOn(i, noise));
  const count = (verdict) => found.filter((one) => one.verdict === verdict).length;
  const sentence = count("differs")
    ? `${count("differs")} of ${found.length} differ by more than rounding and truncation explain.`
    : count("unknown")
      ? `${count("agrees")} of ${found.length} agree; of ${count("unknown")} the difference can't tell.`
      : `All ${found.length} agree, as far as a difference can tell.`;
  const table = element("table");
  const head = table.createTHead().insertRow();
  for (const title of HEADS) {
    const cell = element("th", title);
    cell.scope = "col";
    head.append(cell);
  }
  const body = table.createTBody();
  for (const { leaf, sweep, here, off, bound, verdict, words } of found.slice(0, 200)) {
    const row = body.insertRow();
    row.className = verdict;
    row.dataset.node = leaf;
    const cells = [NODES[leaf].name ? brief(leaf) : `constant ${brief(leaf)}`, short(sweep), short(here), rough(off), rough(2 * bound), words];
    for (const text of cells) row.append(element("td", text));
  }
  output.dataset.verdict = count("differs") ? "differs" : count("unknown") ? "unknown" : "agrees";
  output.replaceChildren(element("p", sentence, "verdict"), scrolling(table), element("p",
    "A difference of nearly equal numbers is inexact itself. “Explained” is how far rounding and " +
    "the curve between the two points may have moved it.", "hint"));
  announce(sentence);
}

const rough = (x) => (x === 0 ? "0" : Number.isFinite(x) ? x.toExponential(0).replace(/e([+-])(\d)$/, "e$10$2") : UNKNOWN);

function scrolling(table) {
  const box = element("div", "", "scroll");
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", "Gradient check, leaf by leaf");
  box.append(table);
  return box;
}

byId("check").addEventListener("click", check);
if (WHY_FIXED) {
  byId("check").disabled = true;
  byId("checked").append(element("p", WHY_FIXED, "hint"));
}
