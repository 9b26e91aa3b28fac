/* The interpreter for rows of WIDTH cases: 64, 32 or 8 in vectors of eight numbers, or a single one.

   Sums have an order of their own, the same for every width: over operands from left to right, over
   cases in LANES sums, so that results have the same bits however the cases are cut. */

#define PASTE(name, width, kind) name##_##width##_##kind
#define PASTED(name, width, kind) PASTE(name, width, kind)
#define FN(name) PASTED(name, WIDTH, KIND)
#define INLINE static inline __attribute__((always_inline)) TARGET

#if WIDTH == 1
#define V double
#define I int64_t
#define BITS uint64_t
#define STEPS 1
#define TILE 1
#define TRUTH(condition) (-(int64_t)(condition))
#define FMA FUSED_ONE
#else
#define V Eight
#define I EightInts
#define BITS EightBits
#define STEPS (WIDTH / LANES)
#define TILE (STEPS < AT_HAND ? STEPS : AT_HAND)
#define TRUTH(condition) (condition)
#define FMA FUSED
#endif

INLINE I FN(bits)(V x)
{
    I i;
    memcpy(&i, &x, sizeof i);
    return i;
}

INLINE V FN(number)(I i)
{
    V x;
    memcpy(&x, &i, sizeof x);
    return x;
}

INLINE V FN(choose)(I truth, V then, V otherwise)
{
    return FN(number)((truth & FN(bits)(then)) | (~truth & FN(bits)(otherwise)));
}

INLINE V FN(same)(double x)
{
#if WIDTH == 1
    return x;
#else
    return (V){x, x, x, x, x, x, x, x};
#endif
}

INLINE V FN(absolute)(V x)
{
    return FN(number)(FN(bits)(x) & (int64_t)0x7fffffffffffffff);
}

/* 2^k for whole k from -1022 to 1023, given as the low bits of k + 1.5 * 2^52. */
INLINE V FN(power_of_two)(I low_bits)
{
    return FN(number)((I)((BITS)(low_bits + 1023) << 52));
}

/* e^x = 2^k e^r with |r| <= log(2) / 2; e^r = 1 + r + r^2 q(r), q fitted at Chebyshev's points to
   1.3e-17. At most 2 ulp from the truth; inf, 0 and NaN where exp(x) has them; denormal results
   too, for 2^k is multiplied in by halves. */
INLINE V FN(exponential)(V x, int may_overflow)
{
    const double magic = 0x1.8p52; /* so large that adding it rounds to whole numbers */
    if (may_overflow)
        x = FN(choose)(TRUTH(x > 710.0), FN(same)(710.0), x);
    x = FN(choose)(TRUTH(x < -746.0), FN(same)(-746.0), x);
    V k = FMA(x, FN(same)(0x1.71547652b82fep0), FN(same)(magic));
    I low = FN(bits)(k);
    k -= magic;
    V r = FMA(k, FN(same)(-0x1.62e42feep-1), x);
    r = FMA(k, FN(same)(-0x1.a39ef35793c76p-33), r);
    V r2 = r * r, r4 = r2 * r2;
    V q01 = FMA(r, FN(same)(0x1.5555555555556p-3), FN(same)(0x1p-1));
    V q23 = FMA(r, FN(same)(0x1.11111111109adp-7), FN(same)(0x1.5555555553d4fp-5));
    V q45 = FMA(r, FN(same)(0x1.a01a01a7c8d47p-13), FN(same)(0x1.6c16c17893833p-10));
    V q67 = FMA(r, FN(same)(0x1.71de0d9c145d0p-19), FN(same)(0x1.a019b8ef67c6cp-16));
    V q89 = FMA(r, FN(same)(0x1.af38d53857513p-26), FN(same)(0x1.2891a8c1d838dp-22));
    V q = FMA(r4, FMA(r4, q89, FMA(r2, q67, q45)), FMA(r2, q23, q01));
    V p = 1.0 + FMA(r2, q, r);
    I top = (I)((BITS)low << 12); /* of k; the shifts back keep its sign */
    I half = top >> 13, whole = top >> 12;
    return p * FN(power_of_two)(half) * FN(power_of_two)(whole - half);
}

#define ROWS(rows, row) ((V *)((rows) + (Py_ssize_t)(row) * WIDTH))
#define EACH for (int s = 0; s < STEPS; s++)

/* NaN if any of these is infinite or NaN, else 0. */
INLINE double FN(blemish)(const V *y)
{
    V sum = FN(same)(0.0);
    EACH sum += y[s] * 0.0;
#if WIDTH == 1
    return sum;
#else
    return sum[0] + sum[1] + sum[2] + sum[3] + sum[4] + sum[5] + sum[6] + sum[7];
#endif
}

