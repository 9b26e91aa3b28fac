// The cases that the seed has kept from training: what the net makes of them.

/* global CASE_NAMES, addView, byId, data, element, training */

if (data.held_out) {
  byId("held-out").hidden = false;
  addView(() => {
    const rows = training.heldOut.map((/** @type {number} */ n) => training.all[n]);
    /** @type {HTMLElement[]} */
    const parts = [];
    training.eachCase(rows, (/** @type {number} */ i, /** @type {number} */ _, /** @type {Float64Array} */ ys) => {
      const right = training.judge(ys, rows[i].subarray(data.inputs));
      const name = CASE_NAMES?.[training.heldOut[i]] ?? "";
      parts.push(element("span", `${right ? "✓" : "✗"} ${name}`, right ? "right" : "wrong"));
    });
    const known = byId("held-out-cases");
    const text = parts.map((part) => part.textContent).join(" ");
    if (known.textContent !== text) known.replaceChildren(...parts.flatMap((part, k) => (k ? [" ", part] : [part])));
  }, 4);
}
