// The decision region of a net with two inputs.

/* global CASES, COLORS, EDGES, LIVE, addView, byId, canvasFor, data, training */

const REGION = /** @type {HTMLCanvasElement} */ (byId("region"));
const FINE = 36;
const reach = [0, 1].map((i) => {
  const xs = CASES.map((row) => row[i]);
  const [low, high] = [Math.min(...xs), Math.max(...xs)];
  const edge = 0.18 * (high - low || 1);
  return [low - edge, high + edge];
});

/** Red, green and blue of a color of the style sheet. @type {(color: string) => number[]} */
function parts(color) {
  return [1, 3, 5].map((k) => parseInt(color.slice(k, k + 2), 16));
}

const HAS_PLANE = LIVE && data.inputs === 2;

/** The middle of each of FINE by FINE places, from the upper left on, with targets of 0. */
const PLACES_OF_PLANE = Array.from({ length: HAS_PLANE ? FINE * FINE : 0 }, (_, k) => {
  const row = new Float64Array(data.inputs + data.targets);
  row[0] = reach[0][0] + (((k % FINE) + 0.5) / FINE) * (reach[0][1] - reach[0][0]);
  row[1] = reach[1][1] - ((Math.floor(k / FINE) + 0.5) / FINE) * (reach[1][1] - reach[1][0]);
  return row;
});

/** The first output at each of them. */
function outputsOverPlane() {
  const found = new Float64Array(FINE * FINE);
  training.eachCase(PLACES_OF_PLANE, (/** @type {number} */ k, /** @type {number} */ error, /** @type {Float64Array} */ [y]) => (found[k] = y));
  return found;
}

const place = { size: 300 };
const small = document.createElement("canvas");
[small.width, small.height] = [FINE, FINE];

/** Bright where the output is high. @type {(ys: Float64Array) => void} */
function paint(ys) {
  const low = data.judge === "sides" ? 0 : -1; // the output at which a place is darkest
  const brush = /** @type {CanvasRenderingContext2D} */ (small.getContext("2d"));
  const image = brush.createImageData(FINE, FINE);
  const [lit, dark] = [parts(COLORS.lit), parts(COLORS.card)];
  ys.forEach((y, at) => {
    const part = Math.max(0, Math.min(1, (y - low) / (1 - low))) || 0;
    for (let k = 0; k < 3; k++) image.data[4 * at + k] = dark[k] + part * 0.85 * (lit[k] - dark[k]);
    image.data[4 * at + 3] = 255;
  });
  brush.putImageData(image, 0, 0);
}

/**
 * The line on which the output is at its edge: through each square of four places by two of its sides.
 * @type {(pen: CanvasRenderingContext2D, ys: Float64Array, edge: number, size: number) => void}
 */
function contour(pen, ys, edge, size) {
  const at = (/** @type {number} */ k) => ((k + 0.5) / FINE) * size;
  pen.beginPath();
  for (let r = 0; r + 1 < FINE; r++) {
    for (let c = 0; c + 1 < FINE; c++) {
      const corners = [[r, c], [r, c + 1], [r + 1, c + 1], [r + 1, c]];
      const crossed = corners.flatMap(([r1, c1], k) => {
        const [r2, c2] = corners[(k + 1) % 4];
        const [one, other] = [ys[r1 * FINE + c1] - edge, ys[r2 * FINE + c2] - edge];
        if (one > 0 === other > 0) return [];
        const part = one / (one - other);
        return [[at(c1 + part * (c2 - c1)), at(r1 + part * (r2 - r1))]];
      });
      for (let k = 0; k + 1 < crossed.length; k += 2) {
        pen.moveTo(crossed[k][0], crossed[k][1]);
        pen.lineTo(crossed[k + 1][0], crossed[k + 1][1]);
      }
    }
  }
  pen.strokeStyle = COLORS.ink;
  pen.lineWidth = 2;
  pen.stroke();
}

if (HAS_PLANE) {
  byId("region-card").hidden = false;
  addView((_, all) => {
    if (all) place.size = REGION.clientWidth;
    const { size } = place;
    const ys = outputsOverPlane();
    paint(ys);
    const pen = canvasFor(REGION, size, size);
    pen.drawImage(small, 0, 0, size, size);
    contour(pen, ys, EDGES[0], size);
    const disk = CASES.length > 40 ? 3 : size / 40;
    for (const each of CASES) {
      pen.beginPath();
      pen.arc(across(each[0], size), size - across(each[1], size, 1), disk, 0, 7);
      pen.fillStyle = each[data.inputs] > EDGES[1] ? COLORS.lit : COLORS.card;
      pen.fill();
      pen.strokeStyle = COLORS.ink;
      pen.stroke();
    }
    const above = ys.reduce((sum, y) => sum + Number(y > EDGES[0]), 0) / ys.length;
    REGION.setAttribute("aria-label", `The output is above ${EDGES[0]} in ${Math.round(100 * above)} % of the plane of both inputs`);
  });
}

/** @type {(x: number, size: number, i?: number) => number} */
function across(x, size, i = 0) {
  return ((x - reach[i][0]) / (reach[i][1] - reach[i][0])) * size;
}
