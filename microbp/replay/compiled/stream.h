/* Runs the stream of a plan in vectors of VECTOR numbers (2, 4 or 8; 1 where there are no vectors), for one
   kind of machine: see tape.h.

   Each lane of a run is a sum of its own, from left to right and without fused multiply-add: so it has the
   bits that it has alone. The last vector of a run may reach beyond it, where what comes later is put. */

#define PASTE(name, kind) name##_##kind
#define PASTED(name, kind) PASTE(name, kind)
#define FN(name) PASTED(name, KIND)
#define INLINE static ALWAYS_INLINE TARGET

#if VECTOR > 1
typedef double FN(Anywhere) __attribute__((vector_size(8 * VECTOR), aligned(8), may_alias));
#define V NUMBERS_OF(VECTOR)
#define ALL(x) (V) ALIKE_OF(VECTOR)(x)
#define LOAD(from) (*(const FN(Anywhere) *)(from))
#define STORE(to, x) (*(FN(Anywhere) *)(to) = (x))
#else
#define V double
#define ALL(x) (x)
#define LOAD(from) (*(from))
#define STORE(to, x) (*(to) = (x))
#endif

/* The lanes from `lane` on, so many vectors of them, of so many repeats from `first` on: all sums are in registers. */
INLINE void FN(lanes)(const int vectors, const int repeats, const int32_t *at, Py_ssize_t first, Py_ssize_t lane,
                      double *s, double start)
{
    const int32_t *end = at + RUN_HEAD + SEGMENT * at[3];
    V sum[8];
    UNROLL for (int i = 0; i < repeats * vectors; i++)
        sum[i] = ALL(start);
    for (const int32_t *segment = at + RUN_HEAD; segment < end; segment += SEGMENT) {
        const Py_ssize_t a_step = segment[2], b_step = segment[4], a_next = segment[5], b_next = segment[6];
        const double *a = s + segment[1] + first * a_next, *b = s + segment[3] + first * b_next;
        int32_t terms = segment[0] >> 2;
        switch (segment[0] & 3) {
        case VECTOR_NUMBER:
            a += lane;
            if (repeats > 1 && a_next == 0) /* as a rule: then it is loaded once for all */
                for (; terms; terms--, a += a_step, b += b_step) {
                    V alike[4];
                    UNROLL for (int i = 0; i < vectors && repeats > 1; i++)
                        alike[i] = LOAD(a + i * VECTOR);
                    UNROLL for (int r = 0; r < repeats && repeats > 1; r++) {
                        V number = ALL(b[r * b_next]);
                        UNROLL for (int i = 0; i < vectors && vectors <= 4; i++)
                            sum[r * vectors + i] += alike[i] * number;
                    }
                }
            for (; terms; terms--, a += a_step, b += b_step)
                UNROLL for (int r = 0; r < repeats; r++) {
                    V number = ALL(b[r * b_next]);
                    UNROLL for (int i = 0; i < vectors; i++)
                        sum[r * vectors + i] += LOAD(a + r * a_next + i * VECTOR) * number;
                }
            break;
        case VECTOR_VECTOR:
            a += lane;
            b += lane;
            for (; terms; terms--, a += a_step, b += b_step)
                UNROLL for (int r = 0; r < repeats; r++)
                    UNROLL for (int i = 0; i < vectors; i++)
                        sum[r * vectors + i] +=
                            LOAD(a + r * a_next + i * VECTOR) * LOAD(b + r * b_next + i * VECTOR);
            break;
        default:
            for (; terms; terms--, a += a_step, b += b_step)
                UNROLL for (int r = 0; r < repeats; r++) {
                    V number = ALL(a[r * a_next] * b[r * b_next]);
                    UNROLL for (int i = 0; i < vectors; i++)
                        sum[r * vectors + i] += number;
                }
        }
    }
    UNROLL for (int r = 0; r < repeats; r++) /* upwards: what one writes beyond its end is the next one's */
        UNROLL for (int i = 0; i < vectors; i++)
            STORE(s + at[1] + (first + r) * at[5] + lane + i * VECTOR, sum[r * vectors + i]);
}

TARGET static void FN(run)(const int32_t *at, double *s, double start)
{
    const Py_ssize_t vectors = (at[2] + VECTOR - 1) / VECTOR, repeats = at[4];
    Py_ssize_t r = 0;
    if (vectors == 1)
        for (; r + 4 <= repeats; r += 4)
            FN(lanes)(1, 4, at, r, 0, s, start);
    else if (vectors == 2)
        for (; r + 4 <= repeats; r += 4)
            FN(lanes)(2, 4, at, r, 0, s, start);
    else if (vectors == 4)
        for (; r + 2 <= repeats; r += 2)
            FN(lanes)(4, 2, at, r, 0, s, start);
    for (; r < repeats; r++) {
        Py_ssize_t left = vectors, lane = 0;
        for (; left >= 8; left -= 8, lane += 8 * VECTOR)
            FN(lanes)(8, 1, at, r, lane, s, start);
        if (left >= 4) {
            FN(lanes)(4, 1, at, r, lane, s, start);
            left -= 4;
            lane += 4 * VECTOR;
        }
        switch (left) {
        case 3: FN(lanes)(3, 1, at, r, lane, s, start); break;
        case 2: FN(lanes)(2, 1, at, r, lane, s, start); break;
        case 1: FN(lanes)(1, 1, at, r, lane, s, start); break;
        }
    }
}

