// Where we are: the training, what its sweeps have seen so far, and what was changed at which sweep.

/* global FrameTraining, Training, byId, unpacked */
/* exported CASES, CASE_NAMES, FIRST_CASE, LIVE, NET, before, caseName, change, chosen, data, furthest, goTo, incoming, sourcesOf */
/* exported startAgain, training, wanted */

/**
 * @typedef {{from: number, to: number, parameter: number}} Connection
 * @typedef {{label: string, node: number, total: number, bias: number}} Unit
 * @typedef {{columns: {name: string, units: number[]}[], units: Unit[], connections: Connection[]}} NetOfData
 * @typedef {{errors: number[], rights: number[]}} Seen
 */

const data = unpacked(JSON.parse(byId("training").textContent ?? ""));
const LIVE = data.mode === "live";
/** @type {NetOfData} */
const NET = data.net ?? { columns: [], units: [], connections: [] };
/** Those that are trained: another seed may hold out others. @type {number[][]} */
const CASES = data.cases.slice();
/** @type {any} */
const training = LIVE ? new Training(data) : new FrameTraining(data);

const FIRST_CASE = data.kind === "symmetry" ? 0b011110 : 0; // a symmetric row
const chosen = { case: FIRST_CASE, unit: -1, connection: -1 };

/** An earlier run, to compare with: the one before the last change or start. @type {{seen: Seen | null}} */
const before = { seen: null };

/** The sweep to go to, while that takes several frames; -1 if none. */
const wanted = { sweep: -1 };

/** How many sweeps have been made and can be gone to. */
function furthest() {
  return LIVE ? training.errors.length : data.frames.sweeps.length - 1;
}

/** Back at once, or forward during the next frames. @type {(sweep: number) => void} */
function goTo(sweep) {
  const there = Math.max(0, Math.round(sweep));
  if (there < training.sweep) training.rewind(there);
  wanted.sweep = there > training.sweep ? there : -1;
}

/**
 * Go on from here with another setting: what came later so far is what it is compared with.
 * @type {(key: string, value: any) => void}
 */
function change(key, value) {
  if (training.sweep < furthest()) keepBefore();
  training.settings[key] = value;
  training.noteSettings();
}

function keepBefore() {
  before.seen = { errors: training.errors.slice(), rights: training.rights.slice() };
}

/** From sweep 0, with these settings and the others as they are now. @type {(given: Record<string, any>) => void} */
function startAgain(given) {
  const settings = { ...training.settings, ...given };
  for (const key of ["seed", "init"]) {
    if (settings[key] === data.settings[key]) delete settings[key]; // the page's own start
  }
  if (furthest() > 1) keepBefore();
  training.reset(settings);
  CASES.splice(0, CASES.length, ...training.rows.map((/** @type {Float64Array} */ row) => [...row]));
  wanted.sweep = -1;
}

/** The connections into each unit, in their order. */
const incoming = NET.units.map((_, u) => NET.connections.filter((each) => each.to === u));

/** The columns that feed this column, each with the units that do. @type {(column: {units: number[]}) => number[]} */
function sourcesOf(column) {
  const sources = new Set(column.units.flatMap((u) => incoming[u].map((each) => each.from)));
  return NET.units.map((_, u) => u).filter((u) => sources.has(u));
}

/** The names of all cases, trained or held out, or null. @type {string[] | null} */
const CASE_NAMES = data.case_names?.slice() ?? null;
data.held_out?.numbers.forEach((/** @type {number} */ n, /** @type {number} */ k) => CASE_NAMES?.splice(n, 0, data.held_out.names[k]));

/** @type {(c: number) => string} */
function caseName(c) {
  return CASE_NAMES?.[training.trained?.[c] ?? c] || CASES[c].slice(0, data.inputs).map((x) => String(x).replace("-", "−")).join(" ");
}
