/* Packs: numbers that lie apart, copied into slots of their own, once for all that ask for the same.

   So a matrix is transposed once, though nothing says it is one. The writer of the stream is here, too. */

#pragma once

enum { SAME, NEXT, ELSE, SHORTEST_RUN = 4 };

typedef struct {
    Planner *of;
    Ints *out;
    uint8_t *steps; /* of each operand, from lane to lane of the run */
    Term *sides;    /* where each term's operands lie, packed or not */
    int32_t *table; /* of packs, by hash; where they are in the stream, or -1; and which repeat */
    Py_ssize_t room, packs;
    Ints list; /* the slots of the pack in question */
    Py_ssize_t chain, run, stride; /* where the latest is that may go on, or -1 */
    const Term *terms; /* of the group that is written, one node's after the other's, in slots */
    Py_ssize_t group, length; /* where it begins in the order; how many terms each node has */
    Term *copy;
    Py_ssize_t room_for_copy, room_for_steps, room_for_sides;
    enum { NEEDED, LATE, BACK } section; /* of the way forward, what the way back needs and what not; the way back */
} Writer;

/* Room for so many numbers more, which are put then. */
static int room_in(Ints *out, Py_ssize_t numbers)
{
    return grown(&out->at, sizeof(int32_t), out->count, numbers, &out->room);
}

static void put(Writer *to, int32_t number)
{
    to->out->at[to->out->count++] = number;
}

static const Term *terms_of(const Writer *to, Py_ssize_t i)
{
    return to->terms + (i - to->group) * to->length;
}

static uint32_t hashed(const int32_t *slots, Py_ssize_t count)
{
    uint64_t hash = (uint64_t)count;
    for (Py_ssize_t i = 0; i < count; i++)
        hash = (hash ^ (uint32_t)slots[i]) * 0x9E3779B97F4A7C15u, hash ^= hash >> 29;
    return (uint32_t)hash;
}

/* Whether a pack in the stream, or that repeat of it, is of these slots. */
static int is_pack(const int32_t *at, int32_t repeat, const int32_t *slots, Py_ssize_t count)
{
    if (at[2] != count)
        return 0;
    if (at[0] == PACK)
        return memcmp(at + 3, slots, (size_t)count * sizeof *slots) == 0;
    for (Py_ssize_t i = 0; i < count; i++)
        if (slots[i] != at[3] + i * at[4] + repeat * at[7])
            return 0;
    return 1;
}

/* Put a pack of slots in equal steps; after another such one, which is as long, it is a repeat. Returns which. */
static int32_t put_stride(Writer *to, int32_t out, int32_t count, int32_t first, int32_t step)
{
    if (to->stride >= 0 && to->stride + STRIDE_SIZE == to->out->count) {
        int32_t *at = to->out->at + to->stride;
        if (at[2] == count && at[4] == step) {
            if (at[5] == 1) {
                at[6] = out - at[1];
                at[7] = first - at[3];
            }
            if (out == at[1] + at[5] * at[6] && first == at[3] + at[5] * at[7])
                return at[5]++;
        }
    }
    to->stride = to->out->count;
    const int32_t stride[STRIDE_SIZE] = {STRIDE, out, count, first, step, 1, 0, 0};
    for (int i = 0; i < STRIDE_SIZE; i++)
        put(to, stride[i]);
    return 0;
}

enum { ENTRY = 3 }; /* numbers of the table for each pack */

static int double_table(Writer *to)
{
    Py_ssize_t room = to->room ? 2 * to->room : 64;
    int32_t *table = PyMem_RawMalloc((size_t)room * ENTRY * sizeof *table);
    if (table == NULL)
        return 0;
    memset(table, 0xFF, (size_t)room * ENTRY * sizeof *table);
    for (Py_ssize_t i = 0; i < to->room; i++)
        if (to->table[ENTRY * i + 1] >= 0) {
            Py_ssize_t at = (uint32_t)to->table[ENTRY * i] & (room - 1);
            while (table[ENTRY * at + 1] >= 0)
                at = (at + 1) & (room - 1);
            memcpy(table + ENTRY * at, to->table + ENTRY * i, ENTRY * sizeof *table);
        }
    PyMem_RawFree(to->table);
    to->table = table;
    to->room = room;
    return 1;
}

/* Whether what is there in the stream comes before what is written now: the late part is done beside the way back. */
static int is_there(const Writer *to, int32_t place)
{
    const Plan *plan = to->of->plan;
    return to->section != BACK || place < plan->late || place >= plan->forward_end;
}

/* The first slot of a pack of what is in `list`, which may lie side by side already; -1 without memory. */
static int32_t packed(Writer *to)
{
    const int32_t *slots = to->list.at;
    const Py_ssize_t count = to->list.count;
    Plan *plan = to->of->plan;
    int32_t step = count > 1 ? slots[1] - slots[0] : 1;
    Py_ssize_t same = 1;
    while (same < count && slots[same] - slots[same - 1] == step)
        same++;
    if (same >= count && step == 1)
        return slots[0];
    if ((2 * to->packs >= to->room && !double_table(to)) || !room_in(to->out, count + STRIDE_SIZE))
        return -1;
    uint32_t hash = hashed(slots, count);
    Py_ssize_t place = hash & (to->room - 1);
    int32_t *entry;
    for (; (entry = to->table + ENTRY * place)[1] >= 0; place = (place + 1) & (to->room - 1)) {
        const int32_t *at = to->out->at + entry[1];
        if ((uint32_t)entry[0] == hash && is_there(to, entry[1]) && is_pack(at, entry[2], slots, count))
            return at[1] + (at[0] == STRIDE ? entry[2] * at[6] : 0);
    }
    int32_t first = (int32_t)in_blocks(plan->slots, count);
    plan->slots = first + count;
    to->packs++;
    entry[0] = (int32_t)hash;
    if (same >= count) {
        entry[2] = put_stride(to, first, (int32_t)count, slots[0], step);
        entry[1] = (int32_t)to->stride;
        return first;
    }
    entry[1] = (int32_t)to->out->count;
    put(to, PACK);
    put(to, first);
    put(to, (int32_t)count);
    for (Py_ssize_t i = 0; i < count; i++)
        put(to, slots[i]);
    return first;
}

/* The vector of one operand, of lanes from `from` to `end`: packed if need be. */
static int32_t vector(Writer *to, Py_ssize_t from, Py_ssize_t end, Py_ssize_t t, int side)
{
    to->list.count = 0;
    if (!grown(&to->list.at, sizeof(int32_t), 0, end - from, &to->list.room))
        return -1;
    for (Py_ssize_t i = from; i < end; i++) {
        const Term *term = terms_of(to, i) + t;
        to->list.at[to->list.count++] = side ? term->b : term->a;
    }
    return packed(to);
}
