// A picture: Graphviz's SVG, whose numbers, colors and lights follow the step. There are several
// where the graph has units: in all but the first a box stands for a unit or a layer.

const DIGIT = 6.7; // points that a digit takes in the picture's 12-point type, with something to spare
const CROWD = 1000; // boxes and edges, from which on those out of view are taken out
const STEPS_OF_COLOR = [0.001, 0.01, 0.1, 1]; // the same as in what `microbp.draw` draws

/** -5 to 5: the color of the gradient furthest from 0, on a scale that is always the same. */
function tint(grads) {
  if (grads.some(Number.isNaN)) return "nan";
  const grad = grads.reduce((most, x) => (Math.abs(x) > Math.abs(most) ? x : most), 0);
  const level = grad === 0 ? 0 : 1 + STEPS_OF_COLOR.filter((step) => Math.abs(grad) >= step).length;
  return String(grad < 0 ? -level : level);
}

class Picture {
  constructor(svg, groups) {
    this.svg = svg;
    const names = NODES.map((_, i) => `n${i}`);
    groups.forEach(({ members }, j) => members.forEach((i) => (names[i] = `u${j}`)));
    const made = new Map();
    const counts = new Map(); // of the edges that one line stands for
    this.boxes = names.map((name, i) => {
      const group = name === `n${i}` ? null : groups[Number(name.slice(1))];
      if (!made.has(name)) made.set(name, this.#box(name, i, group));
      return made.get(name);
    });
    const lines = NODES.map(({ operands }, i) =>
      operands.map((operand, k) => {
        const apart = this.boxes[i].unit || this.boxes[operand].unit;
        const name = apart ? `f${names[operand]}_${names[i]}` : `e${i}_${k}`;
        counts.set(name, (counts.get(name) || 0) + 1);
        return name;
      }));
    const edges = new Map([...counts].map(([name, count]) => [name, this.#edge(name, count === 1)]));
    this.edges = lines.map((some) => some.map((name) => edges.get(name)));
    // Browsers take their time over thousands of elements, so only those in view are there then.
    const parts = [...new Set([...this.boxes, ...this.edges.flat()])].filter(Boolean);
    this.parts = parts.length > CROWD ? parts : [];
    this.lit = [];
    this.path = [];
  }

  /** Take out what lies beyond these bounds, and put in what doesn't. */
  cull(left, top, right, bottom) {
    for (const part of this.parts) {
      const p = place(part);
      hide(part, p.right < left || p.left > right || p.bottom < top || p.top > bottom);
    }
  }

  #byId(name) {
    return document.getElementById(this.svg.dataset.prefix + name);
  }

  #box(name, i, unit) {
    const group = this.#byId(name);
    group.setAttribute("role", "button");
    group.setAttribute("tabindex", "-1");
    if (unit) group.dataset.unit = name.slice(1);
    else group.dataset.node = i;
    const [data, grad] = [group.querySelector(".data"), group.querySelector(".grad")];
    return { group, data, grad, unit, outputs: unit ? unit.outputs : [i], node: i, tint: [...group.classList].find((name) => name.startsWith("tint")), label: "" };
  }

  #edge(name, single) {
    const group = this.#byId(name);
    return group && { group, partial: single ? group.querySelector("text") : null };
  }

  /** Bring these nodes, and the edges into them, to the state after step s; what is `secret` of
   * the node `target`, its data or its grad, is to be guessed. */
  show(changed, s, target, secret) {
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
    group.classList.toggle("broken", now.fault !== null && this.boxes[now.fault.node] === box);
    if (!box.unit) {
      keep(group, "value", computed.length ? exact(now.values[box.node]) : null);
      keep(group, "grad", grads.length ? exact(grads[0]) : null);
    }
    const color = grads.length ? `tint${tint(grads)}` : "";
    if (color !== box.tint) {
      if (box.tint) group.classList.remove(box.tint);
      if (color) group.classList.add(color);
      box.tint = color;
    }
    const name = box.unit ? `${clipped(box.unit.name) || "group"}, ${counted(box.unit.members.length, "node")}` : described(box.node);
    const label = [
      name,
      computed.length ? `value ${secret === "data" ? "to be guessed" : data}` : "no value yet",
      grads.length ? `gradient ${secret === "grad" ? "to be guessed" : grad}` : "not swept",
    ].join(", ");
    if (label !== box.label) group.setAttribute("aria-label", (box.label = label));
  }

  /** Light what a step is about, and put out what the step before it lit. The boxes are `acting` then. */
  light(step) {
    for (const part of this.lit) part.classList.remove("lit");
    const edges = step.kind === "forward" ? this.edges[step.node] : step.kind === "edge" ? [this.edges[step.node][step.k]] : [];
    const nodes = step.kind === "forward" ? [...NODES[step.node].operands] : [];
    if (step.kind !== "start") nodes.push(step.node);
    if (step.kind === "edge") nodes.push(step.to); // last of all, as what changes
    const boxes = nodes.map((i) => this.boxes[i]);
    this.lit = [...edges, ...boxes].filter(Boolean).map((part) => part.group);
    for (const part of this.lit) part.classList.add("lit");
    this.acting = boxes;
  }

  /** Mark the paths from the root down to node i; none for -1. */
  trace(i) {
    for (const part of this.path) part.classList.remove("path", "chosen");
    this.path = [];
    if (i < 0) return;
    const mark = (part, name) => {
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

  /** Say at the node itself why it has no value. */
  callout() {
    this.svg.querySelector(".callout")?.remove();
    if (!now.fault) return;
    const { left, top, right, bottom } = place(this.boxes[now.fault.node]);
    const lines = wrapped(now.fault.words, 34);
    const size = 14 * lines.length + 10;
    const middle = (left + right) / 2;
    const covers = (y) => [...new Set(this.boxes)].map(place).filter((p) =>
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
  }
}

/** Empty a part of the picture, or fill it again. What is merely not displayed costs time. */
function hide(part, off) {
  if (off === Boolean(part.inside)) return;
  if (off) {
    place(part);
    part.inside = [...part.group.childNodes];
    part.group.replaceChildren();
  } else {
    part.group.replaceChildren(...part.inside);
    part.inside = null;
  }
}

/** The place of a box or an edge in its picture, as Graphviz has written it there. */
function place(part) {
  if (part.place) return part.place;
  const [e, f] = part.group.parentNode.getAttribute("transform").match(/translate\(([^)]*)\)/)[1].split(/[ ,]+/).map(Number);
  const shapes = [...part.group.querySelectorAll("path, polygon")];
  const numbers = shapes.flatMap((shape) => (shape.getAttribute("d") || shape.getAttribute("points")).match(/-?[\d.]+/g).map(Number));
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

function described(i) {
  const kind = kindOf(i);
  return kind === "constant" ? "a constant" : `${brief(i)}, ${kind}`;
}

function kindOf(i) {
  return NODES[i].op || (NODES[i].name ? "a leaf" : "constant");
}

/** One number, or the least and the largest. */
function range(numbers) {
  const known = numbers.filter((x) => !Number.isNaN(x));
  if (known.length < numbers.length) return "nan";
  const least = known.reduce((a, b) => Math.min(a, b));
  const most = known.reduce((a, b) => Math.max(a, b));
  return short(least) === short(most) ? short(numbers[0]) : `${short(least)} … ${short(most)}`;
}

function keep(group, key, text) {
  if (text === null) delete group.dataset[key];
  else group.dataset[key] = text;
}

/** Put a number in its place; one that is too long for it is squeezed, never clipped. */
function write(text, written) {
  if (text.textContent === written) return;
  text.textContent = written;
  const room = Number(text.dataset.room);
  if (!room) return;
  if (written.length * DIGIT > room) {
    text.setAttribute("textLength", room);
    text.setAttribute("lengthAdjust", "spacingAndGlyphs");
  } else {
    text.removeAttribute("textLength");
  }
}

function drawn(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** A text in lines of at most so many characters. */
function wrapped(words, width) {
  const lines = [""];
  for (const word of words.split(" ").flatMap((long) => long.match(new RegExp(`.{1,${width}}`, "gsu")) || [])) {
    const line = lines[lines.length - 1];
    if (!line) lines[lines.length - 1] = word;
    else if (line.length + word.length < width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

const svgs = [...document.querySelectorAll("#picture > svg")];
const pictures = svgs.map((svg, fold) => new Picture(svg, recorded.folds[fold]));
let picture = pictures[0]; // the one to be seen
