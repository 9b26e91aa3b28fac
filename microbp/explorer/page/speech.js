// What screen readers are told.

/* global byId */
/* exported announce */

let speaking = 0;
/** Tell screen readers. @type {(text: string) => void} */
function announce(text) {
  clearTimeout(speaking); // after quick steps, only the last is spoken
  speaking = setTimeout(() => (byId("announce").textContent = text), 150);
}
