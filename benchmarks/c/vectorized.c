/* The same two nets, written so that a compiler can do several cases at a time.

   A row holds one number for each case, and every inner loop runs over cases. The sigmoid's
   exp is a polynomial, as libm's is a call for each number. Gradients are summed in lanes, which
   are added up at the end. */

#include <stdint.h>
#include <string.h>

enum { LANES = 8, BLOCKS = 16, MOST = LANES * BLOCKS };

typedef double row[MOST];

/* exp(x), to the last digit or two, for |x| < 700: 2^k times a polynomial on [-ln 2 / 2, ln 2 / 2]. */
static inline double exponential(double x)
{
    const double magic = 6755399441055744.0; /* 1.5 * 2^52: adding it rounds to a whole number */
    double shifted = x * 1.4426950408889634 + magic;
    double k = shifted - magic;
    double r = (x - k * 0x1.62e42fee00000p-1) - k * 0x1.a39ef35793c76p-33;
    double p = 1.0 / 6227020800.0;
    p = p * r + 1.0 / 479001600.0;
    p = p * r + 1.0 / 39916800.0;
    p = p * r + 1.0 / 3628800.0;
    p = p * r + 1.0 / 362880.0;
    p = p * r + 1.0 / 40320.0;
    p = p * r + 1.0 / 5040.0;
    p = p * r + 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    p = p * r + 0.5;
    p = p * r + 1.0;
    p = p * r + 1.0;
    uint64_t bits, whole;
    memcpy(&bits, &p, sizeof bits);
    memcpy(&whole, &shifted, sizeof whole);
    bits += whole << 52; /* k stands in the lowest bits of `shifted` */
    memcpy(&p, &bits, sizeof p);
    return p;
}

static inline void forward(int inputs, int units, int blocks, const double *restrict w,
                           const row *restrict x, row *restrict y)
{
    for (int j = 0; j < units; j++, w += inputs + 1)
        for (int b = 0; b < blocks * LANES; b += LANES) {
            double total[LANES];
            for (int l = 0; l < LANES; l++)
                total[l] = w[inputs];
            for (int i = 0; i < inputs; i++)
                for (int l = 0; l < LANES; l++)
                    total[l] += w[i] * x[i][b + l];
            for (int l = 0; l < LANES; l++) {
                double t = -total[l];
                t = t < -700.0 ? -700.0 : t;
                t = t > 700.0 ? 700.0 : t;
                y[j][b + l] = 1.0 / (1.0 + exponential(t));
            }
        }
}

/* From dE/dy to dE/d total input, in place. */
static inline void through(int units, int blocks, const row *restrict y, row *restrict d)
{
    for (int j = 0; j < units; j++)
        for (int c = 0; c < blocks * LANES; c++)
            d[j][c] = d[j][c] * y[j][c] * (1.0 - y[j][c]);
}

static inline double sum(const double *lanes)
{
    double all = 0.0;
    for (int l = 0; l < LANES; l++)
        all += lanes[l];
    return all;
}

static inline void gradients(int inputs, int units, int blocks, const row *restrict x,
                             const row *restrict d, double *restrict g)
{
    for (int j = 0; j < units; j++, g += inputs + 1) {
        for (int i = 0; i < inputs; i++) {
            double lanes[LANES] = {0.0};
            for (int b = 0; b < blocks * LANES; b += LANES)
                for (int l = 0; l < LANES; l++)
                    lanes[l] += d[j][b + l] * x[i][b + l];
            g[i] = sum(lanes);
        }
        double lanes[LANES] = {0.0};
        for (int b = 0; b < blocks * LANES; b += LANES)
            for (int l = 0; l < LANES; l++)
                lanes[l] += d[j][b + l];
        g[inputs] = sum(lanes);
    }
}

