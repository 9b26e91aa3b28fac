// Folding: pictures with a box for each unit or layer in place of the one with all nodes.

/* global FOLDS, READABLE, ROOT, STEPS, announce, bring, byId, choose, chosen, controlById, described */
/* global element, fit, follow, linkSoon, ownPicture, picture, pictures, place, reach, reached, recorded, scaleOf, seePicture */
/* global showAll, stage, state, svgs, titleOf, view */
/* exported coarseBox, finerOf, firstPicture, foldAround, foldFrame, folding, refold, seeFolding, toggle */

const TOLERABLE = 0.5; // pixels for each point: better all of it a little small than a part

/** The picture to begin with: the finest that can be read as a whole in a window of this size. */
function firstPicture() {
  const scales = svgs.map(scaleOf);
  const first = scales.findIndex((scale) => scale >= READABLE);
  return first < 0 ? scales.indexOf(Math.max(...scales)) : first;
}

/**
 * What is seen: one of the pictures, and the groups that differ from it, in this order.
 * @type {{which: number, changed: Group[]}}
 */
const folding = { which: 0, changed: [] };

/**
 * Show another picture: these nodes in its middle, or as much of it as can be read.
 * @type {(which: number, nodes?: readonly number[]) => void}
 */
const showPicture = (which, nodes = []) => seeFolding(which, [], nodes);

/** @type {(which: number, changed: Group[], nodes?: readonly number[]) => void} */
function seeFolding(which, changed, nodes = []) {
  picture.trace(-1);
  Object.assign(folding, { which, changed });
  seePicture(changed.length ? ownPicture(pictures[which], changed) : pictures[which]);
  if (foldChoice) foldChoice.value = String(which);
  controlById("unfold").disabled = neighbor(-1) < 0;
  controlById("refold").disabled = !changed.length && neighbor(1) < 0;
  reach(nodes.length ? nodes[nodes.length - 1] : ROOT, false);
  showAll();
  picture.trace(chosen);
  if (nodes.length && scaleOf(picture.svg) < READABLE) bring(nodes.map((i) => picture.boxes[i]));
  else frame();
}

/** @type {(group: Group) => string} */
const foldOf = (group) => FOLDS.find((name) => recorded.folds[name].includes(group)) ?? "";

/** The first picture of a fold. @type {(name: string) => Picture} */
const pictureOf = (name) => pictures[recorded.fold_names.indexOf(name)];

/** The box of a group. @type {(group: Group) => Box} */
const coarseBox = (group) => pictureOf(foldOf(group)).boxes[group.members[0]];

/** The coarsest picture that shows a group in several boxes of its own. @type {(group: Group) => Picture | undefined} */
function finerOf(group) {
  const members = new Set(group.members);
  const finer = FOLDS.slice(0, FOLDS.indexOf(foldOf(group))).reverse();
  return finer.map(pictureOf).find(({ boxes }) => {
    const own = new Set(group.members.map((i) => boxes[i]));
    return own.size > 1 && [...own].every(({ unit }) => !unit || unit.members.every((i) => members.has(i)));
  });
}

/** Show all of the picture, or where that is too small to read, what the step is about. */
function frame() {
  fit();
  if (view.scale >= TOLERABLE) return;
  view.scale = view.wanted = READABLE;
  [view.x, view.y] = [NaN, NaN]; // nowhere, so that it has to be brought into sight
  follow(state.at ? picture.acting : [picture.boxes[STEPS[1].node]]);
}

const foldChoice = /** @type {HTMLSelectElement | null} */ (document.getElementById("fold"));
foldChoice?.addEventListener("change", () => {
  showPicture(Number(foldChoice.value));
  linkSoon();
});
for (const id of ["unfold", "refold"]) byId(id).hidden = FOLDS.length < 2;

/**
 * The picture of the next coarser (1) or finer (-1) fold that is largest in this window; or -1.
 * @type {(by: 1 | -1) => number}
 */
function neighbor(by) {
  const fold = FOLDS[FOLDS.indexOf(recorded.fold_names[folding.which]) + by];
  const scales = svgs.map((svg, k) => (recorded.fold_names[k] === fold ? scaleOf(svg) : 0));
  return fold ? scales.indexOf(Math.max(...scales)) : -1;
}

byId("unfold").addEventListener("click", () => refold(-1));
byId("refold").addEventListener("click", () => refold(1));

/**
 * All one fold finer or coarser, with the box that was last reached in the middle. What was
 * unfolded by itself is folded first.
 * @type {(by: 1 | -1) => void}
 */
function refold(by) {
  const which = by > 0 && folding.changed.length ? folding.which : neighbor(by);
  if (which < 0) return;
  const walking = stage.contains(document.activeElement);
  const { unit, node } = picture.boxes[reached()];
  showPicture(which, by < 0 && unit ? unit.members : [node]);
  if (walking) reach(reached(), true);
  linkSoon();
}

/**
 * Unfold a unit or layer by itself, or fold it again.
 * @type {(group: Group, focus: boolean) => void}
 */
function toggle(group, focus) {
  const { which, changed } = folding;
  const members = new Set(group.members);
  const others = changed.filter((one) => !one.members.every((i) => members.has(i))); // but for what is in it
  const folded = picture.boxes[group.members[0]].unit === group;
  if (!folded || finerOf(group)) {
    seeFolding(which, changed.includes(group) ? others : [...changed, group], group.members);
    if (focus) reach(group.outputs[0], true);
    announce(`${titleOf(group)}, ${folded ? "unfolded" : "folded"}`);
    linkSoon();
  }
  if (folded) unitPanel(group);
}

/** Fold the next larger group that a node is in. @type {(node: number, focus: boolean) => void} */
function foldAround(node, focus) {
  const size = picture.boxes[node].unit?.members.length ?? 1;
  const around = FOLDS.flatMap((name) => recorded.folds[name])
    .find(({ members }) => members.length > size && members.includes(node));
  if (around) toggle(around, focus);
}

/** Fold what a frame of the picture is around. @type {(frame: Element) => void} */
function foldFrame(frame) {
  const { left, top, right, bottom } = place({ group: /** @type {SVGElement} */ (frame) });
  const inside = picture.boxes.find((box) => {
    const p = place(box);
    return p.left >= left && p.right <= right && p.top >= top && p.bottom <= bottom;
  });
  if (inside) foldAround(inside.node, false);
}

/** What an unfolded unit shows: its nodes, each of which can be chosen. @type {(group: Group) => void} */
function unitPanel(group) {
  const list = element("ul", "", "members");
  for (const i of group.members) {
    const item = element("li");
    const button = document.createElement("button");
    button.textContent = described(i);
    button.type = "button";
    button.addEventListener("click", () => choose(i));
    item.append(button);
    list.append(item);
  }
  const title = titleOf(group);
  byId("panel").replaceChildren(
    element("h3", title[0].toUpperCase() + title.slice(1)), element("p", "Its nodes:"), list);
}
