// Folding: the picture with a box for each unit in place of the one with all nodes.

/* global READABLE, ROOT, STEPS, byId, choose, chosen, clipped, described, element, fit, follow */
/* global picture, pictures, reach, recorded, seePicture, showAll, state, view */
/* exported firstPicture, frame, showPicture, unitPanel */

const CROWDED = 120; // boxes, from which on a folded picture is shown at first

/** The picture to begin with: every node, but units or else layers where those are too many. */
function firstPicture() {
  const counts = pictures.map(({ boxes }) => new Set(boxes).size);
  const first = counts.findIndex((count) => count <= CROWDED);
  return first < 0 ? counts.length - 1 : first;
}

/** @type {(which: number) => void} */
function showPicture(which) {
  picture.trace(-1);
  seePicture(which);
  if (foldChoice) foldChoice.value = String(which);
  reach(ROOT, false);
  showAll();
  picture.trace(chosen);
  frame();
}

/** Show all of the picture, or where that is too small to read, what the step is about. */
function frame() {
  fit();
  if (view.scale >= READABLE) return;
  view.scale = view.wanted = READABLE;
  [view.x, view.y] = [NaN, NaN]; // nowhere, so that it has to be brought into sight
  follow(state.at ? picture.acting : [picture.boxes[STEPS[1].node]]);
}

const foldChoice = /** @type {HTMLSelectElement | null} */ (document.getElementById("fold"));
foldChoice?.addEventListener("change", () => showPicture(Number(foldChoice.value)));

/** What a chosen unit shows: its nodes, each of which can be chosen. @type {(j: number) => void} */
function unitPanel(j) {
  const { name, members } = recorded.folds[pictures.indexOf(picture)][j];
  const list = element("ul", "", "members");
  for (const i of members) {
    const item = element("li");
    const button = document.createElement("button");
    button.textContent = described(i);
    button.type = "button";
    button.addEventListener("click", () => choose(i));
    item.append(button);
    list.append(item);
  }
  byId("panel").replaceChildren(element("h3", clipped(name) || "A group"), element("p", "Its nodes:"), list);
}
