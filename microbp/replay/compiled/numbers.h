/* Arithmetic on vectors V of a kind of machine: choices, and the exponential. Included by rows.h. */

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
    return ALIKE(x);
}

INLINE V FN(absolute)(V x)
{
    return FN(number)(FN(bits)(x) & (int64_t)0x7fffffffffffffff);
}

INLINE V FN(minus_absolute)(V x)
{
    return FN(number)(FN(bits)(x) | INT64_MIN);
}

/* The larger one; x where that is NaN. */
INLINE V FN(at_least)(double least, V x)
{
#ifdef AT_LEAST_V
    return AT_LEAST_V(FN(same)(least), x);
#else
    return FN(choose)(TRUTH(x < least), FN(same)(least), x);
#endif
}

/* By the sign of x, which may be any where x is 0 or NaN. */
INLINE V FN(by_sign)(V x, V negative, V positive)
{
#ifdef BY_SIGN_V
    return BY_SIGN_V(x, negative, positive);
#else
    return FN(choose)(TRUTH(x < 0.0), negative, positive);
#endif
}

/* 2^k for whole k from -1022 to 1023, of which only the lowest 12 bits are looked at. */
INLINE V FN(power_of_two)(I low_bits)
{
    return FN(number)((I)(((BITS)low_bits + 1023) << 52));
}

#ifndef FUSED_V
INLINE V FN(sum)(V a, V b, V *error) /* that, and exactly what rounding took from it */
{
    V sum = a + b, b_in_it = sum - a;
    *error = (a - (sum - b_in_it)) + (b - b_in_it);
    return sum;
}
#endif

/* a * b + c, rounded once. Where the machine can't do that: product and sums with their errors
   (Dekker, Knuth), of which the small ones are added first and rounded to odd, so that rounding again
   does no harm (Boldo and Melquiond). For numbers far from the ends of their range. */
INLINE V FN(fused)(V a, V b, V c)
{
#ifdef FUSED_V
    return FUSED_V(a, b, c);
#else
    const double split = 0x1p27 + 1.0;
    V a_high = a * split - (a * split - a), a_low = a - a_high;
    V b_high = b * split - (b * split - b), b_low = b - b_high;
    V product = a * b, lost, lost_then, lost_at_last;
    V low = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
    V sum = FN(sum)(c, low, &lost);
    sum = FN(sum)(product, sum, &lost_then);
    I rest = FN(bits)(FN(sum)(lost, lost_then, &lost_at_last));
    I even = TRUTH(lost_at_last != 0.0) & ~rest & 1; /* and inexact: its odd neighbor is nearer */
    I smaller = (I)((BITS)(rest ^ FN(bits)(lost_at_last)) >> 63);
    return sum + FN(number)(rest + (-even & (1 - 2 * smaller)));
#endif
}

/* e^x = 2^k e^r with |r| <= log(2) / 2; e^r = 1 + r + r^2 q(r), q fitted at Chebyshev's points to
   1.3e-17. At most 2 ulp from the truth; inf, 0 and NaN where exp(x) has them; denormal results
   too, for 2^k is multiplied in at once, or by two factors, of which the last may round.

   Of up to two vectors, step by step, as each step waits for the one before. */
