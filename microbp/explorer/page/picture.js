// A picture: Graphviz's SVG, whose numbers, colors and lights follow the step. There are several
// where the graph has units: in all but the first a box stands for a unit or a layer.

/* global NODES, UNKNOWN, USES, after, changeBefore, clipped, computedAt, counted, described, drawn */
/* global exact, faultSeen, hide, note, now, place, range, recorded, short, stage, within, wrapped, write */
/* exported Picture, picture, pictures, seePicture, svgs */

/** @typedef {Part & {partial: SVGElement | null}} Edge */
/**
 * @typedef {object} BoxOnly
 * @property {SVGElement} data
 * @property {SVGElement} grad
 * @property {Group | null} unit
 * @property {number[]} outputs
 * @property {number} node
 * @property {string} tint
 * @property {string} label
 *
 * @typedef {Part & BoxOnly} Box
 */

const CROWD = 1000; // boxes and edges, from which on those out of view are taken out
const STEPS_OF_COLOR = [0.001, 0.01, 0.1, 1]; // the same as in what `microbp.draw` draws

/**
 * -5 to 5: the color of the gradient furthest from 0, on a scale that is always the same.
 * @type {(grads: number[]) => string}
 */
function tint(grads) {
  if (grads.some(Number.isNaN)) return "nan";
  const grad = grads.reduce((most, x) => (Math.abs(x) > Math.abs(most) ? x : most), 0);
  const level = grad === 0 ? 0 : 1 + STEPS_OF_COLOR.filter((step) => Math.abs(grad) >= step).length;
  return String(grad < 0 ? -level : level);
}

class Picture {
  /** @param {SVGSVGElement} svg @param {Group[]} groups */
  constructor(svg, groups) {
    this.svg = svg;
    const names = NODES.map((_, i) => `n${i}`);
    groups.forEach(({ members }, j) => members.forEach((i) => (names[i] = `u${j}`)));
    /** @type {Map<string, Box>} */
    const made = new Map();
    /** @type {Map<string, number>} */
    const counts = new Map(); // of the edges that one line stands for
    this.boxes = names.map((name, i) => {
      const group = name === `n${i}` ? null : groups[Number(name.slice(1))];
      const box = made.get(name) ?? this.#box(name, i, group);
      made.set(name, box);
      return box;
    });
    const lines = NODES.map(({ operands }, i) =>
      operands.map((operand, k) => {
        const apart = this.boxes[i].unit || this.boxes[operand].unit;
        const name = apart ? `f${names[operand]}_${names[i]}` : `e${i}_${k}`;
        counts.set(name, (counts.get(name) || 0) + 1);
        return name;
      }));
    const edges = new Map([...counts].map(([name, count]) => [name, this.#edge(name, count === 1)]));
    this.edges = lines.map((some) => some.map((name) => edges.get(name) ?? null));
    // Browsers take their time over thousands of elements, so only those in view are there then.
    /** @type {Part[]} */
    const parts = [...new Set([...this.boxes, ...this.edges.flat()])].filter((part) => part !== null);
    this.parts = parts.length > CROWD ? parts : [];
    /** @type {Set<SVGElement>} */
    this.lit = new Set();
    /** @type {SVGElement[]} */
    this.path = [];
    /** @type {Box[]} */
    this.acting = [];
    /** @type {SVGElement | null} */
    this.said = null;
  }

  /**
   * Take out what lies beyond these bounds, and put in what doesn't.
   * @param {number} left @param {number} top @param {number} right @param {number} bottom
   */
  cull(left, top, right, bottom) {
    for (const part of this.parts) {
      const p = place(part);
      hide(part, p.right < left || p.left > right || p.bottom < top || p.top > bottom);
    }
  }

  /** @param {string} name @returns {SVGElement | null} */
  #byId(name) {
    return this.svg.querySelector(`#${this.svg.dataset.prefix}${name}`);
  }

  /** @param {string} name @param {number} i @param {Group | null} unit @returns {Box} */
  #box(name, i, unit) {
    const group = this.#byId(name);
    if (!group) throw new Error(`the picture has no box ${name}`);
    group.setAttribute("role", "button");
    group.setAttribute("tabindex", "-1");
    if (unit) group.dataset.unit = name.slice(1);
    else group.dataset.node = String(i);
    const tint = [...group.classList].find((name) => name.startsWith("tint")) ?? "";
    const [data, grad] = [within(group, ".data"), within(group, ".grad")];
    return { group, data, grad, unit, outputs: unit ? unit.outputs : [i], node: i, tint, label: "" };
  }

  /** @param {string} name @param {boolean} single @returns {Edge | null} */
  #edge(name, single) {
    const group = this.#byId(name);
    return group && { group, partial: single ? group.querySelector("text") : null };
  }

  /**
   * Bring these nodes, and the edges into them, to the state after step s; what is `secret` of
   * the node `target`, its data or its grad, is to be guessed.
   * @param {Iterable<number>} changed
   * @param {number} s
   * @param {number} target
   * @param {"" | "data" | "grad"} secret
   */
  show(changed, s, target, secret) {
    /** @type {Set<Box>} */
    const boxes = new Set();
    for (const i of changed) {
      boxes.add(this.boxes[i]);
      const computed = computedAt[i] <= s && now.known[i];
      this.edges[i].forEach((edge, k) => {
        if (!edge?.partial) return;
        edge.group.classList.toggle("pending", !computed);
        write(edge.partial, computed ? short(now.partials[i][k]) : UNKNOWN);
      });
    }
    for (const box of boxes) this.#fill(box, s, box.outputs.includes(target) ? secret : "");
  }

