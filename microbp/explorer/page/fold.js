// Folding: pictures with a box for each unit or layer in place of the one with all nodes.

/* global READABLE, ROOT, STEPS, bring, byId, choose, chosen, controlById, described, element, fit */
/* global follow, picture, pictures, reach, reached, recorded, scaleOf, seePicture, showAll, stage, state */
/* global svgs, titleOf, view */
/* exported firstPicture, refold, showPicture, unfold */

const TOLERABLE = 0.6; // of READABLE and less: better all of it a little small than a part

/** The picture to begin with: the finest that can be read as a whole in a window of this size. */
function firstPicture() {
  const scales = svgs.map(scaleOf);
  const first = scales.findIndex((scale) => scale >= READABLE);
  return first < 0 ? scales.indexOf(Math.max(...scales)) : first;
}

/**
 * Show another picture: these nodes in its middle, or as much of it as can be read.
 * @type {(which: number, nodes?: readonly number[]) => void}
 */
function showPicture(which, nodes = []) {
  picture.trace(-1);
  seePicture(which);
  if (foldChoice) foldChoice.value = String(which);
  controlById("unfold").disabled = neighbor(-1) < 0;
  controlById("refold").disabled = neighbor(1) < 0;
  reach(nodes.length ? nodes[nodes.length - 1] : ROOT, false);
  showAll();
  picture.trace(chosen);
  if (nodes.length) bring(nodes.map((i) => picture.boxes[i]));
  else frame();
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
foldChoice?.addEventListener("change", () => showPicture(Number(foldChoice.value)));

// A fold may have several pictures: "layers", and "layers, in rows".
const foldOf = (/** @type {number} */ which) => recorded.fold_names[which].split(",")[0];
const FOLDS = [...new Set(recorded.fold_names.map((_, k) => foldOf(k)))];
for (const id of ["unfold", "refold"]) byId(id).hidden = FOLDS.length < 2;

/**
 * The picture of the next coarser (1) or finer (-1) fold that is largest in this window; or -1.
 * @type {(by: 1 | -1) => number}
 */
function neighbor(by) {
  const fold = FOLDS[FOLDS.indexOf(foldOf(pictures.indexOf(picture))) + by];
  const scales = svgs.map((svg, k) => (foldOf(k) === fold ? scaleOf(svg) : 0));
  return fold ? scales.indexOf(Math.max(...scales)) : -1;
}

byId("unfold").addEventListener("click", () => refold(-1));
byId("refold").addEventListener("click", () => refold(1));

/**
 * One fold finer or coarser, with the box that was last reached in its middle.
 * @type {(by: 1 | -1) => void}
 */
function refold(by) {
  const which = neighbor(by);
  if (which < 0) return;
  const walking = stage.contains(document.activeElement);
  const { unit, node } = picture.boxes[reached()];
  showPicture(which, by < 0 && unit ? unit.members : [node]);
  if (walking) reach(reached(), true);
}

/**
 * A click on a unit or layer: its nodes, and the next finer picture around them.
 * @type {(j: number, focus: boolean) => void}
 */
function unfold(j, focus) {
  const group = recorded.folds[pictures.indexOf(picture)][j];
  const which = neighbor(-1);
  if (which >= 0) showPicture(which, group.members);
  if (which >= 0 && focus) reach(group.outputs[0], true);
  unitPanel(group);
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
