// "Predict before you reveal": a step's result stays hidden until it is guessed or revealed.

/* global STEPS, added, byId, computedAt, controlById, go, now, parsed, play, settled, showAll, state */
/* global update */
/* exported faultSeen, forgetGuess, guessable, reveal, revealed, showGuess */

const RIGHT = 0.01; // as far off, in proportion, as the four digits shown can lead
const CLOSE = 0.1;

/** @type {(s: number) => number} */
function resultOf(s) {
  const step = STEPS[s];
  return step.kind === "forward" ? now.values[step.node] : added[s];
}

/** Whether the result of step s may be seen, or is still to be guessed. @type {(s: number) => boolean} */
const revealed = (s) => !controlById("predict").checked || s <= settled();

/** The operation that has no value, unless that is still to be found out. */
const faultSeen = () => (now.fault && revealed(computedAt[now.fault.node]) ? now.fault : null);

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
  if (guessedAt !== state.at) forgetGuess();
}
let guessedAt = -1;

/** A verdict on other numbers, or another step, says nothing. */
function forgetGuess() {
  guessedAt = state.at;
  controlById("guess").value = "";
  byId("verdict").textContent = "";
  byId("verdict").className = "";
}

function reveal() {
  const before = settled();
  const typing = byId("guessing").contains(document.activeElement);
  state.hidden = false;
  update(before, settled());
  if (!typing) return;
  guessing = true;
  controlById("next").focus(); // what had the focus is gone; Enter goes on
}

// Who types guess after guess finds the next field without looking for it.
let guessing = false;
byId("next").addEventListener("click", (event) => {
  if (guessing && state.hidden && event.detail === 0) controlById("guess").focus();
  guessing = false;
});

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
  showAll();
});
