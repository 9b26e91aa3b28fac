# A node as it lies in memory: 64 bytes, one line of the cache, and more only for wide nodes.
#
# A node's two partials lie before the object. There Python's garbage collector keeps what it has to
# know of an object that it follows, and leaves and wide nodes, which have no partials there, can be
# followed without a byte more: see collector.pxi.

from cpython.object cimport PyObject
from libc.stdint cimport int32_t, uint64_t

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
    PyObject* label  # NULL for ""
    Term[0] terms

cdef struct Near:
    # How far off in memory the operands are, in cells: 32 bits reach 128 GB.
    int32_t a
    int32_t b  # 0 for a node of one operand

cdef union Held:
    Near near  # of a narrow node
    Wide* wide  # of a wide one
    PyObject* label  # of a leaf, or NULL

cdef enum:
    # Bits of `born`, above its Code.
    COMPARED = 1 << 7  # the program has compared this node or converted it to bool
    MET = 1 << 8  # by the backward pass that is going on; always set in a leaf
    WIDE = 1 << 9
    NARROW = 1 << 10  # not wide, and no leaf
    LABELED = 1 << 11  # neither wide nor of two operands, and with a label
    AGE = 12  # from here on, the number of its birth; 0 for a leaf

cdef class Value:
    cdef double data_
    cdef double grad_
    cdef Held held
    cdef uint64_t born

cdef extern from *:
    """
    /* What a distance counts: a whole cell if nodes lie at multiples of its size. */
    #define CELL_BITS (sizeof(struct __pyx_obj_7microbp_4core_8compiled_5value_Value) == 48 ? 6 : 3)
    """
    const int CELL_BITS


cdef inline uint64_t age(PyObject* node) noexcept:
    """The number of its birth: the larger, the younger. 0 for a leaf."""
    return (<Value>node).born >> AGE


cdef inline bint is_leaf(PyObject* node) noexcept:
    return age(node) == 0


cdef inline bint is_narrow(PyObject* node) noexcept:
    return (<Value>node).born & NARROW != 0


cdef inline Wide* wide_of(PyObject* node) noexcept:
    """NULL for a node that isn't wide."""
    return (<Value>node).held.wide if (<Value>node).born & WIDE else NULL


cdef inline PyObject* first_of(PyObject* node) noexcept:
    """The first operand of a narrow node."""
    return <PyObject*>(<char*>node + <Py_ssize_t>(<Value>node).held.near.a * (1 << CELL_BITS))


cdef inline PyObject* second_of(PyObject* node) noexcept:
    """The second one; the node itself if there is none."""
    return <PyObject*>(<char*>node + <Py_ssize_t>(<Value>node).held.near.b * (1 << CELL_BITS))


cdef inline double* partials_of(PyObject* node) noexcept:
    """The two of a narrow node. Other nodes have zeros there, or the collector's."""
    return <double*>node - 2


cdef inline PyObject** label_in(PyObject* node) noexcept:
    """Where the label is; NULL for a node of two operands, which would become wide for one.

    Where it may be other than NULL only if LABELED is set.
    """
    if (<Value>node).born & WIDE:
        return &(<Value>node).held.wide.label
    if (<Value>node).born & NARROW == 0:
        return &(<Value>node).held.label
    return <PyObject**>(partials_of(node) + 1) if (<Value>node).held.near.b == 0 else NULL


cdef inline PyObject* label_of(PyObject* node) noexcept:
    """NULL for ""."""
    return label_in(node)[0] if (<Value>node).born & (WIDE | LABELED) else NULL


cdef inline Py_ssize_t arity(PyObject* node) noexcept:
    if is_narrow(node):
        return 1 if (<Value>node).held.near.b == 0 else 2
    return 0 if wide_of(node) == NULL else wide_of(node).count


cdef inline PyObject* operand_of(PyObject* node, Py_ssize_t i) noexcept:
    if is_narrow(node):
        return first_of(node) if i == 0 else second_of(node)
    return wide_of(node).terms[i].operand
