# Nodes of more than two operands, computed in C: `dot`, `total`, `logsumexp` and `where_positive`.

def dot(weights, activities, bias):
    """`microbp.dot`."""
    return total_input(weights, activities, bias)


cdef object total_input(weights, activities, bias):
    cdef Value node
    cdef Wide* wide
    if type(weights) is not list and type(weights) is not tuple:
        weights = coerce.listed(weights, "dot", "weights")
    if type(activities) is not list and type(activities) is not tuple:
        activities = coerce.listed(activities, "dot", "activities")
    cdef Py_ssize_t count = PySequence_Fast_GET_SIZE(weights)
    if count != PySequence_Fast_GET_SIZE(activities):
        raise ValueError(f"dot: {len(weights)} weights but {len(activities)} activities")
    if count > 0 and some_value(weights, activities, bias):
        # Where all is as it should be, without a tuple of it all.
        node = roomy(DOT, 0.0, 2 * count + 1)
        wide = wide_of(<PyObject*>node)
        if put_all(wide, weights) and put_all(wide, activities) and put_plain(wide, bias):
            multiply_out(node)
            return finished(node)
    return call(ops.DOT, *weights, *activities, bias)


cdef inline bint put_plain(Wide* wide, x) except -1:
    """The next operand, if it is a Value or a float; False for anything else."""
    if type(x) is Value:
        Py_INCREF(<PyObject*>x)
        wide.terms[wide.count].operand = <PyObject*>x
    elif type(x) is float:
        wide.terms[wide.count].operand = new_leaf(<double>x)
    else:
        return False
    wide.count += 1
    return True


cdef bint put_all(Wide* wide, terms) except -1:
    """The same for all of a list or tuple. No Python runs here that could change it."""
    cdef Py_ssize_t i
    cdef PyObject** items = PySequence_Fast_ITEMS(terms)
    for i in range(PySequence_Fast_GET_SIZE(terms)):
        if not put_plain(wide, <object>items[i]):
            return False
    return True


cdef bint some_value(weights, activities, bias) noexcept:
    cdef Py_ssize_t i
    if type(bias) is Value:
        return True
    for i in range(PySequence_Fast_GET_SIZE(weights)):
        if type(<object>PySequence_Fast_ITEMS(weights)[i]) is Value:
            return True
        if type(<object>PySequence_Fast_ITEMS(activities)[i]) is Value:
            return True
    return False


cdef object added_up(Code code, tuple operands):
    """A node of one of the three. All operands are Values, three at least."""
    cdef Value node = roomy(code, 0.0, len(operands))
    for operand in operands:
        put(node, <Value>operand, 1.0)
    if code == DOT:
        multiply_out(node)
    elif code == TOTAL:
        add_up(node)
    elif not log_sum_exp(node):
        return by_formula(<object>op_of[<int>code], operands)
    return finished(node)


cdef object where_positive(tuple operands):
    """A node of `where_positive`. All three operands are Values."""
    cdef double c = (<Value>operands[0]).data_
    cdef Value node
    if c != c:
        return by_formula(ops.WHERE_POSITIVE, operands)
    node = roomy(WHERE_POSITIVE, (<Value>operands[1 if c > 0.0 else 2]).data_, 3)
    put(node, <Value>operands[0], 0.0)
    put(node, <Value>operands[1], 1.0 if c > 0.0 else 0.0)
    put(node, <Value>operands[2], 0.0 if c > 0.0 else 1.0)
    return finished(node)


cdef void multiply_out(Value node) noexcept:
    cdef Wide* wide = wide_of(<PyObject*>node)
    cdef Term* terms = wide.terms
    cdef Py_ssize_t i, count = wide.count // 2
    cdef double w, y, whole = -0.0  # which changes nothing that is added to it
    for i in range(count):
        w = (<Value>terms[i].operand).data_
        y = (<Value>terms[count + i].operand).data_
        terms[i].partial = y
        terms[count + i].partial = w
        whole = whole + w * y
    terms[2 * count].partial = 1.0
    node.data_ = whole + (<Value>terms[2 * count].operand).data_


cdef void add_up(Value node) noexcept:
    cdef Wide* wide = wide_of(<PyObject*>node)
    cdef Term* terms = wide.terms
    cdef Py_ssize_t i
    cdef double whole = (<Value>terms[0].operand).data_
    for i in range(1, wide.count):
        whole = whole + (<Value>terms[i].operand).data_
    node.data_ = whole


cdef bint log_sum_exp(Value node) except -1:
    """False where a number isn't finite."""
    cdef Wide* wide = wide_of(<PyObject*>node)
    cdef Term* terms = wide.terms
    cdef Py_ssize_t i, largest = 0, count = wide.count
    cdef double x, top
    for i in range(count):
        x = (<Value>terms[i].operand).data_
        if not isfinite(x):
            return False
        if x > (<Value>terms[largest].operand).data_:
            largest = i
    top = (<Value>terms[largest].operand).data_
    shares = [exp((<Value>terms[i].operand).data_ - top) for i in range(count)]
    cdef double whole = math.fsum(shares)
    for i in range(count):
        terms[i].partial = <double>shares[i] / whole
    del shares[largest]
    node.data_ = top + log1p(math.fsum(shares))
    return True
