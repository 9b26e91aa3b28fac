"""Value: a number that remembers how it was computed; Python's operators on it.

With `node` and `backward`, this is the reference engine.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from inspect import Parameter, Signature
from typing import Any, overload

from microbp._support import coerce
from microbp._support.coerce import number
from microbp.core import by_hand, copying, floats, ops, pickling
from microbp.core.anomaly import watch
from microbp.core.by_hand import NOTHING, refuse_subclass
from microbp.core.describe import described
from microbp.core.grad_mode import current, note, unusual
from microbp.core.ops import ADD, CUSTOM, MUL, DomainError, Op
from microbp.core.python.backward import backward, counter, reverse_order
from microbp.core.python.methods import Methods
from microbp.core.python.node import with_attributes

_new = object.__new__
PLAIN = frozenset((float, int))


def _operand(x: Any, where: str) -> Any:
    """`x` as a Value; NotImplemented where it is foreign and may know Values itself."""
    if type(x) is float:
        return _leaf(x)
    if isinstance(x, (Value, float)):
        return x if isinstance(x, Value) else _leaf(float(x))
    x = coerce.operand(x, where)
    return x if x is NotImplemented else _leaf(x)


def _reflected(op: Op, method: Callable[[Value, Any], Value]) -> Callable[[Value, Any], Value]:
    """The operator for where only the second operand is a Value: `2 * x`."""

    def reflected(self: Value, other: Any) -> Value:
        other = _operand(other, op.name)
        return NotImplemented if other is NotImplemented else method(other, self)

    return reflected


def _comparison(symbol: str, by_data: Callable[[float, float], bool]) -> Callable[..., bool]:
    def comparison(self: Value, other: Any) -> Any:
        other = _operand(other, symbol)
        if other is NotImplemented:
            return NotImplemented
        self._asked = other._asked = True
        if unusual:
            note(self, other)
        return by_data(self._data, other._data)

    return comparison


class Value(Methods):
    """One scalar of a computation: a leaf made from a number, or the result of an operation.

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

    __slots__ = ()

    __init_subclass__ = classmethod(refuse_subclass)

    @overload
    def __new__(cls, data: Any, label: str = "", /) -> Value: ...
    @overload
    def __new__(
        cls,
        data: Any,
        children: Iterable[Value] = (),
        local_grads: Iterable[Any] = (),
        *,
        label: str = "",
    ) -> Value: ...
    def __new__(  # type: ignore[misc]  # `data` and `children` by name are among the named
        cls, data: Any = NOTHING, children: Any = NOTHING, /, *others: Any, **named: Any
    ) -> Value:
        if cls is not Value:
            refuse_subclass()
        if children is not NOTHING or named:
            return _constructed(data, children, others, named)
        leaf = _new(Value)
        leaf._data = data if type(data) is float else by_hand.data(data)
        leaf._grad = 0.0
        leaf._operation = None
        leaf._born = 0
        return leaf

    __signature__ = Signature(
        [
            Parameter("data", Parameter.POSITIONAL_OR_KEYWORD),
            Parameter("children", Parameter.POSITIONAL_OR_KEYWORD, default=()),
            Parameter("local_grads", Parameter.POSITIONAL_OR_KEYWORD, default=()),
            Parameter("label", Parameter.POSITIONAL_OR_KEYWORD, default=""),
        ]
    )

    def backward(self, seed: Any = 1.0, *, retain_graph: bool = True) -> None:
        """The backward pass: add d self / d leaf, times `seed`, to the gradient of each leaf.

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
        backward(self, number(seed, "backward"))

    backward.__qualname__ = "backward"  # as in `methods`

    def detach(self) -> Value:
        """A leaf with this node's data and label, and no memory of how it was computed."""
        return Value(self._data, self.label)

    def item(self) -> float:
        """The data, as in PyTorch and NumPy."""
        return self._data

    def zero_grad(self) -> None:
        """Set the gradient to 0."""
        self._grad = 0.0

    def __add__(self, other: Any) -> Value:
        if type(other) is not Value:
            other = _operand(other, "add")
            if other is NotImplemented:
                return NotImplemented
        node = _new(Value)  # written out here and in `__mul__`: a call of `_node` is 6% of a step
        node._data = self._data + other._data
        node._grad = 0.0
        node._operation = ADD
        node._born = next(counter)
        node._a = self
        node._da = 1.0
        node._b = other
        node._db = 1.0
        return _in_unusual_mode(node) if unusual else node

    def __sub__(self, other: Any) -> Value:
        if type(other) is not Value:
            other = _operand(other, "sub")
            if other is NotImplemented:
                return NotImplemented
        return _node(ops.SUB, self._data - other._data, self, 1.0, other, -1.0)

    def __mul__(self, other: Any) -> Value:
        if type(other) is not Value:
            other = _operand(other, "mul")
            if other is NotImplemented:
                return NotImplemented
        node = _new(Value)
        a, b = self._data, other._data
        node._data = a * b
        node._grad = 0.0
        node._operation = MUL
        node._born = next(counter)
        node._a = self
        node._da = b
        node._b = other
        node._db = a
        return _in_unusual_mode(node) if unusual else node

    def __truediv__(self, other: Any) -> Value:
        other = _operand(other, "div")
        if other is NotImplemented:
            return NotImplemented
        a, b = self._data, other._data
        if b == 0.0:
            return apply(ops.DIV, self, other)
        y = a / b
        return _node(ops.DIV, y, self, 1.0 / b, other, -y / b)

    def __pow__(self, other: Any, modulus: Any = None) -> Value:
        other = NotImplemented if modulus is not None else _operand(other, "pow")
        if other is NotImplemented:
            return NotImplemented
        a, b = self._data, other._data
        if not a > 0.0:
            return apply(ops.POW, self, other)
        y = floats.pow(a, b)
        da = b * floats.pow(a, b - 1.0) if abs(b) >= 1.0 else b * y / a
        return _node(ops.POW, y, self, da, other, y * math.log(a))

    __radd__ = _reflected(ops.ADD, __add__)
    __rsub__ = _reflected(ops.SUB, __sub__)
    __rmul__ = _reflected(ops.MUL, __mul__)
    __rtruediv__ = _reflected(ops.DIV, __truediv__)
    __rpow__ = _reflected(ops.POW, __pow__)

    def __neg__(self) -> Value:
        return _node(ops.NEG, -self._data, self, -1.0)

    def __pos__(self) -> Value:
        return self

    def __abs__(self) -> Value:
        return apply(ops.ABS, self)

    def _computed(self, op: Op, *others: Any) -> Value:
        computed: Value = call(op, self, *others) if others else apply(op, self)
        return computed

    def exp(self) -> Value:
        """e to the power of self; see `microbp.exp`."""
        return apply(ops.EXP, self)

    def log(self) -> Value:
        """The natural logarithm; see `microbp.log`."""
        return apply(ops.LOG, self)

    def tanh(self) -> Value:
        """The hyperbolic tangent; see `microbp.tanh`."""
        return apply(ops.TANH, self)

    def sigmoid(self) -> Value:
        """1 / (1 + exp(-self)), equation (2) of the paper; see `microbp.sigmoid`."""
        return apply(ops.SIGMOID, self)

    def relu(self) -> Value:
        """self above 0, else 0; see `microbp.relu`."""
        x = self._data
        if x > 0.0:
            return _node(ops.RELU, x, self, 1.0)
        return _node(ops.RELU, 0.0, self, 0.0) if x <= 0.0 else apply(ops.RELU, self)

    def __float__(self) -> float:
        """Refused with a TypeError that says what to write: it would cut the graph silently."""
        raise coerce.no_float(self)

    def __int__(self) -> int:
        return int(self._data)

    def __trunc__(self) -> int:
        return math.trunc(self._data)

    def __floor__(self) -> int:
        return math.floor(self._data)

    def __ceil__(self) -> int:
        return math.ceil(self._data)

    def __round__(self, digits: int | None = None) -> float:
        return round(self._data, digits)

    def __bool__(self) -> bool:
        self._asked = True
        if unusual:
            note(self)
        return self._data != 0.0

    def __format__(self, spec: str) -> str:
        return format(self._data, spec) if spec else str(self)

    __lt__ = _comparison("<", operator.lt)
    __le__ = _comparison("<=", operator.le)
    __gt__ = _comparison(">", operator.gt)
    __ge__ = _comparison(">=", operator.ge)

    def __copy__(self) -> Value:
        copy: Value = copying.copied(self, _engine)
        return copy

    def __deepcopy__(self, memo: dict[int, Any]) -> Value:
        copy: Value = copying.deeply_copied(self, memo, _engine)
        return copy

    def __reduce_ex__(self, protocol: Any = 2) -> tuple[Any, ...]:
        return pickling.reduced(self, _engine)


