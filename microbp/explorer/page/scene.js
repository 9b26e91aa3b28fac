// A picture of one's own, in which single boxes are the other way round: where one is unfolded, a
// frame with what a finer picture has for it; where one is folded, its box; and the rest makes room.

/* global NODES, Picture, coarseBox, copied, drawn, finerOf, moveOf, place, sizeOf, titleOf */
/* exported opened, ownPicture */

/**
 * What stands in the place of `hole`, in the picture that the block is from: a box, or a frame with
 * a block in it.
 * @typedef {{box: Box, hole: Place, width: number, height: number, block: Block, inner: Block | null}} Item
 * @typedef {{i: number, k: number, from: Item, to: Item, count: number}} Link
 */

const PADDING = 8; // from a frame to what is in it
const HEADING = 22;
const WIDEST_GAP = 70; // between what stood far apart in a larger picture

/** The group of each frame of an unfolded box. @type {WeakMap<Element, Group>} */
const opened = new WeakMap();

/** The place of all of these. @type {(places: Place[]) => Place} */
const around = (places) => ({
  left: Math.min(...places.map((p) => p.left)),
  top: Math.min(...places.map((p) => p.top)),
  right: Math.max(...places.map((p) => p.right)),
  bottom: Math.max(...places.map((p) => p.bottom)),
});

/**
 * Where each coordinate goes, so that each span [from, to, wanted] becomes as long as is wanted.
 * @type {(spans: [number, number, number][]) => (x: number) => number}
 */
function stretched(spans) {
  /** @type {[number, number, number][]} */
  const added = [];
  const moved = (/** @type {number} */ x) => added.reduce((sum, [from, to, more]) =>
    sum + more * Math.min(1, Math.max(0, (x - from) / (to - from))), x);
  for (const [from, to, wanted] of spans.sort((a, b) => a[1] - b[1])) {
    const more = wanted - moved(to) + moved(from);
    if (more > 0.01) added.push([from, to, more]);
  }
  return moved;
}

/**
 * Where each coordinate goes, so that nothing is far from all others.
 * @type {(spans: [number, number][]) => (x: number) => number}
 */
function squeezed(spans) {
  /** @type {[number, number, number][]} */
  const taken = [];
  let end = Infinity;
  for (const [from, to] of spans.sort((a, b) => a[0] - b[0])) {
    if (from > end + WIDEST_GAP) taken.push([end, from, from - end - WIDEST_GAP]);
    end = end === Infinity ? to : Math.max(end, to);
  }
  return (x) => taken.reduce((sum, [from, to, less]) =>
    sum - less * Math.min(1, Math.max(0, (x - from) / (to - from))), x);
}

/** A part of a picture, with room for what is unfolded in it. */
class Block {
  /** @param {Picture} source @param {number[]} nodes @param {Group[]} changed */
  constructor(source, nodes, changed) {
    this.source = source;
    const own = new Set(nodes);
    const folded = changed.filter(({ members }) => {
      const { unit } = source.boxes[members[0]];
      return members.length < own.size && members.every((i) => own.has(i)) && (unit?.members.length ?? 1) < members.length;
    }).sort((a, b) => a.members.length - b.members.length); // so that the largest have the last word
    /** @type {Map<Box, Item>} */
    const made = new Map();
    /** @type {(box: Box, hole: Place, inner: Block | null) => Item} */
    const item = (box, hole, inner) => {
      const at = place(box);
      const width = inner ? inner.width + 2 * PADDING : at.right - at.left;
      const height = inner ? inner.height + PADDING + HEADING : at.bottom - at.top;
      const one = made.get(box) ?? { box, hole, width, height, block: this, inner };
      made.set(box, one);
      return one;
    };
    /** @type {Map<number, Item>} */
    this.items = new Map();
    for (const group of folded) {
      const hole = around(group.members.map((i) => place(source.boxes[i])));
      for (const i of group.members) this.items.set(i, item(coarseBox(group), hole, null));
    }
    for (const i of nodes.filter((i) => !this.items.has(i))) {
      const box = source.boxes[i];
      const { unit } = box;
      const finer = !made.has(box) && unit && changed.includes(unit) ? finerOf(unit) : undefined;
      const inner = finer && unit ? new Block(finer, unit.members, changed) : null;
      this.items.set(i, item(box, place(box), inner));
    }
    const holes = around(nodes.map((i) => place(source.boxes[i])));
    const kept = [...this.items.values()].filter(({ box }) => source.boxes.includes(box));
    this.frames = [...source.svg.querySelectorAll(".frame")]
      .map((frame) => place({ group: /** @type {SVGElement} */ (frame) }))
      .filter((f) => kept.some(({ hole: p }) =>
        f.left < p.right && f.right > p.left && f.top < p.bottom && f.bottom > p.top))
      .filter((f) => // one around all is what the unfolded box gets anyway
        f.left > holes.left || f.right < holes.right || f.top > holes.top || f.bottom < holes.bottom);
    const { left, top, right, bottom } = around([holes, ...this.frames]);
    const all = [...this.items.values()];
    const whole = own.size === NODES.length;
    const near = whole ? (/** @type {number} */ x) => x : squeezed(all.map(({ hole }) => [hole.left, hole.right]));
    const close = whole ? near : squeezed(all.map(({ hole }) => [hole.top, hole.bottom]));
    const wider = stretched(all.map(({ hole, width }) => [near(hole.left), near(hole.right), width]));
    const higher = stretched(all.map(({ hole, height }) => [close(hole.top), close(hole.bottom), height]));
    this.across = (/** @type {number} */ x) => wider(near(x));
    this.down = (/** @type {number} */ y) => higher(close(y));
    this.left = this.across(left);
    this.top = this.down(top);
    this.width = this.across(right) - this.left;
    this.height = this.down(bottom) - this.top;
    this.x = this.y = 0;
  }

