/* The same two nets in the compiler's vector types, as large as the machine's registers.

   A row holds one number for each case. The inner loops keep tiles of a few vectors in registers, as
   matrix multiplications do. The sigmoid's exp is microbp's polynomial, with its error, as libm's is a
   call for each number; it alone fuses multiplication and addition, as in microbp. */

#include <stdint.h>
#include <string.h>

#if defined(__x86_64__) || defined(__amd64__)
#include <immintrin.h>
#endif

#if defined(__AVX512F__)
enum { N = 8 };
#define FUSED(a, b, c) ((V)_mm512_fmadd_pd((__m512d)(a), (__m512d)(b), (__m512d)(c)))
#elif defined(__FMA__)
enum { N = 4 };
#define FUSED(a, b, c) ((V)_mm256_fmadd_pd((__m256d)(a), (__m256d)(b), (__m256d)(c)))
#else
enum { N = 2 };
#define FUSED(a, b, c) ((a) * (b) + (c))
#endif

enum { MOST = 128 / N, TILE = 4 }; /* vectors: of a row, and of one that are computed side by side */

typedef double V __attribute__((vector_size(8 * N)));
typedef int64_t I __attribute__((vector_size(8 * N)));
typedef V row[MOST];

#define INLINE static inline __attribute__((always_inline))
#define UNROLLED(i, times) _Pragma("GCC unroll 8") for (int i = 0; i < (times); i++)

INLINE V alike(double x)
{
    return x - (V){0.0};
}

/* exp(x), to the last digit or two, for |x| < 700: 2^k (1 + r + r^2 q(r)), |r| <= ln 2 / 2. */
INLINE V exponential(V x)
{
    const V magic = alike(0x1.8p52); /* adding it rounds to a whole number */
    V k = FUSED(x, alike(0x1.71547652b82fep0), magic);
    I low = (I)k;
    k -= magic;
    V r = FUSED(k, alike(-0x1.62e42feep-1), x);
    r = FUSED(k, alike(-0x1.a39ef35793c76p-33), r);
    V r2 = r * r, r4 = r2 * r2;
    V q01 = FUSED(r, alike(0x1.5555555555556p-3), alike(0x1p-1));
    V q23 = FUSED(r, alike(0x1.11111111109adp-7), alike(0x1.5555555553d4fp-5));
    V q45 = FUSED(r, alike(0x1.a01a01a7c8d47p-13), alike(0x1.6c16c17893833p-10));
    V q67 = FUSED(r, alike(0x1.71de0d9c145d0p-19), alike(0x1.a019b8ef67c6cp-16));
    V q89 = FUSED(r, alike(0x1.af38d53857513p-26), alike(0x1.2891a8c1d838dp-22));
    V q = FUSED(r4, FUSED(r4, q89, FUSED(r2, q67, q45)), FUSED(r2, q23, q01));
    V p = 1.0 + FUSED(r2, q, r);
    return (V)((I)p + (low << 52));
}

INLINE V lesser(V x, V y)
{
    I first = x < y;
    return (V)((first & (I)x) | (~first & (I)y));
}

INLINE V sigmoid(V x)
{
    const V most = alike(700.0);
    x = -lesser(-lesser(x, most), most);
    return 1.0 / (1.0 + exponential(-x));
}

INLINE double sum(V lanes)
{
    double all = 0.0;
    for (int l = 0; l < N; l++)
        all += lanes[l];
    return all;
}

/* Activities of `many` units beside one another, over `tile` vectors of cases from `b` on. */
INLINE void units(int inputs, int many, int tile, int b, const double *w, const row *x, row *y)
{
    V total[many][tile];
    UNROLLED(j, many)
        UNROLLED(t, tile)
            total[j][t] = alike(w[j * (inputs + 1) + inputs]);
    for (int i = 0; i < inputs; i++)
        UNROLLED(j, many)
            UNROLLED(t, tile)
                total[j][t] += w[j * (inputs + 1) + i] * x[i][b + t];
    UNROLLED(j, many)
        UNROLLED(t, tile)
            y[j][b + t] = sigmoid(total[j][t]);
}

INLINE void forward(int inputs, int all, int vectors, const double *w, const row *x, row *y)
{
    const int many = all % 2 ? 1 : 2;
    for (int j = 0; j < all; j += many, w += many * (inputs + 1)) {
        int b = 0;
        for (; b + TILE <= vectors; b += TILE)
            units(inputs, many, TILE, b, w, x, y + j);
        for (; b < vectors; b++)
            units(inputs, many, 1, b, w, x, y + j);
    }
}

/* From dE/dy to dE/d total input, in place. */
INLINE void through(int all, int vectors, const row *y, row *d)
{
    for (int j = 0; j < all; j++)
        for (int b = 0; b < vectors; b++)
            d[j][b] *= y[j][b] * (1.0 - y[j][b]);
}

/* dE/dw of `many` units and `some` inputs beside one another. */
INLINE void products(int inputs, int many, int some, int vectors, const row *x, const row *d, double *g)
{
    V lanes[many][some];
    memset(lanes, 0, sizeof lanes);
    for (int b = 0; b < vectors; b++)
        UNROLLED(j, many)
            UNROLLED(i, some)
                lanes[j][i] += d[j][b] * x[i][b];
    UNROLLED(j, many)
        UNROLLED(i, some)
            g[j * (inputs + 1) + i] = sum(lanes[j][i]);
}