@overload
def call(op: Op, x: Value, /) -> Value: ...
@overload
def call(op: Op, x: float, /) -> float: ...
@overload
def call(op: Op, *xs: Any) -> Any: ...
def call(op: Op, *xs: Any) -> Any:
    """The operation of Values or numbers: a Value, but a float if all are numbers.

    Raises TypeError for what is no number, DomainError where the operation has no value.
    """
    if set(map(type, xs)) == {Value}:
        return apply(op, *xs)
    values = [x if isinstance(x, Value) else Value(number(x, op.name)) for x in xs]
    y = apply(op, *values)
    return y if any(map(operator.is_, values, xs)) else y.data


def dot(weights: Iterable[Any], activities: Iterable[Any], bias: Any) -> Any:
    """`microbp.dot`."""
    if type(weights) is not list:
        weights = coerce.listed(weights, "dot", "weights")
    if type(activities) is not list:
        activities = coerce.listed(activities, "dot", "activities")
    if len(weights) != len(activities):
        raise ValueError(f"dot: {len(weights)} weights but {len(activities)} activities")
    operands = (*weights, *activities, bias)
    if not weights or [*map(type, operands)].count(Value) != len(operands):
        return call(ops.DOT, *operands)
    ws, ys = [w._data for w in weights], [y._data for y in activities]
    whole = -0.0  # which changes nothing that is added to it, not even -0.0
    for w, y in zip(ws, ys, strict=True):
        whole += w * y
    return _wide_node(ops.DOT, whole + bias._data, operands, (*ys, *ws, 1.0))


