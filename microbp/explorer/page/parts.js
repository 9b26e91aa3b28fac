// The parts of Graphviz's picture, boxes and edges: where they are, and what is written in them.

/* exported copied, hide, moveOf, note, place, wrapped, write */

/** @typedef {{left: number, top: number, right: number, bottom: number}} Place */
/**
 * A box or an edge of the picture. While it is out of view, `inside` is what it shows.
 * @typedef {object} Part
 * @property {SVGElement} group
 * @property {ChildNode[]} [inside]
 * @property {Place} [place]
 */

const DIGIT = 6.7; // points that a digit takes in the picture's 12-point type, with something to spare

/**
 * Empty a part of the picture, or fill it again. What is merely not displayed costs time.
 * @type {(part: Part, off: boolean) => void}
 */
function hide(part, off) {
  if (off === Boolean(part.inside)) return;
  if (off) {
    place(part);
    part.inside = [...part.group.childNodes];
    part.group.replaceChildren();
  } else if (part.inside) {
    part.group.replaceChildren(...part.inside);
    delete part.inside;
  }
}

/** Points between which a shape lies: x, y, x, y, ... @type {(shape: Element) => number[]} */
function pointsOf(shape) {
  const at = (/** @type {string} */ key) => Number(shape.getAttribute(key));
  switch (shape.localName) {
    case "rect": return [at("x"), at("y"), at("x") + at("width"), at("y") + at("height")];
    case "line": return [at("x1"), at("y1"), at("x2"), at("y2")];
    case "circle":
    case "ellipse": {
      const [rx, ry] = [at("rx") || at("r"), at("ry") || at("r")];
      return [at("cx") - rx, at("cy") - ry, at("cx") + rx, at("cy") + ry];
    }
    default: {
      const text = shape.getAttribute("d") || shape.getAttribute("points") || "";
      return (text.match(/-?[\d.]+/g) ?? []).map(Number);
    }
  }
}

/** A part as it looks, though out of view, without its lights. @type {(part: Part) => SVGElement} */
function copied({ group, inside }) {
  const copy = /** @type {SVGElement} */ (group.cloneNode(true));
  if (inside) copy.append(...inside.map((node) => node.cloneNode(true)));
  copy.classList.remove("lit", "path", "chosen", "broken");
  return copy;
}

/** How far what this element is in was moved, by Graphviz or by us. @type {(group: Element) => number[]} */
function moveOf(group) {
  const moved = /translate\(([^)]*)\)/.exec(group.parentElement?.getAttribute("transform") ?? "");
  return (moved?.[1] ?? "0 0").split(/[ ,]+/).map(Number);
}

/** Where a box, an edge or a shape is in its picture. @type {(part: Part) => Place} */
function place(part) {
  if (part.place) return part.place;
  const [e, f] = moveOf(part.group);
  const inside = [...part.group.querySelectorAll("path, polygon, rect, circle, ellipse, line")];
  const shapes = inside.length ? inside : [part.group];
  const numbers = shapes.flatMap(pointsOf);
  const place = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (let k = 0; k < numbers.length; k += 2) {
    const [x, y] = [numbers[k] + e, numbers[k + 1] + f];
    place.left = Math.min(place.left, x);
    place.right = Math.max(place.right, x);
    place.top = Math.min(place.top, y);
    place.bottom = Math.max(place.bottom, y);
  }
  return (part.place = place);
}

/**
 * Note a number at a box, for scripts that read the page; null for none.
 * @type {(group: SVGElement, key: string, text: string | null) => void}
 */
function note(group, key, text) {
  if (text === null) delete group.dataset[key];
  else group.dataset[key] = text;
}

/**
 * Put a number in its place, with the minus sign of `draw`; one that is too long for it is
 * squeezed, never clipped.
 * @type {(text: SVGElement, written: string) => void}
 */
function write(text, written) {
  const shown = written.replaceAll("-", "−");
  if (text.textContent === shown) return;
  text.textContent = shown;
  const room = Number(text.closest("[data-room]")?.getAttribute("data-room"));
  if (!room) return;
  if (written.length * DIGIT > room) {
    text.setAttribute("textLength", String(room));
    text.setAttribute("lengthAdjust", "spacingAndGlyphs");
  } else {
    text.removeAttribute("textLength");
  }
}

/** A text in lines of at most so many characters. @type {(words: string, width: number) => string[]} */
function wrapped(words, width) {
  const lines = [""];
  const piece = new RegExp(`.{1,${width}}`, "gsu");
  for (const word of words.split(" ").flatMap((long) => long.match(piece) ?? [])) {
    const line = lines[lines.length - 1];
    if (!line) lines[lines.length - 1] = word;
    else if (line.length + word.length < width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
