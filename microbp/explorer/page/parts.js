// The parts of Graphviz's picture, boxes and edges: where they are, and what is written in them.

/* exported hide, note, place, wrapped, write */

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

/** Where a box or an edge is in its picture, as Graphviz wrote it. @type {(part: Part) => Place} */
function place(part) {
  if (part.place) return part.place;
  const moved = /translate\(([^)]*)\)/.exec(part.group.parentElement?.getAttribute("transform") ?? "");
  const [e, f] = (moved?.[1] ?? "0 0").split(/[ ,]+/).map(Number);
  const shapes = [...part.group.querySelectorAll("path, polygon")];
  const written = shapes.map((shape) => shape.getAttribute("d") || shape.getAttribute("points") || "");
  const numbers = written.flatMap((text) => text.match(/-?[\d.]+/g) ?? []).map(Number);
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
 * Put a number in its place; one that is too long for it is squeezed, never clipped.
 * @type {(text: SVGElement, written: string) => void}
 */
function write(text, written) {
  if (text.textContent === written) return;
  text.textContent = written;
  const room = Number(text.dataset.room);
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
