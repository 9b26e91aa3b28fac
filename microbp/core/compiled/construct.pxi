# Make nodes: by arithmetic in C where there is some, else by the table's formulas.

cdef PyObject* op_of[CODES]

cdef enum:
    SLOTS = 256  # a power of 2, and several times the number of operations

cdef Code slots[SLOTS]  # a hash table from an operation's address to its code


cdef inline size_t slot_of(PyObject* op) noexcept:
    cdef size_t slot = (<uintptr_t>op >> 4) % SLOTS
    while slots[slot] != OTHER and op_of[<int>slots[slot]] != op:
        slot = (slot + 1) % SLOTS
    return slot


cdef inline Code code_of(op) noexcept:
    return slots[slot_of(<PyObject*>op)]


cdef int note_codes() except -1:
    cdef int code
    if len(ops.BUILTINS) + 2 != CODES:
        raise RuntimeError(f"built for {CODES - 2} operations, and there are {len(ops.BUILTINS)}")
    for code, op in enumerate((*ops.BUILTINS, ops.CUSTOM), 1):
        op_of[<int>code] = <PyObject*>op
        slots[slot_of(op_of[<int>code])] = <Code>code
    return 0


note_codes()


cdef inline double number(x, str where) except? -1.0:
    cdef double data
    if type(x) is float:
        return <double>x
    if type(x) is int:
        data = PyLong_AsDouble(x)
        if data != -1.0 or not PyErr_Occurred():
            return data
        PyErr_Clear()  # too large: coerce.number raises the error
    return coerce.number(x, where)


cdef inline PyObject* new_leaf(double data) except NULL:
    cdef PyObject* node = allocated(<PyTypeObject*>Value, 0)
    (<Value>node).mark = 1
    (<Value>node).data_ = data
    return node


cdef inline Value leaf(double data):
    return <Value>owned(new_leaf(data))


cdef inline PyObject* bare(Code code, double data) except NULL:
    """A node of this operation, without operands yet."""
    global births
    cdef PyObject* node = fresh(<PyTypeObject*>Value)
    births += 1
    (<Value>node).data_ = data
    (<Value>node).grad_ = 0.0
    (<Value>node).label_ = NULL
    (<Value>node).a = NULL
    (<Value>node).b = NULL
    (<Value>node).born = births << 8 | code
    (<Value>node).mark = 1
    return node


cdef inline object unary(Code code, Value x):
    cdef double y, dx
    cdef PyObject* node
    if not of_one(code, x.data_, &y, &dx):
        return by_formula(<object>op_of[<int>code], (x,))
    node = bare(code, y)
    (<Value>node).a = <PyObject*>x
    Py_INCREF(<PyObject*>x)
    partials_of(node)[0] = dx
    return in_unusual_mode(<Value>owned(node)) if unusual() else owned(node)


cdef inline object binary(Code code, a, b):
    """Both operands are Values."""
    cdef double y, da, db
    cdef PyObject* node
    if not of_two(code, (<Value>a).data_, (<Value>b).data_, &y, &da, &db):
        return by_formula(<object>op_of[<int>code], (a, b))
    node = bare(code, y)
    (<Value>node).a = <PyObject*>a
    Py_INCREF(<PyObject*>a)
    partials_of(node)[0] = da
    (<Value>node).b = <PyObject*>b
    Py_INCREF(<PyObject*>b)
    partials_of(node)[1] = db
    return in_unusual_mode(<Value>owned(node)) if unusual() else owned(node)


cdef inline void put(Value node, Value operand, double partial) noexcept:
    """The next operand of a node that has a place for it."""
    cdef Wide* wide
    Py_INCREF(<PyObject*>operand)
    if node.a != NULL:
        node.b = <PyObject*>operand
        partials_of(<PyObject*>node)[1] = partial
    elif node.b == NULL:
        node.a = <PyObject*>operand
        partials_of(<PyObject*>node)[0] = partial
    else:
        wide = wide_of(<PyObject*>node)
        wide.terms[wide.count].operand = <PyObject*>operand
        wide.terms[wide.count].partial = partial
        wide.count += 1


