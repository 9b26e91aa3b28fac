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


cdef object unary(Code code, Value x):
    cdef double y, dx
    if not of_one(code, x.data_, &y, &dx):
        return by_formula(<object>op_of[<int>code], (x,))
    return owned(of_partial(code, <PyObject*>x, y, dx))


cdef object binary(Code code, a, b):
    """Both operands are Values."""
    cdef double y, da, db
    if not of_two(code, (<Value>a).data_, (<Value>b).data_, &y, &da, &db):
        return by_formula(<object>op_of[<int>code], (a, b))
    return owned(of_partials(code, <PyObject*>a, <PyObject*>b, y, da, db))


# What there is most of, each without a look at what it is:

cdef inline object sum_of(a, b):
    cdef double da, db, y = plus((<Value>a).data_, (<Value>b).data_, &da, &db)
    return owned(of_partials(ADD, <PyObject*>a, <PyObject*>b, y, da, db))


cdef inline object difference_of(a, b):
    cdef double da, db, y = minus((<Value>a).data_, (<Value>b).data_, &da, &db)
    return owned(of_partials(SUB, <PyObject*>a, <PyObject*>b, y, da, db))


cdef inline object product_of(a, b):
    cdef double da, db, y = times((<Value>a).data_, (<Value>b).data_, &da, &db)
    return owned(of_partials(MUL, <PyObject*>a, <PyObject*>b, y, da, db))


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


@cython.boundscheck(False)
@cython.wraparound(False)
cdef list leaves_of(xs, where, labels):
    cdef list names = labels if type(labels) is list else list(labels)
    cdef list found
    cdef Py_ssize_t i, count, named = len(names)
    cdef Value made
    if not is_list(xs) or not all_plain(xs):
        xs = list(xs)  # a list of its own, as what follows may run Python
    count = PySequence_Fast_GET_SIZE(xs)
    if named > 0 and named != count:
        raise ValueError(f"{where}: {count} numbers but {named} labels")
    found = [None] * count
    for i in range(count):
        x = <object>PySequence_Fast_ITEMS(xs)[i]
        if type(x) is not Value:
            made = leaf(number(x, where))
            if named > 0:
                set_label(made, names[i])
            x = made
        found[i] = x
    return found


cdef inline bint is_list(xs) noexcept:
    return type(xs) is list or type(xs) is tuple


cdef inline bint all_plain(xs) noexcept:
    """Whether all are Values or floats: what becomes of them runs no Python."""
    cdef Py_ssize_t i
    cdef PyTypeObject* kind
    for i in range(PySequence_Fast_GET_SIZE(xs)):
        kind = Py_TYPE(PySequence_Fast_ITEMS(xs)[i])
        if kind != <PyTypeObject*>Value and kind != <PyTypeObject*>float:
            return False
    return True
