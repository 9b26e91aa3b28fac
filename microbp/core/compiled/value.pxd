# A node as it lies in memory: 88 bytes, whatever it holds, and more only for wide nodes.
#
# A node's two partials lie before the object. There Python's garbage collector keeps what it has to
# know of an object that it follows, and leaves and wide nodes, which have no partials there, can be
# followed without a byte more: see collector.pxi.

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
    # The operands of a node that has more than two, or a custom operation; and of any node with
    # attributes, even a leaf.
    Py_ssize_t count
    PyObject* op  # a custom operation; NULL for a built-in one
    PyObject* attributes  # a dict of those that the program gave this node, or NULL
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
    cdef uint64_t born  # 256 times the number of its birth, 0 for a leaf; COMPARED; and its Code
    cdef uint64_t mark  # of the latest backward pass that met this node


cdef inline bint is_leaf(PyObject* node) noexcept:
    return (<Value>node).born < 256


cdef inline Wide* wide_of(PyObject* node) noexcept:
    return <Wide*>(<Value>node).b


cdef inline double* partials_of(PyObject* node) noexcept:
    """The two of a node that is neither a leaf nor wide. Those have zeros, or the collector's."""
    return <double*>node - 2


cdef inline Py_ssize_t arity(PyObject* node) noexcept:
    if (<Value>node).a != NULL:
        return 1 if (<Value>node).b == NULL else 2
    return 0 if (<Value>node).b == NULL else wide_of(node).count


cdef inline PyObject* operand_of(PyObject* node, Py_ssize_t i) noexcept:
    if (<Value>node).a != NULL:
        return (<Value>node).a if i == 0 else (<Value>node).b
    return wide_of(node).terms[i].operand
