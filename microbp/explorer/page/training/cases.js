// Every case: a tile that lights up with its output, and the chosen one with every number.

/* global CASES, CASE_NAMES, NET, addView, byId, caseName, chosen, counted, data, drawn, element, figure, fillTable, fixed, render, showLevel, training, wake */
/* exported EDGES */

const BITS = CASES.length > 0 && data.inputs <= 12 &&
  CASES.every((row) => row.slice(0, data.inputs).every((x) => x === 0 || Math.abs(x) === 1));
const BARS = data.targets <= 12;
const SMALL = CASES.length > 40; // so many tiles have no room for names

/** Whether the page knows what counts as right. */
const JUDGED = data.judge !== "own";

/** What an output and its target are to be on the same side of. */
const EDGES = { answer: [0, 0.5], sign: [0, 0] }[/** @type {string} */ (data.judge)] ?? [0.5, 0.5];

/** What of this output is right. @type {(output: number, target: number) => boolean} */
function isRight(output, target) {
  return (output - EDGES[0]) * (target - EDGES[1]) > 0;
}

/** @type {(list: ArrayLike<number>) => number} */
function largestAt(list) {
  let best = 0;
  for (let i = 1; i < list.length; i++) if (list[i] > list[best]) best = i;
  return best;
}

/** How many inputs stand side by side: as the cases' names have them, where those are rows of # and dots. */
const ACROSS = /^[#.]+( [#.]+)+$/.test(CASE_NAMES?.[0] ?? "") ? CASE_NAMES?.[0].indexOf(" ") ?? 1 : data.inputs;

/** The picture in a tile: a square for each input, and under them a bar for each output. @type {(row: number[]) => {svg: SVGElement, outputs: SVGElement[], mark: SVGElement}} */
function tilePicture(row) {
  const wide = Math.max(26, 8 * (BITS ? ACROSS : 0), 8 * data.targets + 10);
  const top = BITS ? 4 + 8 * Math.ceil(data.inputs / ACROSS) : 1;
  const svg = drawn("svg", { viewBox: `0 0 ${wide} ${top + 10}`, "aria-hidden": "true" });
  if (BITS) {
    const from = (wide - 8 * ACROSS) / 2;
    row.slice(0, data.inputs).forEach((x, i) => {
      const [c, r] = [i % ACROSS, Math.floor(i / ACROSS)];
      svg.append(drawn("rect", { class: x > 0 ? "bit on" : "bit", x: from + 8 * c + 0.5, y: 1 + 8 * r, width: 7, height: 7 }));
    });
  }
  const each = (wide - 11) / data.targets;
  /** @type {SVGElement[]} */
  const outputs = [];
  row.slice(data.inputs).forEach((target, j) => {
    const [x, width] = [1.2 + each * j, each - 1.6];
    svg.append(drawn("rect", { class: target > EDGES[1] ? "frame on" : "frame", x, y: top, width, height: 8 }));
    const output = drawn("rect", { class: "output", x, y: top, width, height: 8 });
    outputs.push(output);
    svg.append(output);
  });
  const mark = drawn("text", { x: wide - 5, y: top + 7.5, "text-anchor": "middle" });
  svg.append(mark);
  return { svg, outputs, mark };
}

/** @typedef {{tile: HTMLElement, outputs: SVGElement[], mark: Element, good: boolean | null}} Tile */

/** @type {(row: number[], c: number) => Tile} */
function newTile(row, c) {
  const tile = element("div", "", "case");
  tile.setAttribute("role", "option");
  tile.setAttribute("tabindex", c ? "-1" : "0");
  tile.setAttribute("aria-label", caseName(c));
  tile.title = caseName(c);
  const told = BITS && (SMALL || ACROSS < data.inputs || caseName(c).replace(/ /g, "") === row.slice(0, data.inputs).join(""));
  if (!told) tile.append(element("span", caseName(c)));
  /** @type {Element} */
  let mark = element("span", "", "mark");
  /** @type {SVGElement[]} */
  let outputs = [];
  if (BARS) {
    const made = tilePicture(row);
    ({ outputs, mark } = made);
    tile.append(made.svg);
  } else tile.firstElementChild?.prepend(mark);
  tile.addEventListener("click", () => chooseCase(c));
  tile.addEventListener("keydown", (event) => {
    const across = Math.max(1, Math.round(byId("cases").clientWidth / Math.max(1, tile.offsetWidth + 3)));
    const way = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across, Home: -c, End: CASES.length - 1 - c }[event.key];
    if (way === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const to = c + way;
    if (to < 0 || to >= CASES.length) return;
    chooseCase(to);
    TILES[to].tile.focus();
  });
  return { tile, outputs, mark, good: null };
}

/** @type {Tile[]} */
let TILES = [];
let tilesOf = "";
let shown = -1;

/** New tiles where another seed has held out other cases. */
function renewTiles() {
  if (TILES.length && tilesOf === String(training.heldOut)) return;
  tilesOf = String(training.heldOut);
  shown = -1;
  TILES = CASES.map(newTile);
  byId("cases").replaceChildren(...TILES.map(({ tile }) => tile));
}

/** @type {(c: number) => void} */
function chooseCase(c) {
  chosen.case = Math.max(0, Math.min(CASES.length - 1, c));
  render(true);
  wake();
}

addView(({ look }) => {
  renewTiles();
  TILES.forEach((each, c) => {
    each.outputs.forEach((output, j) => showLevel(output, look.outputs[c][j]));
    if (!JUDGED || each.good === look.right[c]) return;
    each.good = look.right[c];
    each.tile.classList.toggle("good", each.good);
    each.tile.classList.toggle("bad", !each.good);
    each.mark.textContent = each.good ? "✓" : "✗";
    if (!BARS) each.mark.textContent += " ";
    each.tile.setAttribute("aria-label", `${caseName(c)}: ${each.good ? "right" : "wrong"}`);
  });
  if (shown !== chosen.case) {
    TILES[shown]?.tile.setAttribute("tabindex", "-1");
    TILES[shown]?.tile.setAttribute("aria-selected", "false");
    shown = chosen.case;
    TILES[shown].tile.setAttribute("aria-selected", "true");
    TILES[shown].tile.setAttribute("tabindex", "0");
    TILES[0].tile.setAttribute("tabindex", shown ? "-1" : "0");
    keepInSight(TILES[shown].tile);
    byId("case-name").textContent = `The chosen case: ${caseName(shown)}`;
  }
  showCase(look.outputs[shown]);
});

/** Scroll the tiles, and never the page. @type {(tile: HTMLElement) => void} */
function keepInSight(tile) {
  const box = byId("cases");
  const top = tile.offsetTop - box.offsetTop;
  if (top < box.scrollTop) box.scrollTop = top - 4;
  else if (top + tile.offsetHeight > box.scrollTop + box.clientHeight) box.scrollTop = top + tile.offsetHeight - box.clientHeight + 4;
}

const MANY = 10;
/** The outputs that are to be on or are wrong; of few outputs all. @type {(outputs: ArrayLike<number>) => void} */
function showCase(outputs) {
  const targets = CASES[shown].slice(data.inputs);
  const best = largestAt(targets);
  const rows = [];
  let [others, most] = [0, -Infinity];
  for (let j = 0; j < targets.length; j++) {
    const right = data.judge === "largest" ? (j === best) === (j === largestAt(outputs)) : isRight(outputs[j], targets[j]);
    if (targets.length > MANY && right && j !== best && targets[j] <= EDGES[1]) {
      others += 1;
      most = Math.max(most, outputs[j]);
    } else rows.push([outputName(j), fixed(outputs[j], 4), figure(targets[j]), !JUDGED ? "" : right ? "✓ right" : "✗ wrong"]);
  }
  const body = /** @type {Element} */ (byId("case-outputs").querySelector("tbody"));
  fillTable(body, rows);
  for (const row of body.children) {
    row.lastElementChild?.classList.toggle("right", row.lastElementChild.textContent === "✓ right");
    row.lastElementChild?.classList.toggle("wrong", row.lastElementChild.textContent === "✗ wrong");
  }
  byId("case-others").textContent = others ? `${counted(others, "other output")} right, none above ${fixed(most)}.` : "";
}

/** @type {(j: number) => string} */
function outputName(j) {
  const node = data.program?.outputs[j + 1];
  const u = NET.units.findIndex((unit) => unit.node === node);
  if (u < 0) return `output ${j + 1}`;
  const { label } = NET.units[u];
  const last = NET.columns[NET.columns.length - 1];
  // A unit that runs for some steps has an output at each of them.
  const step = last.units.includes(u) && data.targets <= last.units.length ? "" : NET.columns.find(({ units }) => units.includes(u))?.name;
  return step ? `${label}, ${step}` : label;
}

if (CASES.length) {
  const edge = data.judge === "largest" ? "largest where its target is" : `on its target's side of ${EDGES[0]}`;
  const picture = BITS ? "Small squares are the inputs, filled if on. " : "";
  const bars = BARS ? "A bar is an output, brighter the higher it is; a thick frame says that it is to be on. " : "";
  byId("cases-hint").textContent = `${picture}${bars}${JUDGED ? `✓: every output is ${edge}. ` : ""}Click a case to see it in the net.`;
  const tile = BITS ? (SMALL ? 34 : Math.min(150, Math.max(56, 9 * ACROSS, 9 * data.targets + 10))) : BARS ? 84 : 132;
  byId("cases").classList.toggle("eight", BITS && data.inputs === 6 && CASES.length === 64);
  byId("cases").style.setProperty("--tile", `${tile / 15}rem`);
}
byId("cases-card").hidden = !CASES.length;
