/* Runs: neighbors of a group whose operands step alike, written as the stream of a plan.

   From one dot of a group to the next, each operand is the same number, lies in the next slot, or
   elsewhere. A run goes on as long as the steps stay alike. What steps elsewhere is packed into slots
   of its own, once for all that ask for the same: so a matrix is transposed once, though nothing says
   it is one. Where a run is too short, or most of it had to be packed, operands are gathered. */

#pragma once

#include "packs.h"

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
    if (!room_in(to->out, 4 + 8 * blocks * count + (end - from) % 4 * (5 + 2 * (Py_ssize_t)count)))
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

/* Whether a run is the one just before it once more, all steps from repeat to repeat alike; that one counts it then. */
static int repeats(int32_t *before, const int32_t *run)
{
    const int32_t times = before[4], out = run[1] - before[1];
    int32_t *last = before + RUN_HEAD + SEGMENT * before[3];
    if (last != run || before[2] != run[2] || before[3] != run[3] || (times > 1 && out != times * before[5]))
        return 0;
    for (int32_t *a = before + RUN_HEAD, first = (int32_t)(run - before); a < last; a += SEGMENT) {
        const int32_t *b = a + first;
        if (a[0] != b[0] || a[2] != b[2] || a[4] != b[4])
            return 0;
        if (times > 1 && (b[1] - a[1] != times * a[5] || b[3] - a[3] != times * a[6]))
            return 0;
    }
    for (int32_t *a = before + RUN_HEAD, first = (int32_t)(run - before); a < last && times == 1; a += SEGMENT) {
        a[5] = a[first + 1] - a[1];
        a[6] = a[first + 3] - a[3];
    }
    before[4]++;
    before[5] = times > 1 ? before[5] : out;
    return 1;
}

/* Both operands of each term of a run, vectors first, packed if need be; 0 without memory. */
static int find_sides(Writer *to, Py_ssize_t from, Py_ssize_t end, int32_t count)
{
    const Term *first = terms_of(to, from);
    for (int32_t t = 0; t < count; t++) {
        Term *side = &to->sides[t];
        const uint8_t *step = &to->steps[2 * t];
        *side = first[t];
        if ((step[0] == ELSE && (side->a = vector(to, from, end, t, 0)) < 0)
            || (step[1] == ELSE && (side->b = vector(to, from, end, t, 1)) < 0))
            return 0;
        if (step[0] == SAME && step[1] != SAME)
            *side = (Term){side->b, side->a};
    }
    return 1;
}

static int32_t kind_of(const Writer *to, int32_t t)
{
    const int numbers = (to->steps[2 * t] == SAME) + (to->steps[2 * t + 1] == SAME);
    return numbers == 2 ? NUMBER_NUMBER : numbers ? VECTOR_NUMBER : VECTOR_VECTOR;
}

/* How many terms from t on are alike, and lie in equal steps. */
static int32_t alike_from(const Writer *to, int32_t t, int32_t count)
{
    const Term *side = to->sides + t;
    int32_t n = 1;
    while (t + n < count && kind_of(to, t + n) == kind_of(to, t)
           && (n == 1 || (side[n].a - side[n - 1].a == side[1].a - side[0].a
                          && side[n].b - side[n - 1].b == side[1].b - side[0].b)))
        n++;
    return n;
}

/* A run, its terms in segments: as long as slots go on in equal steps. Packs come before it. */
static int write_run(Writer *to, Py_ssize_t from, Py_ssize_t end, int32_t count)
{
    Planner *of = to->of;
    int32_t n;
    if (!find_sides(to, from, end, count) || !room_in(to->out, RUN_HEAD + SEGMENT * (Py_ssize_t)count))
        return 0;
    const Py_ssize_t head = to->out->count;
    const int32_t start[RUN_HEAD] = {RUN, of->slot[of->order[from]], (int32_t)(end - from), 0, 1, 0};
    for (int i = 0; i < RUN_HEAD; i++)
        put(to, start[i]);
    for (int32_t t = 0; t < count; t += n) {
        const Term *side = to->sides + t;
        n = alike_from(to, t, count);
        if (n == 2 && alike_from(to, t + 1, count) > 2)
            n = 1; /* any two are in equal steps: rather leave the first alone */
        const int32_t segment[SEGMENT] = {
            kind_of(to, t) + 4 * n, side->a, n > 1 ? side[1].a - side->a : 0, side->b, n > 1 ? side[1].b - side->b : 0,
        };
        for (int i = 0; i < SEGMENT; i++)
            put(to, segment[i]);
        to->out->at[head + 3]++;
    }
    if (to->run >= 0 && repeats(to->out->at + to->run, to->out->at + head))
        to->out->count = head;
    else
        to->run = head;
    return 1;
}