def leaves(xs: Iterable[Any], where: str, labels: Iterable[str] = ()) -> list[Value]:
    """Each Value as it is, and each number as a leaf, with the next label if there are some.

    `where` is named in the error for what is no number.
    """
    xs = list(xs)
    pairs = zip(xs, labels or [""] * len(xs), strict=True)
    return [x if isinstance(x, Value) else Value(number(x, where), label) for x, label in pairs]


def apply(op: Op, *operands: Value) -> Value:
    """The node for an operation of the table, computed by its formulas.

    Raises DomainError where the operation has no value at these operands.
    """
    if len(operands) == 1:  # as below, in three fifths of the time
        (a,) = operands
        x = a._data
        if op.domain is None or op.domain.holds(x):
            y = op.value(floats, x)
            (da,) = op.partials(floats, y, x)
            return _node(op, y, a, da)
    data = [operand._data for operand in operands]
    if op.domain is not None and not op.domain.holds(*data):
        raise DomainError(f"{op.name}({described(operands)}): {op.domain.sentence}")
    y = op.value(floats, *data)
    return _made(op, y, operands, op.partials(floats, y, *data))


def _leaf(data: float) -> Value:
    """A leaf of a float, without looking at the arguments as `Value(...)` does."""
    leaf = _new(Value)
    leaf._data = data
    leaf._grad = 0.0
    leaf._operation = None
    leaf._born = 0
    return leaf


