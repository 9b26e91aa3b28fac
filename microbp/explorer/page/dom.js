// The page's elements: found, or made.

/* exported byId, controlById, drawn, element, within */

/** The element with this id. @type {(id: string) => HTMLElement} */
function byId(id) {
  const known = document.getElementById(id);
  if (!known) throw new Error(`the page has no #${id}`);
  return known;
}

/**
 * The same, where it is a field, a slider, a switch or a button.
 * @type {(id: string) => HTMLInputElement}
 */
function controlById(id) {
  return /** @type {HTMLInputElement} */ (byId(id));
}

/**
 * The first element of a picture's part that the selector names.
 * @type {(part: Element, selector: string) => SVGElement}
 */
function within(part, selector) {
  const known = part.querySelector(selector);
  if (!known) throw new Error(`a part of the picture has no ${selector}`);
  return /** @type {SVGElement} */ (known);
}

/** A new HTML element. @type {(name: string, text?: string, className?: string) => HTMLElement} */
function element(name, text = "", className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

/**
 * A new SVG element.
 * @type {(name: string, attributes: Record<string, string | number>) => SVGElement}
 */
function drawn(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
