/* Moves: which slot of a plan holds the number of which place outside, and lists that grow. */

#pragma once

typedef struct { int32_t slot, place; } Move;

typedef struct { Move *at; Py_ssize_t count, room; } Moves;

typedef struct { int32_t *at; Py_ssize_t count, room; } Ints;

/* Room for `more` items behind `count`; 0 if there is no memory. */
static int grown(void *items, Py_ssize_t size, Py_ssize_t count, Py_ssize_t more, Py_ssize_t *room)
{
    void **at = (void **)items;
    if (count + more <= *room)
        return 1;
    Py_ssize_t wanted = count + more + *room / 8 + 16; /* large ones grow where they are */
    void *larger = PyMem_RawRealloc(*at, (size_t)wanted * (size_t)size);
    if (larger == NULL)
        return 0;
    *at = larger;
    *room = wanted;
    return 1;
}

static int moved(Moves *moves, int32_t slot, int32_t place)
{
    if (!grown(&moves->at, sizeof(Move), moves->count, 1, &moves->room))
        return 0;
    moves->at[moves->count++] = (Move){slot, place};
    return 1;
}

static void fit(void *items, Py_ssize_t size, Py_ssize_t count)
{
    void **at = (void **)items;
    void *smaller = PyMem_RawRealloc(*at, count ? (size_t)count * (size_t)size : 1);
    if (smaller != NULL)
        *at = smaller;
}

enum { DIGIT = 11 }; /* bits of a slot that are sorted by at a time */

/* Sort by slot: what is moved in or out goes through the slots in order. 0 without memory. */
static int in_slot_order(Move *at, Py_ssize_t count)
{
    Py_ssize_t i = 1;
    int32_t greatest = count ? at[0].slot : 0;
    for (; i < count && at[i - 1].slot <= at[i].slot; i++)
        ;
    if (i >= count)
        return 1;
    Move *other = PyMem_RawMalloc((size_t)count * sizeof(Move)), *from = at, *to = other;
    if (other == NULL)
        return 0;
    for (i = 1; i < count; i++)
        greatest = at[i].slot > greatest ? at[i].slot : greatest;
    for (int shift = 0; greatest >> shift; shift += DIGIT) {
        int32_t start[(1 << DIGIT) + 1] = {0};
        const int32_t mask = (1 << DIGIT) - 1;
        for (i = 0; i < count; i++)
            start[((from[i].slot >> shift) & mask) + 1]++;
        for (i = 0; i < mask; i++)
            start[i + 1] += start[i];
        for (i = 0; i < count; i++)
            to[start[(from[i].slot >> shift) & mask]++] = from[i];
        Move *last = from;
        from = to;
        to = last;
    }
    if (from != at)
        memcpy(at, from, (size_t)count * sizeof(Move));
    PyMem_RawFree(other);
    return 1;
}
