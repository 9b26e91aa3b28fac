// Family trees: the weights from the 24 people to the six units of their code, as in Fig. 4.

/* global NET, addView, byId, data, drawn, element, figure, incoming, training */

const PERSONS = 24; // a unit that listens to so many inputs is one of the person code
const CODE = data.kind === "family_trees" ? NET.units.map((_, u) => u).filter((u) => incoming[u].length === PERSONS) : [];
const PEOPLE = CODE.length ? incoming[CODE[0]].map((each) => each.from) : [];
const CELL = 26;

const CODE_SQUARES = CODE.flatMap((u, k) => {
  const across = Math.ceil(PEOPLE.length / 2);
  const names = k % 3 === 0 ? 46 : 0; // English names above the first and the fourth block,
  const below = k % 3 === 2 ? 46 : 0; // Italian ones below the third and the last
  const svg = drawn("svg", { viewBox: `0 0 ${CELL * across + 30} ${2 * CELL + names + below + 2}`, role: "img", "aria-label": `${NET.units[u].label}: its weights from ${PEOPLE.length} people` });
  svg.append(drawn("rect", { class: "field", x: 0, y: names, width: CELL * across, height: 2 * CELL }));
  const squares = PEOPLE.map((p, i) => {
    const [x, y] = [CELL * ((i % across) + 0.5), names + CELL * (Math.floor(i / across) + 0.5)];
    const cell = drawn("rect", { class: "person", x: x - CELL / 2, y: y - CELL / 2, width: CELL, height: CELL, "fill-opacity": 0 });
    const square = drawn("rect", { class: "square", x, y, width: 0, height: 0 });
    const parameter = incoming[u].find((each) => each.from === p)?.parameter ?? -1;
    cell.addEventListener("pointerenter", () => tellCode(p, u, parameter));
    cell.addEventListener("click", () => tellCode(p, u, parameter));
    svg.append(square, cell);
    return { square, parameter, x, y };
  });
  /** @type {(people: number[], y: number, angle: number) => void} */
  const write = (people, y, angle) => people.forEach((p, i) => {
    const at = CELL * (i + 0.5);
    const text = drawn("text", { x: at, y, transform: `rotate(${angle} ${at} ${y})`, class: "soft" });
    text.textContent = NET.units[p].label;
    svg.append(text);
  });
  if (names) write(PEOPLE.slice(0, across), names - 4, -40);
  if (below) write(PEOPLE.slice(across), names + 2 * CELL + 10, 40);
  const caption = element("h3", NET.units[u].label);
  byId("codes").append(caption, svg);
  return squares;
});

/** @type {(person: number, u: number, parameter: number) => void} */
function tellCode(person, u, parameter) {
  byId("code-pointed").textContent = `${NET.units[person].label} → ${NET.units[u].label}: ${figure(training.parameters[parameter])}`;
}

if (CODE.length) {
  byId("codes-card").hidden = false;
  addView(() => {
    let largest = 1e-9;
    for (const { parameter } of CODE_SQUARES) largest = Math.max(largest, Math.abs(training.parameters[parameter]) || 0);
    for (const { square, parameter, x, y } of CODE_SQUARES) {
      const w = training.parameters[parameter];
      const side = (Math.sqrt(Math.abs(w) / largest) * (CELL - 2) || 0).toFixed(1);
      if (square.getAttribute("width") === side) continue;
      square.setAttribute("width", side);
      square.setAttribute("height", side);
      square.setAttribute("x", String(x - Number(side) / 2));
      square.setAttribute("y", String(y - Number(side) / 2));
      square.setAttribute("class", w < 0 ? "square minus" : "square plus");
    }
  });
}
