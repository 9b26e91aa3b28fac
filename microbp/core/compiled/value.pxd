# A node as it lies in memory: 88 bytes, whatever it holds, and more only for wide nodes.

from cpython.object cimport PyObject
from libc.stdint cimport uint64_t

cdef extern from *:
    """
    /* Errors come without frames of this engine, which have no source to show. */
    #define PyTraceBack_Here(frame) ((void)(frame))
    """

cdef struct Term:
    PyObject* operand
    double partial

cdef struct Wide:
    # The operands of a node that has more than two, or a custom operation, or was made under
    # detect_anomaly.
    Py_ssize_t count
    PyObject* op  # a custom operation; NULL for a built-in one
    PyObject* place  # where the program made the node; NULL if that is not known
    Term[0] terms

cdef enum:
    # A bit of `born`: the program has compared this node or converted it to bool.
    COMPARED = 128

cdef class Value:
    cdef double data_
    cdef double grad_
    cdef PyObject* label_  # NULL for ""
    cdef PyObject* a  # the first operand; NULL for a leaf or a wide node
    cdef PyObject* b  # the second one, or NULL; of a wide node, its Wide*
    cdef double da
    cdef double db
    cdef uint64_t born  # 256 times the number of its birth, 0 for a leaf; COMPARED; and its Code
    cdef uint64_t mark  # of the latest backward pass that met this node


cdef inline bint is_leaf(PyObject* node) noexcept:
    return (<Value>node).born < 256


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
