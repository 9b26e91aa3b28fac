# `Value(...)`: calls of the class.

cdef PyObject* value_called(
    PyObject* cls, PyObject** arguments, size_t count, PyObject* names
) except NULL:
    """`Value(...)`, without a tuple and a dict of its arguments where they are as usual."""
    cdef Py_ssize_t i
    count = PyVectorcall_NARGS(count)
    if names == NULL and count == 1:
        return new_leaf(number(<object>arguments[0], "Value"))
    cdef bint labeled = count == 1 and <object>names == ("label",)
    if labeled or names == NULL and count == 2 and type(<object>arguments[1]) is str:
        made = leaf(number(<object>arguments[0], "Value"))
        set_label(<Value>made, <object>arguments[1])
    elif names == NULL and count == 3 and plain(<object>arguments[1], <object>arguments[2]):
        data = number(<object>arguments[0], "Value")
        made = by_its_partials(data, <tuple>arguments[1], <tuple>arguments[2])
    else:
        positional = tuple([<object>arguments[i] for i in range(<Py_ssize_t>count)])
        named = {}
        if names != NULL:
            named = {name: <object>arguments[count + i] for i, name in enumerate(<object>names)}
        made = constructed(positional, named)
    Py_INCREF(<PyObject*>made)
    return <PyObject*>made


cdef bint plain(children, partials):
    """Whether these are tuples, equally long, of Values and of plain numbers."""
    if type(children) is not tuple or type(partials) is not tuple:
        return False
    for child in <tuple>children:
        if type(child) is not Value:
            return False
    for partial in <tuple>partials:
        if type(partial) is not float and type(partial) is not int:
            return False
    return 0 < len(<tuple>children) == len(<tuple>partials)


cdef Value constructed(arguments, named):
    data, label, children, partials = by_hand.constructed(arguments, named, Value)
    cdef Value made = by_its_partials(data, children, partials) if children else leaf(data)
    set_label(made, label)
    return made


cdef PyObject* value_new(PyTypeObject* cls, PyObject* arguments, PyObject* named) except NULL:
    """`Value.__new__`. A class based on Value comes by here if a base had it made nonetheless."""
    if cls != <PyTypeObject*>Value:
        by_hand.refuse_subclass()
    made = constructed(<object>arguments, {} if named == NULL else <object>named)
    Py_INCREF(<PyObject*>made)
    return <PyObject*>made


cdef void take_over(PyTypeObject* cls) noexcept:
    cls.tp_name = "Value"  # for Python's own error messages, which tell it without its module
    cls.tp_new = value_new
    cls.tp_alloc = <void*>allocated
    cls.tp_dealloc = <void*>released
    cls.tp_vectorcall = <void*>value_called
    cls.tp_traverse = <void*>traverse
    cls.tp_clear = <void*>drop_attributes
    cls.tp_is_gc = <void*>has_head
    cls.tp_flags |= Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC


take_over(<PyTypeObject*>Value)
Value.__init_subclass__ = classmethod(by_hand.refuse_subclass)
