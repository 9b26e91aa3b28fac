"""The operations as functions, of Values or of plain numbers.

Values give a Value, a node of the graph; plain numbers alone give a plain float. Either way
NaN passes through and an overflow gives +-inf. They raise DomainError where there is no value,
and TypeError for anything but real numbers and Values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeAlias, overload

from microbp._support.coerce import listed, number
from microbp.core import engine, ops
from microbp.core.engine import Value, call

Scalar: TypeAlias = Value | float


class Unary(Protocol):
    """A function of one number: a Value gives a Value, a float a float."""

    @overload
    def __call__(self, x: Value) -> Value: ...
    @overload
    def __call__(self, x: float) -> float: ...


def unary(function: Callable[..., Any]) -> Unary:
    """The function itself; type checkers see a Value for a Value, and a float for a float."""
    return function


def as_value(x: Any, where: str) -> Value:
    """`x` itself if it is a Value, else a leaf of that number; `where` is named in the error."""
    return x if isinstance(x, Value) else Value(number(x, where))


def checked(x: Any, where: str) -> Any:
    """`x` itself if it is a Value, else its float: for functions of several operations."""
    return x if isinstance(x, Value) else number(x, where)


def data_of(x: Scalar, where: str = "data") -> float:
    """The number itself: the data of a Value, from which no derivative is wanted.

    `where` names the function in the error for what is no number.
    """
    return x.data if isinstance(x, Value) else number(x, where)


def _terms(where: str, values: tuple[Any, ...]) -> Sequence[Any]:
    """The terms, given one by one or as a list; `where` is named in the error."""
    if len(values) != 1:
        if values:
            return values
        raise TypeError(f"{where}: expected a list of Values or numbers, got nothing")
    (terms,) = values
    return terms if type(terms) is list else listed(terms, where, "Values or numbers")


@unary
def exp(x: Scalar) -> Any:
    """e to the power x. inf beyond x = 709.78, where floats end; 0 at -inf."""
    return call(ops.EXP, x)


@unary
def expm1(x: Scalar) -> Any:
    """exp(x) - 1, with every digit near 0. inf beyond x = 709.78; -1 at -inf."""
    return call(ops.EXPM1, x)


@unary
def log(x: Scalar) -> Any:
    """The natural logarithm of x. DomainError for x <= 0."""
    return call(ops.LOG, x)


@unary
def log1p(x: Scalar) -> Any:
    """log(1 + x), with every digit near 0. DomainError for x <= -1."""
    return call(ops.LOG1P, x)


@unary
def log2(x: Scalar) -> Any:
    """The logarithm of x to base 2. DomainError for x <= 0."""
    return call(ops.LOG2, x)


@unary
def log10(x: Scalar) -> Any:
    """The logarithm of x to base 10. DomainError for x <= 0."""
    return call(ops.LOG10, x)


@unary
def exp2(x: Scalar) -> Any:
    """2 to the power x. inf from x = 1024 on, where floats end; 0 at -inf."""
    return call(ops.EXP2, x)


@unary
def cbrt(x: Scalar) -> Any:
    """The cube root of x, of a negative number too.

    At 0 the tangent is vertical and the derivative inf.
    """
    return call(ops.CBRT, x)


@unary
def sqrt(x: Scalar) -> Any:
    """The square root of x.

    At 0 the tangent is vertical and the derivative inf. DomainError for x < 0.
    """
    return call(ops.SQRT, x)


@unary
def sin(x: Scalar) -> Any:
    """The sine of x radians. DomainError for +-inf."""
    return call(ops.SIN, x)


@unary
def cos(x: Scalar) -> Any:
    """The cosine of x radians. DomainError for +-inf."""
    return call(ops.COS, x)


@unary
def tan(x: Scalar) -> Any:
    """The tangent of x radians. DomainError for +-inf."""
    return call(ops.TAN, x)


@unary
def asin(x: Scalar) -> Any:
    """The angle, from -pi/2 to pi/2, whose sine is x.

    At +-1 the tangent is vertical and the derivative inf. DomainError beyond.
    """
    return call(ops.ASIN, x)


@unary
def acos(x: Scalar) -> Any:
    """The angle, from 0 to pi, whose cosine is x.

    At +-1 the tangent is vertical and the derivative -inf. DomainError beyond.
    """
    return call(ops.ACOS, x)


@unary
def atan(x: Scalar) -> Any:
    """The angle, from -pi/2 to pi/2, whose tangent is x."""
    return call(ops.ATAN, x)


@unary
def sinh(x: Scalar) -> Any:
    """The hyperbolic sine of x. +-inf beyond x = +-710.47, where floats end."""
    return call(ops.SINH, x)


@unary
def cosh(x: Scalar) -> Any:
    """The hyperbolic cosine of x. inf beyond x = +-710.47, where floats end."""
    return call(ops.COSH, x)


@unary
def tanh(x: Scalar) -> Any:
    """The hyperbolic tangent of x.

    The derivative 1 / cosh(x)^2 keeps its digits where 1 - tanh(x)^2 has none: at x = 20.
    """
    return call(ops.TANH, x)


@unary
def asinh(x: Scalar) -> Any:
    """The inverse of the hyperbolic sine."""
    return call(ops.ASINH, x)


@unary
def acosh(x: Scalar) -> Any:
    """The inverse, from 0 on, of the hyperbolic cosine.

    At 1 the tangent is vertical and the derivative inf. DomainError below.
    """
    return call(ops.ACOSH, x)


@unary
def atanh(x: Scalar) -> Any:
    """The inverse of the hyperbolic tangent. DomainError for x <= -1 and x >= 1."""
    return call(ops.ATANH, x)


@unary
def sigmoid(x: Scalar) -> Any:
    """A unit's output for its total input x: 1 / (1 + exp(-x)), equation (2) of the paper.

    The derivative y * sigmoid(-x) keeps its digits where y * (1 - y) has none: beyond x = 37.
    """
    return call(ops.SIGMOID, x)


@unary
def softplus(x: Scalar) -> Any:
    """log(1 + exp(x)), a smooth relu.

    Without overflow: x for large x, exp(x) for very negative x.
    """
    return call(ops.SOFTPLUS, x)


@unary
def relu(x: Scalar) -> Any:
    """x above 0, else 0. The derivative at the kink, x = 0, is 0."""
    return call(ops.RELU, x)


@overload
def leaky_relu(x: Value, slope: Scalar = ops.LEAK) -> Value: ...
@overload
def leaky_relu(x: Scalar, slope: Value) -> Value: ...
@overload
def leaky_relu(x: float, slope: float = ops.LEAK) -> float: ...
def leaky_relu(x: Scalar, slope: Scalar = ops.LEAK) -> Any:
    """x above 0, else slope * x. The derivative at the kink, x = 0, is the slope.

    One node for the slope of 0.01, two for another.
    """
    if type(slope) is float and slope == ops.LEAK:
        return call(ops.LEAKY_RELU, x)
    x = checked(x, "leaky_relu")
    return where_positive(x, x, call(ops.MUL, x, checked(slope, "leaky_relu")))


@overload
def elu(x: Value, alpha: Scalar = 1.0) -> Value: ...
@overload
def elu(x: Scalar, alpha: Value) -> Value: ...
@overload
def elu(x: float, alpha: float = 1.0) -> float: ...
def elu(x: Scalar, alpha: Scalar = 1.0) -> Any:
    """x above 0, else alpha * (exp(x) - 1): of a few nodes."""
    x, alpha = checked(x, "elu"), checked(alpha, "elu")
    return where_positive(x, x, call(ops.MUL, expm1(call(ops.MINIMUM, x, 0.0)), alpha))


@unary
def silu(x: Scalar) -> Any:
    """x * sigmoid(x), a smooth relu; also known as swish. 0 at -inf."""
    return call(ops.SILU, x)


@unary
def gelu(x: Scalar) -> Any:
    """x times the probability that a standard normal number is less than x.

    The exact one, 0.5 * x * erfc(-x / sqrt(2)), and not its approximation by tanh. A smooth relu;
    0 at -inf.
    """
    return call(ops.GELU, x)


@unary
def erf(x: Scalar) -> Any:
    """The error function of x: 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x."""
    return call(ops.ERF, x)


@unary
def erfc(x: Scalar) -> Any:
    """1 - erf(x), with every digit where that is near 0: for large x."""
    return call(ops.ERFC, x)


@unary
def lgamma(x: Scalar) -> Any:
    """The logarithm of the gamma function of x; of its absolute value where that is negative.

    lgamma(n + 1) is log n!. The derivative is `digamma`. inf at inf; DomainError for 0 and the
    negative whole numbers, -inf among them.

    >>> round(lgamma(5.0), 12) == round(log(24.0), 12)
    True
    """
    return call(ops.LGAMMA, x)


@unary
def digamma(x: Scalar) -> Any:
    """The derivative of `lgamma` at x.

    inf at inf; DomainError for 0 and the negative whole numbers, -inf among them.
    """
    return call(ops.DIGAMMA, x)


@overload
def atan2(y: Value, x: Scalar) -> Value: ...
@overload
def atan2(y: Scalar, x: Value) -> Value: ...
@overload
def atan2(y: float, x: float) -> float: ...
def atan2(y: Scalar, x: Scalar) -> Any:
    """The angle of the point (x, y), from -pi to pi; y comes first, as in `math.atan2`.

    At the origin the value and both derivatives are 0; on the cut (y = 0, x < 0) it jumps.
    """
    return call(ops.ATAN2, y, x)


# Numbers alone give a number: an iterable of floats is also one of scalars, hence the overlaps.
@overload
def maximum(values: Iterable[float], /) -> float: ...  # type: ignore[overload-overlap]
@overload
def maximum(values: Iterable[Scalar], /) -> Value: ...
@overload
def maximum(a: float, b: float, /, *others: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def maximum(a: Scalar, b: Scalar, /, *others: Scalar) -> Value: ...
def maximum(*values: Any) -> Any:
    """The largest of two numbers or more, or of a list.

    A tie shares the derivative equally among the numbers that are tied. NaN if one is.

    >>> a, b, c = Value(3.0), Value(3.0), Value(1.0)
    >>> maximum(a, b, c).partials
    (0.5, 0.5, 0.0)
    """
    terms = _terms("maximum", values)
    if not terms:
        raise ValueError("maximum: expected at least one value, got none")
    return call(ops.MAXIMUM if len(terms) == 2 else ops.LARGEST, *terms)


@overload
def minimum(values: Iterable[float], /) -> float: ...  # type: ignore[overload-overlap]
@overload
def minimum(values: Iterable[Scalar], /) -> Value: ...
@overload
def minimum(a: float, b: float, /, *others: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def minimum(a: Scalar, b: Scalar, /, *others: Scalar) -> Value: ...
def minimum(*values: Any) -> Any:
    """The smallest of two numbers or more, or of a list.

    A tie shares the derivative equally among the numbers that are tied. NaN if one is.
    """
    terms = _terms("minimum", values)
    if not terms:
        raise ValueError("minimum: expected at least one value, got none")
    return call(ops.MINIMUM if len(terms) == 2 else ops.SMALLEST, *terms)


@overload
def clip(x: Value, min: Scalar | None = None, max: Scalar | None = None) -> Value: ...
@overload
def clip(x: float, min: float | None = None, max: float | None = None) -> float: ...
def clip(x: Scalar, min: Scalar | None = None, max: Scalar | None = None) -> Any:
    """x, but at least `min` and at most `max`, where they are given.

    The derivative is 1 between them, 0 beyond, and 1/2 on the edge, as ties of `maximum` have it.
    """
    y = checked(x, "clip")
    if min is not None:
        y = call(ops.MAXIMUM, y, checked(min, "clip"))
    return y if max is None else call(ops.MINIMUM, y, checked(max, "clip"))


@overload
def where_positive(x: Value, a: Scalar, b: Scalar) -> Value: ...
@overload
def where_positive(x: Scalar, a: Value, b: Scalar) -> Value: ...
@overload
def where_positive(x: Scalar, a: Scalar, b: Value) -> Value: ...
@overload
def where_positive(x: float, a: float, b: float) -> float: ...
def where_positive(x: Scalar, a: Scalar, b: Scalar) -> Any:
    """`a` where x is above 0, else `b`: a choice that the graph holds, made anew in each replay.

    Both are computed beforehand, whichever is chosen. The other one does not matter, even if it
    is NaN, and its derivative is 0; that with respect to x is 0 everywhere, at its kink at 0 too.
    Where x is NaN, so are the result and the derivatives with respect to a and b.

    >>> x = Value(3.0)
    >>> where_positive(x - 2, 10 * x, -x).data  # 10 x where x > 2
    30.0

    Raises TypeError where x is a bool: a comparison, as in NumPy's `where(x > 2, a, b)`, chooses
    once, when the graph is made.
    """
    if isinstance(x, bool) or str(getattr(x, "dtype", "")) == "bool":
        raise TypeError(
            f"where_positive: expected a number, got {x!r}, which would choose once and for all: "
            "for a where x > 2, else b, write where_positive(x - 2, a, b)"
        )
    return call(ops.WHERE_POSITIVE, x, a, b)


@overload
def hypot(a: Value, b: Scalar) -> Value: ...
@overload
def hypot(a: Scalar, b: Value) -> Value: ...
@overload
def hypot(a: float, b: float) -> float: ...
def hypot(a: Scalar, b: Scalar) -> Any:
    """The length of the vector (a, b): sqrt(a^2 + b^2), without overflow on the way.

    Both derivatives at the origin are 0.
    """
    return call(ops.HYPOT, a, b)


@overload
def logaddexp(a: Value, b: Scalar) -> Value: ...
@overload
def logaddexp(a: Scalar, b: Value) -> Value: ...
@overload
def logaddexp(a: float, b: float) -> float: ...
def logaddexp(a: Scalar, b: Scalar) -> Any:
    """log(exp(a) + exp(b)), without overflow.

    Two operands of -inf, or of inf, share the derivative equally.
    """
    return call(ops.LOGADDEXP, a, b)


@overload
def total(values: Iterable[float], /) -> float: ...  # type: ignore[overload-overlap]
@overload
def total(values: Iterable[Scalar], /) -> Value: ...
@overload
def total(a: float, b: float, /, *others: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def total(a: Scalar, b: Scalar, /, *others: Scalar) -> Value: ...
def total(*values: Any) -> Any:
    """The sum of a list, or of two numbers or more, added from left to right; 0 for none.

    One node, whatever the number of terms.

    >>> total([Value(1.0), 2, 3]).data
    6.0
    """
    terms = _terms("total", values)
    return call(ops.TOTAL, *terms) if terms else 0.0


@overload
def dot(weights: Iterable[float], activities: Iterable[float], bias: float = 0.0) -> float: ...  # type: ignore[overload-overlap]
@overload
def dot(weights: Iterable[Scalar], activities: Iterable[Scalar], bias: Scalar = 0.0) -> Value: ...
def dot(weights: Iterable[Scalar], activities: Iterable[Scalar], bias: Scalar = 0.0) -> Any:
    """Total input of a unit: the sum of each activity times its weight, plus the bias (equation 1).

    One node, whatever the number of terms, added from left to right. Both sequences are
    Values or numbers, and equally long.

    >>> dot([Value(2.0), Value(-1.0)], [0.5, 3.0], bias=1.0).data
    -1.0

    Raises ValueError where the lengths differ, TypeError for what is no list of numbers.
    """
    return engine.dot(weights, activities, bias)


@overload
def logsumexp(values: Iterable[float], /) -> float: ...  # type: ignore[overload-overlap]
@overload
def logsumexp(values: Iterable[Scalar], /) -> Value: ...
@overload
def logsumexp(a: float, b: float, /, *others: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def logsumexp(a: Scalar, b: Scalar, /, *others: Scalar) -> Value: ...
def logsumexp(*values: Any) -> Any:
    """log of the sum of exp(value), without overflow; its partials are the softmax.

    Of a list, or of two numbers or more.

    Where the largest value is infinite, the values that are as large share the derivative
    equally: a mask of -inf for all is no NaN. Raises ValueError for no values at all.

    >>> logsumexp([1000.0, 1000.0])
    1000.6931471805599
    """
    terms = _terms("logsumexp", values)
    if not terms:
        raise ValueError("logsumexp: expected at least one value, got none")
    return call(ops.LOGSUMEXP, *terms)
