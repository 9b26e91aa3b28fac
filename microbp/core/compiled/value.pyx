# cython: language_level=3, c_api_binop_methods=True, cdivision=True, binding=False
"""Value in Cython, with the behavior of python/value.py."""

import math
from functools import partial

from microbp.core import anomaly, attributes, by_hand, copying, floats, grad_mode, ops, pickling
from microbp._support import coerce
from microbp.core.describe import described
from microbp.core.ops import DomainError
from microbp.core.python.methods import Methods

cimport cython
from cpython.mem cimport PyMem_Free, PyMem_Malloc, PyMem_Realloc
from cpython.object cimport PyObject, Py_EQ, Py_GE, Py_GT, Py_LE, Py_LT, Py_NE
from libc.math cimport rint
from libc.stdint cimport int32_t, uint64_t, uintptr_t
from libc.string cimport memset

from microbp.core.compiled.arithmetic cimport *
from microbp.core.compiled.system cimport *

cdef extern from *:
    const char* MICROBP_SOURCES
    const Py_ssize_t NODE "(sizeof(struct __pyx_obj_7microbp_4core_8compiled_5value_Value) + 16)"

SOURCES = (<bytes>MICROBP_SOURCES).decode()

cdef object mode = grad_mode.mode
cdef PyObject* unusual_modes = <PyObject*>grad_mode.unusual  # a list, for good
cdef uint64_t births = 0

include "memory.pxi"
include "backward.pxi"
include "construct.pxi"
include "assemble.pxi"
include "nary.pxi"
include "layers.pxi"
include "collector.pxi"
include "attributes.pxi"