  /** @param {Box} box @param {number} s @param {"" | "data" | "grad"} secret */
  #fill(box, s, secret) {
    const { group, outputs } = box;
    const computed = outputs.filter((i) => computedAt[i] <= s && now.known[i]);
    const changes = now.fault ? [] : outputs.map((i) => changeBefore(i, s)).filter((change) => change > 0);
    const grads = changes.map((change) => after[change]);
    const data = computed.length ? range(computed.map((i) => now.values[i])) : UNKNOWN;
    const grad = grads.length ? range(grads) : UNKNOWN;
    write(box.data, secret === "data" ? "?" : data);
    write(box.grad, secret === "grad" ? "?" : grad);
    group.classList.toggle("pending", !outputs.some((i) => computedAt[i] <= s));
    const fault = faultSeen();
    group.classList.toggle("broken", fault !== null && this.boxes[fault.node] === box);
    if (!box.unit) {
      note(group, "value", computed.length ? exact(now.values[box.node]) : null);
      note(group, "grad", grads.length ? exact(grads[0]) : null);
    }
    const color = grads.length ? `tint${tint(grads)}` : "";
    if (color !== box.tint) {
      if (box.tint) group.classList.remove(box.tint);
      if (color) group.classList.add(color);
      box.tint = color;
    }
    const { unit } = box;
    const name = unit
      ? `${clipped(unit.name) || "group"}, folded, ${counted(unit.members.length, "node")}`
      : described(box.node);
    const label = [
      name,
      computed.length ? `value ${secret === "data" ? "to be guessed" : data}` : "no value yet",
      grads.length ? `gradient ${secret === "grad" ? "to be guessed" : grad}` : "no gradient yet",
    ].join(", ");
    if (label !== box.label) group.setAttribute("aria-label", (box.label = label));
  }

  /**
   * Light what these steps are about, and put out what was lit before. Their boxes are `acting`.
   * @param {Step[]} steps
   */
  light(steps) {
    /** @type {Set<SVGElement>} */
    const lit = new Set();
    /** @type {Set<Box>} */
    const boxes = new Set();
    for (const step of steps) {
      if (step.kind === "start") continue;
      const own = this.edges[step.node];
      const edges = step.kind === "forward" ? own : step.kind === "edge" ? [own[step.k]] : [];
      for (const edge of edges) if (edge) lit.add(edge.group);
      const nodes = step.kind === "forward" ? [...NODES[step.node].operands] : [];
      nodes.push(step.node);
      if (step.kind === "edge") nodes.push(step.to); // last of all, as what changes
      for (const i of nodes) boxes.add(this.boxes[i]);
    }
    for (const { group } of boxes) lit.add(group);
    for (const part of this.lit) if (!lit.has(part)) part.classList.remove("lit");
    for (const part of lit) if (!this.lit.has(part)) part.classList.add("lit");
    this.lit = lit;
    this.acting = [...boxes];
  }

  /** Mark the paths from the root down to node i; none for -1. @param {number} i */
  trace(i) {
    for (const part of this.path) part.classList.remove("path", "chosen");
    this.path = [];
    if (i < 0) return;
    const mark = (/** @type {Part | null} */ part, /** @type {string} */ name) => {
      if (!part) return;
      part.group.classList.add(name);
      this.path.push(part.group);
    };
    mark(this.boxes[i], "chosen");
    const above = new Set([i]);
    for (const node of above) {
      for (const [user, k] of USES[node]) {
        mark(this.edges[user][k], "path");
        above.add(user);
      }
    }
  }

  /** Say at the node itself why it has no value. @param {typeof now.fault} fault */
  callout(fault) {
    this.said?.remove();
    this.said = null;
    if (!fault) return;
    const { left, top, right, bottom } = place(this.boxes[fault.node]);
    const lines = wrapped(fault.words, 34);
    const size = 14 * lines.length + 10;
    const middle = (left + right) / 2;
    const covers = (/** @type {number} */ y) => [...new Set(this.boxes)].map(place).filter((p) =>
      p.left < middle + 112 && p.right > middle - 112 && p.top < y + size && p.bottom > y).length;
    const y = covers(bottom + 8) <= covers(top - size - 8) ? bottom + 8 : top - size - 8;
    const callout = drawn("g", { class: "callout", transform: `translate(${middle} ${y})` });
    callout.append(drawn("rect", { x: -112, y: 0, width: 224, height: size, rx: 6 }));
    lines.forEach((line, n) => {
      const text = drawn("text", { x: 0, y: 18 + 14 * n, "text-anchor": "middle" });
      text.textContent = line;
      callout.append(text);
    });
    this.svg.append(callout);
    this.said = callout;
  }
}

/** @type {SVGSVGElement[]} */
const svgs = [...document.querySelectorAll("#picture > svg")].filter((svg) => svg instanceof SVGSVGElement);
const pictures = svgs.map((svg, k) => new Picture(svg, recorded.folds[recorded.fold_names[k]]));
let picture = pictures[0]; // the one to be seen

/** See one of the pictures, or one of one's own in their place. @type {(other: Picture) => void} */
function seePicture(other) {
  if (!pictures.includes(picture)) picture.svg.remove();
  picture = other;
  for (const svg of svgs) svg.classList.toggle("away", svg !== picture.svg);
  if (!pictures.includes(picture)) stage.append(picture.svg);
}
