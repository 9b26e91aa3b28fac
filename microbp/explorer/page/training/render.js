// What is seen of the present weights, handed to each part of the page that shows something of it.

/* global CASES, LIVE, chosen, training */
/* exported addView, pace, present, render */

/**
 * @typedef {object} Present
 * @property {{outputs: ArrayLike<number>[], right: boolean[], error: number}} look
 * @property {{data: Float64Array, grad: Float64Array}} now every node of the chosen case
 * @property {() => ArrayLike<number>} gradient dE/dw of each parameter, over all cases
 */

/** `all` where sizes and colors may have changed. @type {{show: (present: Present, all: boolean) => void, cost: number, wait: number, rest: number}[]} */
const VIEWS = [];

/**
 * While it trains, the view rests for so many frames after each in which it is drawn, where
 * that gives the browser much to paint.
 * @type {(show: (present: Present, all: boolean) => void, rest?: number) => void}
 */
function addView(show, rest = 0) {
  VIEWS.push({ show, cost: 0, wait: 0, rest });
}

/** For how many frames more each view rests, where frames come late. */
const pace = { rest: 0 };

/** @type {() => Present} */
function present() {
  const look = training.look();
  const now = training.gradients(CASES[chosen.case], chosen.case);
  /** @type {Float64Array | null} */
  let sum = null;
  const gradient = () => (sum ??= LIVE ? training.presentGradient() : new Float64Array(training.parameters.length));
  return { look, now, gradient };
}

/**
 * Draw what has changed. While it trains, what takes long to draw is drawn in some frames only.
 * @type {(all: boolean) => void}
 */
function render(all) {
  const now = present();
  for (const view of VIEWS) {
    if (!all && view.wait-- > 0) continue;
    const begun = performance.now();
    view.show(now, all);
    view.cost += 0.3 * (performance.now() - begun - view.cost);
    const more = view.cost > 0.1 ? Math.floor(pace.rest) : 0;
    view.wait = Math.max(view.rest, Math.min(20, Math.floor(view.cost / 1.5))) + more;
  }
}
