/* A recording's operations, as they are laid out and planned. Nodes are numbered: leaves, then operations. */

#pragma once

typedef struct {
    int32_t op;       /* a Code of arithmetic.pxd */
    int32_t flags;    /* of a dot: see tape.h */
    int32_t operands; /* how many it takes; -1 for any number */
} Operation;

typedef struct {
    Py_ssize_t leaves, count;
    const Operation *operations; /* that occur */
    const int32_t *code;         /* of each node after the leaves, which of them it is */
    const int32_t *starts;       /* where its operands begin; the last entry is where they end */
    const int32_t *operands;
    const int32_t *outputs;      /* as many as the kernel has */
    const int32_t *sums; /* of each operand that is no node of the graph, the number of its adjoint, or -1 */
} Graph;

/* One operation. */
typedef struct {
    int32_t op, flags, which, count;
    const int32_t *operands;
} Node;

static inline Node node_at(const Graph *graph, Py_ssize_t i)
{
    const int32_t *start = graph->starts + i;
    const Operation *of = graph->operations + graph->code[i];
    return (Node){of->op, of->flags, graph->code[i], start[1] - start[0], graph->operands + start[0]};
}