/* Four sums at a time, whose operands lie anywhere. */
TARGET static const int32_t *FN(gather)(const int32_t *at, double *s, double start)
{
    double *out = s + at[1];
    const int32_t blocks = at[2], terms = at[3];
    at += 4;
    for (int32_t block = 0; block < blocks; block++, out += 4) {
        double sum0 = start, sum1 = start, sum2 = start, sum3 = start;
        for (int32_t t = 0; t < terms; t++, at += 8) {
            sum0 += s[at[0]] * s[at[4]];
            sum1 += s[at[1]] * s[at[5]];
            sum2 += s[at[2]] * s[at[6]];
            sum3 += s[at[3]] * s[at[7]];
        }
        out[0] = sum0;
        out[1] = sum1;
        out[2] = sum2;
        out[3] = sum3;
    }
    return at;
}

/* Every n-th number to neighbors, once or again and again: then, as a rule, a matrix is transposed. */
TARGET static void FN(strides)(const int32_t *at, double *s)
{
    const Py_ssize_t count = at[2], step = at[4], repeats = at[5], next_out = at[6], next = at[7];
    double *out = s + at[1];
    const double *from = s + at[3];
    Py_ssize_t r = 0;
    for (; r + 2 <= repeats; r += 2, out += 2 * next_out, from += 2 * next) { /* two by two, in registers */
        Py_ssize_t i = 0;
        for (; i + 2 <= count; i += 2) {
            const double *a = from + i * step, *b = a + step;
            const double a0 = a[0], a1 = a[next], b0 = b[0], b1 = b[next];
            out[i] = a0;
            out[i + 1] = b0;
            out[next_out + i] = a1;
            out[next_out + i + 1] = b1;
        }
        if (i < count) {
            out[i] = from[i * step];
            out[next_out + i] = from[i * step + next];
        }
    }
    if (r < repeats)
        for (Py_ssize_t i = 0; i < count; i++)
            out[i] = from[i * step];
}

/* e^x of x[0], x[1], ..., with the bits of lanes.h; it may write up to BLOCK - 1 beyond. */
TARGET static void FN(exponentials)(const double *x, double *y, Py_ssize_t count, int may_overflow)
{
    for (Py_ssize_t i = 0; i < count; i += VECTOR)
        STORE(y + i, PASTED(exponential_many, KIND)(LOAD(x + i), may_overflow));
}

TARGET static void FN(shares)(const int32_t *at, double *s)
{
    double *y = s + at[1], *share = y + 1, top = -INFINITY, sum = 0.0;
    const int32_t count = at[2], *x = at + 3;
    int found = 0;
    for (int32_t i = 0; i < count; i++)
        top = s[x[i]] <= top ? top : s[x[i]];
    for (int32_t from = 0; from < count; from += LANES) {
        double eight[LANES];
        for (int i = 0; i < LANES; i++)
            eight[i] = from + i < count ? s[x[from + i]] - top : 0.0;
        FN(exponentials)(eight, eight, LANES, 0);
        for (int i = 0; i < LANES && from + i < count; i++) {
            int largest = s[x[from + i]] == top && !found;
            found |= largest;
            share[from + i] = eight[i];
            sum += largest ? 0.0 : eight[i];
        }
    }
    for (int32_t i = 0; i < count; i++)
        share[i] /= 1.0 + sum;
    *y = top + log1p(sum);
}

