# Attributes of a program's own (`p.momentum = 0.0`) on any node: a dict, which makes the node wide.
#
# A name that a program uses for the first time gets a descriptor in the class, as if it were a
# property there: so other look-ups cost what they did.

from types import GetSetDescriptorType

cdef extern from "Python.h":
    int set_known "PyObject_GenericSetAttr"(object, object, object) except -1


cdef inline dict attributes_of(Value node):
    """None for a node without any."""
    cdef Wide* wide = wide_of(<PyObject*>node)
    if wide == NULL or wide.attributes == NULL:
        return None
    return <dict>wide.attributes


def with_attributes(nodes):
    """Those on which the program has set attributes."""
    return [x for x in nodes if attributes_of(<Value?>x) is not None and x._attributes]


@cython.final
cdef class Attribute:
    """One name's descriptor. Where the class has a method of that name, nodes without it keep that."""

    cdef object name, method

    def __init__(self, name):
        self.name = name
        self.method = vars(Value).get(name)

    def __get__(self, node, kind):
        if node is None:
            return self if self.method is None else self.method
        found = attributes_of(<Value?>node)
        if found is not None and self.name in found:
            return found[self.name]
        if self.method is None:
            raise missing(self.name)
        get = getattr(type(self.method), "__get__", None)
        return self.method if get is None else get(self.method, node, kind)

    def __set__(self, node, value):
        cdef Wide* wide = widened(<PyObject*><Value?>node)
        if wide.attributes == NULL:
            empty = {}
            Py_INCREF(<PyObject*>empty)
            wide.attributes = <PyObject*>empty
        (<dict>wide.attributes)[self.name] = value
        if type(value) is Value or PyObject_IS_GC(value):
            follow(<PyObject*>node)
            if follow_what_attributes_hold not in gc.callbacks:
                gc.callbacks.append(follow_what_attributes_hold)


cdef int set_attribute(Value node, name, value) except -1:
    try:
        set_known(node, name, value)
        return 0
    except AttributeError as error:
        problem = error
    if is_property(name) and name not in SETTABLE:
        unsettable(name).__set__(node, value)
    of_class = name[:2] == "__" == name[-2:]  # Python looks for those in the class only
    if of_class or hasattr(type(vars(Value).get(name)), "__set__"):
        raise problem
    setattr(Value, name, Attribute(name))
    set_known(node, name, value)
    return 0


cdef int delete_attribute(Value node, name) except -1:
    found = attributes_of(node)
    if found is not None and name in found:
        del found[name]
        return 0
    if is_property(name):
        unsettable(name).__delete__(node)
    raise missing(name)


SETTABLE = ("data", "grad", "label", "_backward")


cdef bint is_property(name):
    return type(vars(Value).get(name)) is GetSetDescriptorType


cdef unsettable(name):
    """For Python's own errors, as the other engine's properties raise them."""
    found = property()
    found.__set_name__(Value, name)
    return found


cdef missing(name):
    return AttributeError(f"'Value' object has no attribute {name!r}")