/* Equation (1): the products from left to right, then the bias. */
INLINE void FN(dot)(const Tape *tape, const Instruction *at, const Operand *w, V *y)
{
    const Py_ssize_t terms = at->count / 2;
    const Operand *x = w + terms, *bias = w + 2 * terms;
    V b = FN(same)(at->flags & UNIFORM_BIAS ? tape->uniform[bias->value] : 0.0);
    for (int from = 0; from < STEPS; from += TILE) {
        V sum[TILE];
        for (int t = 0; t < TILE; t++)
            sum[t] = FN(same)(-0.0); /* which changes nothing that is added to it */
        if (at->flags & UNIFORM_WEIGHTS)
            for (Py_ssize_t i = 0; i < terms; i++) {
                V weight = FN(same)(tape->uniform[w[i].value]);
                const V *row = ROWS(tape->values, x[i].value) + from;
                for (int t = 0; t < TILE; t++)
                    sum[t] += weight * row[t];
            }
        else
            for (Py_ssize_t i = 0; i < terms; i++) {
                const V *weights = ROWS(tape->values, w[i].value) + from;
                const V *row = ROWS(tape->values, x[i].value) + from;
                for (int t = 0; t < TILE; t++)
                    sum[t] += weights[t] * row[t];
            }
        for (int t = 0; t < TILE; t++)
            y[from + t] = sum[t] + (at->flags & UNIFORM_BIAS
                                        ? b : ROWS(tape->values, bias->value)[from + t]);
    }
}

/* The total, over the cases of a row, into the sums that it belongs to. */
#if WIDTH == 1
#define GATHER(tape, row, term)                                                                    \
    do {                                                                                           \
        const int s = 0;                                                                           \
        (tape)->sums[(Py_ssize_t)(row) * LANES + (tape)->lane] += (term);                          \
    } while (0)
#else
#define GATHER(tape, row, term)                                                                    \
    do {                                                                                           \
        V *sums_ = (V *)((tape)->sums + (Py_ssize_t)(row) * LANES), sum_ = *sums_;                 \
        EACH sum_ += (term);                                                                       \
        *sums_ = sum_;                                                                             \
    } while (0)
#endif

/* The term, for an operand's adjoint: for the first one its row is fresh. */
#define PASS_ON(operand, term)                                                                     \
    do {                                                                                           \
        if ((operand).adjoint >= 0) {                                                              \
            V *to_ = ROWS(tape->adjoints, (operand).adjoint);                                      \
            if ((operand).fresh)                                                                   \
                EACH to_[s] = (term);                                                              \
            else                                                                                   \
                EACH to_[s] += (term);                                                             \
        }                                                                                          \
    } while (0)

INLINE void FN(dot_reverse)(Tape *tape, const Instruction *at, const Operand *w, const V *adjoint)
{
    V g[STEPS]; /* or the compiler could not keep it in registers */
    EACH g[s] = adjoint[s];
    const Py_ssize_t terms = at->count / 2;
    const Operand *x = w + terms, *bias = w + 2 * terms;
    for (Py_ssize_t i = 0; i < terms; i++) {
        const V *row = ROWS(tape->values, x[i].value);
        if (at->flags & UNIFORM_WEIGHTS) {
            V weight = FN(same)(tape->uniform[w[i].value]);
            PASS_ON(x[i], g[s] * weight);
            if (w[i].adjoint >= 0)
                GATHER(tape, w[i].adjoint, g[s] * row[s]);
        } else {
            const V *weights = ROWS(tape->values, w[i].value);
            PASS_ON(x[i], g[s] * weights[s]);
            PASS_ON(w[i], g[s] * row[s]);
        }
    }
    if (!(at->flags & UNIFORM_BIAS))
        PASS_ON(*bias, g[s]);
    else if (bias->adjoint >= 0)
        GATHER(tape, bias->adjoint, g[s]);
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
        double sums[LANES];
        memcpy(sums, &sum, sizeof sum);
        for (int lane = 0; lane < WIDTH && lane < LANES; lane++)
            sums[lane] = log1p(sums[lane]);
        memcpy(&sum, sums, sizeof sum);
        y[s] = top + sum;
    }
}

TARGET static int FN(forward)(Tape *tape, ScalarOp scalar_op)
{
    for (Py_ssize_t number = 0; number < tape->count; number++) {
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
            EACH {
                V tail = FN(exponential)(-FN(absolute)(a[s]), 0);
                V near = 1.0 / (1.0 + tail), far = tail * near; /* sigmoid(|x|), sigmoid(-|x|) */
                y[s] = FN(choose)(TRUTH(a[s] < 0.0), far, near);
                partial[s] = near * far;
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
        case DOT: FN(dot)(tape, at, operand, y); break;
        case TOTAL:
            EACH y[s] = at->count ? a[s] : FN(same)(0.0);
            for (Py_ssize_t i = 1; i < at->count; i++) {
                const V *x = ROWS(tape->values, operand[i].value);
                EACH y[s] += x[s];
            }
            break;
        case LOGSUMEXP: FN(logsumexp)(tape, at, operand, y); break;
        default:
            if (has_no_arithmetic(at)) { /* by its formula, for all cases at once */
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

TARGET static void FN(reverse)(Tape *tape)
{
    const V none = FN(same)(0.0);
    for (Py_ssize_t number = tape->count - 1; number >= 0; number--) {
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
        case DOT: FN(dot_reverse)(tape, at, operand, g); break;
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

#undef PASS_ON
#undef GATHER
#undef EACH
#undef ROWS
#undef V
#undef I
#undef BITS
#undef STEPS
#undef TILE
#undef TRUTH
#undef FMA
#undef INLINE
#undef FN
#undef PASTED
#undef PASTE
#undef WIDTH
