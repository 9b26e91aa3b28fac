// Symmetry: the weights from mirror inputs, and the ratio of the three pairs as it appears.

/* global NET, addView, byId, data, drawn, fixed, incoming, signed, training */

/** The hidden units, each with its weights from left to right. */
const MIRRORED = data.kind === "symmetry" ? NET.columns[1].units.map((u) => incoming[u].map((each) => each.parameter)) : [];
const PAIRS = MIRRORED.length ? Math.floor(MIRRORED[0].length / 2) : 0;
const ROW = 26 + 15 * MIRRORED.length;

const BARS_OF_PAIRS = (() => {
  if (!PAIRS) return [];
  const svg = drawn("svg", { viewBox: `0 0 320 ${PAIRS * ROW + 16}`, role: "img", "aria-label": "The pairs of mirror weights; their numbers are in the table of all weights" });
  const made = Array.from({ length: PAIRS }, (_, k) => {
    const top = k * ROW;
    const sources = incoming[NET.columns[1].units[0]];
    const name = drawn("text", { x: 0, y: top + 15 });
    name.textContent = `${NET.units[sources[k].from].label} and ${NET.units[sources[sources.length - 1 - k].from].label}`;
    const size = drawn("text", { x: 320, y: top + 15, "text-anchor": "end" });
    const units = MIRRORED.map((_, h) => {
      const y = top + 22 + 15 * h;
      const [left, right] = ["minus", "plus"].map(() => drawn("rect", { x: 160, y, width: 0, height: 9 }));
      const words = drawn("text", { x: 0, y: y + 8, class: "soft" });
      const number = drawn("text", { x: 320, y: y + 8, "text-anchor": "end", class: "soft" });
      words.textContent = NET.units[NET.columns[1].units[h]].label;
      svg.append(left, right, words, number);
      return { left, right, words, number };
    });
    svg.append(name, size);
    return { size, units };
  });
  svg.append(drawn("path", { d: `M160 18V${PAIRS * ROW + 6}`, class: "tick" }));
  byId("pairs").append(svg);
  return made;
})();

/** Which solution a ratio is; as the experiment's report has it. @type {(second: number, third: number) => string} */
function solution(second, third) {
  if (Math.abs(second - 2) < 0.25 && Math.abs(third - 4) < 0.5) return "1 : 2 : 4, the paper's solution";
  if (Math.abs(second - 1.5) < 0.2 && Math.abs(third - 2) < 0.25) return "2 : 3 : 4, which works as well";
  return "";
}

if (PAIRS === 3) {
  byId("pairs-card").hidden = false;
  addView(({ look }) => {
    const w = (/** @type {number} */ h, /** @type {number} */ i) => training.parameters[MIRRORED[h][i]];
    const sizes = BARS_OF_PAIRS.map((_, k) => MIRRORED.reduce((sum, _, h) => sum + Math.abs(w(h, k)) + Math.abs(w(h, 5 - k)), 0));
    const [first, second, third] = sizes.slice().sort((a, b) => a - b).map((x, _, all) => x / all[0]);
    byId("ratio").textContent = `${first} : ${fixed(second)} : ${fixed(third)}`;
    const largest = Math.max(1, ...MIRRORED.flatMap((_, h) => [0, 1, 2, 3, 4, 5].map((i) => Math.abs(w(h, i)))));
    BARS_OF_PAIRS.forEach(({ size, units }, k) => {
      size.textContent = `${fixed(sizes[k] / Math.min(...sizes))} times the smallest`;
      units.forEach(({ left, right, number }, h) => {
        bar(left, w(h, k), largest);
        bar(right, w(h, 5 - k), largest);
        number.textContent = `${signed(w(h, k))} and ${signed(w(h, 5 - k))}`;
      });
    });
    let apart = 0;
    MIRRORED.forEach((_, h) => {
      const most = Math.max(...[0, 1, 2, 3, 4, 5].map((i) => Math.abs(w(h, i))));
      for (const i of [0, 1, 2]) apart = Math.max(apart, Math.abs(w(h, i) + w(h, 5 - i)) / most);
    });
    const found = look.right.every(Boolean) ? solution(second, third) : "";
    const percent = apart < 0.0005 ? "less than 0.1" : `at most ${fixed(100 * apart, apart < 0.0995 ? 1 : 0)}`;
    byId("pairs-words").textContent = `Mirror weights miss being opposite by ${percent} % of the largest. ${found ? `This is ${found}.` : "No known ratio yet."}`;
  });
}

/** A bar from the middle, to the left where the weight is negative. @type {(rect: Element, w: number, largest: number) => void} */
function bar(rect, w, largest) {
  const width = Math.min(54, (54 * Math.abs(w)) / largest) || 0;
  rect.setAttribute("x", String(w < 0 ? 160 - width : 160));
  rect.setAttribute("width", String(width));
  rect.setAttribute("class", w < 0 ? "bar-minus" : "bar-plus");
}
