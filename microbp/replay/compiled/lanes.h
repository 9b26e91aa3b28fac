/* The interpreter for rows of WIDTH cases, 64, 32, 16, 8 or 1, in vectors of as many as a kind of machine
   has registers for: see vectors.h.

   Sums have one order, the same for every width and every kind of machine: over operands from left to
   right, as in the eager engine, forward and backward; over cases in LANES sums, so that results have
   the same bits however the cases are cut. */

#define PASTE(name, width, kind) name##_##width##_##kind
#define PASTED(name, width, kind) PASTE(name, width, kind)
#define FN(name) PASTED(name, WIDTH, KIND)
#define INLINE static ALWAYS_INLINE TARGET

#if WIDTH == 1 || VECTOR == 1
#define V double
#define I int64_t
#define BITS uint64_t
#define IN_V 1
#define ALIKE(x) (x)
#define TRUTH(condition) (-(int64_t)(condition))
#ifdef FUSED_ONE
#define FUSED_V FUSED_ONE
#endif
#else
#define V NUMBERS_OF(VECTOR)
#define I INTS_OF(VECTOR)
#define BITS BITS_OF(VECTOR)
#define IN_V VECTOR
#define ALIKE(x) (V) ALIKE_OF(VECTOR)(x)
#define TRUTH(condition) (condition)
#ifdef FUSED
#define FUSED_V FUSED
#endif
#ifdef AT_LEAST
#define AT_LEAST_V AT_LEAST
#endif
#ifdef BY_SIGN
#define BY_SIGN_V BY_SIGN
#endif
#ifdef SCALED
#define SCALED_V SCALED
#endif
#endif
#define STEPS (WIDTH / IN_V)
#define BESIDE (STEPS < 2 || VECTOR < 4 ? 1 : 2) /* exponentials: see numbers.h */
#define TILE (STEPS < AT_HAND ? STEPS : AT_HAND)
#define SUMS (LANES / IN_V) /* vectors of them */

#define ROWS(rows, row) ((V *)((rows) + (Py_ssize_t)(row) * WIDTH))
#define EACH for (int s = 0; s < STEPS; s++)
#define UNROLLED(i, times) UNROLL for (int i = 0; i < (times); i++)

#include "numbers.h"

/* NaN if any of these is infinite or NaN, else 0. */
INLINE double FN(blemish)(const V *y)
{
    V sum = FN(same)(0.0);
    EACH sum += y[s] * 0.0;
    double lanes[IN_V], all = 0.0;
    memcpy(lanes, &sum, sizeof sum);
    for (int lane = 0; lane < IN_V; lane++)
        all += lanes[lane];
    return all;
}

/* Add the products from left to right, over TILE steps of a row. Weights are rows, or a number each: in
   `uniform`, or alike all along a row. */
INLINE void FN(add_products)(const Tape *tape, const Instruction *at, const Operand *w, int from, V *sum)
{
    const Py_ssize_t terms = at->count / 2;
    const Operand *x = w + terms;
    if (at->flags & (UNIFORM_WEIGHTS | ALIKE_WEIGHTS)) {
        const int uniform = at->flags & UNIFORM_WEIGHTS;
        const double *numbers = uniform ? tape->uniform : tape->values;
        const Py_ssize_t apart = uniform ? 1 : WIDTH;
        for (Py_ssize_t i = 0; i < terms; i++) {
            V weight = FN(same)(numbers[w[i].value * apart]);
            const V *row = ROWS(tape->values, x[i].value) + from;
            UNROLLED(t, TILE)
                sum[t] += weight * row[t];
        }
    } else
        for (Py_ssize_t i = 0; i < terms; i++) {
            const V *weights = ROWS(tape->values, w[i].value) + from;
            const V *row = ROWS(tape->values, x[i].value) + from;
            UNROLLED(t, TILE)
                sum[t] += weights[t] * row[t];
        }
}

/* Equation (1): the products, then the bias. */
INLINE void FN(dot)(const Tape *tape, const Instruction *at, const Operand *w, V *y)
{
    const Operand *bias = w + at->count - 1;
    V b = FN(same)(at->flags & UNIFORM_BIAS ? tape->uniform[bias->value] : 0.0);
    for (int from = 0; from < STEPS; from += TILE) {
        V sum[TILE];
        UNROLLED(t, TILE)
            sum[t] = FN(same)(-0.0); /* which changes nothing that is added to it */
        FN(add_products)(tape, at, w, from, sum);
        UNROLLED(t, TILE)
            y[from + t] = sum[t] + (at->flags & UNIFORM_BIAS
                                        ? b : ROWS(tape->values, bias->value)[from + t]);
    }
}

