/* Sums of products whose operands are all rows: dots, and chains, which chains.pxi makes. And logsumexp. */

/* Add the products from left to right. */
INLINE void FN(add_products)(
    const Tape *tape, const Operand *w, Py_ssize_t terms, int steps, int from, const int tile, V *sum)
{
    const Operand *x = w + terms;
    for (Py_ssize_t i = 0; i < terms; i++) {
        const V *weights = ROWS(tape->values, w[i].value) + from;
        const V *row = ROWS(tape->values, x[i].value) + from;
        UNROLLED(t, tile)
            sum[t] += weights[t] * row[t];
    }
}

INLINE void FN(add_bias)(const Tape *tape, const Instruction *at, int steps, int from, const int tile, V *sum)
{
    const Operand *bias = tape->operands + at->first + at->count - 1;
    if (at->count % 2 == 0)
        return;
    if (at->flags & UNIFORM_BIAS) {
        const V b = FN(same)(tape->uniform[bias->value]);
        UNROLLED(t, tile)
            sum[t] += b;
    } else {
        const V *row = ROWS(tape->values, bias->value) + from;
        UNROLLED(t, tile)
            sum[t] += row[t];
    }
}

/* Equation (1): the products, then the bias; of a chain, the bias first. */
APART void FN(dot)(const Tape *tape, const Instruction *at, int steps)
{
    const Operand *w = tape->operands + at->first;
    V *y = ROWS(tape->values, at->value);
    IN_TILES(8, {
        V sum[tile];
        UNROLLED(t, tile)
            sum[t] = FN(same)(-0.0); /* which changes nothing that is added to it */
        if (at->flags & BIAS_FIRST)
            FN(add_bias)(tape, at, steps, from, tile, sum);
        FN(add_products)(tape, w, at->count / 2, steps, from, tile, sum);
        if (!(at->flags & BIAS_FIRST))
            FN(add_bias)(tape, at, steps, from, tile, sum);
        UNROLLED(t, tile)
            y[from + t] = sum[t];
    });
}

/* Such a sum over the cases as it is so far, and as it is now. */
INLINE V FN(sum_so_far)(const Tape *tape, int32_t number, int s)
{
    return !ONE && tape->lone ? FN(same)(0.0) : SUM_OF(number)[s];
}

INLINE void FN(keep_sum)(Tape *tape, int32_t number, const V *sum)
{
    if (!ONE && tape->lone) {
        double lanes[LANES];
        memcpy(lanes, sum, ONE ? 0 : sizeof lanes);
        tape->chunk_sums[number] = sum_of_lanes(lanes);
    } else
        for (int s = 0; s < SUMS; s++)
            SUM_OF(number)[s] = sum[s];
}

INLINE void FN(sum_adjoint)(Tape *tape, int32_t number, const V *g, int steps)
{
    V sum[SUMS];
    UNROLLED(s, SUMS)
        sum[s] = FN(sum_so_far)(tape, number, s);
    for (int t = 0; t < steps; t += SUMS)
        UNROLLED(s, SUMS)
            sum[s] += g[t + s];
    FN(keep_sum)(tape, number, sum);
}

/* To the bias, if there is one. */
INLINE void FN(pass_to_bias)(Tape *tape, const Instruction *at, const V *g, int steps)
{
    const Operand *bias = tape->operands + at->first + at->count - 1;
    if (at->count % 2 == 0 || bias->adjoint < 0)
        return;
    if (at->flags & UNIFORM_BIAS)
        FN(sum_adjoint)(tape, bias->adjoint, g, steps);
    else
        PASS(*bias, 0, EACH, s, g[s]);
}

/* In the order of the eager engine: of a chain, the last term first, as its product was recorded last. */
APART void FN(dot_reverse)(Tape *tape, const Instruction *at, int steps)
{
    const Py_ssize_t terms = at->count / 2;
    const Operand *w = tape->operands + at->first, *x = w + terms;
    const V *adjoint = ROWS(tape->adjoints, at->adjoint);
    IN_TILES(8, {
        V g[tile]; /* or the compiler could not keep it in registers */
        UNROLLED(t, tile)
            g[t] = adjoint[from + t];
        if (at->flags & BIAS_FIRST)
            for (Py_ssize_t i = terms - 1; i >= 0; i--) {
                const V *weights = ROWS(tape->values, w[i].value) + from;
                const V *row = ROWS(tape->values, x[i].value) + from;
                PASS_TILE(x[i], g[t] * weights[t]);
                PASS_TILE(w[i], g[t] * row[t]);
            }
        else {
            for (Py_ssize_t i = 0; i < terms; i++) {
                const V *row = ROWS(tape->values, x[i].value) + from;
                PASS_TILE(w[i], g[t] * row[t]);
            }
            for (Py_ssize_t i = 0; i < terms; i++) {
                const V *weights = ROWS(tape->values, w[i].value) + from;
                PASS_TILE(x[i], g[t] * weights[t]);
            }
        }
    });
    FN(pass_to_bias)(tape, at, adjoint, steps);
}

/* y = top + log of the sum of exp(x - top), and each term's share of that sum. */
APART void FN(logsumexp)(const Tape *tape, const Instruction *at, int steps)
{
    const Operand *x = tape->operands + at->first;
    V *y = ROWS(tape->values, at->value);
    EACH {
        V top = FN(same)(-INFINITY), sum = FN(same)(0.0);
        I found = {0}; /* the largest term: its share is 1, and log1p of the others keeps its digits */
        for (Py_ssize_t i = 0; i < at->count; i++) {
            V term = ROWS(tape->values, x[i].value)[s];
            top = FN(choose)(TRUTH(term <= top), top, term);
        }
        for (Py_ssize_t i = 0; i < at->count; i++) {
            V term = ROWS(tape->values, x[i].value)[s], share = FN(exponential)(term - top, 0);
            I largest = TRUTH(term == top) & ~found;
            found |= largest;
            ROWS(tape->values, at->partial + i)[s] = share;
            sum += FN(choose)(largest, FN(same)(0.0), share);
        }
        for (Py_ssize_t i = 0; i < at->count; i++)
            ROWS(tape->values, at->partial + i)[s] /= 1.0 + sum;
        double sums[IN_V];
        memcpy(sums, &sum, sizeof sum);
        for (int lane = 0; lane < IN_V; lane++)
            sums[lane] = log1p(sums[lane]);
        memcpy(&sum, sums, sizeof sum);
        y[s] = top + sum;
    }
}
