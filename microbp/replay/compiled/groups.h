/* Groups: what does not wait for one another lies side by side, in neighboring slots.

   A node's level is one more than its operands' greatest. Nodes of one level, kind and direction are a
   group; in it, longer dots come first, and what was made first, or on the way back last. Leaves, which
   are moved in anyway, lie in the order in which the groups ask for them. */

#pragma once

enum { SMALL_BLOCK = 4, BLOCK = 8 }; /* slots: where small groups begin; the largest vector */

static Py_ssize_t aligned(Py_ssize_t slot, Py_ssize_t by)
{
    return (slot + by - 1) / by * by;
}

/* Where so many neighbors begin, from there on: the more they are, the less it matters that slots stay empty. */
static Py_ssize_t in_blocks(Py_ssize_t slot, Py_ssize_t count)
{
    return count >= 2 * BLOCK ? aligned(slot, BLOCK) : count >= SMALL_BLOCK ? aligned(slot, SMALL_BLOCK) : slot;
}

/* What nodes are sorted by: first by rank, dots before operations and longer ones first; then by level. */
typedef struct { Py_ssize_t longest, ranks; int32_t levels[2]; } Keys;

static Py_ssize_t key_of(const Planner *of, const Keys *keys, int by_level, int32_t node)
{
    const Made *at = &of->made[node];
    if (by_level)
        return at->level + (node >= of->backward ? keys->levels[0] : 0);
    return at->kind == DOTS ? keys->longest - at->count : keys->longest + at->kind;
}

/* Ask for a node that comes later in an order, up to `end`: it lies anywhere in memory. */
static void ask_ahead(const Planner *of, const int32_t *order, Py_ssize_t i, Py_ssize_t end)
{
    if (i + 2 * FAR_AHEAD < end)
        AHEAD(&of->made[order[i + 2 * FAR_AHEAD]]);
}

/* Those `from` here `to` there, by counting; what has the same key keeps its order. 0 without memory. */
static int sorted(const Planner *of, const Keys *keys, int by_level, const int32_t *from, int32_t *to)
{
    const Py_ssize_t count = by_level ? (Py_ssize_t)keys->levels[0] + keys->levels[1] : keys->ranks;
    int32_t *start = PyMem_RawCalloc((size_t)count + 1, sizeof *start);
    if (start == NULL)
        return 0;
    for (Py_ssize_t i = 0; i < of->ordered; i++) {
        ask_ahead(of, from, i, of->ordered);
        start[key_of(of, keys, by_level, from[i]) + 1]++;
    }
    for (Py_ssize_t key = 0; key < count; key++)
        start[key + 1] += start[key];
    for (Py_ssize_t i = 0; i < of->ordered; i++) {
        ask_ahead(of, from, i, of->ordered);
        to[start[key_of(of, keys, by_level, from[i])]++] = from[i];
    }
    PyMem_RawFree(start);
    return 1;
}

/* The nodes to compute, in order. */
static int put_in_order(Planner *of)
{
    Keys keys = {0, 0, {0, 0}};
    int32_t greatest = 0;
    for (int32_t node = 0; node < of->nodes; node++) {
        const Made *at = &of->made[node];
        int32_t *levels = &keys.levels[node >= of->backward];
        if (at->kind < 0)
            continue;
        of->ordered++;
        of->ordered_forward += node < of->backward;
        if (at->kind == DOTS && at->count > keys.longest)
            keys.longest = at->count;
        if (at->kind > greatest)
            greatest = at->kind;
        if (at->level >= *levels)
            *levels = at->level + 1;
    }
    if (!find_late(of, &keys.levels[0]))
        return 0;
    keys.ranks = keys.longest + greatest + 1;
    int32_t *other = PyMem_RawMalloc((size_t)(of->ordered + 1) * sizeof(int32_t));
    of->order = PyMem_RawMalloc((size_t)(of->ordered + 1) * sizeof(int32_t));
    int fine = other != NULL && of->order != NULL;
    if (fine) {
        int32_t *next = of->order;
        for (int32_t node = 0; node < of->backward; node++)
            if (of->made[node].kind >= 0)
                *next++ = node;
        for (int32_t node = (int32_t)of->nodes - 1; node >= of->backward; node--)
            if (of->made[node].kind >= 0)
                *next++ = node;
        fine = sorted(of, &keys, 0, of->order, other) && sorted(of, &keys, 1, other, of->order);
    }
    PyMem_RawFree(other);
    return fine;
}

/* Whether two nodes have the same level, kind and direction. */
static int are_alike(const Planner *of, int32_t a, int32_t b)
{
    return of->made[a].level == of->made[b].level && of->made[a].kind == of->made[b].kind
        && (a >= of->backward) == (b >= of->backward);
}

