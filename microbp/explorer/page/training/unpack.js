// The page's data, from the few characters in which explorer/packed_training.py writes it.

/* exported unpacked */

/** The whole numbers of a text such as "3-7 5*3 -1". @type {(text: string) => number[]} */
function numbersIn(text) {
  return text.split(" ").flatMap((word) => {
    const [, first, last, times] = /^(-?\d+)(?:-(\d+)|\*(\d+))?$/.exec(word) ?? [];
    if (first === undefined) return [];
    const count = last ? Number(last) - Number(first) + 1 : Number(times ?? 1);
    return Array.from({ length: count }, (_, k) => Number(first) + (last ? k : 0));
  });
}

/** @type {(row: string | number[]) => number[]} */
const unpackedRow = (row) => (typeof row === "string" ? Array.from(row, Number) : row);

/** @type {(packed: any) => any} */
function unpacked(packed) {
  const { cases, held_out: heldOut, net, program, reinit, settings, start } = packed;
  const listed = (/** @type {string | null} */ text) => (text === null ? null : numbersIn(text));
  return {
    ...packed,
    cases: cases.map(unpackedRow),
    held_out: heldOut && { ...heldOut, cases: heldOut.cases.map(unpackedRow) },
    program: program && {
      inputs: Array(program.inputs).fill(""),
      parameters: start.map((/** @type {number} */ x) => ["", x]),
      constants: program.constants.map((/** @type {number} */ x) => ["", x]),
      operations: program.operations.map((/** @type {string} */ text) => {
        const end = text.indexOf(" ");
        return [text.slice(0, end), numbersIn(text.slice(end + 1))];
      }),
      outputs: numbersIn(program.outputs),
    },
    net: net && unpackedNet(net),
    settings: { ...settings, decaying: listed(settings.decaying), copies: listed(settings.copies) },
    reinit: reinit && reinit.flatMap((/** @type {[number, number, string]} */ [low, high, text]) =>
      numbersIn(text).map((parameter) => ({ parameter, low, high }))),
  };
}

/** @type {(net: any) => any} */
function unpackedNet({ columns, labels, node, total, bias, from, to, parameter }) {
  const [nodes, totals, biases, sources, ends, parameters] = [node, total, bias, from, to, parameter].map(numbersIn);
  return {
    columns: columns.map((/** @type {[string, string]} */ [name, units]) => ({ name, units: numbersIn(units) })),
    units: labels.map((/** @type {string} */ label, /** @type {number} */ u) => ({ label, node: nodes[u], total: totals[u], bias: biases[u] })),
    connections: sources.map((source, k) => ({ from: source, to: ends[k], parameter: parameters[k] })),
  };
}
