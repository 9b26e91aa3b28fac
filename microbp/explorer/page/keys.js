// The keyboard: what a key does, wherever on the page the focus is.

/* global CONTROLS, byId, controlById, fit, openLegend, play, refold, toChange, zoom */

/** @type {Record<string, string>} */
const MOVES = { ArrowRight: "next", ArrowLeft: "back", Home: "first", End: "last" };

/** @type {Record<string, () => void>} */
const KEYS = {
  "+": () => zoom(1.25),
  "=": () => zoom(1.25),
  "-": () => zoom(0.8),
  0: fit,
  n: () => toChange(1),
  p: () => toChange(-1),
  u: () => refold(-1),
  f: () => refold(1),
  c: () => byId("panel-title").focus(),
  l: () => (byId("filter-box").hidden ? byId("leaves-title") : controlById("filter")).focus(),
  "?": openLegend,
};

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && !"+?".includes(key))) return;
  if (!(target instanceof Element) || target.closest("dialog")) return;
  if (target.closest("input:not(#slider):not([type=checkbox]), select, textarea")) return;
  if (target.closest("[data-node], [data-unit]") && key.startsWith("Arrow")) return; // walk among nodes
  if (key === " " && !target.closest("button, input, summary, [role=button]")) {
    event.preventDefault();
    byId("play").click();
  } else if (Object.hasOwn(MOVES, key)) {
    event.preventDefault(); // the slider would do the same once more
    play(false);
    CONTROLS[MOVES[key]]();
  } else if (Object.hasOwn(KEYS, key)) {
    event.preventDefault(); // a letter would be typed into the field that it leads to
    KEYS[key]();
  }
});
