// Which step the page is at: the buttons, the slider, the keyboard, and the link to a step.

/* global LAST, NODES, STEPS, byId, chosen, controlById, element, equationOf, fit, follow, guessable */
/* global lineOf, phaseOf, picture, recorded, reveal, showGuess, showPanel, wordsOf, zoom */
/* exported announce, go, linkedStep, play, settled, showAll, state, update */

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
  picture.light(step);
  follow(picture.acting);
  tell();
}

/** Everything again, after the numbers have changed or another picture is to be seen. */
function showAll() {
  show(NODES.keys());
  picture.callout();
  showPanel();
}

/** Say in words which step it is. */
function tell() {
  const [code, result] = lineOf(state.at);
  byId("phase").textContent = phaseOf(state.at);
  byId("step").textContent = `Step ${state.at} of ${LAST}`;
  byId("line").textContent = code ? code.slice(0, -1) : recorded.title; // all but the last "="
  if (code) {
    const end = element("span", "= ", "end");
    end.append(element("b", state.hidden ? "?" : result));
    byId("line").append(end);
  }
  const words = wordsOf(state.at, state.hidden);
  byId("words").textContent = words;
  showEquation(...equationOf(STEPS[state.at]));
  showGuess();
  const slider = controlById("slider");
  slider.value = String(state.at);
  slider.setAttribute("aria-valuetext", `${state.at} of ${LAST}, ${phaseOf(state.at)}`);
  for (const id of ["first", "back"]) controlById(id).disabled = state.at === 0;
  for (const id of ["next", "last"]) controlById(id).disabled = state.at === LAST && !state.hidden;
  announce(`Step ${state.at}. ${code} ${state.hidden ? "what?" : result}. ${words}`);
  if (chosen >= 0) showPanel();
  linkSoon();
}

/** @type {(key: string, rule: string) => void} */
function showEquation(key, rule) {
  const templates = /** @type {HTMLTemplateElement} */ (byId("equations")).content;
  const template = key && templates.querySelector(`[data-key="${key}"]`);
  byId("equation").replaceChildren(...(template ? [template.cloneNode(true)] : []));
  if (!rule) return;
  byId("equation").append(element("p", rule, "rule"));
}

let speaking = 0;
/** Tell screen readers. @type {(text: string) => void} */
function announce(text) {
  clearTimeout(speaking); // after quick steps, only the last is spoken
  speaking = setTimeout(() => (byId("announce").textContent = text), 150);
}

// Playing takes a second a step, and two minutes at most.
const PACE = Math.max(60, Math.min(1000, 120000 / LAST));

/** @type {(on: boolean) => void} */
function play(on) {
  clearInterval(state.playing);
  state.playing = on ? setInterval(() => (state.at < LAST ? next() : play(false)), PACE) : 0;
  byId("play").setAttribute("aria-pressed", String(on));
  byId("play").setAttribute("aria-label", on ? "Pause" : "Play");
  byId("play").classList.toggle("playing", on);
}

const next = () => (state.hidden ? reveal() : go(state.at + 1));
const back = () => go(state.at - 1, { hide: false });

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
byId("play").addEventListener("click", () => {
  if (!state.playing && state.at === LAST) go(0);
  play(!state.playing);
});
controlById("slider").max = String(LAST);
byId("slider").addEventListener("input", () => {
  play(false);
  go(Number(controlById("slider").value));
});

/** @type {Record<string, string>} */
const KEYS = { ArrowRight: "next", ArrowLeft: "back", Home: "first", End: "last" };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const { target, key } = event;
  if (!(target instanceof Element)) return;
  if (target.closest("input:not(#slider):not([type=checkbox]), select, textarea")) return;
  if (target.closest("[data-node], [data-unit]") && key.startsWith("Arrow")) return; // walk among nodes
  if (key === " " && !target.closest("button, input, summary, [role=button]")) {
    event.preventDefault();
    byId("play").click();
  } else if (Object.hasOwn(KEYS, key)) {
    event.preventDefault(); // the slider would do the same once more
    play(false);
    CONTROLS[KEYS[key]]();
  } else if (key === "+" || key === "=") zoom(1.25);
  else if (key === "-") zoom(0.8);
  else if (key === "0") fit();
});

// A link to a step: #step=12. Written a little later, for browsers dislike hundreds of changes.
let linking = 0;
function linkSoon() {
  clearTimeout(linking);
  linking = setTimeout(() => {
    try {
      history.replaceState(null, "", `#step=${state.at}`);
    } catch {
      // a frame in a notebook has no address of its own
    }
  }, 200);
}

function linkedStep() {
  const found = /^#step=(\d+)$/.exec(location.hash);
  return found ? Number(found[1]) : 0;
}

window.addEventListener("hashchange", () => go(linkedStep(), { hide: false }));
