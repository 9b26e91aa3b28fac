# cython: language_level=3, c_api_binop_methods=True, cdivision=True, binding=False
"""Value in Cython, with the behavior of python/value.py."""

import math
from functools import partial

from microbp.core import anomaly, attributes, by_hand, copying, floats, grad_mode, ops
from microbp._support import coerce
from microbp.core.describe import described
from microbp.core.ops import DomainError

cimport cython
from cpython.mem cimport PyMem_Free, PyMem_Malloc, PyMem_Realloc
from cpython.object cimport PyObject, Py_EQ, Py_GE, Py_GT, Py_LE, Py_LT, Py_NE
from libc.stdint cimport uint64_t, uintptr_t
from libc.string cimport memset

from microbp.core.compiled.arithmetic cimport *
from microbp.core.compiled.system cimport *

cdef extern from *:
    const char* MICROBP_SOURCES
    Py_ssize_t sizeof_object "sizeof(struct __pyx_obj_7microbp_4core_8compiled_5value_Value)"

SOURCES = (<bytes>MICROBP_SOURCES).decode()

cdef object mode = grad_mode.mode
cdef list unusual_modes = grad_mode.unusual
cdef object ZERO = 0  # Python has only one, so that its address tells it
cdef uint64_t births = 0

include "memory.pxi"
include "backward.pxi"
include "construct.pxi"
include "nary.pxi"
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
        return "" if self.label_ == NULL else <object>self.label_

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
        return by_hand.symbol(self.op)

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
        if unusual() and mode.get().watching:
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
            return binary(ADD, left, right)
        return mixed(ADD, "add", left, right)

    def __sub__(left, right):
        if type(left) is Value and type(right) is Value:
            return binary(SUB, left, right)
        return mixed(SUB, "sub", left, right)

    def __mul__(left, right):
        if type(left) is Value and type(right) is Value:
            return binary(MUL, left, right)
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

    def expm1(self):
        """expm1($self, /)
--

exp(self) - 1, with every digit near 0; see `microbp.expm1`."""
        return unary(EXPM1, self)

    def log1p(self):
        """log1p($self, /)
--

log(1 + self), with every digit near 0; see `microbp.log1p`."""
        return unary(LOG1P, self)

    def log2(self):
        """log2($self, /)
--

The logarithm to base 2; see `microbp.log2`."""
        return unary(LOG2, self)

    def log10(self):
        """log10($self, /)
--

The logarithm to base 10; see `microbp.log10`."""
        return unary(LOG10, self)

    def exp2(self):
        """exp2($self, /)
--

2 to the power of self; see `microbp.exp2`."""
        return unary(EXP2, self)

    def cbrt(self):
        """cbrt($self, /)
--

The cube root; see `microbp.cbrt`."""
        return unary(CBRT, self)

    def sqrt(self):
        """sqrt($self, /)
--

The square root; see `microbp.sqrt`."""
        return unary(SQRT, self)

    def sin(self):
        """sin($self, /)
--

The sine; see `microbp.sin`."""
        return unary(SIN, self)

    def cos(self):
        """cos($self, /)
--

The cosine; see `microbp.cos`."""
        return unary(COS, self)

    def tan(self):
        """tan($self, /)
--

The tangent; see `microbp.tan`."""
        return unary(TAN, self)

    def asin(self):
        """asin($self, /)
--

The arcsine; see `microbp.asin`."""
        return unary(ASIN, self)

    def acos(self):
        """acos($self, /)
--

The arccosine; see `microbp.acos`."""
        return unary(ACOS, self)

    def atan(self):
        """atan($self, /)
--

The arctangent; see `microbp.atan`."""
        return unary(ATAN, self)

    def sinh(self):
        """sinh($self, /)
--

The hyperbolic sine; see `microbp.sinh`."""
        return unary(SINH, self)

    def cosh(self):
        """cosh($self, /)
--

The hyperbolic cosine; see `microbp.cosh`."""
        return unary(COSH, self)

    def asinh(self):
        """asinh($self, /)
--

The inverse hyperbolic sine; see `microbp.asinh`."""
        return unary(ASINH, self)

    def acosh(self):
        """acosh($self, /)
--

The inverse hyperbolic cosine; see `microbp.acosh`."""
        return unary(ACOSH, self)

    def atanh(self):
        """atanh($self, /)
--

The inverse hyperbolic tangent; see `microbp.atanh`."""
        return unary(ATANH, self)

    def softplus(self):
        """softplus($self, /)
--

log(1 + exp(self)), a smooth relu; see `microbp.softplus`."""
        return unary(SOFTPLUS, self)

    def erf(self):
        """erf($self, /)
--

The error function; see `microbp.erf`."""
        return unary(ERF, self)

    def erfc(self):
        """erfc($self, /)
--

1 - erf(self); see `microbp.erfc`."""
        return unary(ERFC, self)

    def lgamma(self):
        """lgamma($self, /)
--

The logarithm of the gamma function; see `microbp.lgamma`."""
        return unary(LGAMMA, self)

    def digamma(self):
        """digamma($self, /)
--

The derivative of lgamma; see `microbp.digamma`."""
        return unary(DIGAMMA, self)

    def leaky_relu(self, slope=ops.LEAK):
        """leaky_relu($self, /, slope=0.01)
--

self above 0, else slope * self; see `microbp.leaky_relu`."""
        if type(slope) is float and slope == ops.LEAK:
            return unary(LEAKY_RELU, self)
        return call(ops.WHERE_POSITIVE, self, self, call(ops.MUL, self, slope))

    def silu(self):
        """silu($self, /)
--

self * sigmoid(self); see `microbp.silu`."""
        return unary(SILU, self)

    def gelu(self):
        """gelu($self, /)
--

0.5 * self * erfc(-self / sqrt(2)); see `microbp.gelu`."""
        return unary(GELU, self)

    def atan2(self, x):
        """atan2($self, x, /)
--

The angle of the point (x, self); see `microbp.atan2`."""
        return call(ops.ATAN2, self, x)

    def hypot(self, other):
        """hypot($self, other, /)
--

The length of the vector (self, other); see `microbp.hypot`."""
        return call(ops.HYPOT, self, other)

    def logaddexp(self, other):
        """logaddexp($self, other, /)
--

log(exp(self) + exp(other)); see `microbp.logaddexp`."""
        return call(ops.LOGADDEXP, self, other)

    def maximum(self, *others):
        """maximum($self, /, *others)
--

The largest of self and others; see `microbp.maximum`."""
        return call(ops.MAXIMUM if len(others) == 1 else ops.LARGEST, self, *others)

    def minimum(self, *others):
        """minimum($self, /, *others)
--

The smallest of self and others; see `microbp.minimum`."""
        return call(ops.MINIMUM if len(others) == 1 else ops.SMALLEST, self, *others)

    def clip(self, min=None, max=None):
        """clip($self, /, min=None, max=None)
--

self, but at least `min` and at most `max`; see `microbp.clip`."""
        y = self if min is None else self.maximum(min)
        return y if max is None else y.minimum(max)

    def clamp(self, min=None, max=None):
        """clamp($self, /, min=None, max=None)
--

self, but at least `min` and at most `max`; see `microbp.clip`."""
        y = self if min is None else self.maximum(min)
        return y if max is None else y.minimum(max)

    def square(self):
        """square($self, /)
--

self times itself."""
        return binary(MUL, self, self)

    def abs(self):
        """abs($self, /)
--

The absolute value, as abs(self)."""
        return unary(ABS, self)

    def conjugate(self):
        """conjugate($self, /)
--

Itself, as a real number is; `np.var` and `np.vdot` ask for it."""
        return self

    def arcsin(self):
        """arcsin($self, /)
--

`asin`, by NumPy's name."""
        return unary(ASIN, self)

    def arccos(self):
        """arccos($self, /)
--

`acos`, by NumPy's name."""
        return unary(ACOS, self)

    def arctan(self):
        """arctan($self, /)
--

`atan`, by NumPy's name."""
        return unary(ATAN, self)

    def arctan2(self, x):
        """arctan2($self, x, /)
--

`atan2`, by NumPy's name."""
        return call(ops.ATAN2, self, x)

    def arcsinh(self):
        """arcsinh($self, /)
--

`asinh`, by NumPy's name."""
        return unary(ASINH, self)

    def arccosh(self):
        """arccosh($self, /)
--

`acosh`, by NumPy's name."""
        return unary(ACOSH, self)

    def arctanh(self):
        """arctanh($self, /)
--

`atanh`, by NumPy's name."""
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
        # By identity: a pointer's lowest four bits are always 0.
        cdef uintptr_t address = <uintptr_t><void*>self
        cdef Py_hash_t found = <Py_hash_t>((address >> 4) | (address << (8 * sizeof(void*) - 4)))
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
        label = f", label={self.label!r}" if self.label_ != NULL else ""
        return f"Value({self.data_!r}, grad={self.grad_!r}{op}{label})"

    def __copy__(self):
        return copying.copied(self, restored)

    def __deepcopy__(self, memo):
        return copying.deeply_copied(self, reverse_order(self), memo, restored, with_attributes)

    def __reduce__(self):
        return copying.reduced(self, reverse_order(self), restored, with_attributes)


def was_compared(Value node not None):
    """Whether the program has compared this node, or converted it to bool.

    `record` warns of it: the program may have chosen by this node what to compute, and its
    graph holds only what was chosen, which on other inputs may be wrong.
    """
    return (node.born & COMPARED) != 0


cdef set_label(Value node, label):
    if not isinstance(label, str):
        raise TypeError(f"label: expected a string, got {coerce.shown(label)}")
    cdef PyObject* before = node.label_
    if type(label) is not str:
        label = str.__str__(label)
    if label == "":
        node.label_ = NULL
    else:
        node.label_ = <PyObject*>label
        Py_INCREF(node.label_)
    Py_XDECREF(before)


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
