# Allocation and deletion of nodes. The garbage collector doesn't follow them, as there are no cycles:
# a node is made after its operands. (Those with attributes are another matter: collector.pxi.)
#
# Nodes live in slabs of 64 KB. A slab that has become empty is filled again from its beginning, so
# that nodes made one after the other lie one after the other, whatever came before: in a graph
# scattered over memory, each step of a backward pass waits for memory. Some empty slabs are kept, as
# a graph that is built anew at each training step would ask the system for them each time.

cdef enum:
    SLAB = 65536
    LINE = 64  # of the cache
    MOST_EMPTY = 192  # 12 MB

cdef struct Slab:
    PyObject* freed  # nodes that were used and are free again, linked by `next_of`
    char* untouched  # from here on, the slab has not been used since it was empty
    char* end
    Py_ssize_t nodes  # how many are in use
    Slab* next  # of those with room, a ring that begins with `room`; NULL for a full slab
    Slab* previous

cdef Slab* room = NULL
cdef Slab* room_nearby = NULL  # the same, but NULL if `scattered`
cdef Py_ssize_t empty_slabs = 0
cdef Slab* first_slab = NULL  # that ever was
cdef bint scattered = False  # slabs are too far apart for distances: new nodes are wide


cdef PyObject* allocated(PyTypeObject* unused, Py_ssize_t unused_too) except NULL:
    """The type's tp_alloc: a leaf."""
    return new_leaf(0.0)


cdef inline PyObject** next_of(PyObject* node) noexcept:
    """The next in a list of nodes that are free, or about to be."""
    return <PyObject**>partials_of(node)


cdef inline PyObject* fresh() except NULL:
    """A node with anything at all in its fields."""
    if room == NULL:
        add_slab()
    return fresh_in(room)


cdef inline PyObject* fresh_in(Slab* slab) noexcept:
    """The same, in the first slab of those with room."""
    global empty_slabs
    cdef PyObject* node = slab.freed
    if slab.nodes == 0:
        empty_slabs -= 1
    slab.nodes += 1
    if node != NULL:
        unpoison(partials_of(node), NODE)
        slab.freed = next_of(node)[0]
        if slab.freed == NULL and slab.untouched == slab.end:
            unlink(slab)
    else:
        node = <PyObject*>(<double*>slab.untouched + 2)
        unpoison(slab.untouched, NODE)
        slab.untouched += NODE
        if slab.untouched == slab.end:
            unlink(slab)
    return initialized(node, <PyTypeObject*>Value)


cdef inline Slab* slab_of(PyObject* node) noexcept:
    return <Slab*>(<uintptr_t>node & ~<uintptr_t>(SLAB - 1))


cdef void give_back(Slab* slab, PyObject* freed, Py_ssize_t count) noexcept:
    """So many more nodes of a slab are free; `freed` is the list of all that are."""
    global empty_slabs
    slab.freed = freed
    slab.nodes -= count
    if slab.next == NULL:
        link(slab)
    if slab.nodes == 0:
        if empty_slabs == MOST_EMPTY:
            unlink(slab)
            unpoison(slab, SLAB)
            slab_free(slab, SLAB)
        else:
            empty_slabs += 1
            clear(slab)


cdef int add_slab() except -1:
    global empty_slabs, first_slab, scattered
    cdef Py_ssize_t twice
    cdef Slab* slab = <Slab*>slab_alloc(SLAB)
    if slab == NULL:
        raise MemoryError
    if first_slab == NULL:
        first_slab = slab
    # Twice, as there may be another one as far away on the other side.
    twice = 2 * ((<char*>slab - <char*>first_slab) >> CELL_BITS)
    if twice != <int32_t>twice:
        scattered = True
    clear(slab)
    link(slab)
    empty_slabs += 1
    return 0


cdef void clear(Slab* slab) noexcept:
    slab.nodes = 0
    slab.freed = NULL
    slab.untouched = <char*>slab + LINE
    slab.end = slab.untouched + (SLAB - LINE) // NODE * NODE
    poison(slab.untouched, slab.end - slab.untouched)


