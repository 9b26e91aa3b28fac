// Hinton's squares: all weights, or all gradients, layer by layer.

/* global COLORS, LIVE, NET, addView, byId, canvasFor, controlById, element, figure, fillTable, incoming, letters, present, render, sourcesOf, training, weightName */

/** A matrix: a row for each unit, a column for each source, and the biases last. */
const MATRICES = NET.columns
  .filter((column) => column.units.some((u) => incoming[u].length))
  .map((column) => {
    const sources = sourcesOf(column);
    const cells = column.units.map((u) => {
      const from = new Map(incoming[u].map((each) => [each.from, each.parameter]));
      return [...sources.map((s) => from.get(s) ?? -1), NET.units[u].bias];
    });
    const figureBox = element("figure");
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    figureBox.append(element("figcaption", column.name), canvas);
    byId("squares").append(figureBox);
    return { column, sources, cells, canvas, size: 0, left: 0, top: 0, width: 1 };
  });

/** @typedef {typeof MATRICES[number]} Matrix */

const gradients = () => controlById("quantity-gradients").checked;

/** @type {(values: ArrayLike<number>) => number} */
function largestOf(values) {
  let largest = 0;
  for (const { cells } of MATRICES) {
    for (const row of cells) for (const p of row) if (p >= 0) largest = Math.max(largest, Math.abs(values[p]) || 0);
  }
  return largest || 1;
}

addView(({ gradient }, all) => {
  const values = gradients() ? gradient() : training.parameters;
  const largest = largestOf(values);
  if (all) MATRICES.forEach(layOut);
  for (const matrix of MATRICES) drawSquares(matrix, values, largest);
  if (/** @type {HTMLDetailsElement} */ (byId("numbers-box")).open) showNumbers(values);
});

/** @type {(text: string) => string} */
const cut = (text) => (text.length > 15 ? `${text.slice(0, 14)}…` : text);

/** The matrix without its squares: as large as there is room for, with its labels. @type {(matrix: Matrix) => void} */
function layOut(matrix) {
  const { column, sources, cells, canvas } = matrix;
  const unit = letters.size;
  const across = sources.length + 1;
  const font = `${unit}px system-ui, Helvetica, Arial, sans-serif`;
  const measuring = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  measuring.font = font;
  const widest = (/** @type {string[]} */ texts) => Math.max(...texts.map((text) => measuring.measureText(text).width));
  const above = [...sources.map((s) => cut(NET.units[s].label)), "bias"];
  const beside = column.units.map((u) => cut(NET.units[u].label));
  const left = widest(beside) + 7;
  const sizeBeside = (/** @type {number} */ right) => {
    const room = (byId("squares").clientWidth || 320) - left - right;
    return Math.max(4, Math.min(unit * 2.9, Math.max(unit * 1.25, (15 * unit) / cells.length), room / across));
  };
  let [right, size] = [12, sizeBeside(12)];
  const upright = widest(above) < size;
  if (!upright && size >= unit) {
    right = Math.max(12, widest(above) / 2); // where the slanted names end
    size = sizeBeside(right);
  }
  const top = size < unit ? 0 : upright ? unit * 1.6 : widest(above) * 0.87 + 6;
  const width = left + size * across + right;
  const height = top + size * cells.length + 1;
  Object.assign(matrix, { size, left, top, width });
  canvas.style.width = `${width}px`;
  canvas.style.aspectRatio = `${width} / ${height}`;
  const pen = canvasFor(canvas, width, height);
  pen.font = font;
  pen.fillStyle = COLORS.soft;
  pen.textBaseline = "middle";
  pen.textAlign = upright ? "center" : "left";
  if (top) {
    above.forEach((text, c) => {
      pen.save();
      pen.translate(left + (c + 0.5) * size, top - (upright ? unit * 0.8 : 4));
      if (!upright) pen.rotate(-Math.PI / 3);
      pen.fillText(text, 0, 0);
      pen.restore();
    });
  }
  pen.textAlign = "right";
  if (size >= unit * 0.9) beside.forEach((text, r) => pen.fillText(text, left - 4, top + (r + 0.5) * size));
  const what = gradients() ? "gradients" : "weights";
  canvas.setAttribute("aria-label", `${what} into ${column.name}: ${cells.length} rows of ${across}; the numbers are in the table below`);
}

/** @type {(matrix: Matrix, values: ArrayLike<number>, largest: number) => void} */
function drawSquares({ sources, cells, canvas, size, left, top }, values, largest) {
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.fillStyle = COLORS.press;
  pen.fillRect(left, top, size * (sources.length + 1), size * cells.length);
  for (const color of [COLORS.plus, COLORS.minus]) {
    pen.fillStyle = color;
    cells.forEach((row, r) => row.forEach((p, c) => {
      if (p < 0 || (values[p] < 0) !== (color === COLORS.minus)) return;
      const side = Math.sqrt(Math.min(1, Math.abs(values[p]) / largest)) * (size - 1) || 0;
      pen.fillRect(left + (c + 0.5) * size - side / 2, top + (r + 0.5) * size - side / 2, side, side);
    }));
  }
}

/** @type {(values: ArrayLike<number>) => void} */
function showNumbers(values) {
  const rows = NET.connections.map((each) => [weightName(each), figure(values[each.parameter])]);
  NET.units.forEach((unit) => {
    if (unit.bias >= 0) rows.push([`bias of ${unit.label}`, figure(values[unit.bias])]);
  });
  fillTable(/** @type {Element} */ (byId("numbers").querySelector("tbody")), rows);
}

for (const matrix of MATRICES) {
  matrix.canvas.addEventListener("pointermove", (event) => {
    const box = matrix.canvas.getBoundingClientRect();
    const scale = matrix.width / box.width;
    const c = Math.floor(((event.clientX - box.left) * scale - matrix.left) / matrix.size);
    const r = Math.floor(((event.clientY - box.top) * scale - matrix.top) / matrix.size);
    const p = matrix.cells[r]?.[c] ?? -1;
    if (p < 0) return;
    const unit = NET.units[matrix.column.units[r]].label;
    const name = c < matrix.sources.length ? `${NET.units[matrix.sources[c]].label} → ${unit}` : `bias of ${unit}`;
    const gradient = LIVE ? `, dE/dw ${figure(present().gradient()[p])}` : "";
    byId("square-pointed").textContent = `${name}: ${figure(training.parameters[p])}${gradient}`;
  });
}

for (const id of ["quantity-weights", "quantity-gradients"]) byId(id).addEventListener("change", () => render(true));
byId("numbers-box").addEventListener("toggle", () => render(true));
byId("squares-card").hidden = !MATRICES.length;
byId("quantity").hidden = !LIVE;
