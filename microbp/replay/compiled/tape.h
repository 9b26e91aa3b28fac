/* The layout of a recorded graph for the interpreter, which vectors.h makes for each kind of row.

   A row holds one node's number for several cases side by side: 1, or any multiple of
   LANES. Numbers that are the same in every case are `uniform`. */

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "op_codes.h"

#if defined(__GNUC__) && !defined(MICROBP_SCALAR) /* else plain C11, as MSVC takes it: no vectors */
#define GNU_C
#endif

enum { LANES = 8, MOST_CASES = 128 }; /* in a sum over cases; in a row */

enum { NOTHING = -1, FRESH = -2 };

typedef struct {
    int32_t value;   /* its row */
    int32_t adjoint; /* its adjoint's row from here on, on the way back; -1 if it is not wanted */
    int32_t sum;     /* the row to which that adds; FRESH, or NOTHING is to be done */
} Operand;

/* How a DOT has its operands, weights, then activities, then the bias: a weight that is uniform is in
   `uniform`, its adjoint in `sums`. Where the BIAS_FIRST, as chains.pxi makes them, there may be none at all.
   SWAPPED: what was recorded as weights are the activities. */
enum { UNIFORM_WEIGHTS = 1, UNIFORM_BIAS = 2, BIAS_FIRST = 4, SWAPPED = 8 };

enum { MOST_UNITS = 64 }; /* in a layer: see layers.pxi */

typedef struct {
    int32_t op;      /* a Code of arithmetic.pxd */
    int16_t flags;
    uint8_t before, after; /* how many instructions beside it are units of the same layer */
    int32_t count;   /* of its operands */
    int32_t first;   /* the place of the first in `operands` */
    int32_t value;   /* its row, and its adjoint's */
    int32_t adjoint;
    int32_t partial; /* the first of the rows that keep its partials, where there are any */
    int32_t source;  /* which of the recording's operations it is */
} Instruction;

/* Runs of alike steps: at the head of each their kind and KINDS_OF_STEPS times how many there are, then of each
   step the numbers of rows, y, a, b and c as far as they are used. INSTRUCTIONS have the number of the first one. */
enum {
    INSTRUCTIONS,
    SUMS_OF_TWO,     /* y = a + b */
    DIFFERENCES,     /* y = a - b */
    PRODUCTS_OF_TWO, /* y = a * b */
    NEGATIVES,       /* y = -a */
    ADDED_PRODUCTS,  /* y = a + b * c */
    TWO_PRODUCTS,    /* y = b * c, and then z = a + b * d: y, z, a, b, c, d */
    KINDS_OF_STEPS = 8,   /* at most */
    MOST_IN_RUN = 1 << 30 /* no step is added to a run whose head is as large */
};

typedef struct {
    const int32_t *at, *end;
} Steps;

typedef struct Tape {
    const Instruction *code;
    const Operand *operands;
    Py_ssize_t count;      /* of the instructions, steps left out */
    Steps forth, back;     /* where some are steps: all that is done; else NULL */
    double *values;        /* rows */
    double *adjoints;      /* rows */
    const double *uniform; /* one number each */
    double *sums;          /* LANES numbers each: case c adds to number c % LANES */
    double *chunk_sums;    /* of all of these */
    int lone;              /* whether a row has all cases, so that sums go to chunk_sums at once */
    int width;             /* of its rows */
    int lane;              /* of the case, where a row holds a single one */
    int cases;             /* how many of a row's cases are real; the rest repeat the last one */
    double spoiled;         /* 0; NaN once an operation that has a domain made no finite number */
    void *workspace;        /* that it belongs to */
} Tape;

/* Whether an operation is computed by its formula in Python. */
static inline int has_no_arithmetic(int32_t op, int32_t operands)
{
    return op == OTHER || op == LGAMMA || op == DIGAMMA || operands > 2 || operands == 0;
}

/* The sum of LANES numbers. */
static inline double sum_of_lanes(const double *x)
{
    return ((x[0] + x[1]) + (x[2] + x[3])) + ((x[4] + x[5]) + (x[6] + x[7]));
}

/* A flag that one thread sets and others look at. */
static inline int is_set(const int *flag)
{
#ifdef GNU_C
    return __atomic_load_n(flag, __ATOMIC_RELAXED);
#else
    return *(const volatile int *)flag;
#endif
}

static inline void set_flag(int *flag)
{
#ifdef GNU_C
    __atomic_store_n(flag, 1, __ATOMIC_RELAXED);
#else
    *(volatile int *)flag = 1;
#endif
}

/* An operation without vector arithmetic, for one case; false if it has no value. The partial for
   each operand goes to the rows from `partial` on. */
typedef int (*ScalarOp)(const Tape *, const Instruction *, int width, int case_);

#include "make_plan.h"
#include "vectors.h"