def _constructed(data: Any, children: Any, others: tuple[Any, ...], named: dict[str, Any]) -> Value:
    """`Value(...)` with more than a number. What is usual is looked for first."""
    if type(data) is float:
        if len(others) == 1 and type(children) is tuple and not named:
            node = _by_its_partials(data, children, others[0])
            if node is not None:
                return node
        label = named.get("label") if children is NOTHING else children
        if type(label) is str and len(named) == (children is NOTHING) and not others:
            leaf = _leaf(data)
            leaf._label = label
            return leaf
    arguments = [x for x in (data, children, *others) if x is not NOTHING]
    data, label, children, partials = by_hand.constructed(arguments, named, Value)
    node = _made(CUSTOM, data, children, partials) if children else _leaf(data)
    node.label = label
    return node


def _by_its_partials(data: float, children: tuple[Any, ...], partials: Any) -> Value | None:
    """A node made by hand of Values and plain numbers; None for any other."""
    count = len(children)
    if type(partials) is not tuple or len(partials) != count:
        return None
    try:
        if count == 1:
            (a,), (da,) = children, partials
            if type(a) is Value and type(da) in PLAIN:
                return _node(CUSTOM, data, a, float(da))
        elif count == 2:
            a, b = children
            da, db = partials
            if type(a) is type(b) is Value and type(da) in PLAIN and type(db) in PLAIN:
                return _node(CUSTOM, data, a, float(da), b, float(db))
        elif {*map(type, children)} == {Value} and PLAIN.issuperset(map(type, partials)):
            return _wide_node(CUSTOM, data, children, tuple(map(float, partials)))
    except OverflowError:  # an int that no float can hold
        pass
    return None


def _made(op: Op, data: float, operands: tuple[Value, ...], partials: tuple[float, ...]) -> Value:
    """The node for an operation of any number of operands."""
    if len(operands) == 1:
        return _node(op, data, operands[0], partials[0])
    if len(operands) == 2:
        return _node(op, data, operands[0], partials[0], operands[1], partials[1])
    return _wide_node(op, data, operands, partials)


def _node(
    op: Op, data: float, a: Value, da: float, b: Value | None = None, db: float = 0.0
) -> Value:
    """The node for an operation of one or two operands, with its partial for each."""
    node = _new(Value)
    node._data = data
    node._grad = 0.0
    node._operation = op
    node._born = next(counter)
    node._a = a
    node._da = da
    node._b = b
    node._db = db
    return _in_unusual_mode(node) if unusual else node


def _wide_node(
    op: Op, data: float, operands: tuple[Value, ...], partials: tuple[float, ...]
) -> Value:
    """The node for an operation of any number of operands but one or two."""
    node = _new(Value)
    node._data = data
    node._grad = 0.0
    node._operation = op
    node._born = next(counter)
    node._a = None
    node._b = operands
    node._db = partials
    return _in_unusual_mode(node) if unusual else node


def restored(
    data: float,
    grad: float,
    label: str,
    op: Op | None,
    partials: Sequence[float],
    operands: Sequence[Value],
) -> Value:
    """A node of any kind, whatever the mode: what copies and pickles are made by."""
    if len(partials) != len(operands):
        name = "" if op is None else op.name
        raise ValueError(f"{name}: {len(partials)} partials for {len(operands)} operands")
    node = Value(data, label)
    node._grad = grad
    node._operation = op
    node._born = 0 if op is None else next(counter)
    if 1 <= len(operands) <= 2:
        node._a, node._b = operands[0], None if len(operands) == 1 else operands[1]
        node._da, node._db = partials[0], partials[-1]
    else:
        node._a = None
        node._b, node._db = tuple(operands), tuple(partials)
    return node


restored.__module__ = "microbp.core.engine"  # where a pickle looks for it: either engine opens it
_engine = copying.Engine(restored, reverse_order, with_attributes)


def _in_unusual_mode(node: Value) -> Value:
    """The node as detect_anomaly and no_grad want it."""
    mode = current()
    if mode.watching:
        watch(node)
    return node if mode.recording else Value(node._data)
