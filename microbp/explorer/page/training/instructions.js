// How each operation of a program is run over several cases.

/* exported instruction */

/**
 * @typedef {object} Instruction
 * @property {(data: Float64Array, count: number) => void} run
 * @property {(data: Float64Array, grad: Float64Array, count: number) => void} back a zero adjoint
 *   or partial contributes zero
 */

/** @type {(operation: Operation, places: Places) => Instruction} */
function instruction({ value, partials, domain, over, back }, places) {
  if (over && back) {
    return {
      run: (data, count) => over(data, places, count),
      back: (data, grad, count) => back(data, grad, places, count),
    };
  }
  if (domain || places.at.length > 3) {
    return {
      run: (data, count) => runAny(data, places, count, value, domain),
      back: (data, grad, count) => backAny(data, grad, places, count, partials),
    };
  }
  if (places.at.length === 3) {
    return {
      run: (data, count) => runThree(data, places, count, value),
      back: (data, grad, count) => backThree(data, grad, places, count, partials),
    };
  }
  if (places.at.length === 2) {
    return {
      run: (data, count) => runTwo(data, places, count, value),
      back: (data, grad, count) => backTwo(data, grad, places, count, partials),
    };
  }
  return {
    run: (data, count) => runOne(data, places, count, value),
    back: (data, grad, count) => backOne(data, grad, places, count, partials),
  };
}

/** @typedef {Operation["value"]} ValueOf @typedef {Operation["partials"]} PartialsOf */

/** @type {(data: Float64Array, places: Places, count: number, value: ValueOf) => void} */
function runOne(data, { at, step, to }, count, value) {
  const [x, xStep] = [at[0], step[0]];
  for (let c = 0; c < count; c++) data[to + c] = value(data[x + c * xStep]);
}

/** @type {(data: Float64Array, grad: Float64Array, places: Places, count: number, partials: PartialsOf) => void} */
function backOne(data, grad, { at, step, to }, count, partials) {
  const [x, xStep] = [at[0], step[0]];
  for (let c = 0; c < count; c++) {
    const adjoint = grad[to + c];
    if (adjoint === 0) continue;
    const partial = partials(data[to + c], data[x + c * xStep])[0];
    if (partial !== 0) grad[x + c * xStep] += adjoint * partial;
  }
}

/** @type {(data: Float64Array, places: Places, count: number, value: ValueOf) => void} */
function runTwo(data, { at, step, to }, count, value) {
  const [x, xStep, y, yStep] = [at[0], step[0], at[1], step[1]];
  for (let c = 0; c < count; c++) data[to + c] = value(data[x + c * xStep], data[y + c * yStep]);
}

/** @type {(data: Float64Array, grad: Float64Array, places: Places, count: number, partials: PartialsOf) => void} */
function backTwo(data, grad, { at, step, to, wanted }, count, partials) {
  const [x, xStep, y, yStep] = [at[0], step[0], at[1], step[1]];
  const [xWanted, yWanted] = wanted;
  for (let c = 0; c < count; c++) {
    const adjoint = grad[to + c];
    if (adjoint === 0) continue;
    const both = partials(data[to + c], data[x + c * xStep], data[y + c * yStep]);
    if (xWanted && both[0] !== 0) grad[x + c * xStep] += adjoint * both[0];
    if (yWanted && both[1] !== 0) grad[y + c * yStep] += adjoint * both[1];
  }
}

/** @type {(data: Float64Array, places: Places, count: number, value: ValueOf) => void} */
function runThree(data, { at, step, to }, count, value) {
  const [x, xStep, y, yStep, z, zStep] = [at[0], step[0], at[1], step[1], at[2], step[2]];
  for (let c = 0; c < count; c++) {
    data[to + c] = value(data[x + c * xStep], data[y + c * yStep], data[z + c * zStep]);
  }
}

/** @type {(data: Float64Array, grad: Float64Array, places: Places, count: number, partials: PartialsOf) => void} */
function backThree(data, grad, { at, step, to, wanted }, count, partials) {
  const [x, xStep, y, yStep, z, zStep] = [at[0], step[0], at[1], step[1], at[2], step[2]];
  const [xWanted, yWanted, zWanted] = wanted;
  for (let c = 0; c < count; c++) {
    const adjoint = grad[to + c];
    if (adjoint === 0) continue;
    const all = partials(data[to + c], data[x + c * xStep], data[y + c * yStep], data[z + c * zStep]);
    if (xWanted && all[0] !== 0) grad[x + c * xStep] += adjoint * all[0];
    if (yWanted && all[1] !== 0) grad[y + c * yStep] += adjoint * all[1];
    if (zWanted && all[2] !== 0) grad[z + c * zStep] += adjoint * all[2];
  }
}

/** @type {(data: Float64Array, places: Places, c: number) => number[]} */
function operandsOf(data, { at, step }, c) {
  return Array.from(at, (x, i) => data[x + c * step[i]]);
}

/** @type {(data: Float64Array, places: Places, count: number, value: ValueOf, domain: Operation["domain"]) => void} */
function runAny(data, places, count, value, domain) {
  for (let c = 0; c < count; c++) {
    const xs = operandsOf(data, places, c);
    data[places.to + c] = domain && domain(...xs) ? NaN : value(...xs);
  }
}

/** @type {(data: Float64Array, grad: Float64Array, places: Places, count: number, partials: PartialsOf) => void} */
function backAny(data, grad, places, count, partials) {
  const { at, step, to, wanted } = places;
  for (let c = 0; c < count; c++) {
    const adjoint = grad[to + c];
    if (adjoint === 0) continue;
    partials(data[to + c], ...operandsOf(data, places, c)).forEach((partial, i) => {
      if (wanted[i] && partial !== 0) grad[at[i] + c * step[i]] += adjoint * partial;
    });
  }
}
