// Which equation a step is: one of the paper's (1) to (7), or the chain rule as such.

/* global NODES, number */
/* exported equationOf */

/**
 * The formula, then the partial for each operand; c is the result, a and b are the operands.
 * @type {Record<string, string[]>}
 */
const LOCAL = {
  add: ["c = a + b", "1", "1"],
  sub: ["c = a − b", "1", "−1"],
  mul: ["c = a · b", "b", "a"],
  div: ["c = a / b", "1 / b", "−c / b"],
  neg: ["c = −a", "−1"],
  pow: ["c = a^b", "b · a^(b − 1)", "c · log a"],
  abs: ["c = |a|", "the sign of a"],
  exp: ["c = exp a", "c"],
  expm1: ["c = exp a − 1", "exp a"],
  log: ["c = log a", "1 / a"],
  log1p: ["c = log(1 + a)", "1 / (1 + a)"],
  log2: ["c = log₂ a", "1 / (a · log 2)"],
  log10: ["c = log₁₀ a", "1 / (a · log 10)"],
  exp2: ["c = 2^a", "c · log 2"],
  sqrt: ["c = √a", "1 / (2c)"],
  cbrt: ["c = ∛a", "1 / (3c²)"],
  sin: ["c = sin a", "cos a"],
  cos: ["c = cos a", "−sin a"],
  tan: ["c = tan a", "1 + c²"],
  asin: ["c = asin a", "1 / √(1 − a²)"],
  acos: ["c = acos a", "−1 / √(1 − a²)"],
  atan: ["c = atan a", "1 / (1 + a²)"],
  atan2: ["c = atan2(a, b)", "b / (a² + b²)", "−a / (a² + b²)"],
  sinh: ["c = sinh a", "cosh a"],
  cosh: ["c = cosh a", "sinh a"],
  tanh: ["c = tanh a", "1 − c²"],
  asinh: ["c = asinh a", "1 / √(1 + a²)"],
  acosh: ["c = acosh a", "1 / √(a² − 1)"],
  atanh: ["c = atanh a", "1 / (1 − a²)"],
  softplus: ["c = log(1 + exp a)", "1 / (1 + exp(−a))"],
  relu: ["c = max(a, 0)", "1 above 0, else 0"],
  leaky_relu: ["c = a if a > 0, else 0.01 a", "1 above 0, else 0.01"],
  silu: ["c = a σ(a)", "σ(a) + c σ(−a)"],
  gelu: ["c = a Φ(a)", "Φ(a) + a φ(a)"],
  maximum: ["c = max(a, b)", "1 if a is the larger, else 0", "1 if b is the larger, else 0"],
  minimum: ["c = min(a, b)", "1 if a is the smaller, else 0", "1 if b is the smaller, else 0"],
  where_positive: ["c = b if a > 0, else d", "0", "1 if a > 0, else 0", "1 if a ≤ 0, else 0"],
  hypot: ["c = √(a² + b²)", "a / c", "b / c"],
  logaddexp: ["c = log(exp a + exp b)", "1 / (1 + exp(b − a))", "1 / (1 + exp(a − b))"],
  erf: ["c = erf a", "2 / √π · exp(−a²)"],
  erfc: ["c = 1 − erf a", "−2 / √π · exp(−a²)"],
  lgamma: ["c = log |Γ(a)|", "digamma a"],
  digamma: ["c = digamma a", "trigamma a"],
};

/** @type {(i: number, data: number) => boolean} */
const leafOf = (i, data) => !NODES[i].op && number(NODES[i].data) === data;

/** The nodes of a squared error, ½ Σ (y − d)², as `losses.squared_error` makes it. */
const inError = (() => {
  /** @type {Set<number>} */
  const found = new Set();
  /** @type {(i: number) => boolean} */
  const isSquare = (i) => {
    const { op, operands } = NODES[i];
    const [a, b] = operands;
    const squared = (op === "mul" && a === b) || (op === "pow" && leafOf(b, 2));
    return squared && NODES[a].op === "sub";
  };
  NODES.forEach((node, i) => {
    if (node.op !== "mul") return;
    const [a, b] = node.operands;
    const sum = leafOf(b, 0.5) ? a : leafOf(a, 0.5) ? b : -1;
    if (sum < 0) return;
    const squares = NODES[sum].op === "total" ? NODES[sum].operands : [sum];
    if (!squares.every(isSquare)) return;
    for (const part of [i, sum, ...squares]) found.add(part);
    for (const square of squares) found.add(NODES[square].operands[0]);
  });
  return found;
})();

/** Whether node i is a function of one operand, made by `op`. @type {(i: number, op: string) => boolean} */
const followsOnly = (i, op) => NODES[i].operands.length === 1 && NODES[NODES[i].operands[0]].op === op;

/**
 * The key of a step's equation among the templates of the page, and a line about it.
 * @type {(step: Step) => [string, string]}
 */
function equationOf(step) {
  if (step.kind === "start") return ["", ""];
  if (step.kind === "seed") return ["seed", ""];
  const { op, operands } = NODES[step.node];
  const local = Object.hasOwn(LOCAL, op) ? LOCAL[op] : null;
  if (step.kind === "forward") {
    if (inError.has(step.node)) return ["3", errorPart(step.node)];
    if (op === "dot") return ["1", ""];
    if (op === "sigmoid") return ["2", ""];
    if (followsOnly(step.node, "dot")) return ["2f", local ? local[0] : ""];
    return ["", local ? local[0] : op];
  }
  if (step.kind !== "edge") return ["", ""];
  if (inError.has(step.node)) return ["4", errorPart(step.node)];
  if (op === "sigmoid") return ["5", ""];
  if (op === "dot") {
    const terms = operands.length >> 1;
    if (step.k === operands.length - 1) return ["6", "The bias is the weight of an input that is always 1."];
    if (step.k >= terms) return ["7", "One term of the sum: the one by way of this unit."];
    return ["6", ""];
  }
  if (followsOnly(step.node, "dot")) return ["5f", local ? `${local[0]}, so f′ = ${local[1]}` : ""];
  if (op === "total") return ["chain", "∂c/∂a = 1, as c is the sum"];
  if (op === "logsumexp") return ["chain", "∂c/∂a = exp(a − c), where c = log Σ exp a"];
  const slot = op === "where_positive" ? ["a", "b", "d"][step.k] : step.k ? "b" : "a";
  const factor = step.k ? "b" : "a";
  if (!local) return ["chain", ""];
  const rule = `∂c/∂${slot} = ${local[1 + step.k]}, where ${local[0]}`;
  return [factor === "b" || slot !== "a" ? "chain-b" : "chain", rule];
}

/** @type {(i: number) => string} */
function errorPart(i) {
  const { op, operands } = NODES[i];
  if (op === "sub") return "Here: the difference y − d.";
  if (op === "total") return "Here: the sum over the output units.";
  if (operands[0] === operands[1] || op === "pow") return "Here: the square.";
  return "Here: the half.";
}
