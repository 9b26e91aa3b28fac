// The steps: each operation forwards, 1 for the root, then each edge in the order of the engine's
// reverse sweep. The sums are taken in that order, so that they have the engine's bits.

const STEPS = [
  { kind: "start" },
  ...FORWARDS.map((node) => ({ kind: "forward", node })),
  { kind: "seed", node: ROOT },
  ...BACKWARDS.flatMap((node) => NODES[node].operands.map((to, k) => ({ kind: "edge", node, k, to }))),
];
const LAST = STEPS.length - 1;
const SEED = FORWARDS.length + 1; // the step that begins the reverse sweep

// When each node gets its value, and the steps that change its gradient.
const computedAt = NODES.map(() => 0);
const changedAt = NODES.map(() => []);
STEPS.forEach((step, s) => {
  if (step.kind === "forward") computedAt[step.node] = s;
  if (step.kind === "seed") changedAt[ROOT].push(s);
  if (step.kind === "edge") changedAt[step.to].push(s);
});

const added = new Float64Array(STEPS.length); // what a step adds to a gradient
const after = new Float64Array(STEPS.length); // and what that gradient is then

/** One reverse sweep from zero. A zero adjoint passes on zero, even to an infinite partial. */
function sweepNow() {
  now.grads.fill(0);
  now.grads[ROOT] = added[SEED] = after[SEED] = 1;
  for (let s = SEED + 1; s <= LAST; s++) {
    const { node, k, to } = STEPS[s];
    const adjoint = now.grads[node];
    added[s] = adjoint === 0 ? 0 : adjoint * now.partials[node][k];
    if (adjoint !== 0) now.grads[to] += added[s];
    after[s] = now.grads[to];
  }
}

/** The latest step up to s that changed the gradient of node i; 0 where none has. */
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

sweepNow();
