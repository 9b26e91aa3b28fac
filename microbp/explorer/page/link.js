// The link to a step: #step=12, and #step=12&by=unit&show=1&changed=2.0,2.3 where one chose by what the
// steps go, a picture, and boxes of it, each by its fold and its place there, that are the other way round.

/* global FOLDS, firstPicture, folding, go, grainChosen, pictures, recorded, seeFolding, state, takeGrain */
/* exported linkSoon, linkedStep, seeLinked */

// Written a little later, for browsers dislike hundreds of changes.
let linking = 0;
function linkSoon() {
  clearTimeout(linking);
  linking = setTimeout(() => {
    try {
      const by = grainChosen() ? `&by=${grainChosen()}` : "";
      const { which, changed } = folding;
      const places = changed.map((group) =>
        FOLDS.flatMap((name, f) => (recorded.folds[name].includes(group) ? `${f}.${recorded.folds[name].indexOf(group)}` : [])));
      const show = changed.length || which !== firstPicture() ? `&show=${which}` : "";
      const own = changed.length ? `&changed=${places}` : "";
      history.replaceState(null, "", `#step=${state.at}${by}${show}${own}`);
    } catch {
      // a frame in a notebook has no address of its own
    }
  }, 200);
}

const linked = () => new URLSearchParams(location.hash.slice(1));

function linkedStep() {
  takeGrain(linked().get("by") ?? "");
  return Number(linked().get("step")) || 0;
}

/** Show the picture that the link names, or the one to begin with. */
function seeLinked() {
  const which = Number(linked().get("show") ?? -1);
  const places = linked().get("changed")?.split(",").map((place) => place.split(".").map(Number)) ?? [];
  const groups = places.flatMap(([f, j]) => recorded.folds[FOLDS[f]]?.[j] ?? []);
  if (pictures[which]) seeFolding(which, groups);
  else seeFolding(firstPicture(), []);
}

window.addEventListener("hashchange", () => {
  go(linkedStep());
  if (linked().has("show")) seeLinked();
});
