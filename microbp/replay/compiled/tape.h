/* The layout of a recorded graph for the interpreter, and the interpreter for each kind of row.

   A row holds one node's number for several cases side by side: 64, 32, 8 or 1 of them, as many
   as lanes.h is compiled for. Numbers that are the same in every case are `uniform`. */

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "op_codes.h"

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wpsabi" /* vectors are passed to inline functions only */
#endif

enum { LANES = 8, MOST_CASES = 64 }; /* in a sum over cases; in a row */

typedef struct {
    int32_t value;   /* its row */
    int32_t adjoint; /* its adjoint's row; -1 if it is not wanted */
    int32_t fresh;   /* whether the backward pass sets that row here, and not adds to it */
} Operand;

/* How a DOT has its operands: a weight that is uniform is in `uniform`, its adjoint in `sums`. */
enum { UNIFORM_WEIGHTS = 1, UNIFORM_BIAS = 2 };

typedef struct {
    int32_t op;      /* a Code of arithmetic.pxd */
    int32_t flags;
    int32_t count;   /* of its operands */
    int32_t first;   /* the place of the first in `operands` */
    int32_t value;   /* its row, and its adjoint's */
    int32_t adjoint;
    int32_t partial; /* the first of the rows that keep its partials, where there are any */
    int32_t source;  /* which of the recording's operations it is */
} Instruction;

typedef struct Tape {
    const Instruction *code;
    const Operand *operands;
    Py_ssize_t count;      /* of the instructions */
    double *values;        /* rows */
    double *adjoints;      /* rows */
    const double *uniform; /* one number each */
    double *sums;          /* LANES numbers each: case c adds to number c % LANES */
    int lane;              /* of the case, where a row holds a single one */
    int cases;             /* how many of a row's cases are real; the rest repeat the last one */
    double spoiled;         /* 0; NaN once an operation that has a domain made no finite number */
    void *workspace;        /* that it belongs to */
} Tape;

/* Whether an operation is computed by its formula in Python. */
static inline int has_no_arithmetic(const Instruction *at)
{
    return at->op == OTHER || at->op == LGAMMA || at->op == DIGAMMA || at->count > 2 || at->count == 0;
}

/* A flag that one thread sets and others look at. */
static inline int is_set(const int *flag)
{
    return __atomic_load_n(flag, __ATOMIC_RELAXED);
}

static inline void set_flag(int *flag)
{
    __atomic_store_n(flag, 1, __ATOMIC_RELAXED);
}

/* An operation without vector arithmetic, for one case; false if it has no value. The partial for
   each operand goes to the rows from `partial` on. */
typedef int (*ScalarOp)(const Tape *, const Instruction *, int width, int case_);

typedef double Eight __attribute__((vector_size(64)));
typedef int64_t EightInts __attribute__((vector_size(64)));
typedef uint64_t EightBits __attribute__((vector_size(64))); /* to shift: signed ones may not overflow */

/* AT_HAND: how many vectors of a sum the machine's registers hold beside all else.
   FUSED: a * b + c of eight numbers, and FUSED_ONE of single ones, rounded once where the machine
   can do that. Only the exponential uses it: all else has the bits of the operations as written. */
#define TARGET
#define KIND plain
#define AT_HAND 4
#define FUSED(a, b, c) ((a) * (b) + (c))
#define FUSED_ONE(a, b, c) ((a) * (b) + (c))
#include "widths.h"

#if (defined(__x86_64__) || defined(__amd64__)) && defined(__GNUC__)
#define MANY_MACHINES
#include <immintrin.h>

typedef union { Eight eight; __m256d four[2]; } Halves;

#define TARGET __attribute__((target("avx2,fma")))
#define KIND avx2
#define AT_HAND 4
static inline __attribute__((always_inline)) TARGET Eight fused_avx2(Eight a, Eight b, Eight c)
{
    Halves x = {a}, y = {b}, z = {c};
    for (int i = 0; i < 2; i++)
        z.four[i] = _mm256_fmadd_pd(x.four[i], y.four[i], z.four[i]);
    return z.eight;
}
#define FUSED(a, b, c) fused_avx2(a, b, c)
#define FUSED_ONE(a, b, c) __builtin_fma(a, b, c)
#include "widths.h"
#define TARGET __attribute__((target("avx512f,avx512dq,fma")))
#define KIND avx512
#define AT_HAND 8
#define FUSED(a, b, c) ((Eight)_mm512_fmadd_pd((__m512d)(a), (__m512d)(b), (__m512d)(c)))
#define FUSED_ONE(a, b, c) __builtin_fma(a, b, c)
#include "widths.h"
#endif

typedef int (*Forward)(Tape *, ScalarOp);
typedef void (*Reverse)(Tape *);
typedef struct { Forward forward; Reverse reverse; } Interpreter;

/* The interpreter for rows of so many cases, for the machine this runs on. */
static Interpreter interpreter(int width)
{
#define CHOICE(kind)                                                                               \
    (width == 64  ? (Interpreter){forward_64_##kind, reverse_64_##kind}                            \
     : width == 32 ? (Interpreter){forward_32_##kind, reverse_32_##kind}                           \
     : width == 8 ? (Interpreter){forward_8_##kind, reverse_8_##kind}                              \
                  : (Interpreter){forward_1_##kind, reverse_1_##kind})
#ifdef MANY_MACHINES
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"))
        return CHOICE(avx512);
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return CHOICE(avx2);
#endif
    return CHOICE(plain);
}