  /** Put it there, and with it what is in it. @param {number} x @param {number} y */
  put(x, y) {
    this.x = x - this.left;
    this.y = y - this.top;
    for (const item of new Set(this.items.values())) {
      const { left, top } = this.where(item);
      item.inner?.put(left + PADDING, top + HEADING);
    }
  }

  /** @param {number} x @param {number} y @returns {[number, number]} */
  moved(x, y) {
    return [this.across(x) + this.x, this.down(y) + this.y];
  }

  /** In the middle of what has become of its hole. @param {Item} item @returns {Place} */
  where({ hole, width, height }) {
    const [left, top] = this.moved(hole.left, hole.top);
    const [right, bottom] = this.moved(hole.right, hole.bottom);
    const [x, y] = [(left + right - width) / 2, (top + bottom - height) / 2];
    return { left: x, top: y, right: x + width, bottom: y + height };
  }

  /** All frames in it, the outer ones first. @returns {SVGElement[]} */
  drawnFrames() {
    const frames = this.frames.map(({ left, top, right, bottom }) => {
      const [[x, y], [end, low]] = [this.moved(left, top), this.moved(right, bottom)];
      return drawn("rect", { class: "frame", x, y, width: end - x, height: low - y, rx: 9 });
    });
    for (const item of new Set(this.items.values())) {
      if (item.inner) frames.push(unfoldedFrame(item), ...item.inner.drawnFrames());
    }
    return frames;
  }

  /** Node i as a box, in whatever frame. @param {number} i @returns {Item} */
  item(i) {
    const item = /** @type {Item} */ (this.items.get(i));
    return item.inner ? item.inner.item(i) : item;
  }
}

/** @type {(item: Item) => SVGElement} */
function unfoldedFrame(item) {
  const { left: x, top: y } = item.block.where(item);
  const unit = /** @type {Group} */ (item.box.unit);
  const title = titleOf(unit);
  const group = drawn("g", { class: "node group opened", role: "button", tabindex: 0 });
  group.setAttribute("aria-label", `${title}, unfolded`);
  const text = drawn("text", { x: x + PADDING, y: y + 15, "text-anchor": "start", "font-weight": "bold" });
  text.textContent = `▾ ${title}`;
  group.append(drawn("rect", { class: "box", x, y, width: item.width, height: item.height, rx: 9 }), text);
  opened.set(group, unit);
  return group;
}

/** A picture in which these groups are the other way round. @type {(base: Picture, changed: Group[]) => Picture} */
function ownPicture(base, changed) {
  const block = new Block(base, [...NODES.keys()], changed);
  block.put(block.left, block.top);
  const items = NODES.map((_, i) => block.item(i));
  const svg = /** @type {SVGSVGElement} */ (base.svg.cloneNode(false));
  const { width, height } = sizeOf(base.svg);
  svg.dataset.box = `0 0 ${block.moved(width, height).join(" ")}`;
  svg.dataset.prefix = "own-";
  svg.classList.remove("away");
  const root = drawn("g", { "font-size": 12, "text-anchor": "end" });
  svg.append(root);
  /** @type {Group[]} */
  const groups = [];
  /** @type {Map<Item, string>} */
  const names = new Map();
  items.forEach((item, i) => {
    const { unit } = item.box;
    if (!names.has(item)) names.set(item, unit ? `u${groups.push(unit) - 1}` : `n${i}`);
  });
  root.append(...block.drawnFrames());
  for (const [name, link] of links(items, names)) {
    const line = link.from.block === link.to.block ? keptLine(link) ?? newLine(link, base) : newLine(link, base);
    line.id = `own-${name}`;
    root.append(line);
  }
  for (const [item, name] of names) {
    const [at, was, [e, f]] = [item.block.where(item), place(item.box), moveOf(item.box.group)];
    const holder = drawn("g", { transform: `translate(${at.left - was.left + e} ${at.top - was.top + f})` });
    const box = copied(item.box);
    box.id = `own-${name}`;
    holder.append(box);
    root.append(holder);
  }
  return new Picture(svg, groups);
}

