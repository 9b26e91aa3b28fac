/* The interpreter for each kind of machine, by how many numbers its vectors hold: eight with AVX-512,
   four with AVX2, two with SSE2 or NEON, one where the compiler has no vector types.

   All kinds give the same bits. MICROBP_SCALAR leaves out all but the last. */

#ifdef GNU_C
#define ALWAYS_INLINE inline __attribute__((always_inline))
#elif defined(_MSC_VER)
#define ALWAYS_INLINE __forceinline
#else
#define ALWAYS_INLINE inline
#endif

#if defined(GNU_C) && !defined(__clang__)
#define UNROLL _Pragma("GCC unroll 8")
#else
#define UNROLL
#endif

/* For what is compiled once, and not again for each width of rows. */
#if defined(GNU_C) && !defined(__clang__)
#define ONCE __attribute__((noinline, noclone))
#else
#define ONCE
#endif

/* Keeps a vector in its register, where gcc would load it anew for each use. */
#if defined(GNU_C) && defined(__x86_64__)
#define HOLD(x) __asm__("" : "+v"(x))
#else
#define HOLD(x) (void)(x)
#endif

#ifdef GNU_C
#if defined(__x86_64__) || defined(__amd64__)
#define MANY_MACHINES
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wpsabi" /* vectors are passed to inline functions only */
#endif
#define VECTORS_OF(n)                                                                              \
    typedef double Numbers##n __attribute__((vector_size(8 * n)));                                 \
    typedef int64_t Ints##n __attribute__((vector_size(8 * n)));                                   \
    typedef uint64_t Bits##n __attribute__((vector_size(8 * n))); /* signed ones may not overflow */
VECTORS_OF(2)
VECTORS_OF(4)
VECTORS_OF(8)
#define TYPE_OF(name, n) name##n
#define NUMBERS_OF(n) TYPE_OF(Numbers, n)
#define INTS_OF(n) TYPE_OF(Ints, n)
#define BITS_OF(n) TYPE_OF(Bits, n)
#define ALIKE2(x) {x, x}
#define ALIKE4(x) {x, x, x, x}
#define ALIKE8(x) {x, x, x, x, x, x, x, x}
#define ALIKE_OF(n) TYPE_OF(ALIKE, n)
#endif

/* The rest of an extension is compiled with -O2, which takes half the time. */
#if defined(GNU_C) && !defined(__clang__) && defined(__OPTIMIZE__)
#pragma GCC push_options
#pragma GCC optimize("O3")
#define POP_OPTIONS
#endif

/* For each kind:
   VECTOR: how many numbers a vector holds.
   FUSED: a * b + c of a vector, and FUSED_ONE of single numbers, rounded once; undefined where the
   machine can't do that, and lanes.h has to take the long way. Only the exponential uses it: all else
   has the bits of the operations as written.
   AT_LEAST, BY_SIGN: choices in one instruction, see numbers.h; SCALED: x * 2^k, rounded once. Undefined
   where the machine has none. */
#define TARGET
#define KIND plain
#if defined(GNU_C) && defined(__aarch64__)
#define PLAIN "neon"
#define VECTOR 2
#define FUSED(a, b, c) ((Numbers2)vfmaq_f64((float64x2_t)(c), (float64x2_t)(a), (float64x2_t)(b)))
#define FUSED_ONE(a, b, c) __builtin_fma(a, b, c)
#elif defined(GNU_C)
#if defined(__SSE2__)
#define PLAIN "sse2"
#define AT_LEAST(least, x) ((Numbers2)_mm_max_pd((__m128d)(least), (__m128d)(x)))
#else
#define PLAIN "plain"
#endif
#define VECTOR 2
#else
#define PLAIN "none"
#define VECTOR 1
#endif
#include "widths.h"

#ifdef MANY_MACHINES
#define TARGET __attribute__((target("avx2,fma")))
#define KIND avx2
#define VECTOR 4
#define FUSED(a, b, c) ((Numbers4)_mm256_fmadd_pd((__m256d)(a), (__m256d)(b), (__m256d)(c)))
#define AT_LEAST(least, x) ((Numbers4)_mm256_max_pd((__m256d)(least), (__m256d)(x)))
#define BY_SIGN(x, negative, positive)                                                             \
    ((Numbers4)_mm256_blendv_pd((__m256d)(positive), (__m256d)(negative), (__m256d)(x)))
