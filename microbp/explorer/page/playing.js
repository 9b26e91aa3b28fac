// Playing: one step after the other by itself, as fast as was chosen.

/* global LAST, byId, controlById, go, next, state */
/* exported play */

const PACE = 1000; // milliseconds for each step at the speed of 1

/** @type {(on: boolean) => void} */
function play(on) {
  clearInterval(state.playing);
  const pace = PACE / Number(controlById("speed").value);
  state.playing = on ? setInterval(() => (state.at < LAST ? next() : play(false)), pace) : 0;
  byId("play").setAttribute("aria-pressed", String(on));
  byId("play").setAttribute("aria-label", on ? "Pause" : "Play");
  byId("play").classList.toggle("playing", on);
}

byId("play").addEventListener("click", () => {
  if (!state.playing && state.at === LAST) go(0);
  play(!state.playing);
});
byId("speed").addEventListener("change", () => state.playing && play(true));
