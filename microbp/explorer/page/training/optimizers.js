// How a step changes the parameters: descent, momentum and Adam, as microbp's optim.py has them.

/* exported Optimizer */

/**
 * A number, or one from each of some sweeps on: [[from, number], ...].
 * @typedef {number | [number, number][]} Schedule
 */

/** The value of a schedule in this sweep. @type {(schedule: Schedule, sweep: number) => number} */
function at(schedule, sweep) {
  if (typeof schedule === "number") return schedule;
  let found = schedule[0][1];
  for (const [from, x] of schedule) {
    if (from > sweep) break;
    found = x;
  }
  return found;
}

/**
 * @typedef {object} Settings
 * @property {string} optimizer "descent", "momentum" or "adam"
 * @property {Schedule} lr
 * @property {Schedule} momentum
 * @property {Schedule} decay
 * @property {number[] | null} decaying the parameters that decay; all where there is no list
 * @property {number[] | null} copies by how many to divide the gradient of each parameter
 * @property {number} beta1
 * @property {number} beta2
 * @property {number} eps
 * @property {number} l1
 * @property {number} l2
 * @property {boolean} changePerCase
 * @property {number | null} batch
 * @property {number} shuffleSeed
 * @property {number | null} seed of the first weights
 * @property {number | null} init the weights start in [-init, init]
 */

/**
 * What it remembers of earlier steps.
 * @typedef {{steps: number, velocity?: number[], mean?: number[], square?: number[]}} OptimizerState
 */

class Optimizer {
  /**
   * @param {number} count how many parameters there are
   * @param {OptimizerState} state
   */
  constructor(count, { steps, velocity, mean, square }) {
    this.steps = steps;
    this.velocity = Float64Array.from(velocity ?? new Float64Array(count));
    this.mean = Float64Array.from(mean ?? new Float64Array(count));
    this.square = Float64Array.from(square ?? new Float64Array(count));
  }

  /** Its state, to go back to. @returns {Optimizer} */
  copy() {
    return Object.assign(Object.create(Optimizer.prototype), {
      steps: this.steps,
      velocity: this.velocity.slice(),
      mean: this.mean.slice(),
      square: this.square.slice(),
    });
  }

  /** @type {(parameters: Float64Array, gradient: Float64Array, settings: Settings, sweep: number) => void} */
  step(parameters, gradient, settings, sweep) {
    const { copies, decaying } = settings;
    const lr = at(settings.lr, sweep);
    const shrink = 1 - at(settings.decay, sweep);
    const changes = this.changes(settings, lr, sweep);
    for (let i = 0; i < parameters.length; i++) {
      const slope = copies ? gradient[i] / copies[i] : gradient[i];
      parameters[i] = (parameters[i] + changes(i, slope)) * (decaying ? 1 : shrink);
    }
    for (const i of decaying ?? []) parameters[i] *= shrink;
    this.steps++;
  }

  /**
   * The change of parameter i for this derivative.
   * @type {(settings: Settings, lr: number, sweep: number) => (i: number, slope: number) => number}
   */
  changes(settings, lr, sweep) {
    if (settings.optimizer === "descent") return (i, slope) => -(lr * slope);
    if (settings.optimizer === "adam") return this.adapted(settings, lr);
    const momentum = at(settings.momentum, sweep);
    const { velocity } = this;
    return (i, slope) => (velocity[i] = momentum * velocity[i] - lr * slope);
  }

  /** @type {(settings: Settings, lr: number) => (i: number, slope: number) => number} */
  adapted({ beta1, beta2, eps }, lr) {
    const { mean, square } = this;
    const corrected = lr / (1 - beta1 ** (this.steps + 1));
    const unbiased = 1 - beta2 ** (this.steps + 1);
    return (i, slope) => {
      mean[i] = beta1 * mean[i] + (1 - beta1) * slope;
      square[i] = beta2 * square[i] + (1 - beta2) * slope * slope;
      return (-corrected * mean[i]) / (Math.sqrt(square[i] / unbiased) + eps);
    };
  }
}