cdef object mixed(Code code, str where, left, right):
    """An operator of which one operand at least is not a Value yet."""
    if type(left) is not Value:
        left = as_operand(left, where)
    if type(right) is not Value:
        right = as_operand(right, where)
    if left is NotImplemented or right is NotImplemented:
        return NotImplemented
    return binary(code, left, right)


cdef object as_operand(x, str where):
    if type(x) is float or type(x) is int:
        return leaf(number(x, where))
    x = coerce.operand(x, where)
    return x if x is NotImplemented else leaf(x)


cdef object by_formula(op, tuple operands):
    """An operation as the table states it. All operands are Values."""
    data = [(<Value>operand).data_ for operand in operands]
    if op.domain is not None and not op.domain.holds(*data):
        raise DomainError(f"{op.name}({described(operands)}): {op.domain.sentence}")
    y = op.value(floats, *data)
    return finished(filled(op, y, tuple(op.partials(floats, y, *data)), operands))


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
    if count == 0 or count > 2 or code == OTHER:
        node.b = <PyObject*>wide_with(count)
    return node


cdef inline object finished(Value node):
    return in_unusual_mode(node) if unusual() else node


cdef inline bint unusual() noexcept:
    return PyList_GET_SIZE(unusual_modes) != 0


cdef object current():
    """`grad_mode.current`, without a call of Python's where no mode was interrupted."""
    now = mode.get()
    return now if now.alive else grad_mode.current()


cdef object in_unusual_mode(Value node):
    """The node as detect_anomaly and no_grad want it."""
    now = current()
    if now.watching:
        anomaly.watch(node)
    return node if now.recording else leaf(node.data_)


def apply(op, *operands):
    """The node for an operation of the table, computed by its formulas.

    Raises DomainError where the operation has no value at these operands.
    """
    for operand in operands:
        if type(operand) is not Value:
            raise TypeError(f"apply: expected Values, got {coerce.shown(operand)}")
    return applied(op, operands)


cdef object applied(op, tuple operands):
    cdef Code code = code_of(op)
    cdef Py_ssize_t count = len(operands)
    if count == 1 and code != OTHER:
        return unary(code, <Value>operands[0])
    if count == 2 and code != OTHER:
        return binary(code, operands[0], operands[1])
    if code == DOT and count % 2 == 1 or code == TOTAL and count > 2 or code == LOGSUMEXP and count > 2:
        return added_up(code, operands)
    if code == WHERE_POSITIVE and count == 3:
        return where_positive(operands)
    return by_formula(op, operands)


def call(op, *xs):
    """The operation of Values or numbers: a Value, but a float if all are numbers.

    Raises TypeError for what is no number, DomainError where the operation has no value.
    """
    cdef bint some = False, all_ = True
    for x in xs:
        if type(x) is Value:
            some = True
        else:
            all_ = False
    if not all_:
        xs = tuple([x if type(x) is Value else leaf(number(x, op.name)) for x in xs])
    y = applied(op, xs)
    return y if some else y.data


def leaves(xs, where, labels=()):
    """Each Value as it is, and each number as a leaf, with the next label if there are some.

    `where` is named in the error for what is no number.
    """
    return leaves_of(xs, where, labels)


cdef list leaves_of(xs, where, labels):
    cdef list found = list(xs)
    cdef list names = labels if type(labels) is list else list(labels)
    cdef Py_ssize_t i, count = len(found), named = len(names)
    cdef Value x
    if named > 0 and named != count:
        raise ValueError(f"{where}: {count} numbers but {named} labels")
    for i in range(count):
        if type(found[i]) is not Value:
            x = leaf(number(found[i], where))
            if named > 0:
                set_label(x, names[i])
            found[i] = x
    return found


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