/* The end of the group that begins at `from` in the order; of dots, of those of one length. */
static Py_ssize_t end_of_group(const Planner *of, Py_ssize_t from)
{
    const int32_t first = of->order[from], any_length = of->made[first].kind != DOTS;
    Py_ssize_t end = from + 1;
    while (end < of->ordered && are_alike(of, first, of->order[end])
           && (any_length || of->made[first].count == of->made[of->order[end]].count)) {
        ask_ahead(of, of->order, end, of->ordered);
        end++;
    }
    return end;
}

static int32_t companions(const Planner *of, int32_t node)
{
    int32_t kind = of->made[node].kind;
    return kind == SIGMOIDS || kind >= SHARES ? of->made[node].count : 0;
}

static void place_leaf(Planner *of, int32_t node, Py_ssize_t *next)
{
    if (of->slot[node] < 0) {
        of->slot[node] = (int32_t)(*next)++;
        of->unplaced[node >= of->backward]--;
    }
}

/* Leaves in the order in which groups ask for them: of each operand, side by side for all of a group. */
static Py_ssize_t place_leaves(Planner *of)
{
    Py_ssize_t next = 0, end;
    for (int32_t node = 0; node < CONSTANTS; node++)
        place_leaf(of, node, &next);
    for (Py_ssize_t from = 0; from < of->ordered && of->unplaced[0] + of->unplaced[1]; from = end) {
        if (from < of->ordered_forward && !of->unplaced[0]) {
            end = of->ordered_forward;
            continue;
        }
        end = end_of_group(of, from);
        Py_ssize_t count = of->made[of->order[from]].count;
        if (of->made[of->order[from]].kind >= SHARES) { /* of any length each */
            for (Py_ssize_t i = from; i < end; i++)
                for (int32_t t = 0; t < of->made[of->order[i]].count; t++)
                    place_leaf(of, of->terms[of->made[of->order[i]].first + t].a, &next);
            continue;
        }
        for (int side = 0; side < 2; side++)
            for (Py_ssize_t t = 0; t < count; t++) {
                Py_ssize_t unplaced = 0;
                for (Py_ssize_t i = from; i < end && end - from >= SMALL_BLOCK; i++) {
                    const Term *term = &of->terms[of->made[of->order[i]].first + t];
                    unplaced += of->slot[side ? term->b : term->a] < 0;
                }
                next = in_blocks(next, unplaced);
                for (Py_ssize_t i = from; i < end; i++) {
                    const Term *term = &of->terms[of->made[of->order[i]].first + t];
                    place_leaf(of, side ? term->b : term->a, &next);
                }
            }
    }
    for (int32_t node = 0; node < of->nodes; node++)
        place_leaf(of, node, &next);
    return next;
}

/* A slot for each node; with several results, those of one kind lie side by side. */
static int place_all(Planner *of)
{
    if (!put_in_order(of))
        return 0;
    of->slot = PyMem_RawMalloc((size_t)(of->nodes + 1) * sizeof(int32_t));
    if (of->slot == NULL)
        return 0;
    for (int32_t node = 0; node < of->nodes; node++) {
        of->slot[node] = of->made[node].kind == LEAF ? -1 : 0; /* these have theirs below */
        of->unplaced[node >= of->backward] -= of->slot[node];
    }
    Py_ssize_t next = place_leaves(of), end;
    for (Py_ssize_t from = 0; from < of->ordered; from = end) {
        int32_t first = of->order[from], kind = of->made[first].kind, results = 1 + companions(of, first);
        end = end_of_group(of, from);
        if (first >= of->backward && (from == 0 || of->order[from - 1] < of->backward))
            next += BLOCK; /* what is late may write beyond its end beside the way back */
        if (results > 1)
            next = aligned(next, BLOCK);
        else if (kind != DOTS || from == 0 || !are_alike(of, of->order[from - 1], first))
            next = in_blocks(next, end - from);
        if (kind == SHARES || kind == FORMULA)
            for (Py_ssize_t i = from; i < end; i++) {
                int32_t node = of->order[i];
                for (int32_t k = 0; k <= of->made[node].count; k++)
                    of->slot[node + k] = (int32_t)next++;
            }
        else
            for (int32_t k = 0; k < results; k++) {
                for (Py_ssize_t i = from; i < end; i++)
                    of->slot[of->order[i] + k] = (int32_t)next++;
                if (results > 1)
                    next = aligned(next, BLOCK);
            }
    }
    of->plan->slots = next + 2 * BLOCK; /* for what the last vector writes beyond */
    return 1;
}
