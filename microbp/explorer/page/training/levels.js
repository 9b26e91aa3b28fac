// Numbers as text, width and brightness: the same in every part of the page.

/* global element, short */
/* exported COLORS, canvasFor, figure, fillTable, fixed, letters, lineWidth, readStyle, showLevel, signed */

/** As people read it, with a minus sign that isn't a hyphen. @type {(x: number) => string} */
function figure(x) {
  return short(x).replace(/-/g, "−");
}

/** With two decimals, so that it stays in place while it changes. @type {(x: number, places?: number) => string} */
function fixed(x, places = 2) {
  return Number.isFinite(x) ? x.toFixed(places).replace("-", "−") : figure(x);
}

/** With a plus where it is positive. @type {(x: number, places?: number) => string} */
function signed(x, places = 2) {
  return (x >= 0 ? "+" : "") + fixed(x, places);
}

/** The width of a weight's line; as net_picture.py has it. @type {(w: number, largest: number) => number} */
function lineWidth(w, largest) {
  return 0.4 + (5.6 * Math.min(Math.abs(w), largest)) / largest;
}

/** Light a shape by an activity: 1 is bright, and below 0 in the other color. @type {(shape: Element, x: number) => void} */
function showLevel(shape, x) {
  const level = Math.min(1, Math.abs(x)) || 0;
  const opacity = level.toFixed(2);
  if (shape.getAttribute("fill-opacity") !== opacity) shape.setAttribute("fill-opacity", opacity);
  shape.classList.toggle("minus", x < 0);
}

/** The style sheet's colors, for canvases. @type {Record<string, string>} */
const COLORS = {};

/** The size of a canvas's letters, in pixels. */
const letters = { size: 11 };

function readStyle() {
  const style = getComputedStyle(document.documentElement);
  letters.size = parseFloat(style.fontSize) * 0.74;
  for (const name of ["ink", "soft", "line", "card", "press", "accent", "plus", "minus", "lit", "right"]) {
    COLORS[name] = style.getPropertyValue(`--${name}`).trim();
  }
}

/**
 * What to draw with, cleared, in CSS pixels of this size.
 * @type {(canvas: HTMLCanvasElement, width: number, height: number) => CanvasRenderingContext2D}
 */
function canvasFor(canvas, width, height) {
  const sharp = window.devicePixelRatio || 1;
  const [across, down] = [Math.round(width * sharp), Math.round(height * sharp)];
  if (canvas.width !== across || canvas.height !== down) [canvas.width, canvas.height] = [across, down];
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.setTransform(sharp, 0, 0, sharp, 0, 0);
  pen.clearRect(0, 0, width, height);
  return pen;
}

/**
 * Texts into the rows of a table's body, which has rows made or taken away where their number differs.
 * @type {(body: Element, rows: string[][]) => void}
 */
function fillTable(body, rows) {
  while (body.children.length > rows.length) body.lastElementChild?.remove();
  rows.forEach((texts, r) => {
    const row = body.children[r] ?? body.appendChild(element("tr"));
    while (row.children.length > texts.length) row.lastElementChild?.remove();
    texts.forEach((text, c) => {
      const cell = row.children[c] ?? row.appendChild(element("td"));
      if (cell.textContent !== text) cell.textContent = text;
    });
  });
}
