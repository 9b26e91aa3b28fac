// What counts as right, as training/judges.py has it.

/* exported JUDGES */

/** Whether the outputs are right for the targets. @type {Record<string, (ys: Float64Array, ds: Float64Array) => boolean>} */
const JUDGES = {
  sides: (ys, ds) => allBeyond(ys, 0.5, ds, 0.5),
  answer: (ys, ds) => allBeyond(ys, 0, ds, 0.5),
  sign: (ys, ds) => allBeyond(ys, 0, ds, 0),
  largest: (ys, ds) => {
    const best = ds.indexOf(Math.max(...ds));
    return ys.every((y, i) => i === best || y < ys[best]);
  },
};

/** Each output on the same side of its edge as its target. @type {(ys: Float64Array, edge: number, ds: Float64Array, middle: number) => boolean} */
function allBeyond(ys, edge, ds, middle) {
  for (let i = 0; i < ds.length; i++) if (!((ys[i] - edge) * (ds[i] - middle) > 0)) return false;
  return true;
}