cdef void link(Slab* slab) noexcept:
    """Put it first in the ring."""
    if room == NULL:
        slab.next = slab.previous = slab
    else:
        slab.next = room
        slab.previous = room.previous
        room.previous.next = slab
        room.previous = slab
    begin_with(slab)


cdef inline void begin_with(Slab* slab) noexcept:
    global room, room_nearby
    room = slab
    room_nearby = NULL if scattered else slab


cdef inline void unlink(Slab* slab) noexcept:
    slab.previous.next = slab.next
    slab.next.previous = slab.previous
    if room == slab:
        begin_with(NULL if slab.next == slab else slab.next)
    slab.next = NULL


cdef void released(PyObject* node) noexcept:
    """The type's tp_dealloc, without recursion: operands that nobody else holds wait in a list.

    All nodes of one slab that follow one another are given back at once.
    """
    cdef PyObject* next = NULL  # the first of those that wait, and the others
    cdef PyObject* waiting = NULL
    cdef Slab* slab = NULL
    cdef PyObject* freed = NULL
    cdef Py_ssize_t count = 0, in_all = 0, i
    cdef Wide* wide
    cdef PyTypeObject* cls = Py_TYPE(node)
    if is_followed(node):
        PyObject_GC_UnTrack(node)
    while True:
        if (<Value>node).born & LABELED:
            Py_DECREF(label_in(node)[0])
        if is_narrow(node):
            let_go(first_of(node), &next, &waiting)
            if second_of(node) != node:
                let_go(second_of(node), &next, &waiting)
        else:
            wide = wide_of(node)
            if wide != NULL:
                for i in range(wide.count):
                    let_go(wide.terms[i].operand, &next, &waiting)
                if slab != NULL and (wide.op != NULL or wide.attributes != NULL):
                    give_back(slab, freed, count)  # as they may run Python
                    slab = NULL
                Py_XDECREF(wide.op)
                Py_XDECREF(wide.attributes)
                Py_XDECREF(wide.label)
                PyMem_Free(wide)
        if slab_of(node) != slab:
            if slab != NULL:
                give_back(slab, freed, count)
            slab = slab_of(node)
            freed = slab.freed
            count = 0
        next_of(node)[0] = freed
        freed = node
        poison(partials_of(node), NODE)
        count += 1
        in_all += 1
        node = next
        next = NULL
        if node == NULL:
            if waiting == NULL:
                break
            node = waiting
            waiting = next_of(node)[0]
    give_back(slab, freed, count)
    forget(<PyObject*>cls, in_all)


cdef inline void let_go(PyObject* operand, PyObject** next, PyObject** waiting) noexcept:
    if Py_REFCNT(operand) == 1:
        if is_followed(operand):
            PyObject_GC_UnTrack(operand)
        if next[0] != NULL:
            next_of(next[0])[0] = waiting[0]
            waiting[0] = next[0]
        next[0] = operand
    else:
        Py_DECREF(operand)


cdef inline double partial_of(PyObject* node, Py_ssize_t i) noexcept:
    if is_narrow(node):
        return partials_of(node)[i]
    return wide_of(node).terms[i].partial


cdef Wide* wide_with(Py_ssize_t count) except NULL:
    """Room for so many operands; none of them there yet."""
    cdef Wide* wide = <Wide*>PyMem_Malloc(sizeof(Wide) + count * sizeof(Term))
    if wide == NULL:
        raise MemoryError
    wide.count = 0
    wide.op = wide.attributes = wide.label = NULL
    return wide


cdef Wide* widened(PyObject* node) except NULL:
    """Make any node a wide one, if it isn't."""
    cdef Py_ssize_t i, count = arity(node)
    cdef Wide* wide = wide_of(node)
    if wide != NULL:
        return wide
    wide = wide_with(count)
    wide.count = count
    wide.label = label_of(node)
    for i in range(count):
        wide.terms[i].operand = operand_of(node, i)
        wide.terms[i].partial = partial_of(node, i)
    if is_narrow(node):
        clear_head(node)
    (<Value>node).held.wide = wide
    (<Value>node).born = (<Value>node).born & ~<uint64_t>(NARROW | LABELED) | WIDE
    return wide
