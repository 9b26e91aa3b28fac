# How nodes come and go. They are not tracked by the garbage collector, which a graph can't need:
# a node is made after its operands, so that there is never a cycle of them.

cdef enum:
    SPARE_LIMIT = 131072  # 12 MB

# Freed nodes that wait to be used again, linked by `a`: a graph built anew at each training step
# then need not ask the system for its memory each time.
cdef PyObject* spare = NULL
cdef Py_ssize_t spares = 0


cdef PyObject* allocated(PyTypeObject* cls, Py_ssize_t unused) except NULL:
    """The type's tp_alloc: a node with all fields 0 or NULL."""
    cdef PyObject* node = fresh(cls)
    memset(<char*>node + sizeof(PyObject), 0, cls.tp_basicsize - sizeof(PyObject))
    return node


cdef inline PyObject* fresh(PyTypeObject* cls) except NULL:
    """The same, with anything at all in its fields."""
    global spare, spares
    cdef PyObject* node = spare
    if node != NULL:
        spare = (<Value>node).a
        spares -= 1
    else:
        node = <PyObject*>PyObject_Malloc(cls.tp_basicsize)
        if node == NULL:
            raise MemoryError
    return PyObject_Init(node, cls)


cdef void released(PyObject* node) noexcept:
    """The type's tp_dealloc, without recursion: operands that nobody else holds wait in a list.

    The list is linked by their field `mark`, and so needs no memory of its own.
    """
    global spare, spares
    cdef PyObject* waiting = NULL
    cdef Wide* wide
    cdef Py_ssize_t i
    cdef PyTypeObject* cls = Py_TYPE(node)
    while True:
        Py_XDECREF((<Value>node).op_)
        Py_XDECREF((<Value>node).label_)
        if (<Value>node).a != NULL:
            let_go((<Value>node).a, &waiting)
            if (<Value>node).b != NULL:
                let_go((<Value>node).b, &waiting)
        elif (<Value>node).b != NULL:
            wide = wide_of(node)
            for i in range(wide.count):
                if wide.terms[i].operand != NULL:
                    let_go(wide.terms[i].operand, &waiting)
            Py_XDECREF(wide.place)
            PyMem_Free(wide)
        if spares < SPARE_LIMIT:
            (<Value>node).a = spare
            spare = node
            spares += 1
        else:
            PyObject_Free(node)
        Py_DECREF(<PyObject*>cls)
        node = waiting
        if node == NULL:
            return
        waiting = <PyObject*>(<Value>node).mark


cdef inline Wide* wide_of(PyObject* node) noexcept:
    return <Wide*>(<Value>node).b


cdef inline Py_ssize_t arity(PyObject* node) noexcept:
    if (<Value>node).a != NULL:
        return 1 if (<Value>node).b == NULL else 2
    return 0 if (<Value>node).b == NULL else wide_of(node).count


cdef inline PyObject* operand_of(PyObject* node, Py_ssize_t i) noexcept:
    if (<Value>node).a != NULL:
        return (<Value>node).a if i == 0 else (<Value>node).b
    return wide_of(node).terms[i].operand


cdef inline double partial_of(PyObject* node, Py_ssize_t i) noexcept:
    if (<Value>node).a != NULL:
        return (<Value>node).da if i == 0 else (<Value>node).db
    return wide_of(node).terms[i].partial


cdef inline void let_go(PyObject* operand, PyObject** waiting) noexcept:
    if Py_REFCNT(operand) == 1:
        (<Value>operand).mark = <uint64_t>waiting[0]
        waiting[0] = operand
    else:
        Py_DECREF(operand)


cdef Wide* wide_with(Py_ssize_t count) except NULL:
    """Room for so many operands; none of them there yet."""
    cdef Wide* wide = <Wide*>PyMem_Calloc(1, sizeof(Wide) + count * sizeof(Term))
    if wide == NULL:
        raise MemoryError
    wide.count = count
    return wide