@cython.final
cdef class Value:
    """Value(data, children=(), local_grads=(), label='')
--

One scalar of a computation: a leaf made from a number, or the result of an operation.

    Any real number with `__float__` is converted to float; a Value is refused, as its derivative
    would be lost. A leaf's `data` can be set later; graphs already made from it keep their
    numbers. Values are ordered by `data` and equal only to themselves.

    Value(data, children, local_grads) makes a node by hand: `data`, computed from Values, and its
    derivative with respect to each. A string in second place is the label.

    >>> x = Value(3.0, label="x")
    >>> y = x * x + 1
    >>> y.backward()
    >>> x
    Value(3.0, grad=6.0, label='x')
    >>> y
    Value(10.0, grad=1.0, op=add)
    >>> cube = Value(x.data**3, (x,), (3 * x.data**2,))
    >>> cube.backward()
    >>> x.grad
    33.0

    Raises TypeError for data that is not a real number, a label that is not a string, and children
    that are not Values; ValueError where children and local gradients are not equally many.
    """

    @property
    def data(self):
        """The number itself. Only a leaf's can be set: AttributeError for any other node."""
        return self.data_

    @data.setter
    def data(self, data):
        if not is_leaf(<PyObject*>self):
            raise AttributeError(
                f"data of {self!r} was computed by {self.op.name}: only a leaf's can be set"
            )
        self.data_ = number(data, "data")

    @property
    def grad(self):
        """d root / d self: summed over backward passes in leaves, the latest in other nodes.

        None sets it to 0.
        """
        return self.grad_

    @grad.setter
    def grad(self, grad):
        self.grad_ = 0.0 if grad is None else number(grad, "grad")

    @property
    def label(self):
        """A name for people to read; any string. TypeError for anything else."""
        cdef PyObject* label = label_of(<PyObject*>self)
        return "" if label == NULL else <object>label

    @label.setter
    def label(self, label):
        set_label(self, label)

    @property
    def op(self):
        """The operation that computed this node; None for a leaf."""
        if is_leaf(<PyObject*>self):
            return None
        cdef int code = self.born % COMPARED
        return <object>(wide_of(<PyObject*>self).op if code == OTHER else op_of[code])

    @property
    def operands(self):
        """The nodes this one was computed from, in order, repeats kept; none for a leaf."""
        cdef Py_ssize_t i
        return tuple([
            <object>operand_of(<PyObject*>self, i) for i in range(arity(<PyObject*>self))
        ])

    @property
    def partials(self):
        """d self / d operand for each operand, computed when this node was made."""
        cdef Py_ssize_t i
        return tuple([partial_of(<PyObject*>self, i) for i in range(arity(<PyObject*>self))])

    @property
    def _prev(self):
        """The operands as a set, as micrograd has them."""
        return set(self.operands)

    @property
    def _children(self):
        """The operands, as microgpt calls them."""
        return self.operands

    @property
    def _local_grads(self):
        """The partials, as microgpt calls them."""
        return self.partials

    @property
    def _op(self):
        """The operation's symbol, as in micrograd; "" for a leaf."""
        return by_hand.symbol(self)

    @property
    def _backward(self):
        """Passes the gradient on to the operands, for a program that sorts by itself."""
        return partial(by_hand.pass_on, self)

    @_backward.setter
    def _backward(self, closure):
        raise by_hand.no_closure()

    @property
    def _attributes(self):
        """The attributes that a program has set on this node."""
        return attributes.own(attributes_of(self) or {})

    @property
    def __dict__(self):
        """The same, for `vars`."""
        return self._attributes

    def __setattr__(self, name, value):
        set_attribute(self, name, value)

    def __delattr__(self, name):
        delete_attribute(self, name)

    def backward(self, seed=1.0, *, retain_graph=True):
        """backward($self, /, seed=1.0, *, retain_graph=True)
--

The backward pass: add d self / d leaf, times `seed`, to the gradient of each leaf.

        Every other node that self reaches gets the gradient of this pass alone. A zero
        adjoint passes on zero, even to an infinite partial. `retain_graph`, PyTorch's, changes
        nothing: a graph lives as long as one of its results, and can be gone through again.

        >>> x = Value(3.0)
        >>> h = x**2
        >>> (h * 5).backward()
        >>> h.grad, x.grad
        (5.0, 30.0)

        Raises TypeError where the seed is no real number, ValueError where someone has made
        a node its own operand; no gradient changes then.
        """
        cdef double start = number(seed, "backward")
        if unusual() and current().watching:
            anomaly.watched_backward(self, reverse_order(self), start)
        else:
            pass_back(<PyObject*>self, start)

    def detach(self):
        """detach($self, /)
--

A leaf with this node's data and label, and no memory of how it was computed."""
        return Value(self.data_, self.label)

    def item(self):
        """item($self, /)
--

The data, as in PyTorch and NumPy."""
        return self.data_

    def zero_grad(self):
        """zero_grad($self, /)
--

Set the gradient to 0."""
        self.grad_ = 0.0

    def __add__(left, right):
        if type(left) is Value and type(right) is Value:
            return sum_of(left, right)
        return mixed(ADD, "add", left, right)

    def __sub__(left, right):
        if type(left) is Value and type(right) is Value:
            return difference_of(left, right)
        return mixed(SUB, "sub", left, right)

    def __mul__(left, right):
        if type(left) is Value and type(right) is Value:
            return product_of(left, right)
        return mixed(MUL, "mul", left, right)

    def __truediv__(left, right):
        if type(left) is Value and type(right) is Value:
            return binary(DIV, left, right)
        return mixed(DIV, "div", left, right)

    def __pow__(left, right, modulus):
        if modulus is not None:
            return NotImplemented
        if type(left) is Value and type(right) is Value:
            return binary(POW, left, right)
        return mixed(POW, "pow", left, right)

    def __neg__(self):
        return unary(NEG, self)

    def __pos__(self):
        return self

    def __abs__(self):
        return unary(ABS, self)

    def exp(self):
        """exp($self, /)
--

e to the power of self; see `microbp.exp`."""
        return unary(EXP, self)

    def log(self):
        """log($self, /)
--

The natural logarithm; see `microbp.log`."""
        return unary(LOG, self)

    def tanh(self):
        """tanh($self, /)
--

The hyperbolic tangent; see `microbp.tanh`."""
        return unary(TANH, self)

    def sigmoid(self):
        """sigmoid($self, /)
--

1 / (1 + exp(-self)), equation (2) of the paper; see `microbp.sigmoid`."""
        return unary(SIGMOID, self)

    def relu(self):
        """relu($self, /)
--

self above 0, else 0; see `microbp.relu`."""
        return unary(RELU, self)

    # From here on, docstrings are those of python/methods.py: see methods.pxi.

    def expm1(self):
        return unary(EXPM1, self)

    def log1p(self):
        return unary(LOG1P, self)

    def log2(self):
        return unary(LOG2, self)

    def log10(self):
        return unary(LOG10, self)

    def exp2(self):
        return unary(EXP2, self)

    def cbrt(self):
        return unary(CBRT, self)

    def sqrt(self):
        return unary(SQRT, self)

    def sin(self):
        return unary(SIN, self)

    def cos(self):
        return unary(COS, self)

    def tan(self):
        return unary(TAN, self)

    def asin(self):
        return unary(ASIN, self)

    def acos(self):
        return unary(ACOS, self)

    def atan(self):
        return unary(ATAN, self)

    def sinh(self):
        return unary(SINH, self)

    def cosh(self):
        return unary(COSH, self)

    def asinh(self):
        return unary(ASINH, self)

    def acosh(self):
        return unary(ACOSH, self)

    def atanh(self):
        return unary(ATANH, self)

    def softplus(self):
        return unary(SOFTPLUS, self)

    def erf(self):
        return unary(ERF, self)

    def erfc(self):
        return unary(ERFC, self)

    def lgamma(self):
        return unary(LGAMMA, self)

    def digamma(self):
        return unary(DIGAMMA, self)

    def leaky_relu(self, slope=ops.LEAK):
        if type(slope) is float and slope == ops.LEAK:
            return unary(LEAKY_RELU, self)
        return call(ops.WHERE_POSITIVE, self, self, call(ops.MUL, self, slope))

    def elu(self, alpha=1.0):
        below = call(ops.MUL, call(ops.EXPM1, call(ops.MINIMUM, self, 0.0)), alpha)
        return call(ops.WHERE_POSITIVE, self, self, below)

    def silu(self):
        return unary(SILU, self)

    def gelu(self):
        return unary(GELU, self)

    def atan2(self, x):
        return call(ops.ATAN2, self, x)

    def hypot(self, other):
        return call(ops.HYPOT, self, other)

    def logaddexp(self, other):
        return call(ops.LOGADDEXP, self, other)

    def maximum(self, *others):
        return call(ops.MAXIMUM if len(others) == 1 else ops.LARGEST, self, *others)

    def minimum(self, *others):
        return call(ops.MINIMUM if len(others) == 1 else ops.SMALLEST, self, *others)

    def clip(self, min=None, max=None):
        y = self if min is None else self.maximum(min)
        return y if max is None else y.minimum(max)

    def clamp(self, min=None, max=None):
        y = self if min is None else self.maximum(min)
        return y if max is None else y.minimum(max)

    def square(self):
        return product_of(self, self)

    def abs(self):
        return unary(ABS, self)

    def conjugate(self):
        return self

    def rint(self):
        return rint(self.data_)

    def arcsin(self):
        return unary(ASIN, self)

    def arccos(self):
        return unary(ACOS, self)

    def arctan(self):
        return unary(ATAN, self)

    def arctan2(self, x):
        return call(ops.ATAN2, self, x)

    def arcsinh(self):
        return unary(ASINH, self)

    def arccosh(self):
        return unary(ACOSH, self)

    def arctanh(self):
        return unary(ATANH, self)

    def __float__(self):
        """Refused with a TypeError that says what to write: it would cut the graph silently."""
        raise coerce.no_float(self)

    def __int__(self):
        return int(self.data_)

    def __trunc__(self):
        return math.trunc(self.data_)

    def __floor__(self):
        return math.floor(self.data_)

    def __ceil__(self):
        return math.ceil(self.data_)

    def __round__(self, digits=None):
        return round(<object>self.data_, digits)

    def __bool__(self):
        self.born |= COMPARED
        if unusual():
            grad_mode.note(self)
        return self.data_ != 0.0

    def __format__(self, spec):
        return format(<object>self.data_, spec) if spec else str(self)

    def __hash__(self):
        # By identity: what neighbors in memory differ by comes first.
        cdef uintptr_t address = <uintptr_t><void*>self
        cdef Py_hash_t found = <Py_hash_t>(
            (address >> CELL_BITS) | (address << (8 * sizeof(void*) - CELL_BITS))
        )
        return -2 if found == -1 else found

    def __richcmp__(self, other, int how):
        if how == Py_EQ or how == Py_NE:
            return (self is other) == (how == Py_EQ) if self is other else NotImplemented
        cdef double a, b
        if type(other) is not Value:
            symbol = {Py_LT: "<", Py_LE: "<=", Py_GT: ">", Py_GE: ">="}[how]
            other = coerce.operand(other, symbol)
            if other is NotImplemented:
                return other
            b = other
        else:
            b = (<Value>other).data_
            (<Value>other).born |= COMPARED
        self.born |= COMPARED
        if unusual():
            grad_mode.note(self)
            if type(other) is Value:
                grad_mode.note(other)
        a = (<Value>self).data_
        if how == Py_LT:
            return a < b
        if how == Py_LE:
            return a <= b
        if how == Py_GT:
            return a > b
        return a >= b

    def __repr__(self):
        op = "" if is_leaf(<PyObject*>self) else f", op={self.op.name}"
        label = f", label={self.label!r}" if label_of(<PyObject*>self) != NULL else ""
        return f"Value({self.data_!r}, grad={self.grad_!r}{op}{label})"

    def __copy__(self):
        return copying.copied(self, engine)

    def __deepcopy__(self, memo):
        return copying.deeply_copied(self, memo, engine)

    def __reduce_ex__(self, protocol=2):
        return pickling.reduced(self, engine)


