# Attributes of a program's own on leaves. A leaf has no partials, and keeps a dict in their place.
#
# A name that a program uses for the first time gets a descriptor in the class, as if it were a
# property there: so other look-ups cost what they did.

cdef extern from "Python.h":
    int set_known "PyObject_GenericSetAttr"(object, object, object) except -1


cdef inline object attributes_of(Value node):
    """The dict; None for a node without one."""
    if not is_leaf(<PyObject*>node) or place_of_attributes(<PyObject*>node)[0] == NULL:
        return None
    return <object>place_of_attributes(<PyObject*>node)[0]


@cython.final
cdef class Attribute:
    """One name's descriptor."""

    cdef str name

    def __init__(self, str name):
        self.name = name

    def __get__(self, node, kind):
        if node is None:
            return self
        found = attributes_of(<Value?>node)
        if found is None or self.name not in found:
            raise attributes.missing(self.name)
        return found[self.name]

    def __set__(self, node, value):
        if not is_leaf(<PyObject*><Value?>node):
            raise attributes.refused(self.name, node)
        attributes.check(self.name, value, Value)
        if place_of_attributes(<PyObject*>node)[0] == NULL:
            empty = {}
            Py_INCREF(<PyObject*>empty)
            place_of_attributes(<PyObject*>node)[0] = <PyObject*>empty
        attributes_of(<Value>node)[self.name] = value

    def __delete__(self, node):
        found = attributes_of(<Value?>node)
        if found is None or self.name not in found:
            raise attributes.missing(self.name)
        del found[self.name]
