// The link to a step: #step=12, and #step=12&by=unit where the grain was chosen.

/* global go, grainChosen, state, takeGrain */
/* exported linkSoon, linkedStep */

// Written a little later, for browsers dislike hundreds of changes.
let linking = 0;
function linkSoon() {
  clearTimeout(linking);
  linking = setTimeout(() => {
    try {
      const by = grainChosen() ? `&by=${grainChosen()}` : "";
      history.replaceState(null, "", `#step=${state.at}${by}`);
    } catch {
      // a frame in a notebook has no address of its own
    }
  }, 200);
}

function linkedStep() {
  const found = /^#step=(\d+)(?:&by=(\w+))?$/.exec(location.hash);
  if (found?.[2]) takeGrain(found[2]);
  return found ? Number(found[1]) : 0;
}

window.addEventListener("hashchange", () => go(linkedStep()));
