// The minimap: where in a picture that is larger than the window the part in sight lies.

/* global byId, drawn, look, picture, place, sizeOf, stage, view */
/* exported markMap, showMap */

const map = byId("minimap");
const WIDEST = 150; // pixels
const TALLEST = 110;
const THINNEST = 36;

/** The boxes of a picture as one shape, made when it is first needed. @type {WeakMap<Picture, string>} */
const shapes = new WeakMap();

/** @type {(boxes: Iterable<Part>) => string} */
const shapeOf = (boxes) =>
  [...new Set(boxes)].map(place).map((p) => `M${p.left} ${p.top}H${p.right}V${p.bottom}H${p.left}z`).join("");

const all = drawn("path", { class: "all" });
const acting = drawn("path", { class: "acting" });
const frameOfView = drawn("rect", { class: "in-view" });
map.append(all, acting, frameOfView);

/** @type {Picture | null} */
let mapped = null;

/** Show what of the picture is in sight; nothing where that is all of it. */
function showMap() {
  const { width, height } = sizeOf(picture.svg);
  const [across, down] = [stage.clientWidth / view.scale, stage.clientHeight / view.scale];
  const [left, top] = [view.x - across / 2, view.y - down / 2];
  const whole = left <= 1 && top <= 1 && left + across >= width - 1 && top + down >= height - 1;
  map.classList.toggle("off", whole);
  if (whole) return;
  if (mapped !== picture) {
    mapped = picture;
    const known = shapes.get(picture) ?? shapeOf(picture.boxes);
    shapes.set(picture, known);
    all.setAttribute("d", known);
    const scale = Math.min(WIDEST / width, TALLEST / height);
    map.setAttribute("viewBox", `0 0 ${width} ${height}`);
    map.setAttribute("width", String(Math.max(THINNEST, width * scale)));
    map.setAttribute("height", String(Math.max(THINNEST, height * scale)));
    markMap();
  }
  const place = { x: Math.max(0, left), y: Math.max(0, top) };
  const size = {
    width: Math.max(0, Math.min(width, left + across) - place.x),
    height: Math.max(0, Math.min(height, top + down) - place.y),
  };
  for (const [key, value] of Object.entries({ ...place, ...size })) frameOfView.setAttribute(key, String(value));
}

/** Mark the boxes that this step is about. */
function markMap() {
  if (mapped === picture) acting.setAttribute("d", shapeOf(picture.acting));
}

/** Bring the place of the map that was pressed into the middle. @type {(event: PointerEvent) => void} */
function goThere(event) {
  if (!event.buttons) return;
  const box = map.getBoundingClientRect();
  const { width, height } = sizeOf(picture.svg);
  view.x = ((event.clientX - box.left) / box.width) * width;
  view.y = ((event.clientY - box.top) / box.height) * height;
  look();
}
map.addEventListener("pointerdown", (event) => {
  map.setPointerCapture(event.pointerId);
  goThere(event);
});
map.addEventListener("pointermove", goThere);
