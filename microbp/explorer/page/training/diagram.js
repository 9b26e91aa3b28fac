// The net: lines as wide as the weights are large, units as bright as they are active.

/* global LIVE, NET, addView, byId, chosen, closerTo, figure, fixed, lineWidth, present, showLevel, training */
/* exported weightName */

const SVG = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (byId("net")));
const LINES = [...SVG.querySelectorAll(".lines path")];
const UNITS = [...SVG.querySelectorAll(".unit")].map((part) => ({
  part: /** @type {SVGElement} */ (part),
  bias: part.querySelector(".w"),
  level: /** @type {Element} */ (part.querySelector(".level")),
  value: part.querySelector(".value"),
}));

/** @type {(line: Element, w: number, largest: number) => void} */
function showWeight(line, w, largest) {
  const width = lineWidth(w || 0, largest).toFixed(1);
  if (line.getAttribute("stroke-width") !== width) line.setAttribute("stroke-width", width);
  line.classList.toggle("minus", w < 0);
}

addView(({ now }) => {
  const weights = training.parameters;
  let largest = 1;
  for (const { parameter } of NET.connections) largest = Math.max(largest, Math.abs(weights[parameter]) || 0);
  LINES.forEach((line, k) => showWeight(line, weights[NET.connections[k].parameter], largest));
  UNITS.forEach(({ part, bias, level, value }, u) => {
    const { node, bias: index } = NET.units[u];
    if (bias) showWeight(bias, weights[index], largest);
    const y = now.data[node];
    const text = Number.isNaN(y) && !LIVE ? "" : fixed(y); // of a hidden unit no frame has a number
    showLevel(level, y);
    part.classList.toggle("bright", y > 0.5);
    if (value && value.textContent !== text) value.textContent = text;
  });
}, Math.floor(LINES.length / 200));

/** @type {(connection: {from: number, to: number}) => string} */
function weightName({ from, to }) {
  return `${NET.units[from].label} → ${NET.units[to].label}`;
}

/** Say a weight's number and its gradient. @type {(k: number) => void} */
function tellWeight(k) {
  const each = NET.connections[k];
  const gradient = LIVE ? `, dE/dw ${figure(present().gradient()[each.parameter])}` : "";
  byId("pointed").textContent = `${weightName(each)}: weight ${figure(training.parameters[each.parameter])}${gradient}`;
}

/** @type {(u: number) => string} */
function unitWords(u) {
  const unit = NET.units[u];
  const { data, grad } = present().now;
  const bias = unit.bias < 0 ? "" : `, bias ${figure(training.parameters[unit.bias])}`;
  const known = Number.isFinite(data[unit.node]) ? `: activity ${figure(data[unit.node])}` : "";
  if (!LIVE) return `${unit.label}${known}${bias}`;
  if (unit.total < 0) return `${unit.label}: activity ${figure(data[unit.node])}${bias}`;
  return `${unit.label}: total input ${figure(data[unit.total])}, activity ${figure(data[unit.node])}${bias}, dE/dy ${figure(grad[unit.node])}`;
}

/** @type {(event: PointerEvent | MouseEvent) => {x: number, y: number}} */
function placeOf(event) {
  const matrix = SVG.getScreenCTM();
  const point = new DOMPoint(event.clientX, event.clientY);
  return matrix ? point.matrixTransform(matrix.inverse()) : point;
}

/** The nearest line, if the pointer is on it or close. @type {(place: {x: number, y: number}) => number} */
function lineAt(place) {
  let [best, nearest] = [-1, 5];
  LINES.forEach((line, k) => {
    const way = ENDS[k];
    const along = Math.max(0, Math.min(1, ((place.x - way.x1) * way.dx + (place.y - way.y1) * way.dy) / way.squared));
    const away = Math.hypot(place.x - way.x1 - along * way.dx, place.y - way.y1 - along * way.dy);
    if (away < nearest) [best, nearest] = [k, away];
  });
  return best;
}

