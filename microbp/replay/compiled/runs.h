/* Runs: neighbors of a group whose operands step alike, written as the stream of a plan.

   From one dot of a group to the next, each operand is the same number, lies in the next slot, or
   elsewhere. A run goes on as long as the steps stay alike. What steps elsewhere is packed into slots
   of its own, once for all that ask for the same: so a matrix is transposed once, though nothing says
   it is one. Where a run is too short, or most of it had to be packed, operands are gathered. */

#pragma once

enum { SAME, NEXT, ELSE, SHORTEST_RUN = 4 };

typedef struct {
    Planner *of;
    Ints *out;
    uint8_t *steps; /* of each operand, from lane to lane of the run */
    int32_t *table; /* of packs, by hash: where they are in the stream, or -1 */
    Py_ssize_t room, packs;
    Ints list; /* the slots of the pack in question */
    Py_ssize_t chain; /* where the chain is that may go on, or -1 */
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
    return to->of->terms + to->of->made[to->of->order[i]].first;
}

static uint32_t hashed(const int32_t *slots, Py_ssize_t count)
{
    uint64_t hash = (uint64_t)count;
    for (Py_ssize_t i = 0; i < count; i++)
        hash = (hash ^ (uint32_t)slots[i]) * 0x9E3779B97F4A7C15u, hash ^= hash >> 29;
    return (uint32_t)hash;
}

/* Whether a pack in the stream is of these slots. */
static int is_pack(const int32_t *at, const int32_t *slots, Py_ssize_t count)
{
    if (at[2] != count)
        return 0;
    if (at[0] == PACK)
        return memcmp(at + 3, slots, (size_t)count * sizeof *slots) == 0;
    for (Py_ssize_t i = 0; i < count; i++)
        if (slots[i] != at[3] + i * at[4])
            return 0;
    return 1;
}

