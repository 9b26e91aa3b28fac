/* A plan: how one case of a tape is computed as dots side by side, instead of node by node.

   A program of plain scalars is a net in disguise. dots.h finds its sums of products again on the way
   forward, adjoints.h on the way back; groups.h puts those that don't wait for one another side by side;
   runs.h writes them down as the stream that stream.h runs. Each sum keeps its order, so each number
   keeps its bits.

   A plan has numbers of its own, in `slots`: what comes in is moved there, what goes out moved back. */

#pragma once

#include "graph.h"
#include "moves.h"

#if defined(GNU_C) && !defined(__clang__)
#define SIDE_BY_SIDE _Pragma("GCC ivdep") /* what a loop writes, it doesn't read */
#else
#define SIDE_BY_SIDE
#endif

#ifdef GNU_C
#define AHEAD(address) __builtin_prefetch(address) /* it will be of use soon */
#else
#define AHEAD(address) ((void)(address))
#endif

enum { /* what a graph's places are to the outside */
    KEPT = 1,   /* its value is asked for */
    SEEDED = 2, /* a share of its adjoint comes in */
    ASKED = 4,  /* its adjoint is asked for; it is a leaf */
    WANTED = 8  /* its adjoint leads to one that is: the planner finds that */
};

typedef struct Plan {
    Ints stream;
    Py_ssize_t late, forward_end; /* where in the stream the way forward's late part begins, and the way back */
    Py_ssize_t slots;
    double start;   /* of each adjoint: -0.0, which changes nothing, or 0.0, as where it is added to a sum */
    Moves loads;    /* leaves' values */
    Moves seeds;    /* shares of adjoints that come in */
    Moves values;   /* that are kept */
    Moves adjoints; /* that are asked for */
    Moves sums;     /* what a dot adds to the sums of a tape, for each use of a uniform number */
} Plan;

enum { ONE, MINUS_ONE, ZERO, CONSTANTS }; /* the first leaves, and slots */

/* The stream's instructions; those from DIVIDE to ELSEWHERE are for any number of nodes at once. */
typedef enum {
    RUN,    /* out, lanes, segments, repeats, out's step from one to the next; of each segment: kind + 4 * terms,
               a, its step from term to term, b, its step, and a's and b's steps from repeat to repeat */
    GATHER, /* out, blocks of four lanes, terms; for each block and term four a, four b */
    SINGLE, /* out, terms; for each term a, b */
    MORE,   /* likewise: the terms after those */
    TURN,   /* sums begin at 0.0 after it if they did at -0.0 before, and the other way round */
    CHAIN,  /* out, count, first; then for each a number: the one before, times that, is the next */
    PACK,   /* out, count, slots */
    STRIDE, /* out, count, first, step, repeats, out's step and first's from one to the next */
    DIVIDE, ROOT, EXPONENTIAL, ABSOLUTE, SIGMOIDS, RELUS, THE_LARGER, THE_SMALLER, SELECT,
    RECIPROCAL,  /* 1 / b */
    QUOTIENT,    /* -y / b, a quotient's partial */
    HALF,        /* 0.5 / |y|, a root's */
    SIGNED,      /* g with a's sign, and 0 at 0 */
    WHERE_ABOVE, /* g where a > 0, else 0 */
    ELSEWHERE,   /* 0 where a > 0, else g */
    LARGER_ONE,  /* a maximum's g for a, of a and b */
    SHARES,      /* logsumexp: out, count, operands */
    WATCH,       /* ranges; of each its first and its count: whether all that is there is finite */
    FORMULA,     /* out, which operation, count, operands: one without arithmetic */
    SCALARS      /* + a Code: an operation one by one */
} Step;

/* The kinds of a segment: what steps from lane to lane, and what is the same for all. */
enum { VECTOR_NUMBER, VECTOR_VECTOR, NUMBER_NUMBER };

enum { RUN_HEAD = 6, SEGMENT = 7, STRIDE_SIZE = 8 }; /* how long they are in the stream */

typedef struct { int32_t a, b; } Term;
typedef struct { int32_t a, b, next; } Link;

/* A node of the graph, or after them a uniform number that dots use. */
typedef struct {
    int32_t node;       /* once it is made, or -1 */
    int32_t uses;       /* as an operand */
    int32_t head, tail; /* the list of terms that waits, or -1 */
    /* On the way back, of its adjoint: the level, the first term, and how many there are. */
} Place;

/* A number to compute: a dot of `count` terms, or an operation of as many operands (a term each). */
typedef struct { int32_t first, count, level, kind; } Made;

enum { LEAF = -1, COMPANION = -2, DOTS = RUN }; /* kinds of Made; a companion is a partial kept with a value */

/* While a plan is made. Numbers to compute have indices in `made`. */
typedef struct {
    Plan *plan;
    const Graph *graph;
    Py_ssize_t rows, places;
    uint8_t *role; /* of each node */
    Place *place;
    Made *made;
    Term *terms;
    Link *links;
    Py_ssize_t nodes, room_for_nodes, term_count, room_for_terms, link_count, room_for_links;
    int32_t free_link;
    Ints formulas; /* by node, the operation that has no arithmetic */
    Py_ssize_t backward; /* the first node of the way back */
    int32_t late;        /* the first level of what the way back does without; see late.h */
    int32_t *slot;       /* of each node */
    int32_t *order;      /* of the nodes to compute */
    Py_ssize_t ordered, ordered_forward;
    Py_ssize_t unplaced[2]; /* leaves without a slot as yet: those that the way forward has, and others */
} Planner;

/* An operation one by one: its value, and its partials; false outside its domain. */
typedef int (*DirectOp)(int op, int operands, double a, double b, double *y, double *da, double *db);

/* A FORMULA of the stream, for a workspace. */
typedef int (*FormulaOp)(void *workspace, const int32_t *at, double *slots);

typedef int (*Stream)(const int32_t *at, const int32_t *end, double *slots, double start, Tape *tape,
                      FormulaOp, DirectOp);

enum { LINE = 64 }; /* bytes of the cache: a vector that lies in two of its lines takes twice as long */

/* Zeros that begin with a line, to be freed by free_line; NULL without memory. */
static double *zeros_from_line(Py_ssize_t count)
{
    char *memory = PyMem_RawCalloc((size_t)count * sizeof(double) + sizeof(void *) + LINE, 1);
    if (memory == NULL)
        return NULL;
    char *line = memory + sizeof(void *);
    line += (LINE - (uintptr_t)line % LINE) % LINE;
    memcpy(line - sizeof(void *), &memory, sizeof(void *));
    return (double *)line;
}

static void free_line(double *line)
{
    void *memory;
    if (line != NULL) {
        memcpy(&memory, (char *)line - sizeof(void *), sizeof(void *));
        PyMem_RawFree(memory);
    }
}

static void forget_plan(Plan *plan)
{
    if (plan == NULL)
        return;
    PyMem_RawFree(plan->stream.at);
    PyMem_RawFree(plan->loads.at);
    PyMem_RawFree(plan->seeds.at);
    PyMem_RawFree(plan->values.at);
    PyMem_RawFree(plan->adjoints.at);
    PyMem_RawFree(plan->sums.at);
    PyMem_RawFree(plan);
}
