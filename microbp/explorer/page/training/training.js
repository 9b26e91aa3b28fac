// The training itself: sweeps over the cases, rewinding, and a new start from another seed.

/* global JUDGES, Optimizer, Program, PythonRandom */
/* exported Training */

/**
 * What Python writes into the page: see training/page_data.py.
 * @typedef {object} TrainingData
 * @property {RecordedProgram} program
 * @property {number} inputs of the numbers of a case, the first are inputs, the others targets
 * @property {number[][]} cases
 * @property {{numbers: number[], cases: number[][]} | null} held_out not trained: the seed's choice
 * @property {string} judge
 * @property {number[]} start
 * @property {OptimizerState} state of the optimizer at the start
 * @property {Settings} settings
 * @property {{parameter: number, low: number, high: number}[] | null} reinit
 */

/** Cases that are computed at once: more of them would not stay in the processor's nearest memory. */
const AT_ONCE = 64;

/** How many states are kept, to go back to. */
const MOST_SNAPSHOTS = 200;

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
  /** The numbers of the cases that are trained, and of those that are not. */
  trained = /** @type {number[]} */ ([]);
  heldOut = /** @type {number[]} */ ([]);
  /** Those that are trained, and their targets. */
  rows = /** @type {Float64Array[]} */ ([]);
  targets = /** @type {Float64Array[]} */ ([]);

  /** @param {TrainingData} data */
  constructor(data) {
    this.source = data;
    const { numbers, cases: kept } = data.held_out ?? { numbers: [], cases: [] };
    const rest = data.cases.values();
    /** All cases: those that are trained, and those that are not. */
    this.all = Array.from({ length: data.cases.length + kept.length }, (_, i) => {
      const k = numbers.indexOf(i);
      return Float64Array.from(k < 0 ? rest.next().value ?? [] : kept[k]);
    });
    this.holdOut(numbers);
    this.program = new Program(data.program, Math.min(this.rows.length, AT_ONCE));
    this.one = new Program(data.program, 1);
    this.outputs = new Float64Array(data.program.outputs.length - 1);
    this.judge = JUDGES[data.judge];
    this.gradient = new Float64Array(data.start.length);
    this.parameters = new Float64Array(data.start.length);
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
    this.holdOut(this.source.held_out?.numbers ?? []);
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
    const kept = this.heldOut.length;
    if (kept) this.holdOut(rng.sample(this.all.length, kept).sort((a, b) => a - b));
    return found;
  }

  /** Train all cases but these. @param {number[]} numbers */
  holdOut(numbers) {
    this.heldOut = numbers;
    this.trained = [...this.all.keys()].filter((i) => !numbers.includes(i));
    this.rows = this.trained.map((i) => this.all[i]);
    this.targets = this.rows.map((row) => row.subarray(this.source.inputs));
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
    const seen = this.gradientOf(this.rows, this.targets, this.gradient);
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
    const [rows, targets] = [this.rows, this.targets].map((all) => order.map((i) => all[i]));
    const ofBatch = new Float64Array(this.gradient.length);
    this.gradient.fill(0);
    let [error, right] = [0, 0];
    for (let at = 0; at < order.length; at += size) {
      const until = at + size;
      const seen = this.gradientOf(rows.slice(at, until), targets.slice(at, until), ofBatch);
      error += seen[0];
      right += seen[1];
      for (let k = 0; k < ofBatch.length; k++) this.gradient[k] += ofBatch[k];
      this.optimizer.step(this.parameters, ofBatch, this.settings, this.sweep);
    }
    return [error, right];
  }

  /**
   * The gradient of these cases; returns their error and how many are right.
   * @type {(rows: Float64Array[], targets: Float64Array[], gradient: Float64Array) => [number, number]}
   */
  gradientOf(rows, targets, gradient) {
    gradient.fill(0);
    let [error, right] = [0, 0];
    const see = (/** @type {number} */ i, /** @type {number} */ e, /** @type {Float64Array} */ ys) => {
      error += e;
      if (this.judge(ys, targets[i])) right++;
    };
    this.eachCase(rows, see, gradient);
    return [error + this.penalty(gradient, rows.length / this.rows.length), right];
  }

  /**
   * Compute these rows at the present weights, and tell the error and the outputs of each; add to
   * the gradient if there is one.
   * @type {(rows: Float64Array[], tell: (i: number, error: number, outputs: Float64Array) => void,
   *   gradient?: Float64Array) => void}
   */
  eachCase(rows, tell, gradient) {
    const { outputs, program } = this;
    program.parameters.set(this.parameters);
    for (let from = 0; from < rows.length; from += program.width) {
      const count = Math.min(program.width, rows.length - from);
      program.forward(rows, from, count);
      for (let c = 0; c < count; c++) {
        for (let k = 0; k < outputs.length; k++) outputs[k] = program.output(k + 1, c);
        tell(from + c, program.output(0, c), outputs);
      }
      if (!gradient) continue;
      program.backward(count);
      for (let k = 0; k < gradient.length; k++) gradient[k] += program.gradient[k];
    }
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

  /** The outputs of every case at the present weights, which are right, and the error. */
  look() {
    let error = this.penalty(new Float64Array(this.parameters.length), 1);
    /** @type {Float64Array[]} */
    const outputs = [];
    /** @type {boolean[]} */
    const right = [];
    this.eachCase(this.rows, (i, e, ys) => {
      error += e;
      right.push(this.judge(ys, this.targets[i]));
      outputs.push(ys.slice());
    });
    return { outputs, right, error };
  }

  /** dE/dw over all cases, at the present weights: `gradient` is the last sweep's, before its step. */
  presentGradient() {
    const found = new Float64Array(this.parameters.length);
    this.gradientOf(this.rows, this.targets, found);
    return found;
  }

  /** Every node's data for one case, at the present weights. @param {ArrayLike<number>} row */
  activities(row) {
    this.one.parameters.set(this.parameters);
    this.one.forward([Float64Array.from(row)], 0, 1);
    return this.one.data.slice();
  }

  /**
   * Every node's data, and its gradient after the backward pass of this case, for the nodes that
   * depend on parameters. @param {ArrayLike<number>} row
   */
  gradients(row) {
    const data = this.activities(row);
    this.one.backward(1);
    return { data, grad: this.one.grad.slice() };
  }
}

/** Whether these settings are equal, lists too. @type {(one: Settings, other: Settings) => boolean} */
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