static int double_table(Writer *to)
{
    Py_ssize_t room = to->room ? 2 * to->room : 64;
    int32_t *table = PyMem_RawMalloc((size_t)room * 2 * sizeof *table);
    if (table == NULL)
        return 0;
    memset(table, 0xFF, (size_t)room * 2 * sizeof *table);
    for (Py_ssize_t i = 0; i < to->room; i++)
        if (to->table[2 * i + 1] >= 0) {
            Py_ssize_t at = (uint32_t)to->table[2 * i] & (room - 1);
            while (table[2 * at + 1] >= 0)
                at = (at + 1) & (room - 1);
            memcpy(table + 2 * at, to->table + 2 * i, 2 * sizeof *table);
        }
    PyMem_RawFree(to->table);
    to->table = table;
    to->room = room;
    return 1;
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
    if ((2 * to->packs >= to->room && !double_table(to)) || !room_in(to->out, count + 5))
        return -1;
    uint32_t hash = hashed(slots, count);
    Py_ssize_t place = hash & (to->room - 1);
    for (; to->table[2 * place + 1] >= 0; place = (place + 1) & (to->room - 1)) {
        const int32_t *at = to->out->at + to->table[2 * place + 1];
        if ((uint32_t)to->table[2 * place] == hash && is_pack(at, slots, count))
            return at[1];
    }
    int32_t first = (int32_t)plan->slots;
    plan->slots = aligned(plan->slots + count, ALIGNED);
    to->table[2 * place] = (int32_t)hash;
    to->table[2 * place + 1] = (int32_t)to->out->count;
    to->packs++;
    put(to, same >= count ? STRIDE : PACK);
    put(to, first);
    put(to, (int32_t)count);
    if (same >= count) {
        put(to, slots[0]);
        put(to, step);
    } else
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

static int step_of(int32_t before, int32_t after)
{
    return after == before ? SAME : after == before + 1 ? NEXT : ELSE;
}

/* The end of the run that begins with dot `from`, and how many of its operands step elsewhere. */
static Py_ssize_t end_of_run(Writer *to, Py_ssize_t from, Py_ssize_t end, Py_ssize_t count, Py_ssize_t *elsewhere)
{
    *elsewhere = 0;
    if (from + 1 == end)
        return end;
    const Term *before = terms_of(to, from), *after = terms_of(to, from + 1);
    for (Py_ssize_t t = 0; t < count; t++) {
        to->steps[2 * t] = (uint8_t)step_of(before[t].a, after[t].a);
        to->steps[2 * t + 1] = (uint8_t)step_of(before[t].b, after[t].b);
        *elsewhere += (to->steps[2 * t] == ELSE) + (to->steps[2 * t + 1] == ELSE);
    }
    for (Py_ssize_t i = from + 2; i < end; i++) {
        before = after;
        after = terms_of(to, i);
        for (Py_ssize_t t = 0; t < count; t++)
            if (to->steps[2 * t] != step_of(before[t].a, after[t].a)
                || to->steps[2 * t + 1] != step_of(before[t].b, after[t].b))
                return i;
    }
    return end;
}

/* A dot of one term alone. Where it multiplies the one just before it, that one need not go through memory. */
static void write_product(Writer *to, int32_t out, const Term *term)
{
    Ints *stream = to->out;
    if (to->chain >= 0) {
        int32_t *chain = stream->at + to->chain, last = chain[1] + chain[2] - 1;
        if (to->chain + 4 + chain[2] == stream->count && out == last + 1 && (term->a == last || term->b == last)) {
            chain[2]++;
            put(to, term->a == last ? term->b : term->a);
            return;
        }
    }
    to->chain = stream->count;
    put(to, CHAIN);
    put(to, out);
    put(to, 1);
    put(to, term->a);
    put(to, term->b);
}

static int write_gathered(Writer *to, Py_ssize_t from, Py_ssize_t end, int32_t count)
{
    Planner *of = to->of;
    const Py_ssize_t blocks = (end - from) / 4;
    if (!room_in(to->out, 4 + 8 * blocks * count + 3 * (5 + 2 * (Py_ssize_t)count)))
        return 0;
    if (blocks) {
        put(to, GATHER);
        put(to, of->slot[of->order[from]]);
        put(to, (int32_t)blocks);
        put(to, count);
    }
    for (Py_ssize_t block = 0; block < blocks; block++, from += 4)
        for (int32_t t = 0; t < count; t++) {
            for (int lane = 0; lane < 4; lane++)
                put(to, terms_of(to, from + lane)[t].a);
            for (int lane = 0; lane < 4; lane++)
                put(to, terms_of(to, from + lane)[t].b);
        }
    for (; from < end; from++) {
        const Term *terms = terms_of(to, from);
        if (count == 1) {
            write_product(to, of->slot[of->order[from]], terms);
            continue;
        }
        put(to, SINGLE);
        put(to, of->slot[of->order[from]]);
        put(to, count);
        for (int32_t t = 0; t < count; t++) {
            put(to, terms[t].a);
            put(to, terms[t].b);
        }
    }
    return 1;
}

/* A run, its terms in segments: as long as slots go on in equal steps. Packs come before it. */
static int write_run(Writer *to, Py_ssize_t from, Py_ssize_t end, int32_t count)
{
    Planner *of = to->of;
    const Term *first = terms_of(to, from);
    for (int32_t t = 0; t < count; t++)
        for (int side = 0; side < 2; side++)
            if (to->steps[2 * t + side] == ELSE && vector(to, from, end, t, side) < 0)
                return 0;
    Py_ssize_t head = to->out->count, segment = -1;
    int32_t segments = 0;
    if (!room_in(to->out, 4 + 5 * (Py_ssize_t)count))
        return 0;
    put(to, RUN);
    put(to, of->slot[of->order[from]]);
    put(to, (int32_t)(end - from));
    put(to, 0);
    for (int32_t t = 0; t < count; t++) {
        int32_t side[2] = {first[t].a, first[t].b};
        for (int s = 0; s < 2; s++)
            if (to->steps[2 * t + s] == ELSE && (side[s] = vector(to, from, end, t, s)) < 0)
                return 0; /* it is there already: this only finds it */
        int numbers = (to->steps[2 * t] == SAME) + (to->steps[2 * t + 1] == SAME);
        int32_t kind = numbers == 2 ? NUMBER_NUMBER : numbers ? VECTOR_NUMBER : VECTOR_VECTOR;
        if (numbers == 1 && to->steps[2 * t] == SAME) { /* the vector first */
            int32_t number = side[0];
            side[0] = side[1];
            side[1] = number;
        }
        if (segment >= 0) {
            int32_t *at = to->out->at + segment, terms = at[0] >> 2;
            int32_t last_a = at[1] + (terms - 1) * at[2], last_b = at[3] + (terms - 1) * at[4];
            if ((at[0] & 3) == kind
                && (terms == 1 || (side[0] - last_a == at[2] && side[1] - last_b == at[4]))) {
                at[2] = side[0] - last_a;
                at[4] = side[1] - last_b;
                at[0] += 4;
                continue;
            }
        }
        segment = to->out->count;
        segments++;
        put(to, kind + 4);
        put(to, side[0]);
        put(to, 0);
        put(to, side[1]);
        put(to, 0);
    }
    to->out->at[head + 3] = segments;
    return 1;
}

/* Dots of one length, side by side in the order. */
static int write_dots(Writer *to, Py_ssize_t from, Py_ssize_t end)
{
    const int32_t count = to->of->made[to->of->order[from]].count;
    Py_ssize_t gathered = from, elsewhere, stop;
    for (Py_ssize_t i = from; i < end; i = stop) {
        stop = end_of_run(to, i, end, count, &elsewhere);
        if (stop - i < SHORTEST_RUN || elsewhere > count) {
            stop -= stop - i > 1 && stop < end; /* the last one may go with those after it */
            continue;
        }
        if (!write_gathered(to, gathered, i, count) || !write_run(to, i, stop, count))
            return 0;
        gathered = stop;
    }
    return write_gathered(to, gathered, end, count);
}

static int32_t operation_of(const Planner *of, int32_t node)
{
    Py_ssize_t low = 0, high = of->formulas.count / 2;
    while (high - low > 1) {
        Py_ssize_t middle = (low + high) / 2;
        if (of->formulas.at[2 * middle] <= node)
            low = middle;
        else
            high = middle;
    }
    return of->formulas.at[2 * low + 1];
}

/* Operations that are no dots: of any number of nodes at once, or of one with any number of operands. */
static int write_operations(Writer *to, Py_ssize_t from, Py_ssize_t end)
{
    Planner *of = to->of;
    const Made *first = &of->made[of->order[from]];
    const int32_t kind = first->kind;
    if (kind == SHARES || kind == FORMULA) {
        for (Py_ssize_t i = from; i < end; i++) {
            int32_t node = of->order[i], count = of->made[node].count;
            if (!room_in(to->out, 4 + count))
                return 0;
            put(to, kind);
            put(to, of->slot[node]);
            if (kind == FORMULA)
                put(to, operation_of(of, node));
            put(to, count);
            for (int32_t t = 0; t < count; t++)
                put(to, terms_of(to, i)[t].a);
        }
        return 1;
    }
    int32_t operand[3] = {0, 0, 0};
    for (int32_t t = 0; t < first->count && t < 3; t++)
        if ((operand[t] = vector(to, from, end, t, 0)) < 0)
            return 0;
    if (kind >= SCALARS)
        operand[2] = first->count;
    if (!room_in(to->out, 6))
        return 0;
    put(to, kind);
    put(to, of->slot[of->order[from]]);
    put(to, (int32_t)(end - from));
    for (int t = 0; t < 3; t++)
        put(to, operand[t]);
    return 1;
}

static void terms_in_slots(Planner *of, Py_ssize_t from, Py_ssize_t end)
{
    for (Py_ssize_t i = from; i < end; i++) {
        Term *term = of->terms + of->made[of->order[i]].first, *stop = term + of->made[of->order[i]].count;
        for (; term < stop; term++)
            *term = (Term){of->slot[term->a], of->slot[term->b]};
    }
}

static int write_stream(Planner *of)
{
    Writer to = {of, &of->plan->stream, NULL, NULL, 0, 0, {NULL, 0, 0}, -1};
    Py_ssize_t longest = 1, end;
    for (Py_ssize_t i = 0; i < of->ordered; i++)
        if (of->made[of->order[i]].count > longest)
            longest = of->made[of->order[i]].count;
    to.steps = PyMem_RawMalloc((size_t)(2 * longest));
    int fine = to.steps != NULL, forward = 1;
    for (Py_ssize_t from = 0; from < of->ordered && fine; from = end) {
        end = end_of_group(of, from);
        terms_in_slots(of, from, end);
        if (forward && of->order[from] >= of->backward) {
            of->plan->forward_end = to.out->count;
            forward = 0;
            to.chain = -1;
        }
        fine = of->made[of->order[from]].kind == DOTS ? write_dots(&to, from, end)
                                                      : write_operations(&to, from, end);
    }
    if (forward)
        of->plan->forward_end = to.out->count;
    of->plan->slots = aligned(of->plan->slots, BLOCK) + 2 * BLOCK;
    PyMem_RawFree(to.steps);
    PyMem_RawFree(to.table);
    PyMem_RawFree(to.list.at);
    return fine;
}
