// Time: training frame by frame within a budget, the slider, the buttons.

/* global CASES, LIVE, addView, announce, byId, controlById, counted, data, figure, fixed, furthest, goTo, linkSoon, pace, render, training, wanted */
/* exported CONTROLS, play, wake */

const SPEEDS = LIVE ? [1, 5, 25, 100, 500, 2500, Infinity] : [1, 5, 25];
const clock = { playing: false, asked: 0, last: 0, owed: 0, cost: 4, perSweep: 0.1, shown: -1, skipped: 0, beat: 100, room: 9 };

const picked = () => SPEEDS[Number(controlById("speed").value)];

/**
 * Where frames come later than the screen asks for them, train and draw less in each:
 * how long the browser takes to paint is seen by this alone. @param {number} passed since the last
 */
function keepPace(passed) {
  if (passed < 6) return; // the first frame after a click
  clock.beat = Math.min(passed, clock.beat + 0.1);
  const late = passed > 1.4 * clock.beat;
  clock.room = Math.max(2, Math.min(9, clock.room + (late ? -1 : 0.02)));
  pace.rest = Math.max(0, Math.min(5, pace.rest + (late ? 0.5 : -0.01)));
}

/** Make up to this many sweeps, while there is time. @type {(count: number, until: number) => number} */
function sweepsUntil(count, until) {
  let made = 0;
  while (made < count && performance.now() < until) {
    const begun = performance.now();
    const few = Math.max(1, Math.min(count - made, Math.floor(1.5 / clock.perSweep)));
    const done = training.advance(few);
    clock.perSweep += 0.2 * ((performance.now() - begun) / few - clock.perSweep);
    made += done;
    if (done < few) {
      stopped();
      break;
    }
  }
  return made;
}

/** @type {(now: number) => void} */
function frame(now) {
  clock.asked = 0;
  const passed = Math.min(100, Math.max(0, now - clock.last));
  clock.last = now;
  if (clock.playing) keepPace(passed);
  const until = performance.now() + clock.room;
  if (wanted.sweep >= 0) {
    sweepsUntil(wanted.sweep - training.sweep, until);
    if (training.sweep >= wanted.sweep) wanted.sweep = -1;
  } else if (clock.playing) {
    const speed = Math.min(1e9, picked());
    clock.owed += (speed * passed) / 1000;
    const count = Math.floor(clock.owed);
    const made = sweepsUntil(count, until);
    clock.owed = made < count ? 0 : clock.owed - made;
  }
  const busy = clock.playing || wanted.sweep >= 0;
  const begun = performance.now();
  // Where to look at all cases takes long, not every frame does.
  if (!busy || (clock.shown !== training.sweep && ++clock.skipped > clock.cost / 5)) {
    render(!busy);
    clock.shown = training.sweep;
    clock.skipped = 0;
    clock.cost += 0.2 * (performance.now() - begun - clock.cost);
  }
  if (busy) wake();
  else settled();
}

/** Ask for a frame, in which what has changed is made and drawn. */
function wake() {
  if (!clock.asked) clock.asked = requestAnimationFrame(frame);
}

/** When nothing moves any more: say where we are, and put it into the address. */
function settled() {
  linkSoon();
  announce(`${byId("sweep").textContent} sweeps. E ${byId("error").textContent}. ${byId("right").textContent} right.`);
}

/** The training couldn't go on. */
function stopped() {
  wanted.sweep = -1;
  play(false);
  if (!LIVE) return;
  byId("notice").hidden = false;
  byId("notice").textContent = `After sweep ${training.sweep} E is no finite number any more: the steps are too large. Rewind and take a smaller step size, or start again.`;
}

/** @type {(on: boolean) => void} */
function play(on) {
  clock.playing = on;
  clock.owed = on ? 1 : 0;
  clock.last = performance.now();
  if (on) {
    byId("notice").hidden = true;
    wanted.sweep = -1;
  }
  byId("play").setAttribute("aria-pressed", String(on));
  byId("play").setAttribute("aria-label", on ? "Pause" : "Train");
  byId("play").classList.toggle("playing", on);
  wake();
}

addView(({ look }) => {
  const { sweep } = training;
  const at = LIVE ? sweep : data.frames.sweeps[sweep];
  byId("sweep").textContent = at.toLocaleString("en");
  byId("error").textContent = LIVE ? fixedError(look.error) : figure(Number(data.frames.errors[sweep]));
  const right = LIVE ? look.right.filter(Boolean).length : data.frames.right[sweep];
  byId("right").textContent = CASES.length ? `${right} of ${CASES.length}` : String(right);
  byId("right").classList.toggle("right", CASES.length > 0 && right === CASES.length);
  const slider = controlById("slider");
  const most = String(Math.max(1, furthest()));
  if (slider.max !== most) slider.max = most;
  slider.value = String(wanted.sweep >= 0 ? wanted.sweep : sweep);
  if (clock.playing) return;
  slider.setAttribute("aria-valuetext", `Sweep ${at} of ${furthest()}`);
  for (const id of ["first", "back"]) controlById(id).disabled = sweep === 0;
  controlById("last").disabled = sweep >= furthest();
  controlById("next").disabled = !LIVE && sweep >= furthest();
});

/** Four decimals while they say something, so that the number stands still. @type {(e: number) => string} */
function fixedError(e) {
  return e >= 0.001 && e < 1000 ? fixed(e, 4) : figure(e);
}

/** @type {Record<string, () => void>} */
const CONTROLS = {
  first: () => goTo(0),
  back: () => goTo(training.sweep - 1),
  next: () => goTo(training.sweep + 1),
  last: () => goTo(furthest()),
};
for (const [id, action] of Object.entries(CONTROLS)) {
  byId(id).addEventListener("click", () => {
    play(false);
    action();
    wake();
  });
}
byId("play").addEventListener("click", () => play(!clock.playing));
byId("slider").addEventListener("input", () => {
  if (clock.playing) play(false);
  goTo(Number(controlById("slider").value));
  wake();
});

SPEEDS.forEach((speed, k) => {
  const words = speed === Infinity ? "as fast as it goes" : `${counted(speed, LIVE ? "sweep" : "frame")} a second`;
  const option = document.createElement("option");
  option.value = String(k);
  option.textContent = words;
  byId("speed").append(option);
});
controlById("speed").value = LIVE ? (CASES.length > 80 ? "2" : "3") : "1";