/* The bias, if there is one, then the products. */
INLINE void FN(chain)(const Tape *tape, const Instruction *at, const Operand *w, V *y)
{
    for (int from = 0; from < STEPS; from += TILE) {
        V sum[TILE];
        UNROLLED(t, TILE)
            sum[t] = at->count % 2 ? ROWS(tape->values, w[at->count - 1].value)[from + t] : FN(same)(-0.0);
        FN(add_products)(tape, at, w, from, sum);
        UNROLLED(t, TILE)
            y[from + t] = sum[t];
    }
}

/* The total of the term, over TILE steps of a row, into the sums that it belongs to. */
#if WIDTH == 1
#define GATHER(row, term)                                                                          \
    do {                                                                                           \
        const int t = 0;                                                                           \
        tape->sums[(Py_ssize_t)(row) * LANES + tape->lane] += (term);                              \
    } while (0)
#else
#define GATHER(row, term)                                                                          \
    do {                                                                                           \
        V *sums_ = (V *)(tape->sums + (Py_ssize_t)(row) * LANES), sum_[SUMS];                      \
        UNROLLED(t, SUMS)                                                             \
            sum_[t] = sums_[t];                                                                    \
        UNROLLED(t, TILE)                                                             \
            sum_[t % SUMS] += (term);                                                              \
        UNROLLED(t, SUMS)                                                             \
            sums_[t] = sum_[t];                                                                    \
    } while (0)
#endif

/* The term, for an operand's adjoint, over steps of a row. */
#define PASS_STEPS(operand, from, step, steps, term)                                               \
    do {                                                                                           \
        V *to_ = ROWS(tape->adjoints, (operand).adjoint) + (from);                                 \
        const V *so_far_ = ROWS(tape->adjoints, (operand).sum) + (from);                           \
        if ((operand).sum >= 0)                                                                    \
            UNROLLED(step, steps)                                                                  \
                to_[step] = so_far_[step] + (term);                                                \
        else if ((operand).sum == FRESH)                                                           \
            UNROLLED(step, steps)                                                                  \
                to_[step] = (term);                                                                \
    } while (0)
#define PASS_ON(operand, term) PASS_STEPS(operand, 0, s, STEPS, term)
#define PASS_TILE(operand, term) PASS_STEPS(operand, from, t, TILE, term)

