// The training itself: sweeps over the cases, rewinding, and a new start from another seed.

/* global Optimizer, Program, PythonRandom */
/* exported Training */

/**
 * What Python writes into the page: see training/page_data.py.
 * @typedef {object} TrainingData
 * @property {RecordedProgram} program
 * @property {number} inputs of the numbers of a case, the first are inputs, the others targets
 * @property {number[][]} cases
 * @property {string} judge
 * @property {number[]} start
 * @property {OptimizerState} state of the optimizer at the start
 * @property {Settings} settings
 * @property {{parameter: number, low: number, high: number}[] | null} reinit
 */

/** How many states are kept, to go back to. */
const MOST_SNAPSHOTS = 200;

/** Whether the outputs are right for the targets, as training/judges.py says it.
 * @type {Record<string, (outputs: Float64Array, targets: Float64Array) => boolean>} */
const JUDGES = {
  sides: (ys, ds) => ds.every((d, i) => (ys[i] - 0.5) * (d - 0.5) > 0),
  answer: (ys, ds) => ds.every((d, i) => ys[i] * (d - 0.5) > 0),
  sign: (ys, ds) => ds.every((d, i) => ys[i] * d > 0),
  largest: (ys, ds) => {
    const best = ds.indexOf(Math.max(...ds));
    return ys.every((y, i) => i === best || y < ys[best]);
  },
};

/**
 * What a training has done after so many sweeps.
 * @typedef {{parameters: Float64Array, optimizer: Optimizer}} Snapshot
 */

/**
 * The arrays of errors and of cases right keep what was seen beyond `sweep` after a rewind, as
 * long as going on gives the same: until a setting is changed.
 */
class Training {
  sweep = 0;
  /** @type {number[]} */
  errors = [];
  /** @type {number[]} */
  rights = [];
  solvedAt = -1;
  /** Which settings hold from which sweep on. @type {{from: number, settings: Settings}[]} */
  log = [];
  every = 1;
  /** @type {Map<number, Snapshot>} */
  snapshots = new Map();

  /** @param {TrainingData} data */
  constructor(data) {
    this.source = data;
    this.program = new Program(data.program);
    this.rows = data.cases.map((row) => Float64Array.from(row));
    this.targets = this.rows.map((row) => row.subarray(data.inputs));
    this.outputs = new Float64Array(this.program.outputs.length);
    this.judge = JUDGES[data.judge];
    this.gradient = new Float64Array(this.program.parameterCount);
    this.parameters = new Float64Array(this.program.parameterCount);
    this.settings = { ...data.settings };
    this.optimizer = new Optimizer(data.start.length, data.state);
    this.reset();
  }

  /** The last change of each parameter, with momentum. */
  get velocity() {
    return this.optimizer.velocity;
  }

  /** Start anew, with D's settings but for those given. @param {Partial<Settings>} given */
  reset(given = {}) {
    const { settings, start, state } = this.source;
    this.settings = { ...settings, ...given };
    const drawn = given.seed !== undefined || given.init !== undefined;
    this.parameters.set(drawn ? this.drawn() : start);
    this.optimizer = new Optimizer(start.length, drawn ? { steps: 0 } : state);
    this.gradient.fill(0);
    this.sweep = 0;
    this.errors = [];
    this.rights = [];
    this.solvedAt = -1;
    this.log = [{ from: 0, settings: { ...this.settings } }];
    this.every = 1;
    this.snapshots.clear();
  }

  /** The first weights from the seed, as Python draws them. */
  drawn() {
    const { reinit, settings } = this.source;
    const { seed, init } = this.settings;
    if (!reinit || seed === null) return this.source.start;
    const rng = new PythonRandom(seed);
    const found = new Float64Array(this.parameters.length);
    for (const { parameter, low, high } of reinit) {
      const other = init !== null && init !== settings.init;
      found[parameter] = other ? rng.uniform(-init, init) : rng.uniform(low, high);
    }
    return found;
  }

  /** Make so many sweeps; how many were made: fewer where the error is no longer finite. @param {number} count */
  advance(count) {
    this.noteSettings();
    for (let made = 0; made < count; made++) {
      const logged = this.log.find(({ from }) => from === this.sweep);
      if (logged) this.settings = { ...logged.settings };
      this.keepSnapshot();
      if (!this.makeSweep()) return made;
    }
    return count;
  }

  /** Where somebody has changed a setting, what was seen beyond this sweep is no longer so. */
  noteSettings() {
    if (same(this.settings, this.settingsAt(this.sweep))) return;
    this.log = this.log.filter(({ from }) => from < this.sweep);
    this.log.push({ from: this.sweep, settings: { ...this.settings } });
    for (const sweep of [...this.snapshots.keys()]) {
      if (sweep > this.sweep) this.snapshots.delete(sweep);
    }
    this.errors.length = this.rights.length = this.sweep;
    if (this.solvedAt >= this.sweep) this.solvedAt = -1;
  }

  /** Those by which this sweep was made, or is to be. @param {number} sweep */
  settingsAt(sweep) {
    const until = this.log.filter(({ from }) => from <= sweep);
    return until[until.length - 1].settings;
  }

  keepSnapshot() {
    if (this.sweep % this.every || this.snapshots.has(this.sweep)) return;
    if (this.snapshots.size >= MOST_SNAPSHOTS) {
      this.every *= 2;
      for (const sweep of [...this.snapshots.keys()]) {
        if (sweep % this.every) this.snapshots.delete(sweep);
      }
      if (this.sweep % this.every) return;
    }
    this.snapshots.set(this.sweep, this.present());
  }