static inline void back(int inputs, int units, int blocks, const double *restrict w,
                        const row *restrict d, row *restrict dx)
{
    for (int i = 0; i < inputs; i++)
        for (int b = 0; b < blocks * LANES; b += LANES) {
            double lanes[LANES] = {0.0};
            for (int j = 0; j < units; j++)
                for (int l = 0; l < LANES; l++)
                    lanes[l] += w[j * (inputs + 1) + i] * d[j][b + l];
            for (int l = 0; l < LANES; l++)
                dx[i][b + l] = lanes[l];
        }
}

/* A block's columns from the cases, whose rows lie one after the other; 0 beyond the last case. */
static inline void turn(int width, int count, int blocks, const double *restrict cases,
                        row *restrict x)
{
    for (int i = 0; i < width; i++)
        for (int c = 0; c < blocks * LANES; c++)
            x[i][c] = c < count ? cases[c * width + i] : 0.0;
}

/* dE/dy of the outputs into d, 0 beyond the last case, and the error. */
static inline double squared_error(int outputs, int count, int blocks, const row *restrict y,
                                   const row *restrict target, row *restrict d)
{
    double lanes[LANES] = {0.0};
    for (int j = 0; j < outputs; j++)
        for (int b = 0; b < blocks * LANES; b += LANES)
            for (int l = 0; l < LANES; l++) {
                double e = b + l < count ? y[j][b + l] - target[j][b + l] : 0.0;
                d[j][b + l] = e;
                lanes[l] += e * e;
            }
    return 0.5 * sum(lanes);
}

/* Both take at most MOST cases. */

double symmetry(const double *restrict w, const double *restrict cases, int count,
                double *restrict g)
{
    static row x[7], hidden[2], output[1], dhidden[2], doutput[1];
    const int blocks = (count + LANES - 1) / LANES;
    turn(7, count, blocks, cases, x);
    forward(6, 2, blocks, w, x, hidden);
    forward(2, 1, blocks, w + 14, hidden, output);
    double error = squared_error(1, count, blocks, output, x + 6, doutput);
    through(1, blocks, output, doutput);
    gradients(2, 1, blocks, hidden, doutput, g + 14);
    back(2, 1, blocks, w + 14, doutput, dhidden);
    through(2, blocks, hidden, dhidden);
    gradients(6, 2, blocks, x, dhidden, g);
    return error;
}

enum { PERSON = 0, RELATION = 150, CENTRAL = 228, PENULTIMATE = 384, OUTPUT = 462 };

double family(const double *restrict w, const double *restrict cases, int count,
              double *restrict g)
{
    static row x[60], codes[12], central[12], penultimate[6], output[24];
    static row dcodes[12], dcentral[12], dpenultimate[6], doutput[24];
    const int blocks = (count + LANES - 1) / LANES;
    turn(60, count, blocks, cases, x);
    forward(24, 6, blocks, w + PERSON, x, codes);
    forward(12, 6, blocks, w + RELATION, x + 24, codes + 6);
    forward(12, 12, blocks, w + CENTRAL, codes, central);
    forward(12, 6, blocks, w + PENULTIMATE, central, penultimate);
    forward(6, 24, blocks, w + OUTPUT, penultimate, output);
    double error = squared_error(24, count, blocks, output, x + 36, doutput);
    through(24, blocks, output, doutput);
    gradients(6, 24, blocks, penultimate, doutput, g + OUTPUT);
    back(6, 24, blocks, w + OUTPUT, doutput, dpenultimate);
    through(6, blocks, penultimate, dpenultimate);
    gradients(12, 6, blocks, central, dpenultimate, g + PENULTIMATE);
    back(12, 6, blocks, w + PENULTIMATE, dpenultimate, dcentral);
    through(12, blocks, central, dcentral);
    gradients(12, 12, blocks, codes, dcentral, g + CENTRAL);
    back(12, 12, blocks, w + CENTRAL, dcentral, dcodes);
    through(12, blocks, codes, dcodes);
    gradients(12, 6, blocks, x + 24, dcodes + 6, g + RELATION);
    gradients(24, 6, blocks, x, dcodes, g + PERSON);
    return error;
}
