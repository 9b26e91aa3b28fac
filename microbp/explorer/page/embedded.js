// The page as part of another: the numbers of its leaves are those that the other page sends.

/* global LEAVES, NODES, SEED, go, now, recompute, recorded, renewLeaf, showAll */

/** @type {(numbers: ArrayLike<number>) => void} */
function takeNumbers(numbers) {
  LEAVES.forEach((i, k) => {
    const place = recorded.given?.[k] ?? -1;
    if (place >= 0) now.values[i] = numbers[place];
  });
  recompute();
  NODES.forEach((node, i) => { // which is what "As recorded" means from here on
    node.data = now.values[i];
    node.partials = [...now.partials[i]];
  });
  LEAVES.forEach(renewLeaf);
  go(SEED, { hide: false }); // where the backward pass begins
  showAll();
}

window.addEventListener("message", ({ source, data }) => {
  if (source === window.parent && Array.isArray(data?.leaves)) takeNumbers(data.leaves);
});

// Escape reaches the page with the focus, and no other.
document.addEventListener("keydown", ({ key, target }) => {
  if (key !== "Escape" || !(target instanceof Element) || target.closest("dialog")) return;
  window.parent.postMessage({ microbp: "back" }, "*");
});
