// The steps, and the backward pass: each operation forward, 1 for the root, then each edge in the
// engine's order. The sums are made in that order, so that they have the engine's bits.

/* global BACKWARD_ORDER, FORWARD_ORDER, NODES, ROOT, now */
/* exported LAST, SEED, STEPS, added, after, backwardPass, changeBefore, changedAt, computedAt */

/**
 * @typedef {{kind: "start" | "forward" | "seed", node: number}} NodeStep
 * @typedef {{kind: "edge", node: number, k: number, to: number}} EdgeStep the k-th operand of `node`
 * @typedef {NodeStep | EdgeStep} Step
 */

/** @type {Step[]} */
const STEPS = [
  { kind: "start", node: -1 },
  ...FORWARD_ORDER.map((node) => /** @type {Step} */ ({ kind: "forward", node })),
  { kind: "seed", node: ROOT },
  ...BACKWARD_ORDER.flatMap((node) =>
    NODES[node].operands.map((to, k) => /** @type {Step} */ ({ kind: "edge", node, k, to }))),
];
const LAST = STEPS.length - 1;
const SEED = FORWARD_ORDER.length + 1; // the step that begins the backward pass

// When each node gets its value, and the steps that change its gradient.
const computedAt = NODES.map(() => 0);
/** @type {number[][]} */
const changedAt = NODES.map(() => []);
STEPS.forEach((step, s) => {
  if (step.kind === "forward") computedAt[step.node] = s;
  if (step.kind === "seed") changedAt[ROOT].push(s);
  if (step.kind === "edge") changedAt[step.to].push(s);
});

const added = new Float64Array(STEPS.length); // what a step adds to a gradient
const after = new Float64Array(STEPS.length); // and what that gradient is then

/** One backward pass from zero. 0 times anything is 0, be it infinite or NaN. */
function backwardPass() {
  now.grads.fill(0);
  now.grads[ROOT] = added[SEED] = after[SEED] = 1;
  STEPS.forEach((step, s) => {
    if (step.kind !== "edge") return;
    const adjoint = now.grads[step.node];
    const partial = now.partials[step.node][step.k];
    added[s] = adjoint === 0 || partial === 0 ? 0 : adjoint * partial;
    if (adjoint !== 0) now.grads[step.to] += added[s];
    after[s] = now.grads[step.to];
  });
}

/**
 * The latest step up to s that changed the gradient of node i; 0 where none has.
 * @type {(i: number, s: number) => number}
 */
function changeBefore(i, s) {
  const steps = changedAt[i];
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle] <= s) low = middle + 1;
    else high = middle;
  }
  return low ? steps[low - 1] : 0;
}

backwardPass();
