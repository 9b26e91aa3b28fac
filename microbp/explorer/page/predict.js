// "Predict before you reveal": a step's result stays hidden until it is guessed or revealed.

const RIGHT = 0.01; // as far off, in proportion, as the four digits shown can lead
const CLOSE = 0.1;

function resultOf(s) {
  const step = STEPS[s];
  return step.kind === "forward" ? now.values[step.node] : added[s];
}

/** Whether a step has a result to be guessed. */
function guessable(s) {
  const step = STEPS[s];
  return step.kind === "forward" ? now.known[step.node] : step.kind === "edge" && !now.fault;
}

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
};

function showGuess() {
  byId("guessing").hidden = !state.hidden;
  if (guessedAt !== state.at) {
    guessedAt = state.at;
    byId("guess").value = "";
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
  const text = byId("guess").value.trim();
  if (!text) return;
  const guess = text in SPECIAL ? SPECIAL[text] : Number(text.replace(",", ".").replace("−", "-"));
  const verdict = Number.isNaN(guess) && text !== "nan" ? "number" : judged(guess, resultOf(state.at));
  byId("verdict").className = verdict;
  byId("verdict").textContent = VERDICTS[verdict] || "Please type a number, such as -0.25.";
  if (verdict === "right") reveal();
});
byId("reveal").addEventListener("click", reveal);
byId("predict").addEventListener("change", () => {
  play(false);
  go(state.at);
});
