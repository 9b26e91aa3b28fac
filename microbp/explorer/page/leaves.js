// The leaves: a number and a slider each. What is typed goes through the whole graph.

const fields = new Map();

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
  const reach = Number.isFinite(x) ? Math.max(2, 2 * Math.abs(x)) : 2;
  const middle = Number.isFinite(x) ? x : 0;
  [slider.min, slider.max, slider.step] = [middle - reach, middle + reach, "any"];
  slider.setAttribute("aria-label", `${name}, slider`);
  for (const field of [typed, slider]) {
    field.dataset.node = i;
    field.disabled = Boolean(WHY_FIXED);
  }
  typed.addEventListener("change", () => {
    const data = typed.value.trim() in SPECIAL ? SPECIAL[typed.value.trim()] : Number(typed.value.replace(",", ".").replace("−", "-"));
    if (typed.value.trim() === "" || (Number.isNaN(data) && typed.value.trim() !== "nan")) {
      typed.setAttribute("aria-invalid", "true");
      announce(`${name}: please type a number.`);
    } else setLeaf(i, data);
  });
  typed.addEventListener("focus", () => {
    typed.value = exact(now.values[i]);
    typed.select(); // as Tab had, before the value changed
  });
  typed.addEventListener("blur", () => showLeaf(i));
  slider.addEventListener("input", () => setLeaf(i, nice(Number(slider.value), reach)));
  fields.set(i, { typed, slider });
  row.append(label, typed, slider);
  return row;
}

/** A slider's number, without digits that its movement can't have meant. */
function nice(x, reach) {
  const digits = Math.max(0, 3 - Math.floor(Math.log10(reach)));
  return digits > 100 ? x : Number(x.toFixed(digits));
}

let drawing = 0;
function setLeaf(i, data) {
  if (Object.is(now.values[i], data)) return showLeaf(i);
  now.values[i] = data;
  showLeaf(i);
  byId("reset").disabled = false;
  cancelAnimationFrame(drawing); // a slider gives more numbers than there are pictures a second
  drawing = requestAnimationFrame(renew);
}

function renew() {
  recompute();
  staleCheck();
  showAll();
}

function showLeaf(i) {
  const { typed, slider } = fields.get(i);
  typed.value = document.activeElement === typed ? exact(now.values[i]) : short(now.values[i]);
  typed.removeAttribute("aria-invalid");
  if (Number.isFinite(now.values[i])) {
    slider.min = Math.min(slider.min, now.values[i]);
    slider.max = Math.max(slider.max, now.values[i]);
    slider.value = now.values[i];
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
  byId("reset").disabled = true;
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
