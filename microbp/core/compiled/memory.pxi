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

cdef Py_ssize_t node_size = 2 * sizeof(double) + sizeof_object

cdef struct Slab:
    PyObject* freed  # nodes that were used and are free again, linked by `a`
    char* untouched  # from here on, the slab has not been used since it was empty
    char* end
    Py_ssize_t nodes  # how many are in use
    Slab* next  # of those with room, a ring that begins with `room`; NULL for a full slab
    Slab* previous

cdef Slab* room = NULL
cdef Py_ssize_t empty_slabs = 0


cdef PyObject* allocated(PyTypeObject* cls, Py_ssize_t unused) except NULL:
    """The type's tp_alloc: a node with all fields 0 or NULL."""
    cdef PyObject* node = fresh(cls)
    memset(<char*>node + sizeof(PyObject), 0, sizeof_object - sizeof(PyObject))
    clear_head(node)
    return node


cdef inline PyObject* fresh(PyTypeObject* cls) except NULL:
    """The same, with anything at all in its fields."""
    global empty_slabs
    cdef PyObject* node
    if room == NULL:
        add_slab()
    if room.nodes == 0:
        empty_slabs -= 1
    room.nodes += 1
    node = room.freed
    if node != NULL:
        unpoison(partials_of(node), node_size)
        room.freed = (<Value>node).a
    else:
        node = <PyObject*>(<double*>room.untouched + 2)
        unpoison(room.untouched, node_size)
        room.untouched += node_size
    if room.freed == NULL and room.untouched == room.end:
        unlink(room)
    return initialized(node, cls)


cdef inline void give_back(PyObject* node) noexcept:
    """Free the memory of a node that has no references left."""
    global empty_slabs
    cdef Slab* slab = <Slab*>(<uintptr_t>node & ~<uintptr_t>(SLAB - 1))
    (<Value>node).a = slab.freed
    slab.freed = node
    poison(partials_of(node), node_size)
    slab.nodes -= 1
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
    global empty_slabs
    cdef Slab* slab = <Slab*>slab_alloc(SLAB)
    if slab == NULL:
        raise MemoryError
    clear(slab)
    link(slab)
    empty_slabs += 1
    return 0


cdef void clear(Slab* slab) noexcept:
    slab.nodes = 0
    slab.freed = NULL
    slab.untouched = <char*>slab + LINE
    slab.end = slab.untouched + (SLAB - LINE) // node_size * node_size
    poison(slab.untouched, slab.end - slab.untouched)


cdef void link(Slab* slab) noexcept:
    """Put it first in the ring."""
    global room
    if room == NULL:
        slab.next = slab.previous = slab
    else:
        slab.next = room
        slab.previous = room.previous
        room.previous.next = slab
        room.previous = slab
    room = slab


cdef void unlink(Slab* slab) noexcept:
    global room
    slab.previous.next = slab.next
    slab.next.previous = slab.previous
    if room == slab:
        room = NULL if slab.next == slab else slab.next
    slab.next = NULL


cdef void released(PyObject* node) noexcept:
    """The type's tp_dealloc, without recursion: operands that nobody else holds wait in a list.

    The list is linked by their field `mark`, and so needs no memory of its own.
    """
    cdef PyObject* waiting = NULL
    cdef Wide* wide
    cdef Py_ssize_t i
    cdef PyTypeObject* cls = Py_TYPE(node)
    while True:
        Py_XDECREF((<Value>node).label_)
        if (<Value>node).a != NULL:
            let_go((<Value>node).a, &waiting)
            if (<Value>node).b != NULL:
                let_go((<Value>node).b, &waiting)
        else:
            if is_followed(node):
                PyObject_GC_UnTrack(node)
            if (<Value>node).b != NULL:
                wide = wide_of(node)
                for i in range(wide.count):
                    let_go(wide.terms[i].operand, &waiting)
                Py_XDECREF(wide.op)
                Py_XDECREF(wide.attributes)
                PyMem_Free(wide)
        give_back(node)
        Py_DECREF(<PyObject*>cls)
        node = waiting
        if node == NULL:
            return
        waiting = <PyObject*>(<Value>node).mark


cdef inline double partial_of(PyObject* node, Py_ssize_t i) noexcept:
    if (<Value>node).a != NULL:
        return partials_of(node)[i]
    return wide_of(node).terms[i].partial


cdef inline void let_go(PyObject* operand, PyObject** waiting) noexcept:
    if Py_REFCNT(operand) == 1:
        if is_followed(operand):
            PyObject_GC_UnTrack(operand)
        (<Value>operand).mark = <uint64_t>waiting[0]
        waiting[0] = operand
    else:
        Py_DECREF(operand)


cdef Wide* wide_with(Py_ssize_t count) except NULL:
    """Room for so many operands; none of them there yet."""
    cdef Wide* wide = <Wide*>PyMem_Malloc(sizeof(Wide) + count * sizeof(Term))
    if wide == NULL:
        raise MemoryError
    wide.count = 0
    wide.op = NULL
    wide.attributes = NULL
    return wide


cdef Wide* widened(PyObject* node) except NULL:
    """Make any node a wide one, if it isn't."""
    cdef Py_ssize_t i, count = arity(node)
    cdef Wide* wide
    if (<Value>node).a == NULL and (<Value>node).b != NULL:
        return wide_of(node)
    wide = wide_with(count)
    wide.count = count
    for i in range(count):
        wide.terms[i].operand = operand_of(node, i)
        wide.terms[i].partial = partial_of(node, i)
    if (<Value>node).a != NULL:
        clear_head(node)
    (<Value>node).a = NULL
    (<Value>node).b = <PyObject*>wide
    return wide
