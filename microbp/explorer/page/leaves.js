// The leaves: a number and a slider each. What is typed goes through the whole graph.

/* global LEAVES, NODES, SEED, WHY_FIXED, announce, brief, byId, controlById, element, exact, forgetGuess */
/* global isolated, nameOf, now, number, parsed, recompute, recorded, restore, revealed, short, showAll */
/* global staleCheck */
/* exported addLeaf, renewLeaf, showHint, showLeaf */

/** @type {Map<number, {typed: HTMLInputElement, slider: HTMLInputElement}>} */
const fields = new Map();

const ROOM = 10; // digits that a field has room for beside its slider
const LONG = 9; // letters of a name, from which on it gets a line of its own

/** The row of a leaf. @type {(i: number) => HTMLElement} */
function addLeaf(i) {
  const name = NODES[i].name ? brief(i) : `the constant ${brief(i)}`;
  const row = element("li");
  const label = element("span", NODES[i].name ? isolated(nameOf(i)) : "constant");
  row.classList.toggle("long", (label.textContent ?? "").length > LONG);
  const typed = document.createElement("input");
  typed.type = "text";
  typed.inputMode = "decimal";
  typed.setAttribute("aria-label", `${name}, number`);
  const slider = document.createElement("input");
  slider.type = "range";
  slider.step = "any";
  const width = spread(slider, number(NODES[i].data));
  slider.setAttribute("aria-label", `${name}, slider`);
  for (const field of [typed, slider]) {
    field.dataset.node = String(i);
    field.disabled = Boolean(WHY_FIXED);
  }
  typed.addEventListener("change", () => {
    const data = parsed(typed.value);
    if (data === null) {
      typed.setAttribute("aria-invalid", "true");
      announce(`${name}: please type a number.`);
    } else setLeaf(i, data);
  });
  typed.addEventListener("focus", () => {
    typed.value = exact(now.values[i]);
    row.classList.toggle("wide", typed.value.length > ROOM);
    typed.select(); // as Tab had, before the value changed
  });
  typed.addEventListener("blur", () => showLeaf(i));
  slider.addEventListener("input", () => setLeaf(i, nice(Number(slider.value), width)));
  fields.set(i, { typed, slider });
  row.append(label, typed, slider);
  return row;
}

/** Let the slider reach from this number to either side; how far. @type {(slider: HTMLInputElement, x: number) => number} */
function spread(slider, x) {
  const width = Number.isFinite(x) ? Math.max(2, 2 * Math.abs(x)) : 2;
  const middle = Number.isFinite(x) ? x : 0;
  [slider.min, slider.max] = [String(middle - width), String(middle + width)];
  return width;
}

/** Show a leaf that was recorded anew. @type {(i: number) => void} */
function renewLeaf(i) {
  const row = fields.get(i);
  if (row) spread(row.slider, now.values[i]);
  showLeaf(i);
}

/**
 * A slider's number, without digits that its movement can't have meant.
 * @type {(x: number, width: number) => number}
 */
function nice(x, width) {
  const digits = Math.max(0, 3 - Math.floor(Math.log10(width)));
  return digits > 100 ? x : Number(x.toFixed(digits));
}

let drawing = 0;
/** @type {(i: number, data: number) => void} */
function setLeaf(i, data) {
  const same = Object.is(now.values[i], data);
  now.values[i] = data;
  showLeaf(i);
  if (same) return;
  controlById("reset").disabled = false;
  cancelAnimationFrame(drawing); // a slider gives more numbers than there are pictures a second
  drawing = requestAnimationFrame(renew);
}

function renew() {
  recompute();
  staleCheck();
  forgetGuess();
  showAll();
}

/** @type {(i: number) => void} */
function showLeaf(i) {
  const row = fields.get(i);
  if (!row) return;
  const { typed, slider } = row;
  typed.value = document.activeElement === typed ? exact(now.values[i]) : short(now.values[i]);
  typed.removeAttribute("aria-invalid");
  if (Number.isFinite(now.values[i])) {
    slider.min = String(Math.min(Number(slider.min), now.values[i]));
    slider.max = String(Math.max(Number(slider.max), now.values[i]));
    slider.value = String(now.values[i]);
  }
}

/** Why leaves can't be changed, or what to know about it; it may hold a number that is to be guessed. */
function showHint() {
  const hint = WHY_FIXED || (revealed(SEED - 1) ? recorded.compared : "");
  byId("why-fixed").textContent = hint;
  byId("why-fixed").hidden = !hint;
}

byId("reset").addEventListener("click", () => {
  restore();
  LEAVES.forEach(showLeaf);
  controlById("reset").disabled = true;
  staleCheck();
  forgetGuess();
  showAll();
  announce("All numbers are as they were recorded.");
});
