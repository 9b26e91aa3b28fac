// Choosing a box: by mouse, or by keyboard, walking from box to box.

/* global NODES, USES, choose, chosen, dragged, foldAround, foldFrame, follow, opened, picture, stage, toggle */
/* exported reach, reached */

/**
 * What a click on a box, or Enter, does: a node is chosen, a unit or layer unfolds or folds.
 * @type {(group: SVGElement, focus: boolean) => void}
 */
function press(group, focus) {
  const unit = boxOf(group)?.unit ?? opened.get(group);
  if (unit) toggle(unit, focus);
  else {
    reach(Number(group.dataset.node), focus);
    choose(Number(group.dataset.node));
  }
}

/** @type {(group: SVGElement) => Box | undefined} */
const boxOf = (group) => picture.boxes.find((box) => box.group === group);

/** The box that an event is in. @type {(event: Event) => SVGElement | null} */
const groupOf = (event) => (event.target instanceof Element ? event.target.closest(".node") : null);

stage.addEventListener("click", (event) => {
  const group = groupOf(event);
  const frame = event.target instanceof Element ? event.target.closest(".frame") : null;
  if (dragged) return;
  if (group) press(group, false);
  else if (frame) foldFrame(frame);
});
stage.addEventListener("mousedown", (event) => event.preventDefault()); // arrows stay with the steps

// One box at a time can be reached by Tab; arrows walk on: to operands, to uses, and sideways.
/** @type {Box | null} */
let reachable = null;
/** The node, or one of the nodes, at which the keyboard is. */
const reached = () => reachable?.node ?? -1;

/** @type {(i: number, focus: boolean) => void} */
function reach(i, focus) {
  const box = picture.boxes[i];
  reachable?.group.setAttribute("tabindex", "-1");
  box.group.setAttribute("tabindex", "0");
  reachable = box;
  if (!focus) return;
  follow([box]);
  box.group.focus({ preventScroll: true });
}

stage.addEventListener("keydown", (event) => {
  const group = groupOf(event);
  if (!group || !reachable || event.ctrlKey || event.metaKey || event.altKey) return;
  const box = boxOf(group) ?? reachable;
  const members = box.unit ? box.unit.members : [box.node];
  const other = (/** @type {number | undefined} */ i) => i !== undefined && picture.boxes[i] !== box;
  const sideways = (/** @type {number} */ by) => {
    for (let i = members[0] + by; i >= 0 && i < NODES.length; i += by) if (other(i)) return i;
    return undefined;
  };
  /** @type {Record<string, () => number | undefined>} */
  const goals = {
    ArrowLeft: () => members.flatMap((i) => NODES[i].operands).find(other),
    ArrowRight: () => members.flatMap((i) => USES[i].map(([user]) => user)).find(other),
    ArrowUp: () => sideways(-1),
    ArrowDown: () => sideways(1),
  };
  if (Object.hasOwn(goals, event.key)) {
    event.preventDefault();
    const i = goals[event.key]();
    if (i !== undefined) reach(i, true);
  } else if (event.key === "Backspace") {
    event.preventDefault();
    foldAround(box.node, true);
  } else if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    event.stopPropagation();
    press(group, true);
  } else if (event.key === "Escape" && chosen >= 0) choose(chosen);
});
