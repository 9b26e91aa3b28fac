/* The two nets of the paper by hand, case by case: loss and gradient of equation (3).

   A unit's weights lie together, its bias after them, as in microbp's nets. A case is its
   inputs and then its targets. The sizes are constants where the functions are inlined. */

#include <math.h>
#include <string.h>

static inline void forward(int inputs, int units, const double *restrict w,
                           const double *restrict x, double *restrict y)
{
    for (int j = 0; j < units; j++, w += inputs + 1) {
        double total = w[inputs];
        for (int i = 0; i < inputs; i++)
            total += w[i] * x[i];
        y[j] = 1.0 / (1.0 + exp(-total));
    }
}

/* From dE/dy of the units to dE/dw, which is added to g, and to dE/dx, which is added to dx
   unless that is not wanted. */
static inline void backward(int inputs, int units, const double *restrict w,
                            const double *restrict x, const double *restrict y,
                            const double *restrict dy, double *restrict g, double *restrict dx)
{
    for (int j = 0; j < units; j++, w += inputs + 1, g += inputs + 1) {
        const double d = dy[j] * y[j] * (1.0 - y[j]);
        for (int i = 0; i < inputs; i++)
            g[i] += d * x[i];
        g[inputs] += d;
        if (dx)
            for (int i = 0; i < inputs; i++)
                dx[i] += d * w[i];
    }
}

static inline double squared_error(int outputs, const double *restrict y,
                                   const double *restrict target, double *restrict dy)
{
    double sum = 0.0;
    for (int j = 0; j < outputs; j++) {
        dy[j] = y[j] - target[j];
        sum += dy[j] * dy[j];
    }
    return 0.5 * sum;
}

double symmetry(const double *restrict w, const double *restrict cases, int count,
                double *restrict g)
{
    double error = 0.0;
    memset(g, 0, 17 * sizeof *g);
    for (int c = 0; c < count; c++, cases += 7) {
        double hidden[2], output[1], dhidden[2] = {0.0}, doutput[1];
        forward(6, 2, w, cases, hidden);
        forward(2, 1, w + 14, hidden, output);
        error += squared_error(1, output, cases + 6, doutput);
        backward(2, 1, w + 14, hidden, output, doutput, g + 14, dhidden);
        backward(6, 2, w, cases, hidden, dhidden, g, NULL);
    }
    return error;
}

enum { PERSON = 0, RELATION = 150, CENTRAL = 228, PENULTIMATE = 384, OUTPUT = 462, ALL = 630 };

double family(const double *restrict w, const double *restrict cases, int count,
              double *restrict g)
{
    double error = 0.0;
    memset(g, 0, ALL * sizeof *g);
    for (int c = 0; c < count; c++, cases += 60) {
        double codes[12], central[12], penultimate[6], output[24];
        double dcodes[12] = {0.0}, dcentral[12] = {0.0}, dpenultimate[6] = {0.0}, doutput[24];
        forward(24, 6, w + PERSON, cases, codes);
        forward(12, 6, w + RELATION, cases + 24, codes + 6);
        forward(12, 12, w + CENTRAL, codes, central);
        forward(12, 6, w + PENULTIMATE, central, penultimate);
        forward(6, 24, w + OUTPUT, penultimate, output);
        error += squared_error(24, output, cases + 36, doutput);
        backward(6, 24, w + OUTPUT, penultimate, output, doutput, g + OUTPUT, dpenultimate);
        backward(12, 6, w + PENULTIMATE, central, penultimate, dpenultimate, g + PENULTIMATE,
                 dcentral);
        backward(12, 12, w + CENTRAL, codes, central, dcentral, g + CENTRAL, dcodes);
        backward(12, 6, w + RELATION, cases + 24, codes + 6, dcodes + 6, g + RELATION, NULL);
        backward(24, 6, w + PERSON, cases, codes, dcodes, g + PERSON, NULL);
    }
    return error;
}
