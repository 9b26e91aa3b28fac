// How it learns: the settings, with the paper's values marked. Most hold from the next sweep on.

/* global CASES, LIVE, addView, announce, byId, change, data, element, figure, parsed, startAgain, training, wake */

/**
 * @typedef {object} Setting
 * @property {string} key
 * @property {string} words
 * @property {number} low
 * @property {number} high
 * @property {boolean} [log]
 * @property {boolean} [atStart] it can only be chosen for a new start
 * @property {boolean} [whole]
 */

/** @type {Setting[]} */
const SETTINGS = [
  { key: "lr", words: "Step size ε", low: 0.001, high: 10, log: true },
  { key: "momentum", words: "Momentum α", low: 0, high: 0.99 },
  { key: "decay", words: "Decay of weights", low: 0, high: 0.01 },
  { key: "seed", words: "Seed", low: 0, high: 99, atStart: true, whole: true },
  { key: "init", words: "Initial range ±", low: 0, high: 3, atStart: true },
];

/** The value at this sweep, where a setting has a schedule. @type {(value: any) => number} */
function atSweep(value) {
  if (!Array.isArray(value)) return Number(value);
  const begun = value.filter(([from]) => from <= training.sweep);
  return Number((begun[begun.length - 1] ?? value[0])[1]);
}

/** @type {(setting: Setting) => number} */
function current(setting) {
  return atSweep(training.settings[setting.key] ?? data.settings[setting.key]);
}

/** @type {(setting: Setting, value: any) => void} */
function choose(setting, value) {
  byId("notice").hidden = true;
  if (setting.atStart) {
    startAgain({ [setting.key]: value });
  } else if (value !== training.settings[setting.key]) change(setting.key, value);
  wake();
}

/** @type {(setting: Setting, x: number) => number} */
const toSlider = ({ log }, x) => (log ? Math.log10(Math.max(x, 1e-6)) : x);
/** @type {(setting: Setting, x: number) => number} */
const fromSlider = ({ log }, x) => Number((log ? 10 ** x : x).toPrecision(2));

/** @type {(setting: Setting) => () => void} */
function addSetting(setting) {
  const { key, words, low, high, whole } = setting;
  const row = element("div", "", "setting");
  const label = /** @type {HTMLLabelElement} */ (element("label", words));
  label.htmlFor = `set-${key}`;
  const typed = document.createElement("input");
  typed.type = "text";
  typed.id = `set-${key}`;
  typed.inputMode = "decimal";
  typed.autocomplete = "off";
  typed.addEventListener("change", () => {
    const x = parsed(typed.value);
    const wrong = x === null || !Number.isFinite(x) || (key !== "lr" && x < 0) || (whole && !Number.isInteger(x));
    if (wrong) {
      typed.setAttribute("aria-invalid", "true");
      announce(`${words}: expected a ${whole ? "whole " : ""}number that is not negative.`);
    } else choose(setting, x);
  });
  row.append(label, typed);
  const slider = document.createElement("input");
  const mark = element("i");
  if (!whole) row.append(slide());
  function slide() {
    const box = element("div", "", "slide");
    slider.type = "range";
    slider.step = "any";
    [slider.min, slider.max] = [String(toSlider(setting, low)), String(toSlider(setting, high))];
    slider.setAttribute("aria-label", `${words}, slider`);
    slider.addEventListener("input", () => choose(setting, fromSlider(setting, Number(slider.value))));
    box.append(slider, mark);
    return box;
  }
  const paper = data.paper?.[key];
  const button = /** @type {HTMLButtonElement} */ (element("button", "", "paper"));
  button.type = "button";
  button.addEventListener("click", () => choose(setting, paper));
  if (paper !== undefined && paper !== null) row.append(button);
  else mark.hidden = true;
  const note = element("p", "", "note");
  row.append(note);
  byId("settings").append(row);
  return () => {
    const x = current(setting);
    if (document.activeElement !== typed) typed.value = figure(x);
    typed.removeAttribute("aria-invalid");
    slider.value = String(toSlider(setting, x));
    slider.setAttribute("aria-valuetext", figure(x));
    const known = atSweep(paper ?? NaN);
    const along = (toSlider(setting, known) - toSlider(setting, low)) / (toSlider(setting, high) - toSlider(setting, low));
    if (!mark.hidden) mark.style.left = `calc(8px + ${along} * (100% - 16px))`;
    button.textContent = `paper: ${figure(known)}`;
    button.setAttribute("aria-label", `${words}: as in the paper, ${figure(known)}`);
    button.setAttribute("aria-pressed", String(x === known));
    const value = training.settings[key];
    note.textContent = Array.isArray(value) && value.length > 1 ? `by a schedule: ${value.map(([from, y]) => `${figure(y)} from sweep ${from}`).join(", ")}` : "";
  };
}

