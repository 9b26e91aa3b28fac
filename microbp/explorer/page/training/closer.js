// One unit with every number: what comes in, its weights and their gradients.

/* global LIVE, NET, addView, byId, chosen, figure, fillTable, fixed, incoming, render, training */
/* exported closerTo */

/** @type {(u: number) => void} */
function closerTo(u) {
  byId("closer-card").hidden = false;
  byId("closer-name").textContent = NET.units[u].label;
  render(true);
}

addView(({ now, gradient }) => {
  if (chosen.unit < 0) return;
  const unit = NET.units[chosen.unit];
  const weights = training.parameters;
  const total = unit.total < 0 ? "" : `total input x = ${figure(now.data[unit.total])}, `;
  const after = unit.total < 0 ? "an input" : `dE/dx = ${figure(now.grad[unit.total])}, dE/dy = ${figure(now.grad[unit.node])}`;
  byId("closer-words").textContent = LIVE ? `In the chosen case: ${total}activity y = ${figure(now.data[unit.node])}; ${after}.` : "";
  const rows = incoming[chosen.unit].map(({ from, parameter }) => [
    NET.units[from].label,
    LIVE || Number.isFinite(now.data[NET.units[from].node]) ? fixed(now.data[NET.units[from].node], 3) : "",
    fixed(weights[parameter], 3),
    LIVE ? figure(gradient()[parameter]) : "",
  ]);
  if (unit.bias >= 0) rows.push(["bias", "", fixed(weights[unit.bias], 3), LIVE ? figure(gradient()[unit.bias]) : ""]);
  const body = /** @type {Element} */ (byId("closer").querySelector("tbody"));
  fillTable(body, rows);
  incoming[chosen.unit].forEach((each, r) => {
    body.children[r].classList.toggle("pointed", each === NET.connections[chosen.connection]);
  });
});
