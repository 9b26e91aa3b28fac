/* Rows of cases as vectors V of a kind of machine, as all of the interpreter takes them. ONE: rows of a single
   case, and V is a number. Included once for each of both; no_rows.h takes it all back.

   A row has `steps` vectors. Sums over the cases have LANES numbers, which are SUMS vectors. */

#define PASTE(name, rows, kind) name##_##rows##_##kind
#define PASTED(name, rows, kind) PASTE(name, rows, kind)
#if ONE
#define FN(name) PASTED(name, one, KIND)
#else
#define FN(name) PASTED(name, many, KIND)
#endif
#define INLINE static ALWAYS_INLINE TARGET
#define APART static ONCE TARGET

#if ONE || VECTOR == 1
#define V double
#define I int64_t
#define BITS uint64_t
#define IN_V 1
#define ALIKE(x) (x)
#define TRUTH(condition) (-(int64_t)(condition))
#ifdef FUSED_ONE
#define FUSED_V FUSED_ONE
#endif
#else
#define V NUMBERS_OF(VECTOR)
#define I INTS_OF(VECTOR)
#define BITS BITS_OF(VECTOR)
#define IN_V VECTOR
#define ALIKE(x) (V) ALIKE_OF(VECTOR)(x)
#define TRUTH(condition) (condition)
#ifdef FUSED
#define FUSED_V FUSED
#endif
#ifdef AT_LEAST
#define AT_LEAST_V AT_LEAST
#endif
#ifdef BY_SIGN
#define BY_SIGN_V BY_SIGN
#endif
#ifdef SCALED
#define SCALED_V SCALED
#endif
#endif

#if ONE
#define SUMS 1
#define SUM_OF(row) (tape->sums + (Py_ssize_t)(row) * LANES + tape->lane)
#else
#define SUMS (LANES / IN_V)
#define SUM_OF(row) ((V *)(tape->sums + (Py_ssize_t)(row) * LANES))
#endif

#define ROWS(rows, row) ((V *)(rows) + (Py_ssize_t)(row) * steps)
#define EACH for (int s = 0; s < steps; s++)
#define UNROLLED(i, times) UNROLL for (int i = 0; i < (times); i++)

/* Work on a row in tiles of vectors that registers hold: `most` at a time, 8 or 4, then fewer. */
#define IN_TILES(most, ...)                                                                        \
    do {                                                                                           \
        int from = 0;                                                                              \
        for (; !ONE && (most) == 8 && steps - from >= 8; from += 8) {                              \
            enum { tile = 8 };                                                                     \
            __VA_ARGS__;                                                                               \
        }                                                                                          \
        for (; !ONE && steps - from >= 4; from += 4) {                                             \
            enum { tile = 4 };                                                                     \
            __VA_ARGS__;                                                                               \
        }                                                                                          \
        for (; SUMS < 4 && from < steps; from += SUMS) {                                           \
            enum { tile = SUMS };                                                                  \
            __VA_ARGS__;                                                                               \
        }                                                                                          \
    } while (0)

/* The term, for an operand's adjoint, over steps of a row. */
#define PASS(operand, from, each, step, term)                                                      \
    do {                                                                                           \
        V *to_ = ROWS(tape->adjoints, (operand).adjoint) + (from);                                 \
        const V *so_far_ = ROWS(tape->adjoints, (operand).sum) + (from);                           \
        if ((operand).sum >= 0)                                                                    \
            each to_[step] = so_far_[step] + (term);                                               \
        else if ((operand).sum == FRESH)                                                           \
            each to_[step] = (term);                                                               \
    } while (0)
#define PASS_TILE(operand, term) PASS(operand, from, UNROLLED(t, tile), t, term)

#include "numbers.h"
