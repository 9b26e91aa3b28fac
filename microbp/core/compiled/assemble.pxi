# Assemble a node from its operation, its number, its operands and its partials.

cdef inline PyObject* new_leaf(double data) except NULL:
    cdef PyObject* node = fresh()
    clear_head(node)
    (<Value>node).data_ = data
    (<Value>node).grad_ = 0.0
    (<Value>node).held.label = NULL
    (<Value>node).born = MET
    return node


cdef inline Value leaf(double data):
    return <Value>owned(new_leaf(data))


cdef inline PyObject* bare(uint64_t code, double data) except NULL:
    """A node of this operation and these bits, with anything at all in place of its operands."""
    return computed(fresh(), code, data)


cdef inline PyObject* computed(PyObject* node, uint64_t code, double data) noexcept:
    global births
    births += 1 << AGE
    (<Value>node).data_ = data
    (<Value>node).grad_ = 0.0
    (<Value>node).born = births | code
    return node


cdef inline int32_t distance(PyObject* node, PyObject* operand) noexcept:
    return <int32_t>((<char*>operand - <char*>node) >> CELL_BITS)


cdef PyObject* of_partials(
    Code code, PyObject* a, PyObject* b, double y, double da, double db
) except NULL:
    """A node of two operands. What is rare, others do: so nothing here is kept on the stack."""
    cdef Slab* slab = room_nearby
    cdef PyObject* node
    if slab == NULL:
        return of_partials_anywhere(code, a, b, y, da, db)
    node = computed(fresh_in(slab), code | NARROW, y)
    (<Value>node).held.near.a = distance(node, a)
    (<Value>node).held.near.b = distance(node, b)
    Py_INCREF(a)
    Py_INCREF(b)
    partials_of(node)[0] = da
    partials_of(node)[1] = db
    if unusual():
        return as_the_mode_wants(node)
    return node


cdef PyObject* of_partial(Code code, PyObject* x, double y, double dx) except NULL:
    """The same, of one operand."""
    cdef Slab* slab = room_nearby
    cdef PyObject* node
    if slab == NULL:
        return of_partials_anywhere(code, x, NULL, y, dx, 0.0)
    node = computed(fresh_in(slab), code | NARROW, y)
    (<Value>node).held.near.a = distance(node, x)
    (<Value>node).held.near.b = 0
    Py_INCREF(x)
    partials_of(node)[0] = dx
    if unusual():
        return as_the_mode_wants(node)
    return node


cdef PyObject* of_partials_anywhere(
    Code code, PyObject* a, PyObject* b, double y, double da, double db
) except NULL:
    """The same where there is no room, or no room nearby; b may be NULL."""
    if room == NULL:
        add_slab()
    if not scattered:
        return of_partial(code, a, y, da) if b == NULL else of_partials(code, a, b, y, da, db)
    operands = (<object>a,) if b == NULL else (<object>a, <object>b)
    made = filled(<object>op_of[<int>code], y, (da, db)[:len(operands)], operands)
    Py_INCREF(<PyObject*>made)
    return as_the_mode_wants(<PyObject*>made) if unusual() else <PyObject*>made


cdef PyObject* as_the_mode_wants(PyObject* node) except NULL:
    """The node itself, or a leaf in its place; takes over the reference."""
    made = owned(node)
    now = current()
    if now.watching:
        anomaly.watch(made)
    if not now.recording:
        made = leaf((<Value>node).data_)
    Py_INCREF(<PyObject*>made)
    return <PyObject*>made


cdef inline void put(Value node, Value operand, double partial) noexcept:
    """The next operand of a node that has a place for it."""
    cdef Wide* wide = wide_of(<PyObject*>node)
    Py_INCREF(<PyObject*>operand)
    if wide != NULL:
        wide.terms[wide.count].operand = <PyObject*>operand
        wide.terms[wide.count].partial = partial
        wide.count += 1
    elif is_narrow(<PyObject*>node):
        node.held.near.b = distance(<PyObject*>node, <PyObject*>operand)
        partials_of(<PyObject*>node)[1] = partial
    else:
        node.held.near.a = distance(<PyObject*>node, <PyObject*>operand)
        partials_of(<PyObject*>node)[0] = partial
        node.born |= NARROW


cdef Value filled(op, double data, tuple partials, tuple operands):
    cdef Py_ssize_t count = len(operands)
    if len(partials) != count:
        raise ValueError(f"{op.name}: {len(partials)} partials for {count} operands")
    cdef Code code = code_of(op)
    cdef Value node = roomy(code, data, count)
    if code == OTHER:
        wide_of(<PyObject*>node).op = <PyObject*>op
        Py_INCREF(<PyObject*>op)
    for operand, partial in zip(operands, partials):
        put(node, <Value?>operand, partial)
    return node


cdef Value by_its_partials(double data, tuple operands, tuple partials):
    """A node made by hand. All operands are Values."""
    cdef Py_ssize_t i
    cdef Value node = roomy(CUSTOM, data, len(operands))
    for i in range(len(operands)):
        put(node, <Value>operands[i], number(partials[i], "local_grads"))
    return finished(node)


cdef Value roomy(Code code, double data, Py_ssize_t count):
    """A node of this operation with places for so many operands."""
    cdef Value node = <Value>owned(bare(code, data))
    clear_head(<PyObject*>node)
    node.held.label = NULL
    if count == 0 or count > 2 or code == OTHER or scattered:
        node.held.wide = wide_with(count)
        node.born |= WIDE
    return node


cdef inline object finished(Value node):
    if not unusual():
        return node
    Py_INCREF(<PyObject*>node)
    return owned(as_the_mode_wants(<PyObject*>node))


cdef inline bint unusual() noexcept:
    return PyList_GET_SIZE(unusual_modes) != 0


cdef object current():
    """`grad_mode.current`, without a call of Python's where no mode was interrupted."""
    now = mode.get()
    return now if now.alive else grad_mode.current()


def restored(data, grad, label, op, partials, operands):
    """A node of any kind, whatever the mode: what copies and pickles are made by."""
    cdef Value node
    if op is None:
        node = leaf(data)
    else:
        node = filled(op, data, tuple(partials), tuple(operands))
    node.grad_ = grad
    set_label(node, label)
    return node


restored.__module__ = "microbp.core.engine"  # where a pickle looks for it: either engine opens it
