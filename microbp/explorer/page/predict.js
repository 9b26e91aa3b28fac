// "Predict before you reveal": a step's result stays hidden until it is guessed or revealed.

/* global STEPS, added, byId, controlById, go, now, parsed, play, settled, state, update */
/* exported guessable, reveal, showGuess */

const RIGHT = 0.01; // as far off, in proportion, as the four digits shown can lead
const CLOSE = 0.1;

/** @type {(s: number) => number} */
function resultOf(s) {
  const step = STEPS[s];
  return step.kind === "forward" ? now.values[step.node] : added[s];
}

/** Whether a step has a result to be guessed. @type {(s: number) => boolean} */
function guessable(s) {
  const step = STEPS[s];
  return step.kind === "forward" ? now.known[step.node] : step.kind === "edge" && !now.fault;
}

/** @type {(guess: number, result: number) => keyof typeof VERDICTS} */
function judged(guess, result) {
  if (Object.is(guess, result) || guess === result) return "right";
  if (!Number.isFinite(result)) return "wrong";
  const off = Math.abs(guess - result);
  const size = Math.abs(result);
  if (off <= RIGHT * size || off < 1e-9) return "right";
  if (off <= CLOSE * size) return "close";
  if (guess === -result) return "sign";
  return "wrong";
}

const VERDICTS = {
  right: "Right.",
  close: "Close. Look at the digits once more, or reveal it.",
  sign: "Right but for the sign.",
  wrong: "Not yet. Try again, or reveal it.",
  number: "Please type a number, such as -0.25.",
};

function showGuess() {
  byId("guessing").hidden = !state.hidden;
  if (guessedAt !== state.at) {
    guessedAt = state.at;
    controlById("guess").value = "";
    byId("verdict").textContent = "";
    byId("verdict").className = "";
  }
}
let guessedAt = -1;

function reveal() {
  const before = settled();
  state.hidden = false;
  update(before, settled());
}

byId("guessing").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = controlById("guess").value;
  if (!text.trim()) return;
  const guess = parsed(text);
  const verdict = guess === null ? "number" : judged(guess, resultOf(state.at));
  byId("verdict").className = verdict;
  byId("verdict").textContent = VERDICTS[verdict];
  if (verdict === "right") reveal();
});
byId("reveal").addEventListener("click", reveal);
byId("predict").addEventListener("change", () => {
  play(false);
  go(state.at);
});