/** When the weights change: after all cases, after each, or after each mini-batch. */
function addChanges() {
  const row = document.createElement("fieldset");
  row.className = "setting choice";
  row.append(element("legend", "The weights change"));
  const size = document.createElement("input");
  /** @type {[string, string, () => {changePerCase: boolean, batch: number | null}][]} */
  const choices = [
    ["all-cases", "after all cases", () => ({ changePerCase: false, batch: null })],
    ["per-case", "after each case", () => ({ changePerCase: true, batch: null })],
    ["by-batch", "after mini-batches of", () => ({ changePerCase: false, batch: Number(size.value) })],
  ];
  const buttons = choices.map(([id, words, chosen]) => {
    const label = element("label", "", "mode");
    const button = document.createElement("input");
    button.type = "radio";
    button.name = "changes";
    button.id = id;
    button.addEventListener("change", () => changeTo(chosen()));
    const paper = data.paper?.changePerCase === (id === "per-case") && id !== "by-batch" ? " (paper)" : "";
    label.append(button, ` ${words}${paper}`);
    row.append(label);
    return button;
  });
  const most = CASES.length;
  Object.assign(size, { type: "text", inputMode: "numeric", autocomplete: "off", id: "set-batch" });
  size.value = String(data.settings.batch ?? Math.min(8, Math.ceil(most / 2)));
  size.setAttribute("aria-label", "Cases of a mini-batch, drawn at random");
  size.addEventListener("change", () => {
    const x = parsed(size.value);
    const fits = x !== null && Number.isInteger(x) && x >= 1 && x <= most;
    size.setAttribute("aria-invalid", String(!fits));
    if (fits) changeTo({ changePerCase: false, batch: x });
    else announce(`Mini-batch: expected a whole number from 1 to ${most}.`);
  });
  const batch = element("span", "", "pair");
  batch.append(/** @type {Element} */ (row.lastElementChild), size, " cases");
  row.append(batch);
  byId("settings").append(row);
  /** @type {(settings: {changePerCase: boolean, batch: number | null}) => void} */
  function changeTo(settings) {
    byId("notice").hidden = true;
    for (const [key, value] of Object.entries(settings)) change(key, value);
    wake();
  }
  return () => {
    const { batch, changePerCase } = training.settings;
    const which = changePerCase ? 1 : batch === null ? 0 : 2;
    buttons.forEach((button, k) => (button.checked = k === which));
    if (which === 2 && document.activeElement !== size) size.value = String(batch);
  };
}

/** Start again from the random weights of the next seed. */
function newSeed() {
  const seed = (training.settings.seed ?? 0) + 1;
  byId("notice").hidden = true;
  startAgain({ seed });
  announce(`Seed ${seed}, sweep 0.`);
  wake();
}

const CAN_RESEED = LIVE && Boolean(data.reinit);
byId("new-seed").hidden = !CAN_RESEED;
byId("new-seed").addEventListener("click", newSeed);
if (LIVE) {
  byId("settings-card").hidden = false;
  const paper = Object.keys(data.paper ?? {}).length ? " The paper's values are marked." : "";
  byId("settings-hint").textContent = `A change holds from the next sweep on, so rewind and try something else; seed and range start again.${paper}`;
  const used = SETTINGS.filter(({ key, atStart }) => {
    const value = data.settings[key];
    return value !== null && value !== undefined && (!atStart || CAN_RESEED) && !(key === "momentum" && data.settings.optimizer !== "momentum");
  });
  const shows = [...used.map(addSetting), ...("changePerCase" in data.settings ? [addChanges()] : [])];
  addView(() => shows.forEach((show) => show()));
}
