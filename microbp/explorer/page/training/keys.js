// Keys, the projector's large type, and the page as it opens.

/* global CONTROLS, byId, controlById, followLink, play, readStyle, render, wake */

/** @type {Record<string, string>} */
const KEYS = { ArrowRight: "next", ArrowLeft: "back", Home: "first", End: "last" };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const { target, key } = event;
  if (!(target instanceof Element)) return;
  if (target.closest("input:not(#slider, [type=checkbox]), select, textarea, .scroll, dialog")) return;
  if (key === " " && !target.closest("button, input:not(#slider), summary")) {
    event.preventDefault();
    byId("play").click();
  } else if (Object.hasOwn(KEYS, key)) {
    event.preventDefault(); // the slider would do the same once more
    play(false);
    CONTROLS[KEYS[key]]();
    wake();
  }
});

const NARROW = window.matchMedia("(max-width: 1120px)");

const PHONE = window.matchMedia("(max-width: 700px)");

/**
 * Of two columns, the curve is in the first, under the net; of three, at the top of the last. On a
 * phone the squares, which may be many, come last.
 */
function arrange() {
  byId(PHONE.matches ? "column-c" : "column-a").append(byId("squares-card"));
  if (NARROW.matches || controlById("projector").checked) byId("net-card").after(byId("curve-card"));
  else byId("column-c").prepend(byId("curve-card"));
}

NARROW.addEventListener("change", arrange);
PHONE.addEventListener("change", arrange);
byId("projector").addEventListener("change", () => {
  document.documentElement.classList.toggle("projector", controlById("projector").checked);
  arrange();
  readStyle();
  render(true);
});

window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  readStyle();
  render(true);
});
new ResizeObserver(() => render(true)).observe(document.body);

document.body.classList.add("live");
arrange();
readStyle();
followLink();
