// The leaves: a number and a slider each. What is typed goes through the whole graph.

/* global LEAVES, NODES, WHY_FIXED, announce, brief, byId, controlById, element, exact, now, number */
/* global parsed, recompute, recorded, restore, short, showAll */

/** @type {Map<number, {typed: HTMLInputElement, slider: HTMLInputElement}>} */
const fields = new Map();

/** The row of a leaf. @type {(i: number) => HTMLElement} */
function addLeaf(i) {
  const name = NODES[i].name ? brief(i) : `the constant ${brief(i)}`;
  const row = element("li");
  const label = element("span", NODES[i].name ? brief(i) : "constant");
  label.title = name;
  const typed = document.createElement("input");
  typed.type = "text";
  typed.inputMode = "decimal";
  typed.setAttribute("aria-label", `${name}, number`);
  const slider = document.createElement("input");
  slider.type = "range";
  const x = number(NODES[i].data);
  const width = Number.isFinite(x) ? Math.max(2, 2 * Math.abs(x)) : 2;
  const middle = Number.isFinite(x) ? x : 0;
  [slider.min, slider.max, slider.step] = [String(middle - width), String(middle + width), "any"];
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
    typed.select(); // as Tab had, before the value changed
  });
  typed.addEventListener("blur", () => showLeaf(i));
  slider.addEventListener("input", () => setLeaf(i, nice(Number(slider.value), width)));
  fields.set(i, { typed, slider });
  row.append(label, typed, slider);
  return row;
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

function staleCheck() {
  byId("checked").replaceChildren();
  delete byId("checked").dataset.verdict;
  if (WHY_FIXED) byId("checked").append(element("p", WHY_FIXED, "hint"));
}

byId("reset").addEventListener("click", () => {
  restore();
  LEAVES.forEach(showLeaf);
  controlById("reset").disabled = true;
  staleCheck();
  showAll();
  announce("All numbers are as they were recorded.");
});

byId("leaves").append(...LEAVES.filter((i) => NODES[i].name).map(addLeaf));
const constants = LEAVES.filter((i) => !NODES[i].name);
byId("constants").append(...constants.map(addLeaf));
byId("constants-box").hidden = !constants.length;
LEAVES.forEach(showLeaf);
byId("why-fixed").textContent = WHY_FIXED || recorded.compared;
byId("why-fixed").hidden = !byId("why-fixed").textContent;
