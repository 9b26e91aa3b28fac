/* Groups: what does not wait for one another lies side by side, in neighboring slots.

   A node's level is one more than its operands' greatest. Nodes of one level, kind and direction are a
   group; in it, longer dots come first, and what was made first, or on the way back last. Leaves, which
   are moved in anyway, lie in the order in which the groups ask for them. */

#pragma once

enum { ALIGNED = 4, BLOCK = 8 }; /* in slots: where groups begin; the largest vector */

static Py_ssize_t aligned(Py_ssize_t slot, Py_ssize_t by)
{
    return (slot + by - 1) / by * by;
}

typedef struct { uint64_t key; int32_t node; } Keyed;

static uint64_t key_of(const Planner *of, int32_t node)
{
    const Made *at = &of->made[node];
    uint64_t backward = node >= of->backward, length = at->kind == DOTS ? 0xFFFFFFFu - (uint32_t)at->count : 0;
    return backward << 63 | (uint64_t)at->level << 36 | (uint64_t)at->kind << 28 | length;
}

/* Sorted by key, equal ones in the order in which they are; the result is in one of the two arrays. */
static Keyed *sorted(Keyed *items, Keyed *other, Py_ssize_t count)
{
    Py_ssize_t found[8][256];
    memset(found, 0, sizeof found);
    for (Py_ssize_t i = 0; i < count; i++)
        for (int digit = 0; digit < 8; digit++)
            found[digit][items[i].key >> 8 * digit & 255]++;
    for (int digit = 0; digit < 8 && count; digit++) {
        if (found[digit][items[0].key >> 8 * digit & 255] == count)
            continue;
        Py_ssize_t start = 0;
        for (int value = 0; value < 256; value++) {
            Py_ssize_t these = found[digit][value];
            found[digit][value] = start;
            start += these;
        }
        for (Py_ssize_t i = 0; i < count; i++)
            other[found[digit][items[i].key >> 8 * digit & 255]++] = items[i];
        Keyed *swap = items;
        items = other;
        other = swap;
    }
    return items;
}

/* The nodes to compute, in order. */
static int put_in_order(Planner *of)
{
    Py_ssize_t count = 0;
    for (int32_t node = 0; node < of->nodes; node++)
        count += of->made[node].kind >= 0;
    Keyed *items = PyMem_RawMalloc((size_t)(2 * count + 1) * sizeof(Keyed));
    of->order = PyMem_RawMalloc((size_t)(count + 1) * sizeof(int32_t));
    if (items == NULL || of->order == NULL) {
        PyMem_RawFree(items);
        return 0;
    }
    Py_ssize_t at = 0;
    for (int32_t node = 0; node < of->backward; node++)
        if (of->made[node].kind >= 0)
            items[at++] = (Keyed){key_of(of, node), node};
    for (int32_t node = (int32_t)of->nodes - 1; node >= of->backward; node--)
        if (of->made[node].kind >= 0)
            items[at++] = (Keyed){key_of(of, node), node};
    const Keyed *in_order = sorted(items, items + count, count);
    for (Py_ssize_t i = 0; i < count; i++)
        of->order[i] = in_order[i].node;
    of->ordered = count;
    PyMem_RawFree(items);
    return 1;
}

/* The end of the group that begins at `from` in the order; of dots, of those of one length. */
static Py_ssize_t end_of_group(const Planner *of, Py_ssize_t from)
{
    uint64_t key = key_of(of, of->order[from]);
    Py_ssize_t end = from + 1;
    while (end < of->ordered && key_of(of, of->order[end]) == key)
        end++;
    return end;
}

static int32_t companions(const Planner *of, int32_t node)
{
    int32_t kind = of->made[node].kind;
    return kind == SIGMOIDS || kind >= SHARES ? of->made[node].count : 0;
}

static void place_leaf(Planner *of, int32_t node, Py_ssize_t *next)
{
    if (of->made[node].kind == LEAF && of->slot[node] < 0)
        of->slot[node] = (int32_t)(*next)++;
}

/* Leaves in the order in which groups ask for them: of each operand, side by side for all of a group. */
static Py_ssize_t place_leaves(Planner *of)
{
    Py_ssize_t next = 0, end;
    for (int32_t node = 0; node < CONSTANTS; node++)
        place_leaf(of, node, &next);
    for (Py_ssize_t from = 0; from < of->ordered; from = end) {
        end = end_of_group(of, from);
        Py_ssize_t count = of->made[of->order[from]].count;
        if (of->made[of->order[from]].kind >= SHARES) { /* of any length each */
            for (Py_ssize_t i = from; i < end; i++)
                for (int32_t t = 0; t < of->made[of->order[i]].count; t++)
                    place_leaf(of, of->terms[of->made[of->order[i]].first + t].a, &next);
            continue;
        }
        for (int side = 0; side < 2; side++)
            for (Py_ssize_t t = 0; t < count; t++)
                for (Py_ssize_t i = from; i < end; i++) {
                    const Term *term = &of->terms[of->made[of->order[i]].first + t];
                    place_leaf(of, side ? term->b : term->a, &next);
                }
    }
    for (int32_t node = 0; node < of->nodes; node++)
        place_leaf(of, node, &next);
    return next;
}

/* A slot for each node; with several results, those of one kind lie side by side. */
static int place_all(Planner *of)
{
    of->slot = PyMem_RawMalloc((size_t)(of->nodes + 1) * sizeof(int32_t));
    if (of->slot == NULL || !put_in_order(of))
        return 0;
    memset(of->slot, 0xFF, (size_t)of->nodes * sizeof(int32_t));
    Py_ssize_t next = place_leaves(of), end;
    uint64_t last = 0;
    for (Py_ssize_t from = 0; from < of->ordered; from = end) {
        int32_t first = of->order[from], kind = of->made[first].kind, results = 1 + companions(of, first);
        uint64_t group = key_of(of, first) >> 28;
        end = end_of_group(of, from);
        if (results > 1)
            next = aligned(next, BLOCK);
        else if ((group != last || kind != DOTS) && end - from >= ALIGNED)
            next = aligned(next, ALIGNED);
        last = group;
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
