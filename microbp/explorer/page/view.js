// Pan and zoom: which part of the picture is seen, by mouse, touch and keyboard.

/* global byId, picture, place, showMap */
/* exported READABLE, bring, dragged, fit, follow, look, refit, scaleOf, sizeOf, stage, view, zoom */

const stage = byId("picture");
const view = {
  x: 0, y: 0, // the point in the middle
  scale: 1, // pixels for each point
  wanted: 1, // the scale that was asked for; a long edge may need a smaller one for a while
};
// Pixels for each point, below which numbers are too small to read; a telephone is held nearer.
const READABLE = window.innerWidth > 640 ? 0.72 : 0.6;
const LEGIBLE = 0.4; // and below which there need be no numbers
const LEAST = 0.6; // pixels for each point that an edge is worth zooming out to
const LARGE = 1.6; // to which a small picture is enlarged
const SMALLEST = 0.02;
const LARGEST = 6;

/** @type {(svg: SVGSVGElement) => {width: number, height: number}} */
function sizeOf(svg) {
  const [, , width, height] = (svg.dataset.box ?? "").split(" ").map(Number);
  return { width, height };
}

/** Show the part of the picture that `view` says. */
function look() {
  const [width, height] = [stage.clientWidth / view.scale, stage.clientHeight / view.scale];
  const [left, top] = [view.x - width / 2, view.y - height / 2];
  picture.svg.setAttribute("viewBox", `${left} ${top} ${width} ${height}`);
  picture.svg.classList.toggle("far", view.scale < LEGIBLE);
  picture.cull(left - 30, top - 30, left + width + 30, top + height + 30);
  showMap();
}

/** @type {(factor: number, x?: number, y?: number) => void} */
function zoom(factor, x = stage.clientWidth / 2, y = stage.clientHeight / 2) {
  const scale = Math.min(LARGEST, Math.max(SMALLEST, view.scale * factor));
  const [right, down] = [x - stage.clientWidth / 2, y - stage.clientHeight / 2];
  view.x += right / view.scale - right / scale;
  view.y += down / view.scale - down / scale;
  view.scale = view.wanted = scale;
  look();
}

/** @type {(right: number, down: number) => void} */
function pan(right, down) {
  view.x -= right / view.scale;
  view.y -= down / view.scale;
  look();
}

/** The scale at which all of a picture is in sight. @type {(svg: SVGSVGElement) => number} */
function scaleOf(svg) {
  const { width, height } = sizeOf(svg);
  const scale = Math.min((stage.clientWidth - 16) / width, (stage.clientHeight - 16) / height);
  return Math.max(SMALLEST, scale); // a frame may have no size for a moment
}

/** All of the picture, but not larger than life by more than half. */
function fit() {
  const { width, height } = sizeOf(picture.svg);
  view.scale = view.wanted = Math.min(LARGE, scaleOf(picture.svg));
  [view.x, view.y] = [width / 2, height / 2];
  look();
  fitted = viewed();
}

const viewed = () => [picture.svg.dataset.box, view.x, view.y, view.scale].join();
let fitted = "";

/** After the window, or the text below, has changed its size. */
function refit() {
  if (viewed() === fitted) fit();
  else look();
}

/**
 * Bring these boxes into sight, where they are not: all of them, or else the last.
 * @type {(boxes: Part[]) => void}
 */
function follow(boxes) {
  if (!boxes.length) return;
  const places = boxes.slice(-12).map(place); // of a node with hundreds of operands a few
  const [width, height] = [stage.clientWidth / view.scale, stage.clientHeight / view.scale];
  const inside = (/** @type {Place} */ { left, top, right, bottom }) =>
    left >= view.x - width / 2 && right <= view.x + width / 2 &&
    top >= view.y - height / 2 && bottom <= view.y + height / 2;
  if (places.every(inside)) return;
  let [left, top] = [Math.min(...places.map((p) => p.left)), Math.min(...places.map((p) => p.top))];
  let [right, bottom] = [Math.max(...places.map((p) => p.right)), Math.max(...places.map((p) => p.bottom))];
  const across = (stage.clientWidth - 24) / (right - left);
  const needed = Math.min(across, (stage.clientHeight - 24) / (bottom - top));
  view.scale = Math.min(view.wanted, Math.max(needed, LEAST));
  if (needed < view.scale) ({ left, top, right, bottom } = places[places.length - 1]);
  [view.x, view.y] = [(left + right) / 2, (top + bottom) / 2];
  look();
}

/** The middle of these boxes, as large as can be, and still to be read. @type {(boxes: Part[]) => void} */
function bring(boxes) {
  const places = boxes.map(place);
  const [left, top] = [Math.min(...places.map((p) => p.left)), Math.min(...places.map((p) => p.top))];
  const [right, bottom] = [Math.max(...places.map((p) => p.right)), Math.max(...places.map((p) => p.bottom))];
  const across = (stage.clientWidth - 60) / (right - left);
  const needed = Math.min(across, (stage.clientHeight - 60) / (bottom - top));
  view.scale = view.wanted = Math.max(READABLE, scaleOf(picture.svg), Math.min(1, needed));
  [view.x, view.y] = [(left + right) / 2, (top + bottom) / 2];
  look();
}

/** @typedef {{x: number, y: number}} Point */
/** @type {Map<number, Point>} */
const pointers = new Map();
let dragged = false;

stage.addEventListener("wheel", (event) => {
  event.preventDefault();
  const box = stage.getBoundingClientRect();
  const factor = Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015));
  zoom(factor, event.clientX - box.left, event.clientY - box.top);
}, { passive: false });

stage.addEventListener("pointerdown", (event) => {
  if (!pointers.size) dragged = false;
  pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
});

stage.addEventListener("pointermove", (event) => {
  const before = pointers.get(event.pointerId);
  if (!before) return;
  const [right, down] = [event.clientX - before.x, event.clientY - before.y];
  if (!dragged && Math.hypot(right, down) < 5) return;
  if (!dragged) stage.setPointerCapture(event.pointerId); // not sooner, or no node would be clicked
  dragged = true;
  const other = [...pointers.entries()].find(([id]) => id !== event.pointerId)?.[1];
  const after = { x: event.clientX, y: event.clientY };
  pointers.set(event.pointerId, after);
  if (!other) {
    pan(right, down);
    return;
  }
  const box = stage.getBoundingClientRect();
  const apart = (/** @type {Point} */ p) => Math.max(1, Math.hypot(p.x - other.x, p.y - other.y));
  pan(right / 2, down / 2);
  const middle = { x: (after.x + other.x) / 2 - box.left, y: (after.y + other.y) / 2 - box.top };
  zoom(apart(after) / apart(before), middle.x, middle.y);
});

for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
  stage.addEventListener(end, (event) => pointers.delete(event.pointerId));
}

byId("zoom-in").addEventListener("click", () => zoom(1.25));
byId("zoom-out").addEventListener("click", () => zoom(0.8));
byId("zoom-fit").addEventListener("click", fit);
