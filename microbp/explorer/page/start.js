// The page comes to life: without this it shows the finished graph, and that is all.

/* global go, linkedStep, look, seeLinked, stage, svgs */

document.documentElement.classList.add("live");
for (const svg of svgs) for (const side of ["width", "height"]) svg.removeAttribute(side);
go(linkedStep());
seeLinked();

// A frame in a notebook may get its size only now.
let seen = stage.clientHeight > 0;
new ResizeObserver(() => {
  if (seen) look();
  else seeLinked();
  seen = stage.clientHeight > 0;
}).observe(stage);