/**
 * The lines that there may be, by the names that a picture gives them.
 * @type {(items: Item[], names: Map<Item, string>) => Map<string, Link>}
 */
function links(items, names) {
  /** @type {Map<string, Link>} */
  const found = new Map();
  NODES.forEach(({ op, operands }, i) => operands.forEach((operand, k) => {
    const [from, to] = [items[operand], items[i]];
    const name = from.box.unit || to.box.unit ? `f${names.get(from)}_${names.get(to)}` : `e${i}_${k}`;
    const n = operands.length >> 1;
    const weight = op === "dot" && k >= n && k < 2 * n ? items[operands[k - n]] : to;
    const through = weight.block === to.block && !weight.box.unit && from.block !== to.block;
    const link = found.get(name) ?? { i, k, from, to: through ? weight : to, count: 0 };
    link.count++;
    found.set(name, link);
  }));
  return found;
}

/** A line of the block's picture, moved with its ends. @type {(link: Link) => SVGElement | null} */
function keptLine({ i, k, from, to }) {
  const { block } = from;
  const edge = block.source.edges[i][k];
  if (!edge) return null;
  const line = copied(edge);
  const [e, f] = moveOf(edge.group);
  const shifts = [from, to].map((item) => {
    const [at, was] = [block.where(item), place(item.box)];
    return [at.left - was.left + e, at.top - was.top + f];
  });
  const { left, right, top, bottom } = place(edge);
  for (const path of line.querySelectorAll("path")) {
    const d = path.getAttribute("d") ?? "";
    const last = d.split(",").length - 2;
    let n = -1;
    path.setAttribute("d", d.replace(/(-?[\d.]+),(-?[\d.]+)/g, (_, x, y) => {
      n += 1;
      const [a, b] = [Number(x), Number(y)];
      const end = n === 0 ? shifts[0] : shifts[1];
      return (n && n < last ? block.moved(a + e, b + f) : [a + end[0], b + end[1]]).join(",");
    }));
  }
  for (const part of line.querySelectorAll("polygon, text")) {
    const [x, y] = ["x", "y"].map((key) => Number(part.getAttribute(key)));
    const wide = right - left > bottom - top;
    const share = wide ? (x + e - left) / (right - left) : (y + f - top) / (bottom - top);
    const t = part.localName === "polygon" ? 1 : Math.min(1, Math.max(0, share));
    const [dx, dy] = [0, 1].map((n) => shifts[0][n] + t * (shifts[1][n] - shifts[0][n]));
    part.setAttribute("transform", `translate(${dx} ${dy})`);
  }
  return line;
}

/** A straight line between what comes from two pictures. @type {(link: Link, base: Picture) => SVGElement} */
function newLine({ from, to, count }, { svg }) {
  const [a, c] = [from.block.where(from), to.block.where(to)];
  const beside = c.left >= a.right - 1 || c.top < a.bottom;
  const [x1, y1] = beside ? [a.right, (a.top + a.bottom) / 2] : [(a.left + a.right) / 2, a.bottom];
  const [x2, y2] = beside ? [c.left, (c.top + c.bottom) / 2] : [(c.left + c.right) / 2, c.top];
  const line = drawn("g", { class: "edge" });
  line.append(drawn("path", { d: `M${x1},${y1} L${x2},${y2}` }));
  if (svg.classList.contains("dense")) return line;
  const turn = `rotate(${(Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI})`;
  line.append(drawn("polygon", { points: "0,0 -6,3 -6,-3", transform: `translate(${x2} ${y2}) ${turn}` }));
  if (count === 1 && svg.querySelector(".edge text")) {
    const [x, y] = [x1 + 0.35 * (x2 - x1), y1 + 0.35 * (y2 - y1) - 3]; // not where lines cross
    line.append(drawn("text", { x, y, "font-size": 10, "text-anchor": "middle" }));
  }
  return line;
}