INLINE void gradients(int inputs, int all, int vectors, const row *x, const row *d, double *g)
{
    const int many = all % 2 ? 1 : 2, some = inputs % 3 ? 2 : 3;
    for (int j = 0; j < all; j += many, g += many * (inputs + 1)) {
        for (int i = 0; i < inputs; i += some)
            products(inputs, many, some, vectors, x + i, d + j, g + i);
        V lanes[2] = {{0.0}};
        for (int b = 0; b < vectors; b++)
            UNROLLED(k, many)
                lanes[k] += d[j + k][b];
        UNROLLED(k, many)
            g[k * (inputs + 1) + inputs] = sum(lanes[k]);
    }
}

/* dE/dx of two inputs beside one another. */
INLINE void two_back(int inputs, int all, int tile, int b, const double *w, const row *d, row *dx)
{
    V lanes[2][tile];
    memset(lanes, 0, sizeof lanes);
    for (int j = 0; j < all; j++)
        UNROLLED(i, 2)
            UNROLLED(t, tile)
                lanes[i][t] += w[j * (inputs + 1) + i] * d[j][b + t];
    UNROLLED(i, 2)
        UNROLLED(t, tile)
            dx[i][b + t] = lanes[i][t];
}

INLINE void back(int inputs, int all, int vectors, const double *w, const row *d, row *dx)
{
    for (int i = 0; i < inputs; i += 2) {
        int b = 0;
        for (; b + TILE <= vectors; b += TILE)
            two_back(inputs, all, TILE, b, w + i, d, dx + i);
        for (; b < vectors; b++)
            two_back(inputs, all, 1, b, w + i, d, dx + i);
    }
}

/* The columns of the cases, whose rows lie one after the other: turned once, as they stay the same. */
INLINE int turned(int width, int count, const double *cases, row *x, const double **last)
{
    const int vectors = (count + N - 1) / N;
    for (int i = 0; i < width && *last != cases; i++)
        for (int c = 0; c < vectors * N; c++)
            ((double *)x[i])[c] = c < count ? cases[c * width + i] : 0.0;
    *last = cases;
    return vectors;
}

/* dE/dy of the outputs into d, 0 beyond the last case, and the error. */
INLINE double squared_error(int outputs, int count, int vectors, const row *y, const row *target, row *d)
{
    V lanes = {0.0};
    for (int j = 0; j < outputs; j++)
        for (int b = 0; b < vectors; b++) {
            V e = y[j][b] - target[j][b];
            for (int l = count - b * N; l < N; l++)
                e[l] = 0.0;
            d[j][b] = e;
            lanes += e * e;
        }
    return 0.5 * sum(lanes);
}

/* Both take at most 128 cases, and the same array means the same cases. */

double symmetry(const double *w, const double *cases, int count, double *g)
{
    static const double *last;
    static row x[7], hidden[2], output[1], dhidden[2], doutput[1];
    const int vectors = turned(7, count, cases, x, &last);
    forward(6, 2, vectors, w, x, hidden);
    forward(2, 1, vectors, w + 14, hidden, output);
    double error = squared_error(1, count, vectors, output, x + 6, doutput);
    through(1, vectors, output, doutput);
    gradients(2, 1, vectors, hidden, doutput, g + 14);
    back(2, 1, vectors, w + 14, doutput, dhidden);
    through(2, vectors, hidden, dhidden);
    gradients(6, 2, vectors, x, dhidden, g);
    return error;
}

enum { PERSON = 0, RELATION = 150, CENTRAL = 228, PENULTIMATE = 384, OUTPUT = 462 };

double family(const double *w, const double *cases, int count, double *g)
{
    static const double *last;
    static row x[60], codes[12], central[12], penultimate[6], output[24];
    static row dcodes[12], dcentral[12], dpenultimate[6], doutput[24];
    const int vectors = turned(60, count, cases, x, &last);
    forward(24, 6, vectors, w + PERSON, x, codes);
    forward(12, 6, vectors, w + RELATION, x + 24, codes + 6);
    forward(12, 12, vectors, w + CENTRAL, codes, central);
    forward(12, 6, vectors, w + PENULTIMATE, central, penultimate);
    forward(6, 24, vectors, w + OUTPUT, penultimate, output);
    double error = squared_error(24, count, vectors, output, x + 36, doutput);
    through(24, vectors, output, doutput);
    gradients(6, 24, vectors, penultimate, doutput, g + OUTPUT);
    back(6, 24, vectors, w + OUTPUT, doutput, dpenultimate);
    through(6, vectors, penultimate, dpenultimate);
    gradients(12, 6, vectors, central, dpenultimate, g + PENULTIMATE);
    back(12, 6, vectors, w + PENULTIMATE, dpenultimate, dcentral);
    through(12, vectors, central, dcentral);
    gradients(12, 12, vectors, codes, dcentral, g + CENTRAL);
    back(12, 12, vectors, w + CENTRAL, dcentral, dcodes);
    through(12, vectors, codes, dcodes);
    gradients(12, 6, vectors, x + 24, dcodes + 6, g + RELATION);
    gradients(24, 6, vectors, x, dcodes, g + PERSON);
    return error;
}
