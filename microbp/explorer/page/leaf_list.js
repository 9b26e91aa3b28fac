// The list of the leaves: inputs first, then the parameters by layer, then constants; with a filter.

/* global LEAVES, NODES, USES, addLeaf, announce, byId, clipped, computedAt, controlById, element */
/* global recorded, showLeaf */

const PARAMETER = /^[wb](\d+|\[.*)?$/s; // the same labels as in what `microbp.draw` draws

/** The layer of a parameter: by its group, or else by its label. @type {(i: number) => string} */
function layerOf(i) {
  const group = LAYER_OF.get(i) ?? "";
  return group || /^[wb]\[([^,\]]*)/.exec(NODES[i].name)?.[1] || "";
}

/** @type {Map<number, string>} */
const LAYER_OF = new Map();
const layers = recorded.folds.layers ?? [];
for (const { kind, name, members } of layers) if (kind === "layer") for (const i of members) LAYER_OF.set(i, name);

/** The titles of the list's sections, and the leaves in each. */
function sections() {
  /** @type {Map<string, number[]>} */
  const found = new Map([["Inputs", []]]);
  const put = (/** @type {string} */ title, /** @type {number} */ i) =>
    found.set(title, [...(found.get(title) ?? []), i]);
  const named = LEAVES.filter((i) => NODES[i].name);
  const isParameter = (/** @type {number} */ i) => PARAMETER.test(NODES[i].name);
  for (const i of named) if (!isParameter(i)) put("Inputs", i);
  const order = (/** @type {number} */ i) => Math.min(...USES[i].map(([user]) => computedAt[user]));
  for (const i of named.filter(isParameter).sort((a, b) => order(a) - order(b) || a - b)) {
    put(layerOf(i) ? `Parameters of ${clipped(layerOf(i))}` : "Parameters", i);
  }
  return [...found].filter(([, leaves]) => leaves.length);
}

/** @type {{row: HTMLElement, name: string}[]} */
const rows = [];
for (const [title, leaves] of sections()) {
  const list = element("ul", "", "fields");
  list.setAttribute("aria-label", title);
  for (const i of leaves) {
    const row = addLeaf(i);
    rows.push({ row, name: NODES[i].name.toLowerCase() });
    list.append(row);
  }
  const section = element("div", "", "leaves-of");
  section.append(element("h3", title), list);
  byId("leaves").append(section);
}
const constants = LEAVES.filter((i) => !NODES[i].name);
byId("constants").append(...constants.map(addLeaf));
byId("constants-box").hidden = !constants.length;
LEAVES.forEach(showLeaf);

/** Show the leaves in whose names this is, with the titles of what is left. @type {(typed: string) => void} */
function filterLeaves(typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  let left = 0;
  for (const { row, name } of rows) {
    row.hidden = !words.every((word) => name.includes(word));
    left += Number(!row.hidden);
  }
  for (const section of byId("leaves").querySelectorAll(".leaves-of")) {
    /** @type {HTMLElement} */ (section).hidden = !section.querySelector("li:not([hidden])");
  }
  const said = words.length ? `${left} of ${rows.length} leaves` : "";
  byId("filtered").textContent = said;
  if (said) announce(said);
}

const FEW = 8; // leaves, up to which nobody needs to search
byId("filter-box").hidden = rows.length <= FEW;
controlById("filter").addEventListener("input", () => filterLeaves(controlById("filter").value));
