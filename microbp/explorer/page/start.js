// The page comes to life: without this it shows the finished graph, and that is all.

/* global go, linkedStep, refit, seeLinked, stage, svgs */

document.documentElement.classList.add("live");
for (const svg of svgs) for (const side of ["width", "height"]) svg.removeAttribute(side);
go(linkedStep());
seeLinked();

// A frame in a notebook may get its size only now.
let laidOut = stage.clientHeight > 0;
new ResizeObserver(() => {
  if (laidOut) refit();
  else seeLinked();
  laidOut = stage.clientHeight > 0;
}).observe(stage);
