/* What is late: numbers of the way forward that only outputs need, and not the way back.

   A long sum, as weight decay is, takes as long as its additions wait for one another. If it is late,
   it goes on piece by piece between the way back's instructions, which don't wait for it. */

#pragma once

enum { LONG = 64, PIECE = 8 }; /* terms: of a long sum; of what is added of it at a time */

/* Whether the way forward has a long sum that is not in `needed`. */
static int has_long_sum(const Planner *of, const uint8_t *needed)
{
    for (int32_t node = 0; node < of->backward; node++)
        if (of->made[node].kind == DOTS && of->made[node].count >= LONG && !(needed && needed[node]))
            return 1;
    return 0;
}

/* Let what is late come after all other levels of the way forward, if there is a long sum in it; 0 without memory. */
static int find_late(Planner *of, int32_t *levels)
{
    of->late = *levels;
    if (of->nodes == of->backward || !has_long_sum(of, NULL))
        return 1;
    uint8_t *needed = PyMem_RawCalloc((size_t)of->nodes, 1);
    if (needed == NULL)
        return 0;
    for (int32_t node = (int32_t)of->nodes - 1; node >= 0; node--) {
        const Made *at = &of->made[node];
        if (node < of->backward && !needed[node])
            continue;
        if (at->kind == COMPANION) /* comes with the node before it */
            needed[node - 1] = 1;
        for (Py_ssize_t t = at->first; t < at->first + at->count; t++)
            needed[of->terms[t].a] = needed[of->terms[t].b] = 1;
    }
    const int any = has_long_sum(of, needed);
    for (int32_t node = 0; node < of->backward && any; node++)
        if (!needed[node] && of->made[node].kind >= 0)
            of->made[node].level += of->late;
    if (any)
        *levels *= 2;
    PyMem_RawFree(needed);
    return 1;
}

/* How many numbers an instruction of the stream takes. */
static Py_ssize_t length_of(const int32_t *at)
{
    switch (at[0]) {
    case RUN: return RUN_HEAD + SEGMENT * (Py_ssize_t)at[3];
    case GATHER: return 4 + 8 * (Py_ssize_t)at[2] * at[3];
    case SINGLE: return 3 + 2 * (Py_ssize_t)at[2];
    case CHAIN: return 4 + (Py_ssize_t)at[2];
    case STRIDE: return STRIDE_SIZE;
    case PACK:
    case SHARES: return 3 + (Py_ssize_t)at[2];
    case FORMULA: return 4 + (Py_ssize_t)at[3];
    default: return 6;
    }
}

/* So many numbers copied to the end of a list that has room for them. */
static void append_numbers(Ints *to, const int32_t *from, Py_ssize_t count)
{
    memcpy(to->at + to->count, from, (size_t)count * sizeof *from);
    to->count += count;
}

/* An instruction of the late part, or the next piece of it, of which `done` terms are done; what of it is done then. */
static int32_t append_piece(Ints *to, const int32_t *at, int32_t done)
{
    const int32_t turn = TURN, left = at[2] - done, terms = left < PIECE ? left : PIECE;
    const int32_t head[3] = {done ? MORE : SINGLE, at[1], terms};
    if (!done)
        append_numbers(to, &turn, 1);
    append_numbers(to, at[0] == SINGLE ? head : at, at[0] == SINGLE ? 3 : length_of(at));
    if (at[0] == SINGLE)
        append_numbers(to, at + 3 + 2 * (Py_ssize_t)done, 2 * (Py_ssize_t)terms);
    if (!done)
        append_numbers(to, &turn, 1);
    return at[0] == SINGLE && terms < left ? done + terms : 0;
}

/* Put a copy of the late part between the way back's instructions: for who goes there and back. 0 without memory. */
static int put_beside(Plan *plan)
{
    const Ints *stream = &plan->stream;
    const int32_t *late = stream->at + plan->late, *back = stream->at + plan->forward_end;
    const int32_t *late_end = back, *end = stream->at + stream->count;
    Ints to = {NULL, 0, 0};
    int32_t done = 0;
    if (late == late_end)
        return 1;
    if (!grown(&to.at, sizeof(int32_t), 0, stream->count + 6 * (late_end - late), &to.room))
        return 0;
    append_numbers(&to, stream->at, plan->forward_end);
    while (back < end || late < late_end) {
        if (late < late_end) {
            done = append_piece(&to, late, done);
            late += done ? 0 : length_of(late);
        }
        if (back < end) {
            append_numbers(&to, back, length_of(back));
            back += length_of(back);
        }
    }
    PyMem_RawFree(plan->stream.at);
    plan->stream = to;
    return 1;
}