/* Operations on `count` numbers side by side. */
TARGET static int FN(operations)(const int32_t *at, double *s, Tape *tape, DirectOp direct)
{
    double *y = s + at[1];
    const double *a = s + at[3], *b = s + at[4], *c = s + at[5];
    const Py_ssize_t count = at[2];
    double blemish = 0.0;
#define EACH(expression)                                                                           \
    SIDE_BY_SIDE for (Py_ssize_t i = 0; i < count; i++) y[i] = (expression);               \
    break
    switch (at[0]) {
    case DIVIDE:
    case ROOT:
        if (at[0] == DIVIDE)
            SIDE_BY_SIDE for (Py_ssize_t i = 0; i < count; i++)
                y[i] = a[i] / b[i];
        else
            SIDE_BY_SIDE for (Py_ssize_t i = 0; i < count; i++)
                y[i] = sqrt(a[i]);
        for (Py_ssize_t i = 0; i < count; i++)
            blemish += y[i] * 0.0;
        tape->spoiled += blemish;
        break;
    case EXPONENTIAL: FN(exponentials)(a, y, count, 1); break;
    case SIGMOIDS: {
        double *partial = y + aligned(count, BLOCK);
        for (Py_ssize_t from = 0; from < count; from += LANES) {
            double tail[LANES];
            for (int i = 0; i < LANES; i++)
                tail[i] = -fabs(a[from + i]);
            FN(exponentials)(tail, tail, LANES, 0);
            for (int i = 0; i < LANES; i++) {
                double near = 1.0 / (1.0 + tail[i]), far = tail[i] * near;
                y[from + i] = a[from + i] < 0.0 ? far : near;
                partial[from + i] = near * far;
            }
        }
        break;
    }
    case ABSOLUTE: EACH(fabs(a[i]));
    case RELUS: EACH(a[i] <= 0.0 ? 0.0 : a[i]);
    case THE_LARGER: EACH((a[i] >= b[i]) | (a[i] != a[i]) ? a[i] : b[i]);
    case THE_SMALLER: EACH((a[i] <= b[i]) | (a[i] != a[i]) ? a[i] : b[i]);
    case SELECT: EACH(a[i] > 0.0 ? b[i] : a[i] <= 0.0 ? c[i] : a[i]);
    case RECIPROCAL: EACH(1.0 / a[i]);
    case QUOTIENT: EACH(-a[i] / b[i]);
    case HALF: EACH(0.5 / fabs(a[i]));
    case SIGNED: EACH(a[i] > 0.0 ? b[i] : a[i] < 0.0 ? -b[i] : 0.0);
    case WHERE_ABOVE: EACH(a[i] > 0.0 ? b[i] : 0.0);
    case ELSEWHERE: EACH(a[i] > 0.0 ? 0.0 : b[i]);
    case LARGER_ONE: EACH(a[i] > b[i] ? c[i] : a[i] < b[i] ? 0.0 : 0.5 * c[i]);
    default: {
        const Py_ssize_t next = aligned(count, BLOCK);
        for (Py_ssize_t i = 0; i < count; i++)
            if (!direct(at[0] - SCALARS, at[5], a[i], b[i], y + i, y + i + next, y + i + 2 * next))
                return 0;
    }
    }
#undef EACH
    return 1;
}

/* Whether a number somewhere there is infinite or no number: then one more in its exponent overflows. */
TARGET static int FN(unusual)(const double *x, Py_ssize_t count)
{
    const uint64_t exponent = 0x7FF0000000000000u, one = 0x0010000000000000u;
    uint64_t found = 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        uint64_t bits;
        memcpy(&bits, x + i, sizeof bits);
        found |= (bits & exponent) + one;
    }
    return (int)(found >> 63);
}

/* One sum, whose operands lie anywhere. */
INLINE const int32_t *FN(single)(const int32_t *at, double *s, double sum)
{
    const int32_t *end = at + 3 + 2 * (Py_ssize_t)at[2];
    double *out = s + at[1];
    for (at += 3; at < end; at += 2)
        sum += s[at[0]] * s[at[1]];
    *out = sum;
    return at;
}

/* From `at` to `end`; false where an operation has no value. */
TARGET static int FN(stream)(const int32_t *at, const int32_t *end, double *s, double start, Tape *tape,
                             FormulaOp formula, DirectOp direct)
{
    while (at < end) {
        switch (at[0]) {
        case RUN:
            FN(run)(at, s, start);
            at += RUN_HEAD + SEGMENT * at[3];
            break;
        case GATHER: at = FN(gather)(at, s, start); break;
        case SINGLE: at = FN(single)(at, s, start); break;
        case MORE: at = FN(single)(at, s, s[at[1]]); break;
        case TURN:
            start = -start;
            at++;
            break;
        case CHAIN: {
            const int32_t *from = at + 4, *to = from + at[2];
            double last = s[at[3]], *next = s + at[1];
            if (signbit(start)) /* x + -0.0 is x */
                for (; from < to; from++)
                    *next++ = last *= s[*from];
            else
                for (; from < to; from++)
                    *next++ = last = last * s[*from] + start;
            at = to;
            break;
        }
        case PACK: {
            double *out = s + at[1];
            const int32_t *from = at + 3, *to = from + at[2];
            for (; from < to; from++)
                *out++ = s[*from];
            at = to;
            break;
        }
        case STRIDE:
            FN(strides)(at, s);
            at += STRIDE_SIZE;
            break;
        case SHARES:
            FN(shares)(at, s);
            at += 3 + at[2];
            break;
        case WATCH: {
            const int32_t *to = at + 2 + 2 * (Py_ssize_t)at[1];
            int found = 0;
            for (at += 2; at < to; at += 2)
                found |= FN(unusual)(s + at[0], at[1]);
            if (found)
                tape->spoiled = NAN;
            break;
        }
        case FORMULA:
            if (!formula(tape->workspace, at, s))
                return 0;
            at += 4 + at[3];
            break;
        default:
            if (!FN(operations)(at, s, tape, direct))
                return 0;
            at += 6;
        }
    }
    return 1;
}

#undef V
#undef ALL
#undef LOAD
#undef STORE
#undef INLINE
#undef FN
#undef PASTED
#undef PASTE
