/* Dots whose weights are the same in every case. Those of a layer, which have the same activities, are computed
   side by side: so activities, and on the way back their adjoints, are loaded once for several units.

   Each sum keeps the order that it has when the units come one after the other. */

/* Total inputs of `many` units, over a tile of a row. */
INLINE void FN(units)(
    const Tape *tape, const Instruction *at, int steps, int from, const int many, const int tile)
{
    const Py_ssize_t terms = at->count / 2;
    const Operand *w[2], *x = tape->operands + at->first + terms;
    V sum[2][8];
    UNROLLED(j, many) {
        w[j] = tape->operands + at[j].first;
        UNROLLED(t, tile)
            sum[j][t] = FN(same)(-0.0); /* which changes nothing that is added to it */
        if (at->flags & BIAS_FIRST)
            FN(add_bias)(tape, &at[j], steps, from, tile, sum[j]);
    }
    for (Py_ssize_t i = 0; i < terms; i++) {
        const V *row = ROWS(tape->values, x[i].value) + from;
        V weight[2];
        UNROLLED(j, many)
            weight[j] = FN(same)(tape->uniform[w[j][i].value]);
        UNROLLED(t, tile) {
            V activity = row[t];
            HOLD(activity);
            UNROLLED(j, many)
                sum[j][t] += weight[j] * activity;
        }
    }
    UNROLLED(j, many) {
        V *y = ROWS(tape->values, at[j].value) + from;
        if (!(at->flags & BIAS_FIRST))
            FN(add_bias)(tape, &at[j], steps, from, tile, sum[j]);
        UNROLLED(t, tile)
            y[t] = sum[j][t];
    }
}

APART void FN(layer)(const Tape *tape, const Instruction *at, int steps)
{
    const Instruction *end = at + 1 + at->after;
    for (; end - at >= 2; at += 2)
        IN_TILES(4, FN(units)(tape, at, steps, from, 2, tile));
    if (at < end)
        IN_TILES(8, FN(units)(tape, at, steps, from, 1, tile));
}

/* The term, over a tile of a row, to a sum over the cases that goes on from tile to tile. */
#define ADD_TILE(number, term)                                                                     \
    do {                                                                                           \
        V *sums_ = SUM_OF(number), sum_[SUMS];                                                     \
        UNROLLED(s, SUMS)                                                                          \
            sum_[s] = !ONE && tape->lone && from == 0 ? FN(same)(0.0) : sums_[s];                  \
        UNROLLED(t, tile)                                                                          \
            sum_[t % SUMS] += (term);                                                              \
        UNROLLED(s, SUMS)                                                                          \
            sums_[s] = sum_[s];                                                                    \
    } while (0)

/* What is in such a sum, once no more cases come. */
INLINE void FN(sum_up)(Tape *tape, int32_t number)
{
    if (number >= 0)
        tape->chunk_sums[number] = sum_of_lanes((const double *)SUM_OF(number));
}

/* The way back through one unit alone, whose activities may be the same ones again: in the eager engine's order,
   if it shall `pass` on to them. */
INLINE void FN(unit_reverse)(Tape *tape, const Instruction *at, int steps, const int pass)
{
    const Py_ssize_t terms = at->count / 2;
    const Operand *w = tape->operands + at->first, *x = w + terms, *bias = x + terms;
    const V *adjoint = ROWS(tape->adjoints, at->adjoint);
    IN_TILES(8, {
        V g[tile]; /* or the compiler could not keep it in registers */
        UNROLLED(t, tile)
            g[t] = adjoint[from + t];
        for (Py_ssize_t n = 0; n < terms; n++) {
            const Py_ssize_t i = at->flags & BIAS_FIRST ? terms - 1 - n : n;
            if (pass && x[i].sum != NOTHING) {
                const V weight = FN(same)(tape->uniform[w[i].value]);
                PASS_TILE(x[i], g[t] * weight);
            }
            if (w[i].adjoint >= 0)
                ADD_TILE(w[i].adjoint, g[t] * (ROWS(tape->values, x[i].value) + from)[t]);
        }
        if (at->count % 2 && bias->adjoint >= 0) {
            if (at->flags & UNIFORM_BIAS)
                ADD_TILE(bias->adjoint, g[t]);
            else
                PASS_TILE(*bias, g[t]);
        }
    });
    if (ONE || !tape->lone)
        return;
    for (Py_ssize_t i = 0; i < terms; i++)
        FN(sum_up)(tape, w[i].adjoint);
    if (at->flags & UNIFORM_BIAS)
        FN(sum_up)(tape, bias->adjoint);
}
#undef ADD_TILE

