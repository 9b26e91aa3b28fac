// Which step the page is at: the buttons, the slider, the keyboard, and the link to a step.

const byId = (id) => document.getElementById(id);
const state = { at: 0, hidden: false, playing: 0 };

/** The last step whose result is to be seen. */
const settled = () => state.at - (state.hidden ? 1 : 0);

/** Go to step s; in the mode "predict" its result is hidden at first. */
function go(s, { hide = byId("predict").checked } = {}) {
  const to = Math.min(LAST, Math.max(0, s));
  const before = settled();
  state.at = to;
  state.hidden = hide && to > 0 && guessable(to);
  update(before, settled());
}

/** Show what changed between two settled steps, and no more: graphs may be large. */
function update(before, after) {
  const changed = new Set();
  const [low, high] = before < after ? [before, after] : [after, before];
  for (let s = Math.max(0, low); s <= Math.min(LAST, high + 1); s++) {
    const step = STEPS[s];
    if (step.kind !== "start") changed.add(step.kind === "edge" ? step.to : step.node);
  }
  show(changed);
}

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
  const slider = byId("slider");
  slider.value = state.at;
  slider.setAttribute("aria-valuetext", `${state.at} of ${LAST}, ${phaseOf(state.at)}`);
  for (const id of ["first", "back"]) byId(id).disabled = state.at === 0;
  for (const id of ["next", "last"]) byId(id).disabled = state.at === LAST && !state.hidden;
  announce(`Step ${state.at}. ${code} ${state.hidden ? "what?" : result}. ${words}`);
  if (chosen >= 0) showPanel();
  linkSoon();
}

function showEquation(key, rule) {
  const template = key && byId("equations").content.querySelector(`[data-key="${key}"]`);
  byId("equation").replaceChildren(...(template ? [template.cloneNode(true)] : []));
  if (!rule) return;
  const line = document.createElement("p");
  line.className = "rule";
  line.textContent = rule;
  byId("equation").append(line);
}

let speaking = 0;
function announce(text) {
  clearTimeout(speaking); // whoever hurries on hears the last step only
  speaking = setTimeout(() => (byId("announce").textContent = text), 150);
}

// Playing takes a second a step, and two minutes at most.
const PACE = Math.max(60, Math.min(1000, 120000 / LAST));

function play(on) {
  clearInterval(state.playing);
  state.playing = on ? setInterval(() => (state.at < LAST ? forth() : play(false)), PACE) : 0;
  byId("play").setAttribute("aria-pressed", String(Boolean(on)));
  byId("play").setAttribute("aria-label", on ? "Pause" : "Play");
  byId("play").classList.toggle("playing", Boolean(on));
}

const forth = () => (state.hidden ? reveal() : go(state.at + 1));
const back = () => go(state.at - 1, { hide: false });

const CONTROLS = {
  first: () => go(0),
  back,
  next: forth,
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
byId("slider").max = LAST;
byId("slider").addEventListener("input", (event) => {
  play(false);
  go(Number(event.target.value));
});

const KEYS = { ArrowRight: "next", ArrowLeft: "back", Home: "first", End: "last" };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const { target, key } = event;
  if (target.closest("input:not(#slider):not([type=checkbox]), select, textarea")) return;
  if (target.closest("[data-node], [data-unit]") && key.startsWith("Arrow")) return; // to walk among the nodes
  if (key === " " && !target.closest("button, input, summary, [role=button]")) {
    event.preventDefault();
    byId("play").click();
  } else if (key in KEYS) {
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