INLINE void FN(exponentials)(V *x, int vectors, int may_overflow)
{
    /* Adding it rounds to whole numbers. Where k <= 0, the lowest 12 bits are then the exponent of 2^(k + 65). */
    const double magic = may_overflow ? 0x1.8p52 : 0x1.8p52 + (1023 + 65);
    V k[2], r[2], r2[2], r4[2], q01[2], q23[2], q45[2], q67[2], q89[2], p[2];
#define ALL UNROLLED(v, vectors)
    if (may_overflow)
        ALL x[v] = FN(choose)(TRUTH(x[v] > 710.0), FN(same)(710.0), x[v]);
    ALL x[v] = FN(at_least)(-746.0, x[v]);
    ALL k[v] = FN(fused)(x[v], FN(same)(0x1.71547652b82fep0), FN(same)(magic));
#ifndef SCALED_V
    I low[2];
    ALL low[v] = FN(bits)(k[v]);
#endif
    ALL k[v] -= magic;
    ALL r[v] = FN(fused)(k[v], FN(same)(-0x1.62e42feep-1), x[v]);
    ALL r[v] = FN(fused)(k[v], FN(same)(-0x1.a39ef35793c76p-33), r[v]);
    ALL r2[v] = r[v] * r[v];
    ALL q01[v] = FN(fused)(r[v], FN(same)(0x1.5555555555556p-3), FN(same)(0x1p-1));
    ALL q23[v] = FN(fused)(r[v], FN(same)(0x1.11111111109adp-7), FN(same)(0x1.5555555553d4fp-5));
    ALL q45[v] = FN(fused)(r[v], FN(same)(0x1.a01a01a7c8d47p-13), FN(same)(0x1.6c16c17893833p-10));
    ALL q67[v] = FN(fused)(r[v], FN(same)(0x1.71de0d9c145d0p-19), FN(same)(0x1.a019b8ef67c6cp-16));
    ALL q89[v] = FN(fused)(r[v], FN(same)(0x1.af38d53857513p-26), FN(same)(0x1.2891a8c1d838dp-22));
    ALL r4[v] = r2[v] * r2[v];
    ALL q45[v] = FN(fused)(r2[v], q67[v], q45[v]);
    ALL q01[v] = FN(fused)(r2[v], q23[v], q01[v]);
    ALL q45[v] = FN(fused)(r4[v], q89[v], q45[v]);
    ALL q01[v] = FN(fused)(r4[v], q45[v], q01[v]);
    ALL p[v] = 1.0 + FN(fused)(r2[v], q01[v], r[v]);
#ifdef SCALED_V
    ALL x[v] = SCALED_V(p[v], k[v]);
#else
    if (!may_overflow)
        ALL x[v] = p[v] * FN(number)((I)((BITS)low[v] << 52)) * 0x1p-65;
    else
        ALL {
            I half = (I)((BITS)low[v] >> 1); /* k / 2, rounded down, in all the bits that matter */
            x[v] = p[v] * FN(power_of_two)(half) * FN(power_of_two)((I)((BITS)low[v] - (BITS)half));
        }
#endif
#undef ALL
}

INLINE V FN(exponential)(V x, int may_overflow)
{
    FN(exponentials)(&x, 1, may_overflow);
    return x;
}

/* How many vectors of a row to compute side by side. */
#define BESIDE (ONE || VECTOR < 4 ? 1 : 2)

APART void FN(exponential_of_row)(const V *x, V *y, int steps)
{
    V of[BESIDE];
    int s = 0;
    for (; steps - s >= BESIDE; s += BESIDE) {
        UNROLLED(v, BESIDE)
            of[v] = x[s + v];
        FN(exponentials)(of, BESIDE, 1);
        UNROLLED(v, BESIDE)
            y[s + v] = of[v];
    }
    if (BESIDE > 1 && s < steps)
        y[s] = FN(exponential)(x[s], 1);
}

/* With their partials. */
INLINE void FN(sigmoids)(const V *x, V *y, V *partial, const int vectors)
{
    V tail[2];
    UNROLLED(v, vectors)
        tail[v] = FN(minus_absolute)(x[v]);
    FN(exponentials)(tail, vectors, 0);
    UNROLLED(v, vectors) {
        V near = 1.0 / (1.0 + tail[v]), far = tail[v] * near; /* sigmoid(|x|), sigmoid(-|x|) */
        y[v] = FN(by_sign)(x[v], far, near);
        partial[v] = near * far;
    }
}

INLINE void FN(sigmoid_of_steps)(const V *x, V *y, V *partial, int steps)
{
    int s = 0;
    for (; steps - s >= BESIDE; s += BESIDE)
        FN(sigmoids)(x + s, y + s, partial + s, BESIDE);
    if (BESIDE > 1 && s < steps)
        FN(sigmoids)(x + s, y + s, partial + s, 1);
}

APART void FN(sigmoid_of_row)(const V *x, V *y, V *partial, int steps)
{
    FN(sigmoid_of_steps)(x, y, partial, steps);
}

/* NaN if any of these is infinite or NaN, else 0. */
INLINE double FN(blemish)(const V *y, int steps)
{
    V sum = FN(same)(0.0);
    EACH sum += y[s] * 0.0;
    double lanes[IN_V], all = 0.0;
    memcpy(lanes, &sum, sizeof sum);
    for (int lane = 0; lane < IN_V; lane++)
        all += lanes[lane];
    return all;
}

/* What a maximum passes on to its operand a, of a and b: a tie is split. */
INLINE V FN(larger)(V a, V b, V g)
{
    return FN(choose)(TRUTH(a > b), g, FN(choose)(TRUTH(a < b), FN(same)(0.0), 0.5 * g));
}