#define FUSED_ONE(a, b, c) __builtin_fma(a, b, c)
#include "widths.h"
#define TARGET __attribute__((target("avx512f,avx512dq,fma")))
#define KIND avx512
#define VECTOR 8
#define FUSED(a, b, c) ((Numbers8)_mm512_fmadd_pd((__m512d)(a), (__m512d)(b), (__m512d)(c)))
#define AT_LEAST(least, x) ((Numbers8)_mm512_max_pd((__m512d)(least), (__m512d)(x)))
#define SCALED(x, k) ((Numbers8)_mm512_scalef_pd((__m512d)(x), (__m512d)(k)))
#define FUSED_ONE(a, b, c) __builtin_fma(a, b, c)
#include "widths.h"
#endif

static int all_finite(const double *numbers, Py_ssize_t count)
{
    double blemish[LANES] = {0.0}; /* all 0 if all are finite */
    for (Py_ssize_t i = 0; i < count / LANES; i++)
        for (int lane = 0; lane < LANES; lane++)
            blemish[lane] += numbers[i * LANES + lane] * 0.0;
    for (Py_ssize_t i = count / LANES * LANES; i < count; i++)
        blemish[0] += numbers[i] * 0.0;
    for (int lane = 1; lane < LANES; lane++)
        blemish[0] += blemish[lane];
    return blemish[0] == 0.0;
}

/* To a sum in lanes, so many numbers of a row: whole lanes of them. */
static void add_lanes(double *sum, const double *row, Py_ssize_t count)
{
    double lanes[LANES];
    memcpy(lanes, sum, sizeof lanes);
    for (Py_ssize_t c = 0; c < count; c += LANES)
        for (int lane = 0; lane < LANES; lane++)
            lanes[lane] += row[c + lane];
    memcpy(sum, lanes, sizeof lanes);
}

/* A row of one number in so many cases, and of another one in the rest. */
static void fill_row(double *row, double x, int cases, double rest, int width)
{
    for (int c = 0; c < cases; c++)
        row[c] = x;
    for (int c = cases; c < width; c++)
        row[c] = rest;
}

/* A row's numbers, so many steps apart; never -0.0. */
static void put_column(double *column, Py_ssize_t apart, const double *row, int cases)
{
    for (int c = 0; c < cases; c++)
        column[c * apart] = 0.0 + row[c];
}

/* Clear what is no longer right: cases where y and d are on different sides of an edge each. */
static void look_at_sides(const double *y, double y_edge, const double *d, double d_edge, Py_ssize_t cases,
                          double *right)
{
    for (Py_ssize_t c = 0; c < cases; c++)
        right[c] = (y[c] - y_edge) * (d[c] - d_edge) > 0.0 ? right[c] : 0.0;
}

#ifdef POP_OPTIONS
#pragma GCC pop_options
#endif

typedef int (*Forward)(Tape *, ScalarOp);
typedef void (*Reverse)(Tape *);
typedef struct { Forward forward; Reverse reverse; } Interpreter;
typedef struct { const char *name; Interpreter of_64, of_32, of_16, of_8, of_any, of_1; Stream stream; } Kind;

#define INTERPRETER(width, kind) {forward_##width##_##kind, reverse_##width##_##kind}
#define KIND_OF(name, kind)                                                                        \
    {name, INTERPRETER(64, kind), INTERPRETER(32, kind), INTERPRETER(16, kind),                    \
     INTERPRETER(8, kind), INTERPRETER(0, kind), INTERPRETER(1, kind), stream_##kind}

static const Kind kinds[] = {
#ifdef MANY_MACHINES
    KIND_OF("avx512", avx512),
    KIND_OF("avx2", avx2),
#endif
    KIND_OF(PLAIN, plain),
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* Whether this machine is of that kind. */
static int is_kind(const Kind *kind)
{
#ifdef MANY_MACHINES
    __builtin_cpu_init();
    if (kind == &kinds[0] && !(__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")))
        return 0;
    if (kind <= &kinds[1] && !(__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")))
        return 0;
#endif
    return kind < kinds + KINDS;
}

static const Kind *kind_in_use;

/* The interpreter for rows of so many cases, for the machine this runs on. */
static Interpreter interpreter(int width)
{
    return width == 64   ? kind_in_use->of_64
           : width == 32 ? kind_in_use->of_32
           : width == 16 ? kind_in_use->of_16
           : width == 8  ? kind_in_use->of_8
           : width == 1  ? kind_in_use->of_1
                         : kind_in_use->of_any;
}

/* What runs the stream of a plan. */
static Stream stream(void)
{
    return kind_in_use->stream;
}