/* Adjoints of the `some` activities that are operands number `of`, from all units, over a tile of a row. */
INLINE void FN(pull)(
    Tape *tape, const Instruction *const *unit, int units, const Py_ssize_t *of, int steps, int from,
    const int some, const int tile)
{
    const Operand *x = tape->operands + unit[0]->first + unit[0]->count / 2;
    const V *g = ROWS(tape->adjoints, unit[0]->adjoint) + from;
    V sum[2][8], weight[2];
    UNROLLED(i, some) {
        const V *so_far = ROWS(tape->adjoints, x[of[i]].sum) + from;
        weight[i] = FN(same)(tape->uniform[(x - unit[0]->count / 2)[of[i]].value]);
        UNROLLED(t, tile)
            sum[i][t] = g[t] * weight[i];
        if (x[of[i]].sum != FRESH)
            UNROLLED(t, tile)
                sum[i][t] += so_far[t];
    }
    for (int j = 1; j < units; j++) {
        const Operand *w = tape->operands + unit[j]->first;
        g = ROWS(tape->adjoints, unit[j]->adjoint) + from;
        UNROLLED(i, some)
            weight[i] = FN(same)(tape->uniform[w[of[i]].value]);
        UNROLLED(t, tile) {
            V adjoint = g[t];
            HOLD(adjoint);
            UNROLLED(i, some)
                sum[i][t] += adjoint * weight[i];
        }
    }
    UNROLLED(i, some) {
        V *to = ROWS(tape->adjoints, x[of[i]].adjoint) + from;
        UNROLLED(t, tile)
            to[t] = sum[i][t];
    }
}

/* Activities' adjoints from several units. */
INLINE void FN(pull_all)(Tape *tape, const Instruction *const *unit, int units, int steps)
{
    const Py_ssize_t terms = unit[0]->count / 2;
    const Operand *x = tape->operands + unit[0]->first + terms;
    Py_ssize_t of[2];
    int found = 0;
    for (Py_ssize_t n = 0; n < terms; n++) {
        const Py_ssize_t i = unit[0]->flags & BIAS_FIRST ? terms - 1 - n : n; /* as rows.pxi has shared out rows */
        if (x[i].sum == NOTHING)
            continue;
        of[found++] = i;
        if (found == 2) {
            IN_TILES(4, FN(pull)(tape, unit, units, of, steps, from, 2, tile));
            found = 0;
        }
    }
    if (found)
        IN_TILES(8, FN(pull)(tape, unit, units, of, steps, from, 1, tile));
}

/* The weights' adjoints, summed over the cases, of two units for `some` activities, from operand number i on. */
INLINE void FN(weigh)(
    Tape *tape, const Instruction *const *unit, Py_ssize_t i, int steps, const int some)
{
    const Py_ssize_t terms = unit[0]->count / 2;
    const Operand *w[2];
    const V *g[2], *x[4];
    V sums[2][4][SUMS];
    int32_t none = -1;
    UNROLLED(j, 2) {
        w[j] = tape->operands + unit[j]->first + i;
        g[j] = ROWS(tape->adjoints, unit[j]->adjoint);
        UNROLLED(k, some)
            none &= w[j][k].adjoint;
    }
    if (none < 0)
        return;
    UNROLLED(k, some)
        x[k] = ROWS(tape->values, w[0][terms + k].value);
    for (int s = 0; s < SUMS; s++) {
        V sum[2][4];
        UNROLLED(j, 2)
            UNROLLED(k, some)
                sum[j][k] = FN(sum_so_far)(tape, w[j][k].adjoint < 0 ? 0 : w[j][k].adjoint, s);
        for (int t = s; t < steps; t += SUMS) {
            V adjoint[2];
            UNROLLED(j, 2) {
                adjoint[j] = g[j][t];
                HOLD(adjoint[j]);
            }
            UNROLLED(k, some) {
                V activity = x[k][t];
                HOLD(activity);
                UNROLLED(j, 2)
                    sum[j][k] += adjoint[j] * activity;
            }
        }
        UNROLLED(j, 2)
            UNROLLED(k, some)
                sums[j][k][s] = sum[j][k];
    }
    UNROLLED(j, 2)
        UNROLLED(k, some)
            if (w[j][k].adjoint >= 0)
                FN(keep_sum)(tape, w[j][k].adjoint, sums[j][k]);
}

/* The way back through a unit and all before it in its layer. Units without an adjoint are none. */
APART void FN(layer_reverse)(Tape *tape, const Instruction *at, int steps)
{
    const Py_ssize_t terms = at->count / 2;
    const Instruction *unit[MOST_UNITS];
    int units = 0, j = 0;
    for (const Instruction *each = at; each >= at - at->before; each--)
        if (each->adjoint >= 0)
            unit[units++] = each;
    if (units > 2)
        FN(pull_all)(tape, unit, units, steps);
    for (; units > 2 && units - j >= 2; j += 2) {
        Py_ssize_t i = 0;
        for (int k = j; k < j + 2; k++)
            FN(pass_to_bias)(tape, unit[k], ROWS(tape->adjoints, unit[k]->adjoint), steps);
        for (; terms - i >= 4; i += 4)
            FN(weigh)(tape, unit + j, i, steps, 4);
        for (; terms - i >= 2; i += 2)
            FN(weigh)(tape, unit + j, i, steps, 2);
        if (i < terms)
            FN(weigh)(tape, unit + j, i, steps, 1);
    }
    for (; j < units; j++)
        FN(unit_reverse)(tape, unit[j], steps, units <= 2);
}
