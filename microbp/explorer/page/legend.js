// "What am I looking at?": shapes, colors and keys.

/* global byId */
/* exported openLegend */

const legend = /** @type {HTMLDialogElement} */ (byId("legend"));

function openLegend() {
  legend.showModal();
}

byId("legend-open").addEventListener("click", openLegend);
byId("legend-close").addEventListener("click", () => legend.close());
legend.addEventListener("click", (event) => {
  if (event.target === legend) legend.close(); // beside it
});
