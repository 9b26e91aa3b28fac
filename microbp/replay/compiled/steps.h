/* The walk through a tape's steps, forward and backward: see tape.h and steps.pxi. Included by lanes.h. */

#define STEPS_OF(numbers, y)                                                                       \
    for (const int32_t *end = at + (numbers) * count; at != end; at += (numbers))                  \
        EACH OPERAND(0) = (y);                                                                     \
    break
#define OPERAND(i) ROWS(rows, at[i])[s]

/* Step by step, instructions among them; without a scalar_op those backward. */
TARGET static int WIDE(walk)(Tape *tape, const Steps *way, ScalarOp scalar_op)
{
    const int steps = STEPS;
    double *const rows = tape->values;
    const int32_t *at = way->at;
    while (at != way->end) {
        const Py_ssize_t count = *at / KINDS_OF_STEPS;
        switch (*at++ % KINDS_OF_STEPS) {
        case SUMS_OF_TWO: STEPS_OF(3, OPERAND(1) + OPERAND(2));
        case DIFFERENCES: STEPS_OF(3, OPERAND(1) - OPERAND(2));
        case PRODUCTS_OF_TWO: STEPS_OF(3, OPERAND(1) * OPERAND(2));
        case NEGATIVES: STEPS_OF(2, -OPERAND(1));
        case ADDED_PRODUCTS: STEPS_OF(4, OPERAND(1) + OPERAND(2) * OPERAND(3));
        case TWO_PRODUCTS:
            for (const int32_t *end = at + 6 * count; at != end; at += 6)
                EACH {
                    const V b = OPERAND(3);
                    OPERAND(0) = b * OPERAND(4);
                    OPERAND(1) = OPERAND(2) + b * OPERAND(5);
                }
            break;
        default:
            if (scalar_op == NULL)
                WIDE(reverse_through)(tape, at[0], count);
            else if (!WIDE(forward_through)(tape, scalar_op, at[0], count))
                return 0;
            at++;
        }
    }
    return 1;
}

#undef OPERAND
#undef STEPS_OF
