// How far one step goes: along an edge, or all that a node, a unit or a layer does at once.

/* global FOLDS, LAST, NODES, STEPS, controlById, recorded */
/* exported GRAINS, blockAt, grain, grainChosen, owned, placeAmong, stopAfter, stopBefore, takeGrain */

/**
 * @typedef {object} Grain
 * @property {string} name "edge", "node", or that of a fold
 * @property {number[]} stops the steps after which there is a stop
 * @property {(Group | null)[]} owners the unit or layer that each node is in
 */

const MANY = 100; // steps, from which on a coarser grain is proposed

/** @type {(name: string, groups: Group[]) => Grain} */
function madeGrain(name, groups) {
  /** @type {(Group | null)[]} */
  const owners = NODES.map(() => null);
  for (const group of groups) for (const i of group.members) owners[i] = group;
  const last = (/** @type {number} */ s) => {
    if (s === LAST || name === "edge") return true;
    const [step, next] = [STEPS[s], STEPS[s + 1]];
    if (step.kind !== next.kind) return true;
    if (step.node === next.node) return false;
    return owners[step.node] === null || owners[step.node] !== owners[next.node];
  };
  return { name, stops: STEPS.flatMap((_, s) => (last(s) ? [s] : [])), owners };
}

/** All grains by which the steps differ, the finest first. */
const GRAINS = [
  madeGrain("edge", []),
  madeGrain("node", []),
  ...FOLDS.filter((name) => name !== "every node").map((name) => madeGrain(name.replace(/s$/, ""), recorded.folds[name])),
].filter(({ stops }, k, all) => !k || stops.length < all[k - 1].stops.length);

const proposed = GRAINS.find(({ stops }) => stops.length <= MANY) ?? GRAINS[GRAINS.length - 1];
let taken = proposed;

/** Go by the grain of this name from now on, if there is one. @type {(name: string) => void} */
function takeGrain(name) {
  taken = GRAINS.find((one) => one.name === name) ?? taken;
}

/** The name of the grain, where it isn't the one that the page proposes; else "". */
const grainChosen = () => (taken === proposed ? "" : taken.name);

/** The present grain. Results are guessed one at a time, so that "predict" goes by edge. */
const grain = () => (controlById("predict").checked ? GRAINS[0] : taken);

/** How many stops there are up to step s, without the start. @type {(s: number) => number} */
function placeAmong(s) {
  const { stops } = grain();
  let low = 0;
  let high = stops.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (stops[middle] <= s) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** @type {(s: number) => number} */
const stopAfter = (s) => grain().stops[placeAmong(s) + 1] ?? LAST;
/** @type {(s: number) => number} */
const stopBefore = (s) => (s > 0 ? grain().stops[placeAmong(s - 1)] : 0);

/**
 * The steps that were made to come to s: the first and the last. Between two stops it is one.
 * @type {(s: number) => [number, number]}
 */
function blockAt(s) {
  return s > 0 && grain().stops[placeAmong(s)] === s ? [stopBefore(s) + 1, s] : [s, s];
}

/** The unit or layer whose steps these are; null where it is a node. @type {(s: number) => Group | null} */
function owned(s) {
  const { node } = STEPS[s];
  return node < 0 ? null : grain().owners[node];
}