/** The numbers in an attribute of a picture's part. @type {(part: Element, name: string) => number[]} */
function numbersOf(part, name) {
  return part.getAttribute(name)?.match(/-?[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
}

/** From where to where each line goes; a curve is taken for its chord. */
const ENDS = LINES.map((line) => {
  const numbers = numbersOf(line, "d");
  const [x1, y1] = numbers;
  const [dx, dy] = [numbers[numbers.length - 2] - x1, numbers[numbers.length - 1] - y1];
  return { x1, y1, dx, dy, squared: dx * dx + dy * dy || 1 };
});

let pointed = -1;
/** @type {(k: number) => void} */
function pointAt(k) {
  if (pointed === k) return;
  LINES[pointed]?.classList.remove("pointed");
  LINES[k]?.classList.add("pointed");
  pointed = k;
  if (k >= 0) tellWeight(k);
}

/** @type {(event: Event) => number} */
function unitOf(event) {
  const part = event.target instanceof Element ? event.target.closest(".unit") : null;
  return part ? Number(part.getAttribute("data-unit")) : -1;
}

/** The unit clicked, or else the nearest whose 24 pixels these are. @type {(event: MouseEvent) => number} */
function unitAt(event) {
  const { x, y } = placeOf(event);
  let [best, nearest] = [unitOf(event), (12 * SVG.viewBox.baseVal.height) / SVG.clientHeight];
  if (best >= 0) return best;
  PLACES.forEach((place, u) => {
    const away = Math.hypot(place.x - x, place.y - y);
    if (away < nearest) [best, nearest] = [u, away];
  });
  return best;
}

SVG.addEventListener("pointermove", (event) => {
  const u = unitOf(event);
  if (u >= 0) {
    pointAt(-1);
    byId("pointed").textContent = unitWords(u);
  } else pointAt(lineAt(placeOf(event)));
});
SVG.addEventListener("pointerleave", () => pointAt(-1));
SVG.addEventListener("click", (event) => {
  const u = unitAt(event);
  const k = u >= 0 ? -1 : lineAt(placeOf(event));
  if (k >= 0) tellWeight(k);
  chooseUnit(u >= 0 ? u : k >= 0 ? NET.connections[k].to : -1, k);
});

/** Show this unit, and this of its weights, in the panel. @type {(u: number, k?: number) => void} */
function chooseUnit(u, k = -1) {
  if (u < 0) return;
  chosen.unit = u;
  chosen.connection = k;
  UNITS.forEach(({ part }, i) => part.classList.toggle("chosen", i === u));
  byId("pointed").textContent = k >= 0 ? byId("pointed").textContent : unitWords(u);
  closerTo(u);
}

// By keyboard: one unit can be reached by Tab, the arrows walk from it to the nearest others.
const PLACES = UNITS.map(({ part }) => {
  const [x, y] = numbersOf(part, "transform");
  return { x, y };
});
const TOWARD = /** @type {Record<string, [number, number]>} */ ({
  ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1],
});

UNITS.forEach(({ part }, u) => {
  part.setAttribute("role", "button");
  part.setAttribute("tabindex", u ? "-1" : "0");
  part.setAttribute("aria-label", NET.units[u].label);
  part.addEventListener("focus", () => {
    UNITS.forEach((each) => each.part.setAttribute("tabindex", each.part === part ? "0" : "-1"));
    byId("pointed").textContent = unitWords(u);
    part.setAttribute("aria-label", unitWords(u));
  });
  part.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      event.stopPropagation();
      chooseUnit(u);
    } else if (Object.hasOwn(TOWARD, event.key)) {
      event.preventDefault();
      event.stopPropagation();
      UNITS[nextUnit(u, TOWARD[event.key])].part.focus();
    }
  });
});

/** The nearest unit in this direction, or this one. @type {(u: number, direction: [number, number]) => number} */
function nextUnit(u, [right, down]) {
  let [best, nearest] = [u, Infinity];
  PLACES.forEach((place, i) => {
    const [x, y] = [place.x - PLACES[u].x, place.y - PLACES[u].y];
    const ahead = x * right + y * down;
    const aside = Math.abs(x * down + y * right);
    if (ahead < 1 || (down && aside > 1)) return;
    const away = ahead * ahead + 4 * aside * aside;
    if (away < nearest) [best, nearest] = [i, away];
  });
  return best;
}

byId("net-card").hidden = !NET.units.length;
if (!LIVE) byId("net-hint").append(" Of hidden units only the weights were recorded.");
