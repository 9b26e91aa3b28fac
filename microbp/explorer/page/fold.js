// Folding: the picture with a box for each unit in place of the one with all nodes.

const CROWDED = 120; // boxes, from which on a folded picture is shown at first

/** The picture to begin with: every node, but units or else layers where those are too many. */
function calmest() {
  const counts = pictures.map(({ boxes }) => new Set(boxes).size);
  const first = counts.findIndex((count) => count <= CROWDED);
  return first < 0 ? counts.length - 1 : first;
}

function showPicture(which) {
  picture.trace(-1);
  picture = pictures[which];
  svgs.forEach((svg, k) => svg.classList.toggle("away", k !== which));
  reach(ROOT, false);
  showAll();
  picture.trace(chosen);
  compose();
}

/** All of the picture, or where that is too small to read, what is in the act. */
function compose() {
  fit();
  if (view.scale >= READABLE) return;
  view.scale = view.wanted = READABLE;
  [view.x, view.y] = [NaN, NaN]; // nowhere, so that it has to be brought into sight
  follow(state.at ? picture.acting : [picture.boxes[STEPS[1].node]]);
}

byId("fold")?.addEventListener("change", (event) => showPicture(Number(event.target.value)));

/** What a chosen unit shows: its nodes, each of which can be chosen. */
function unitPanel(j) {
  const { name, members } = recorded.folds[pictures.indexOf(picture)][j];
  const list = element("ul", "", "members");
  for (const i of members) {
    const item = element("li");
    const button = element("button", described(i));
    button.type = "button";
    button.addEventListener("click", () => choose(i));
    item.append(button);
    list.append(item);
  }
  byId("panel").replaceChildren(element("h3", clipped(name) || "A group"), element("p", "Its nodes:"), list);
}
