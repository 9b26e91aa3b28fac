// The error curve, with the cases that are right as a thin line; a click goes to that sweep.

/* global CASES, COLORS, LIVE, addView, before, byId, canvasFor, controlById, counted, data, figure, furthest, goTo, letters, render, training, wake */

const CURVE = /** @type {HTMLCanvasElement} */ (byId("curve"));
const field = { left: 0, right: 1, top: 0, bottom: 1, last: 1, width: 300, height: 190 };

/** A round number of sweeps or errors above this. @type {(x: number) => number} */
function roundedUp(x) {
  const power = 10 ** Math.floor(Math.log10(x));
  return power * ([1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((step) => step * power >= x) ?? 10);
}

addView(({ look }, all) => {
  if (all) [field.width, field.height] = [CURVE.clientWidth, CURVE.clientHeight];
  const { width, height } = field;
  const pen = canvasFor(CURVE, width, height);
  const errors = LIVE ? training.errors : data.frames.errors.map(Number);
  const rights = LIVE ? training.rights : data.frames.right;
  const ghost = before.seen;
  const longest = Math.max(furthest(), ghost ? Math.min(ghost.errors.length, 4 * furthest()) : 0);
  const last = roundedUp(Math.max(20, longest));
  const most = roundedUp(largest([errors, ghost?.errors ?? [], LIVE ? [look.error] : []]));
  const log = controlById("log").checked;
  const least = log ? smallest(errors, most) : 0;
  Object.assign(field, { left: letters.size * 3.6, right: width - letters.size * 1.2, top: letters.size * 2, bottom: height - letters.size * 2.6, last });
  const x = (/** @type {number} */ s) => field.left + ((field.right - field.left) * s) / last;
  const y = (/** @type {number} */ e) => {
    const part = log ? Math.log(Math.max(e, least) / least) / Math.log(most / least) : e / most;
    return field.bottom - (field.bottom - field.top) * Math.min(1, Math.max(0, part));
  };
  const yRight = (/** @type {number} */ n) => field.bottom - ((field.bottom - field.top) * n) / Math.max(1, CASES.length);
  pen.font = `${letters.size}px system-ui, Helvetica, Arial, sans-serif`;
  drawAxes(pen, x, y, { last, most, least, log });
  if (ghost) trace(pen, ghost.errors, x, y, COLORS.soft, 1, [3, 3]);
  if (CASES.length) trace(pen, rights, x, yRight, COLORS.right, 1, []);
  trace(pen, errors, x, y, COLORS.accent, 2.2, []);
  const solved = !LIVE ? data.frames.solved : CASES.length ? rights.indexOf(CASES.length) : -1;
  if (solved >= 0) drawSolved(pen, x(LIVE ? solved : solved / data.frames.every), solved);
  const here = x(training.sweep);
  pen.strokeStyle = COLORS.ink;
  pen.lineWidth = 1;
  line(pen, here, field.top, here, field.bottom);
  const error = LIVE ? look.error : errors[training.sweep];
  pen.fillStyle = COLORS.accent;
  pen.beginPath();
  pen.arc(here, y(error), 4, 0, 7);
  pen.fill();
  const when = solved >= 0 ? `; all ${CASES.length} right first at sweep ${solved}` : "";
  const sweepOf = (/** @type {number} */ s) => (LIVE ? s : data.frames.sweeps[s]);
  const label = `The error over ${counted(sweepOf(furthest()), "sweep")}: ${figure(errors[0] ?? error)} at first, ${figure(error)} at sweep ${sweepOf(training.sweep)}${when}`;
  if (CURVE.getAttribute("aria-label") !== label) CURVE.setAttribute("aria-label", label);
});

/** @type {(lists: ArrayLike<number>[]) => number} */
function largest(lists) {
  let most = 0;
  for (const list of lists) for (let i = 0; i < list.length; i++) if (Number.isFinite(list[i])) most = Math.max(most, list[i]);
  return most || 1;
}

/** @type {(errors: number[], most: number) => number} */
function smallest(errors, most) {
  let least = most / 10;
  for (const e of errors) if (e > 0) least = Math.min(least, e);
  return 10 ** Math.floor(Math.log10(least));
}

/** @type {(pen: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number) => void} */
function line(pen, x1, y1, x2, y2) {
  pen.beginPath();
  pen.moveTo(x1, y1);
  pen.lineTo(x2, y2);
  pen.stroke();
}

/**
 * @type {(pen: CanvasRenderingContext2D, x: (s: number) => number, y: (e: number) => number,
 *   scale: {last: number, most: number, least: number, log: boolean}) => void}
 */
function drawAxes(pen, x, y, { last, most, least, log }) {
  pen.strokeStyle = COLORS.line;
  pen.fillStyle = COLORS.soft;
  pen.lineWidth = 1;
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  const steps = log ? [least, Math.sqrt(least * most), most] : [0, most / 2, most];
  for (const e of steps) {
    line(pen, field.left, y(e), field.right, y(e));
    pen.fillText(figure(Number(e.toPrecision(2))), field.left - 4, y(e));
  }
  pen.textBaseline = "top";
  pen.textAlign = "center";
  for (const s of [0, last / 2, last]) {
    const at = LIVE ? s : (data.frames.sweeps[Math.round(s)] ?? NaN);
    if (Number.isInteger(at)) pen.fillText(at.toLocaleString("en"), Math.min(x(s), field.right - letters.size), field.bottom + 4);
  }
  pen.fillText("sweep", (field.left + 3 * field.right) / 4, field.bottom + 4);
  pen.textBaseline = "alphabetic";
  pen.textAlign = "left";
  pen.fillStyle = COLORS.accent;
  pen.fillText("E", field.left, field.top - 5);
  if (!CASES.length) return;
  pen.fillStyle = COLORS.right;
  pen.textAlign = "right";
  pen.fillText(`right, of ${CASES.length}`, field.right, field.top - 5);
}

/**
 * A line through these numbers, with no more points than there are pixels.
 * @type {(pen: CanvasRenderingContext2D, list: number[], x: (s: number) => number, y: (v: number) => number,
 *   color: string, width: number, dash: number[]) => void}
 */
function trace(pen, list, x, y, color, width, dash) {
  const step = Math.max(1, Math.floor(list.length / (2 * (field.right - field.left))));
  const end = Math.min(list.length - 1, field.last);
  pen.strokeStyle = color;
  pen.lineWidth = width;
  pen.setLineDash(dash);
  pen.beginPath();
  for (let s = 0; s <= end; s += step) pen.lineTo(x(s), y(list[s]));
  if (end >= 0) pen.lineTo(x(end), y(list[end]));
  pen.stroke();
  pen.setLineDash([]);
}

/** @type {(pen: CanvasRenderingContext2D, at: number, sweep: number) => void} */
function drawSolved(pen, at, sweep) {
  pen.strokeStyle = COLORS.right;
  pen.lineWidth = 1.5;
  pen.setLineDash([4, 3]);
  line(pen, at, field.top, at, field.bottom);
  pen.setLineDash([]);
  const text = `all right: ${sweep.toLocaleString("en")}`;
  const leftward = at + pen.measureText(text).width + 8 > field.right;
  pen.fillStyle = COLORS.right;
  pen.textAlign = leftward ? "right" : "left";
  pen.textBaseline = "middle";
  const place = /** @type {const} */ ([at + (leftward ? -5 : 5), field.top + letters.size * 2.2]);
  pen.strokeStyle = COLORS.card; // lets it be read on a line
  pen.lineWidth = 4;
  pen.strokeText(text, ...place);
  pen.fillText(text, ...place);
}

/** @type {(event: MouseEvent) => number} */
function sweepAt(event) {
  const along = event.clientX - CURVE.getBoundingClientRect().left - field.left;
  const s = Math.round((along / (field.right - field.left)) * field.last);
  return Math.max(0, Math.min(furthest(), s));
}

CURVE.addEventListener("click", (event) => {
  goTo(sweepAt(event));
  wake();
});
CURVE.addEventListener("pointermove", (event) => {
  const s = sweepAt(event);
  const [error, right] = LIVE ? [training.errors[s], training.rights[s]] : [data.frames.errors[s], data.frames.right[s]];
  if (error === undefined) return;
  const words = CASES.length ? `, ${right} of ${CASES.length} right` : "";
  byId("curve-pointed").textContent = `Sweep ${LIVE ? s : data.frames.sweeps[s]}: E ${figure(Number(error))}${words}`;
});
byId("log").addEventListener("change", () => render(true));
