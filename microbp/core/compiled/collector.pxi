# What Python's garbage collector is told of nodes.
#
# Without attributes they are in no cycle, as a node is made after its operands, and the collector
# doesn't know them. A node with an attribute that may hold nodes itself is followed, and so are, by
# the time of each full collection, all nodes that such attributes hold and all below them.

import gc
from types import CoroutineType, FrameType, FunctionType, GeneratorType, ModuleType

UNRELATED = (type, ModuleType, FrameType, GeneratorType, CoroutineType)  # they lead everywhere


cdef int has_head(PyObject* node) noexcept:
    """The type's tp_is_gc: whether the collector may use what lies before the object."""
    return not is_narrow(node)


cdef inline bint is_followed(PyObject* node) noexcept:
    return not is_narrow(node) and (<uintptr_t*>node)[-2] != 0


cdef inline void clear_head(PyObject* node) noexcept:
    memset(partials_of(node), 0, 2 * sizeof(double))


cdef int follow(PyObject* node) except -1:
    if is_narrow(node):
        widened(node)
    if not is_followed(node):
        gc_track(node)
    return 0


def follow_what_attributes_hold(phase, about):
    """Called by the collector. Few nodes, or none, have attributes that it must follow."""
    if phase != "start" or about["generation"] < 2:
        return
    pending = [x for x in gc.get_objects() if type(x) is Value]
    seen = set()
    while pending:
        x = pending.pop()
        if id(x) in seen or issubclass(type(x), UNRELATED):
            continue
        seen.add(id(x))
        if type(x) is Value:
            follow(<PyObject*>x)
        elif (type(x) is dict or type(x) is tuple) and x and not gc.is_tracked(x):
            PyObject_GC_Track(<PyObject*>x)  # it was left out, as it held only what was not followed
        if type(x) is FunctionType:
            pending += [x.__closure__, x.__defaults__, x.__kwdefaults__, x.__dict__]
        else:
            pending += gc.get_referents(x)


cdef int traverse(PyObject* node, visitproc visit, void* arg) noexcept:
    """The type's tp_traverse."""
    cdef Py_ssize_t i
    cdef Wide* wide = wide_of(node)
    cdef int found = visit(<PyObject*>Py_TYPE(node), arg)
    if wide == NULL:
        return found
    for i in range(wide.count):
        if found == 0:
            found = visit(wide.terms[i].operand, arg)
    if found == 0 and wide.op != NULL:
        found = visit(wide.op, arg)
    if found == 0 and wide.attributes != NULL:
        found = visit(wide.attributes, arg)
    return found


cdef int drop_attributes(PyObject* node) noexcept:
    """The type's tp_clear: no cycle is without attributes."""
    cdef PyObject* attributes
    if wide_of(node) != NULL:
        attributes = wide_of(node).attributes
        wide_of(node).attributes = NULL
        Py_XDECREF(attributes)
    return 0