/* Dots of one length, side by side in the order. */
static int write_dots(Writer *to, Py_ssize_t from, Py_ssize_t end)
{
    const int32_t count = to->of->made[to->of->order[from]].count;
    Py_ssize_t gathered = from, elsewhere, stop;
    to->run = -1; /* the next group's runs may use what this one's compute */
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
        if (!room_in(to->out, 4 + first->count))
            return 0;
        put(to, kind);
        put(to, of->slot[of->order[from]]);
        if (kind == FORMULA)
            put(to, operation_of(of, of->order[from]));
        put(to, first->count);
        for (int32_t t = 0; t < first->count; t++)
            put(to, terms_of(to, from)[t].a);
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

/* Let the terms of a group, which lie anywhere in memory, lie side by side, in slots. 0 without memory. */
static int take_group(Writer *to, Py_ssize_t from, Py_ssize_t end)
{
    const Planner *of = to->of;
    to->group = from;
    to->length = of->made[of->order[from]].count;
    Term *next = of->terms + of->made[of->order[from]].first; /* of one node, where they are */
    if (end > from + 1) {
        if (!grown(&to->copy, sizeof(Term), 0, (end - from) * to->length, &to->room_for_copy)
            || !grown(&to->steps, 2, 0, to->length, &to->room_for_steps)
            || !grown(&to->sides, sizeof(Term), 0, to->length, &to->room_for_sides))
            return 0;
        next = to->copy;
    }
    to->terms = next;
    for (Py_ssize_t i = from; i < end; i++) {
        ask_ahead(of, of->order, i, end);
        if (i + FAR_AHEAD < end)
            AHEAD(&of->terms[of->made[of->order[i + FAR_AHEAD]].first]);
        if (i + FAR_AHEAD / 2 < end) {
            const Term *later = of->terms + of->made[of->order[i + FAR_AHEAD / 2]].first;
            AHEAD(&of->slot[later->a]);
            AHEAD(&of->slot[later->b]);
        }
        const Term *term = of->terms + of->made[of->order[i]].first;
        for (const Term *stop = term + to->length; term < stop; term++)
            *next++ = (Term){of->slot[term->a], of->slot[term->b]};
    }
    return 1;
}

/* The section that begins with this node, if one does. */
static void begin_section(Writer *to, int32_t node)
{
    const Planner *of = to->of;
    const int section = node >= of->backward ? BACK : of->made[node].level >= of->late ? LATE : NEEDED;
    if (section == (int)to->section)
        return;
    if (to->section == NEEDED)
        of->plan->late = to->out->count;
    if (section == BACK)
        of->plan->forward_end = to->out->count;
    to->section = section;
    to->chain = to->stride = -1;
}

static int write_stream(Planner *of)
{
    Writer to = {.of = of, .out = &of->plan->stream, .chain = -1, .run = -1, .stride = -1};
    int fine = 1;
    Py_ssize_t end;
    for (Py_ssize_t from = 0; from < of->ordered && fine; from = end) {
        const int32_t kind = of->made[of->order[from]].kind;
        end = kind == SHARES || kind == FORMULA ? from + 1 : end_of_group(of, from); /* of any length each */
        fine = take_group(&to, from, end);
        begin_section(&to, of->order[from]);
        fine = fine && (kind == DOTS ? write_dots(&to, from, end) : write_operations(&to, from, end));
    }
    begin_section(&to, (int32_t)of->nodes);
    of->plan->slots = aligned(of->plan->slots, BLOCK) + 2 * BLOCK;
    PyMem_RawFree(to.steps);
    PyMem_RawFree(to.sides);
    PyMem_RawFree(to.copy);
    PyMem_RawFree(to.table);
    PyMem_RawFree(to.list.at);
    return fine;
}
