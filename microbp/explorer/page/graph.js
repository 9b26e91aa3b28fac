// The graph as Python recorded it, and its numbers as they are now: values, partials, gradients.

/* global SPECIAL, byId */
/* exported BACKWARD_ORDER, FOLDS, FORWARD_ORDER, LEAVES, NODES, ROOT, USES, now, number, recorded */

/**
 * A number in JSON, which has no word for NaN and infinities.
 * @typedef {number | "nan" | "inf" | "-inf"} PlainNumber
 */

/**
 * @typedef {object} RecordedNode
 * @property {string} op "" for a leaf
 * @property {string} name
 * @property {number[]} operands
 * @property {PlainNumber} data
 * @property {PlainNumber[]} partials
 */

/**
 * Nodes that a folded picture shows as one box.
 * @typedef {object} Group
 * @property {string} name
 * @property {"unit" | "layer" | "inputs" | "operations" | "part" | "leaves" | "step" | "weights"} kind
 * @property {number[]} members
 * @property {number[]} outputs
 */

/**
 * @typedef {object} Recorded
 * @property {string} title
 * @property {string} compared a warning, or ""
 * @property {(RecordedNode | {name: string, data: PlainNumber})[]} nodes each after all its operands
 * @property {number[]} backward_order
 * @property {string[]} custom names of custom operations
 * @property {string[]} fold_names of each picture: "every node", "units", "layers", or what there is
 * @property {(number | null)[]} [given] in an embedded page, for each leaf its place in what is sent
 * @property {Record<string, Group[]>} folds the groups of each, from the finest to the coarsest
 */

/** @type {Recorded} */
const recorded = JSON.parse(byId("recorded").textContent ?? "");

/** @type {(x: PlainNumber) => number} */
const number = (x) => (typeof x === "string" ? SPECIAL[x] : x);

/** @type {RecordedNode[]} */
const NODES = recorded.nodes.map((node) => ({ op: "", operands: [], partials: [], ...node }));
const FOLDS = Object.keys(recorded.folds);
const ROOT = NODES.length - 1;
const BACKWARD_ORDER = recorded.backward_order; // the operations, in the engine's own order
const FORWARD_ORDER = [...BACKWARD_ORDER].reverse();
const LEAVES = NODES.flatMap((node, i) => (node.op ? [] : [i]));

/**
 * USES[i]: each [node, k] whose k-th operand is node i, in the order of the backward pass.
 * @type {[number, number][][]}
 */
const USES = NODES.map(() => []);
for (const i of BACKWARD_ORDER) NODES[i].operands.forEach((operand, k) => USES[operand].push([i, k]));

/**
 * What stands in the page now. A node whose operation has no value is not `known`.
 * @typedef {object} Now
 * @property {number[]} values
 * @property {number[][]} partials
 * @property {boolean[]} known
 * @property {number[]} grads
 * @property {{node: number, words: string} | null} fault where an operation has no value
 */

/** @type {Now} */
const now = {
  values: NODES.map((node) => number(node.data)),
  partials: NODES.map((node) => node.partials.map(number)),
  known: NODES.map(() => true),
  grads: NODES.map(() => 0),
  fault: null,
};