def was_compared(Value node not None):
    """Whether the program has compared this node, or converted it to bool.

    `record` warns of it: the program may have chosen by this node what to compute, and its
    graph holds only what was chosen, which on other inputs may be wrong.
    """
    return (node.born & COMPARED) != 0


cdef int set_label(Value node, label) except -1:
    cdef PyObject** place
    if type(label) is str and PyUnicode_GET_LENGTH(label) > 0 and node.born & (WIDE | LABELED) == 0:
        place = label_in(<PyObject*>node)
        if place != NULL:
            place[0] = <PyObject*>label
            Py_INCREF(place[0])
            node.born |= LABELED
            return 0
    return change_label(node, label)


cdef int change_label(Value node, label) except -1:
    cdef PyObject* self = <PyObject*>node
    cdef PyObject* before = label_of(self)
    cdef PyObject* after
    if not isinstance(label, str):
        raise TypeError(f"label: expected a string, got {coerce.shown(label)}")
    if type(label) is not str:
        label = str.__str__(label)
    after = NULL if label == "" else <PyObject*>label
    if after == before:
        return 0
    if label_in(self) == NULL:
        widened(self)
    label_in(self)[0] = after
    if after != NULL:
        Py_INCREF(after)
        node.born |= 0 if node.born & WIDE else LABELED
    else:
        node.born &= ~<uint64_t>LABELED
    Py_XDECREF(before)
    return 0


include "calls.pxi"
include "methods.pxi"

engine = copying.Engine(restored, reverse_order, with_attributes)