INLINE void FN(dot_reverse)(Tape *tape, const Instruction *at, const Operand *w, const V *adjoint)
{
    const Py_ssize_t terms = at->count / 2;
    const Operand *x = w + terms, *bias = w + 2 * terms;
    for (int from = 0; from < STEPS; from += TILE) {
        V g[TILE]; /* or the compiler could not keep it in registers */
        UNROLLED(t, TILE)
            g[t] = adjoint[from + t];
        if (at->flags & UNIFORM_WEIGHTS)
            for (Py_ssize_t i = 0; i < terms; i++) {
                V weight = FN(same)(tape->uniform[w[i].value]);
                const V *row = ROWS(tape->values, x[i].value) + from;
                PASS_TILE(x[i], g[t] * weight);
                if (w[i].adjoint >= 0)
                    GATHER(w[i].adjoint, g[t] * row[t]);
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
        if (!(at->flags & UNIFORM_BIAS))
            PASS_TILE(*bias, g[t]);
        else if (bias->adjoint >= 0)
            GATHER(bias->adjoint, g[t]);
    }
}

/* The last term first, as its product was recorded last. */
INLINE void FN(chain_reverse)(Tape *tape, const Instruction *at, const Operand *w, const V *adjoint)
{
    const Py_ssize_t terms = at->count / 2;
    const Operand *x = w + terms;
    for (int from = 0; from < STEPS; from += TILE) {
        V g[TILE];
        UNROLLED(t, TILE)
            g[t] = adjoint[from + t];
        for (Py_ssize_t i = terms - 1; i >= 0; i--) {
            const V *row = ROWS(tape->values, x[i].value) + from;
            if (at->flags & ALIKE_WEIGHTS) {
                V weight = FN(same)(*(const double *)ROWS(tape->values, w[i].value));
                PASS_TILE(x[i], g[t] * weight);
            } else {
                const V *weights = ROWS(tape->values, w[i].value) + from;
                PASS_TILE(x[i], g[t] * weights[t]);
            }
            PASS_TILE(w[i], g[t] * row[t]);
        }
        if (at->count % 2)
            PASS_TILE(w[2 * terms], g[t]);
    }
}

/* y = top + log of the sum of exp(x - top), and each term's share of that sum. */
INLINE void FN(logsumexp)(const Tape *tape, const Instruction *at, const Operand *x, V *y)
{
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

/* So many instructions from number `first` on. */
TARGET static int FN(forward_through)(Tape *tape, ScalarOp scalar_op, Py_ssize_t first, Py_ssize_t count)
{
    for (Py_ssize_t number = first; number < first + count; number++) {
        const Instruction *at = &tape->code[number];
        const Operand *operand = tape->operands + at->first;
        V *y = ROWS(tape->values, at->value);
        const V *a = at->count > 0 ? ROWS(tape->values, operand[0].value) : y;
        const V *b = at->count > 1 ? ROWS(tape->values, operand[1].value) : y;
        switch (at->op) {
        case ADD: EACH y[s] = a[s] + b[s]; break;
        case SUB: EACH y[s] = a[s] - b[s]; break;
        case MUL: EACH y[s] = a[s] * b[s]; break;
        case NEG: EACH y[s] = -a[s]; break;
        case ABS: EACH y[s] = FN(absolute)(a[s]); break;
        case EXP: EACH y[s] = FN(exponential)(a[s], 1); break;
        case DIV:
            EACH y[s] = a[s] / b[s];
            tape->spoiled += FN(blemish)(y);
            break;
        case SQRT: {
            double *to = (double *)y;
            for (int c = 0; c < WIDTH; c++)
                to[c] = sqrt(((const double *)a)[c]);
            tape->spoiled += FN(blemish)(y);
            break;
        }
        case SIGMOID: {
            V *partial = ROWS(tape->values, at->partial);
            for (int s = 0; s < STEPS; s += BESIDE) {
                V tail[BESIDE];
                UNROLLED(v, BESIDE)
                    tail[v] = FN(minus_absolute)(a[s + v]);
                FN(exponentials)(tail, BESIDE, 0);
                UNROLLED(v, BESIDE) {
                    V near = 1.0 / (1.0 + tail[v]), far = tail[v] * near; /* sigmoid(|x|), sigmoid(-|x|) */
                    y[s + v] = FN(by_sign)(a[s + v], far, near);
                    partial[s + v] = near * far;
                }
            }
            break;
        }
        case RELU: EACH y[s] = FN(choose)(TRUTH(a[s] <= 0.0), FN(same)(0.0), a[s]); break;
        case MAXIMUM:
            EACH y[s] = FN(choose)(TRUTH(a[s] >= b[s]) | TRUTH(a[s] != a[s]), a[s], b[s]);
            break;
        case MINIMUM:
            EACH y[s] = FN(choose)(TRUTH(a[s] <= b[s]) | TRUTH(a[s] != a[s]), a[s], b[s]);
            break;
        case WHERE_POSITIVE: {
            const V *c = ROWS(tape->values, operand[2].value);
            EACH y[s] = FN(choose)(TRUTH(a[s] > 0.0), b[s], FN(choose)(TRUTH(a[s] <= 0.0), c[s], a[s]));
            break;
        }
        case DOT:
            if (at->flags & BIAS_FIRST)
                FN(chain)(tape, at, operand, y);
            else
                FN(dot)(tape, at, operand, y);
            break;
        case TOTAL:
            EACH y[s] = at->count ? a[s] : FN(same)(0.0);
            for (Py_ssize_t i = 1; i < at->count; i++) {
                const V *x = ROWS(tape->values, operand[i].value);
                EACH y[s] += x[s];
            }
            break;
        case LOGSUMEXP: FN(logsumexp)(tape, at, operand, y); break;
        default:
            if (has_no_arithmetic(at->op, at->count)) { /* by its formula, for all cases at once */
                if (!scalar_op(tape, at, WIDTH, 0))
                    return 0;
                break;
            }
            for (int c = 0; c < WIDTH; c++)
                if (!scalar_op(tape, at, WIDTH, c))
                    return 0;
        }
    }
    return 1;
}

/* What a maximum passes on to its operand a, of a and b: a tie is split. */
INLINE V FN(larger)(V a, V b, V g)
{
    return FN(choose)(TRUTH(a > b), g, FN(choose)(TRUTH(a < b), FN(same)(0.0), 0.5 * g));
}

/* So many instructions, the last of them first. */
TARGET static void FN(reverse_through)(Tape *tape, Py_ssize_t first, Py_ssize_t count)
{
    const V none = FN(same)(0.0);
    for (Py_ssize_t number = first + count - 1; number >= first; number--) {
        const Instruction *at = &tape->code[number];
        if (at->adjoint < 0)
            continue;
        const Operand *operand = tape->operands + at->first;
        const V *g = ROWS(tape->adjoints, at->adjoint), *y = ROWS(tape->values, at->value);
        const V *a = at->count > 0 ? ROWS(tape->values, operand[0].value) : y;
        const V *b = at->count > 1 ? ROWS(tape->values, operand[1].value) : y;
        switch (at->op) {
        case ADD:
            PASS_ON(operand[0], g[s]);
            PASS_ON(operand[1], g[s]);
            break;
        case SUB:
            PASS_ON(operand[0], g[s]);
            PASS_ON(operand[1], -g[s]);
            break;
        case MUL:
            PASS_ON(operand[0], g[s] * b[s]);
            PASS_ON(operand[1], g[s] * a[s]);
            break;
        case DIV:
            PASS_ON(operand[0], g[s] * (1.0 / b[s]));
            PASS_ON(operand[1], g[s] * (-y[s] / b[s]));
            break;
        case NEG: PASS_ON(operand[0], -g[s]); break;
        case ABS:
            PASS_ON(operand[0], FN(choose)(TRUTH(a[s] > 0.0), g[s],
                                           FN(choose)(TRUTH(a[s] < 0.0), -g[s], none)));
            break;
        case EXP: PASS_ON(operand[0], g[s] * y[s]); break;
        case SQRT: PASS_ON(operand[0], g[s] * (0.5 / FN(absolute)(y[s]))); break;
        case RELU: PASS_ON(operand[0], FN(choose)(TRUTH(a[s] > 0.0), g[s], none)); break;
        case MAXIMUM:
            PASS_ON(operand[0], FN(larger)(a[s], b[s], g[s]));
            PASS_ON(operand[1], FN(larger)(b[s], a[s], g[s]));
            break;
        case MINIMUM:
            PASS_ON(operand[0], FN(larger)(b[s], a[s], g[s]));
            PASS_ON(operand[1], FN(larger)(a[s], b[s], g[s]));
            break;
        case WHERE_POSITIVE:
            PASS_ON(operand[0], none);
            PASS_ON(operand[1], FN(choose)(TRUTH(a[s] > 0.0), g[s], none));
            PASS_ON(operand[2], FN(choose)(TRUTH(a[s] > 0.0), none, g[s]));
            break;
        case DOT:
            if (at->flags & BIAS_FIRST)
                FN(chain_reverse)(tape, at, operand, g);
            else
                FN(dot_reverse)(tape, at, operand, g);
            break;
        case TOTAL:
            for (Py_ssize_t i = 0; i < at->count; i++)
                PASS_ON(operand[i], g[s]);
            break;
        default:
            for (Py_ssize_t i = 0; i < at->count; i++) {
                const V *partial = ROWS(tape->values, at->partial + i);
                PASS_ON(operand[i], g[s] * partial[s]);
            }
        }
    }
}

#include "steps.h"

TARGET static int FN(forward)(Tape *tape, ScalarOp scalar_op)
{
    return tape->forth.at != NULL ? FN(walk)(tape, &tape->forth, scalar_op)
                                   : FN(forward_through)(tape, scalar_op, 0, tape->count);
}

TARGET static void FN(reverse)(Tape *tape)
{
    if (tape->forth.at != NULL)
        FN(walk)(tape, &tape->back, NULL);
    else
        FN(reverse_through)(tape, 0, tape->count);
}

#undef PASS_TILE
#undef PASS_ON
#undef PASS_STEPS
#undef GATHER
#undef UNROLLED
#undef EACH
#undef ROWS
#undef V
#undef I
#undef BITS
#undef IN_V
#undef ALIKE
#undef TRUTH
#undef FUSED_V
#undef AT_LEAST_V
#undef BY_SIGN_V
#undef SCALED_V
#undef STEPS
#undef BESIDE
#undef TILE
#undef SUMS
#undef INLINE
#undef FN
#undef PASTED
#undef PASTE
#undef WIDTH
