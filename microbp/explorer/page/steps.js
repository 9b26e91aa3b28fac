// Which step the page is at: the buttons, the slider, the keyboard, and the link to a step.

/* global GRAINS, LAST, NODES, STEPS, announce, blockAt, byId, changesOf, chosen, controlById, element */
/* global equationsOf, faultSeen, follow, grain, guessable, linkSoon, markMap, phaseOf, picture, placeAmong */
/* global play, reveal, showCheck, showGuess, showHint, showPanel, showTitle, stopAfter, stopBefore, summaryLine */
/* global summaryWords, takeGrain, titleNow, wordsOf */
/* exported CONTROLS, go, next, settled, showAll, state, toChange, update */

const state = { at: 0, hidden: false, playing: 0 };

/** The last step whose result is to be seen. */
const settled = () => state.at - (state.hidden ? 1 : 0);

/**
 * Go to step s; in the mode "predict" its result is hidden at first.
 * @type {(s: number, options?: {hide?: boolean}) => void}
 */
function go(s, { hide = controlById("predict").checked } = {}) {
  const to = Math.min(LAST, Math.max(0, s));
  const before = settled();
  state.at = to;
  state.hidden = hide && to > 0 && guessable(to);
  update(before, settled());
}

/**
 * Show what changed between two settled steps, and no more: graphs may be large.
 * @type {(from: number, to: number) => void}
 */
function update(from, to) {
  /** @type {Set<number>} */
  const changed = new Set();
  const [low, high] = from < to ? [from, to] : [to, from];
  for (let s = Math.max(0, low); s <= Math.min(LAST, high + 1); s++) {
    const step = STEPS[s];
    if (step.kind !== "start") changed.add(step.kind === "edge" ? step.to : step.node);
  }
  show(changed);
}

/** @type {(changed: Iterable<number>) => void} */
function show(changed) {
  const step = STEPS[state.at];
  const target = step.kind === "edge" ? step.to : step.node;
  const part = !state.hidden ? "" : step.kind === "forward" ? "data" : "grad";
  picture.show(changed, settled(), target, part);
  const [from, to] = blockAt(state.at);
  picture.light(STEPS.slice(from, to + 1));
  picture.callout(faultSeen());
  follow(picture.acting);
  markMap();
  tell();
}

/** Everything again, after the numbers have changed or another picture is to be seen. */
function showAll() {
  show(NODES.keys());
  showPanel();
}

/** Say in words which step it is. */
function tell() {
  const { at, hidden } = state;
  const [from, to] = blockAt(at);
  const [code, result] = summaryLine(from, to);
  const [place, count] = [placeAmong(at), grain().stops.length - 1];
  showTitle();
  byId("phase").textContent = phaseOf(at);
  byId("step").textContent = `Step ${place} of ${count}`;
  byId("line").textContent = code ? code.slice(0, -1) : titleNow(); // all but the last "="
  if (code) {
    const end = element("span", "= ", "end");
    end.append(element("b", hidden ? "?" : result));
    byId("line").append(end);
  }
  const words = hidden ? wordsOf(at, true) : summaryWords(from, to);
  byId("words").textContent = words;
  showEquations(equationsOf(from, to));
  showGrain();
  showGuess();
  showCheck();
  showHint();
  const slider = controlById("slider");
  [slider.max, slider.value] = [String(count), String(place)];
  slider.setAttribute("aria-valuetext", `${place} of ${count}, ${phaseOf(at)}`);
  for (const id of ["first", "back"]) controlById(id).disabled = at === 0;
  for (const id of ["next", "last"]) controlById(id).disabled = at === LAST && !hidden;
  announce(`Step ${place}. ${code} ${hidden ? "what?" : result}. ${words}`);
  if (chosen >= 0) showPanel();
  linkSoon();
}

/** @type {(found: [string, string][]) => void} */
function showEquations(found) {
  const templates = /** @type {HTMLTemplateElement} */ (byId("equations")).content;
  byId("equation").replaceChildren();
  byId("equation").classList.toggle("many", found.length > 1);
  for (const [key, rule] of found) {
    const template = key && templates.querySelector(`[data-key="${key}"]`);
    if (template) byId("equation").append(template.cloneNode(true));
    if (rule) byId("equation").append(element("p", rule, "rule"));
  }
}

const next = () => (state.hidden ? reveal() : go(stopAfter(state.at)));
const back = () => go(stopBefore(state.at), { hide: false });

/** To the next step, or the one before, that changes the chosen node. @type {(by: 1 | -1) => void} */
function toChange(by) {
  const steps = chosen < 0 ? [] : changesOf(chosen);
  const goal = by > 0 ? steps.find((s) => s > state.at) : steps.filter((s) => s < state.at).pop();
  if (goal === undefined) return;
  play(false);
  go(goal, by > 0 ? {} : { hide: false });
}

/** @type {Record<string, () => void>} */
const CONTROLS = {
  first: () => go(0),
  back,
  next,
  last: () => go(LAST, { hide: false }),
};
for (const [id, action] of Object.entries(CONTROLS)) {
  byId(id).addEventListener("click", () => {
    play(false);
    action();
  });
}
byId("slider").addEventListener("input", () => {
  play(false);
  go(grain().stops[Number(controlById("slider").value)]);
});

const grainChoice = /** @type {HTMLSelectElement} */ (byId("grain"));
for (const { name } of GRAINS) {
  const option = /** @type {HTMLOptionElement} */ (element("option", `by ${name}`));
  option.value = name;
  grainChoice.append(option);
}

/** Show by what the steps go. */
function showGrain() {
  grainChoice.value = grain().name;
  grainChoice.disabled = controlById("predict").checked || GRAINS.length < 2;
}

grainChoice.addEventListener("change", () => {
  takeGrain(grainChoice.value);
  update(settled(), settled());
});
