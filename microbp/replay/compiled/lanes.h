/* The interpreter for rows of WIDTH cases, 64, 32, 16, 8 or 1, or, as WIDTH 0, any multiple of LANES, in the
   vectors of rows.h.

   Sums have one order, the same for every width and every kind of machine: over operands from left to
   right, as in the eager engine, forward and backward; over cases in LANES sums, so that results have
   the same bits however the cases are cut. */

#define STEPS ((WIDTH ? WIDTH : tape->width) / IN_V)
#define WIDE(name) PASTED(name, WIDTH, KIND)
#if WIDTH
#define PASS_ON(operand, term) PASS(operand, 0, UNROLLED(s, steps), s, term)
#else
#define PASS_ON(operand, term) PASS(operand, 0, EACH, s, term)
#endif

/* So many instructions from number `first` on. */
TARGET static int WIDE(forward_through)(Tape *tape, ScalarOp scalar_op, Py_ssize_t first, Py_ssize_t count)
{
    const int steps = STEPS;
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
        case EXP: FN(exponential_of_row)(a, y, steps); break;
        case DIV:
            EACH y[s] = a[s] / b[s];
            tape->spoiled += FN(blemish)(y, steps);
            break;
        case SQRT: {
            double *to = (double *)y;
            for (int c = 0; c < steps * IN_V; c++)
                to[c] = sqrt(((const double *)a)[c]);
            tape->spoiled += FN(blemish)(y, steps);
            break;
        }
        case SIGMOID:
            if (WIDTH == 64) /* most rows: a call less */
                FN(sigmoid_of_steps)(a, y, ROWS(tape->values, at->partial), steps);
            else
                FN(sigmoid_of_row)(a, y, ROWS(tape->values, at->partial), steps);
            break;
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
            if (at->flags & UNIFORM_WEIGHTS) {
                FN(layer)(tape, at, steps);
                number += at->after;
            } else
                FN(dot)(tape, at, steps);
            break;
        case TOTAL:
            EACH y[s] = at->count ? a[s] : FN(same)(0.0);
            for (Py_ssize_t i = 1; i < at->count; i++) {
                const V *x = ROWS(tape->values, operand[i].value);
                EACH y[s] += x[s];
            }
            break;
        case LOGSUMEXP: FN(logsumexp)(tape, at, steps); break;
        default:
            if (has_no_arithmetic(at->op, at->count)) { /* by its formula, for all cases at once */
                if (!scalar_op(tape, at, steps * IN_V, 0))
                    return 0;
                break;
            }
            for (int c = 0; c < steps * IN_V; c++)
                if (!scalar_op(tape, at, steps * IN_V, c))
                    return 0;
        }
    }
    return 1;
}

/* So many instructions, the last of them first. */
TARGET static void WIDE(reverse_through)(Tape *tape, Py_ssize_t first, Py_ssize_t count)
{
    const int steps = STEPS;
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
            if (at->flags & UNIFORM_WEIGHTS) {
                FN(layer_reverse)(tape, at, steps);
                number -= at->before;
            } else
                FN(dot_reverse)(tape, at, steps);
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

TARGET static int WIDE(forward)(Tape *tape, ScalarOp scalar_op)
{
    return tape->forth.at != NULL ? WIDE(walk)(tape, &tape->forth, scalar_op)
                          : WIDE(forward_through)(tape, scalar_op, 0, tape->count);
}

TARGET static void WIDE(reverse)(Tape *tape)
{
    if (tape->forth.at != NULL)
        WIDE(walk)(tape, &tape->back, NULL);
    else
        WIDE(reverse_through)(tape, 0, tape->count);
}

#undef PASS_ON
#undef WIDE
#undef STEPS
#undef WIDTH