  /** @returns {Snapshot} */
  present() {
    return { parameters: this.parameters.slice(), optimizer: this.optimizer.copy() };
  }

  /** @param {Snapshot} snapshot */
  restore({ parameters, optimizer }) {
    this.parameters.set(parameters);
    this.optimizer = optimizer.copy();
  }

  /** Back to how it was after so many sweeps, or forward to where it was before. @param {number} sweep */
  rewind(sweep) {
    const wanted = Math.max(0, Math.min(sweep, this.errors.length));
    let nearest = -1;
    for (const kept of this.snapshots.keys()) {
      if (kept <= wanted && kept > nearest) nearest = kept;
    }
    const snapshot = this.snapshots.get(nearest);
    if (snapshot && (nearest > this.sweep || wanted < this.sweep)) {
      this.restore(snapshot);
      this.sweep = nearest;
    }
    this.settings = { ...this.settingsAt(this.sweep) };
    this.advance(wanted - this.sweep);
    this.settings = { ...this.settingsAt(wanted) };
  }

  /** Whether a sweep was made; nothing has changed where the error is not finite. */
  makeSweep() {
    const { batch, changePerCase } = this.settings;
    const size = changePerCase ? 1 : batch ?? this.rows.length;
    const inBatches = size < this.rows.length || changePerCase;
    const before = inBatches ? this.present() : null;
    const [error, right] = inBatches ? this.byBatch(size) : this.overAll();
    if (!Number.isFinite(error)) {
      if (before) this.restore(before);
      return false;
    }
    this.errors[this.sweep] = error;
    this.rights[this.sweep] = right;
    if (this.solvedAt < 0 && right === this.rows.length) this.solvedAt = this.sweep;
    this.sweep++;
    return true;
  }

  /** One change, by the gradient over all cases. @returns {[number, number]} */
  overAll() {
    this.gradient.fill(0);
    const seen = this.gradientOf(this.rows.keys());
    seen[0] += this.penalty(this.gradient, 1);
    if (Number.isFinite(seen[0])) {
      this.optimizer.step(this.parameters, this.gradient, this.settings, this.sweep);
    }
    return seen;
  }

  /** A change after each batch of so many cases. @type {(size: number) => [number, number]} */
  byBatch(size) {
    const order = [...this.rows.keys()];
    if (!this.settings.changePerCase) {
      new PythonRandom(`${this.settings.shuffleSeed} ${this.sweep}`).shuffle(order);
    }
    const whole = new Float64Array(this.gradient.length);
    let [error, right] = [0, 0];
    for (let at = 0; at < order.length; at += size) {
      const batch = order.slice(at, at + size);
      this.gradient.fill(0);
      const seen = this.gradientOf(batch.values());
      error += seen[0] + this.penalty(this.gradient, batch.length / order.length);
      right += seen[1];
      whole.forEach((_, i) => (whole[i] += this.gradient[i]));
      this.optimizer.step(this.parameters, this.gradient, this.settings, this.sweep);
    }
    this.gradient.set(whole);
    return [error, right];
  }

  /** Add the gradient of these cases; their error and how many are right. @type {(cases: Iterable<number>) => [number, number]} */
  gradientOf(cases) {
    const { gradient, program } = this;
    program.parameters.set(this.parameters);
    let [error, right] = [0, 0];
    for (const i of cases) {
      error += program.forward(this.rows[i]);
      right += Number(this.isRight(i));
      program.backward();
      for (let k = 0; k < gradient.length; k++) gradient[k] += program.gradient[k];
    }
    return [error, right];
  }

  /** Add a share of the penalties' gradient; returns what that adds to E. @type {(gradient: Float64Array, share: number) => number} */
  penalty(gradient, share) {
    const { l1, l2 } = this.settings;
    if (!l1 && !l2) return 0;
    let [sizes, squares] = [0, 0];
    this.parameters.forEach((w, i) => {
      gradient[i] += share * 2 * l2 * w + share * l1 * Math.sign(w);
      sizes += Math.abs(w);
      squares += w * w;
    });
    return share * (l1 * sizes + l2 * squares);
  }

  /** Of the case that the program has just computed. @param {number} i */
  isRight(i) {
    const { data, outputs } = this.program;
    for (let k = 0; k < outputs.length; k++) this.outputs[k] = data[outputs[k]];
    return this.judge(this.outputs, this.targets[i]);
  }

  /** The outputs of every case at the present weights, which are right, and the error. */
  look() {
    const { program } = this;
    program.parameters.set(this.parameters);
    let error = this.penalty(new Float64Array(this.parameters.length), 1);
    /** @type {Float64Array[]} */
    const outputs = [];
    const right = this.rows.map((row, i) => {
      error += program.forward(row);
      const verdict = this.isRight(i);
      outputs.push(this.outputs.slice());
      return verdict;
    });
    return { outputs, right, error };
  }

  /** Every node's data for one case, at the present weights. @param {ArrayLike<number>} row */
  activities(row) {
    this.program.parameters.set(this.parameters);
    this.program.forward(Float64Array.from(row));
    return this.program.data.slice();
  }

  /** Every node's data, and its gradient after the backward pass of this case. @param {ArrayLike<number>} row */
  gradients(row) {
    const data = this.activities(row);
    this.program.backward();
    return { data, grad: this.program.grad.slice() };
  }
}

/** Whether these settings are equal, lists too. @type {(one: Settings, other: Settings) => boolean} */
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
