"""Dual numbers: each carries its tangent, and a bound on the rounding error of both.

This is the namespace `m` in which an operation's *value* gives its derivative too, by elementary
rules that are independent of the table's partials. With e * e = 0, f(x + t e) = f(x) + f'(x) t e.
The same rules, with f'', propagate the errors: an error d of the argument is one of |f'| d of the
result and of |f''| d of its tangent, and each operation adds its own rounding.

Numbers of equal data are ordered by their tangents, so that at a kink the result is the slope on
the side that the tangents point to: abs(0 + e) is e, and abs(0 - e) is e too.

>>> y = sin(Dual(2.0, tangent=1.0)) * 3
>>> y.data, y.tangent
(2.727892280477045, -1.2484405096414273)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from microbp.checking.error_model import EPS, OPERATION, TINY
from microbp.core import floats

T = TypeVar("T")
UNDERFLOW = 4.0 * TINY  # the slope of tanh is 4 times an exponential, which may underflow


class Dual:
    """A number and its tangent, and a bound on the error of each."""

    __slots__ = ("data", "error", "tangent", "tangent_error")

    def __init__(
        self, data: float, tangent: float = 0.0, error: float = 0.0, tangent_error: float = 0.0
    ) -> None:
        self.data, self.tangent = data, tangent
        self.error, self.tangent_error = error, tangent_error

    def __repr__(self) -> str:
        return f"Dual({self.data!r}, tangent={self.tangent!r})"

    def __add__(self, other: Any) -> Dual:
        a, b = self, _dual(other)
        y = Dual(
            a.data + b.data,
            a.tangent + b.tangent,
            a.error + b.error,
            a.tangent_error + b.tangent_error,
        )
        return y.rounded(a, b)

    def __mul__(self, other: Any) -> Dual:
        a, b = self, _dual(other)
        left, right = _times(a.tangent, b.data), _times(a.data, b.tangent)
        error = _times(abs(a.data), b.error) + _times(abs(b.data), a.error)
        tangent_error = (
            _times(abs(a.tangent), b.error)
            + _times(abs(b.data), a.tangent_error)
            + _times(abs(b.tangent), a.error)
            + _times(abs(a.data), b.tangent_error)
            + EPS * (abs(left) + abs(right))
        )
        return Dual(a.data * b.data, left + right, error, tangent_error).rounded(a, b)

    def __truediv__(self, other: Any) -> Dual:
        a, b = self, _dual(other)
        y, size = floats.divide(a.data, b.data), abs(b.data)
        left, right = floats.divide(a.tangent, b.data), floats.divide(_times(y, b.tangent), b.data)
        error = floats.divide(a.error + _times(abs(y), b.error), size)
        tangent_error = (
            a.tangent_error
            + _times(abs(left - right), b.error)
            + _times(error, abs(b.tangent))
            + _times(abs(y), b.tangent_error)
        )
        tangent_error = floats.divide(tangent_error, size) + EPS * (abs(left) + abs(right))
        return Dual(y, left - right, error, tangent_error).rounded(a, b)

    def rounded(self, *operands: Dual) -> Dual:
        """This result of the operands, with its own rounding added to the errors of theirs."""
        self.error += OPERATION * abs(self.data) + TINY
        if any(x.tangent or x.tangent_error for x in operands):
            self.tangent_error += OPERATION * abs(self.tangent) + UNDERFLOW
        return self

    def __neg__(self) -> Dual:
        return Dual(-self.data, -self.tangent, self.error, self.tangent_error)

    def __sub__(self, other: Any) -> Dual:
        return self + -_dual(other)

    def __rsub__(self, other: Any) -> Dual:
        return _dual(other) + -self

    def __rtruediv__(self, other: Any) -> Dual:
        return _dual(other) / self

    def __pow__(self, other: Any) -> Dual:
        return pow(self, other)

    def __rpow__(self, other: Any) -> Dual:
        return pow(other, self)

    __radd__, __rmul__ = __add__, __mul__

    def __abs__(self) -> Dual:
        return -self if self < 0.0 else self

    def __lt__(self, other: Any) -> bool:
        return _place(self) < _place(other)

    def __le__(self, other: Any) -> bool:
        return _place(self) <= _place(other)

    def __gt__(self, other: Any) -> bool:
        return _place(self) > _place(other)

    def __ge__(self, other: Any) -> bool:
        return _place(self) >= _place(other)


def _dual(x: Any) -> Dual:
    return x if isinstance(x, Dual) else Dual(x)


def _place(x: Any) -> tuple[float, float]:
    """Where x is on the line, a little way along its tangent."""
    x = _dual(x)
    return x.data, x.tangent


def _times(a: float, b: float) -> float:
    """a * b, where 0 times infinity is 0: a constant operand has no effect."""
    return a * b if a != 0.0 and b != 0.0 else 0.0


RealFunction = Callable[[float], float]


def _rule(f: RealFunction, slope: RealFunction, bend: RealFunction) -> Callable[[Any], Dual]:
    """The function f of a dual number, from f, f' and f''."""

    def function(x: Any) -> Dual:
        x = _dual(x)
        y, first = f(x.data), slope(x.data)
        second = bend(x.data) if x.error and x.tangent else 0.0
        error = _times(abs(first), x.error)
        tangent_error = _times(_times(abs(second), x.error), abs(x.tangent))
        tangent_error += _times(abs(first), x.tangent_error)
        tangent_error += TINY * abs(x.tangent)  # the slope may have underflowed
        return Dual(y, _times(first, x.tangent), error, tangent_error).rounded(x)

    return function


def _erf_slope(x: float) -> float:
    """d erf(x) / dx: a constant times exp(-x^2), where rounding x^2 would cost x^2 ulps."""
    mantissa, exponent = math.frexp(x)
    short = math.ldexp(round(mantissa * 2.0**26), exponent - 26)  # its square is exact
    tail = math.exp(-short * short) * math.exp((short - x) * (short + x)) if abs(x) < 28.0 else 0.0
    return 2.0 / math.sqrt(math.pi) * tail


def _tanh_slope(x: float) -> float:
    """d tanh(x) / dx: 4 / (e^x + e^-x)^2, divided through by the larger."""
    tail = math.exp(-2.0 * abs(x))
    return 4.0 * tail / (1.0 + tail) ** 2


def _sigmoid_slope(x: float) -> float:
    """d sigmoid(x) / dx: the same for x and -x."""
    tail = math.exp(-abs(x))
    return tail / (1.0 + tail) ** 2


def _asin_slope(x: float) -> float:
    return floats.divide(1.0, floats.sqrt((1.0 - x) * (1.0 + x)))


def _sqrt_bend(x: float) -> float:
    return floats.divide(-0.25, x * floats.sqrt(x))


def _atan_slope(x: float) -> float:
    """d atan(x) / dx: 1 / (1 + x^2), without overflow."""
    return 1.0 / (1.0 + x * x) if abs(x) < 1.0 else 1.0 / x / (x + 1.0 / x)


def _asinh_slope(x: float) -> float:
    return 1.0 / math.hypot(1.0, x)


def _acosh_slope(x: float) -> float:
    return floats.divide(1.0, floats.sqrt(x - 1.0) * floats.sqrt(x + 1.0))


def _atanh_slope(x: float) -> float:
    return floats.divide(1.0, (1.0 - x) * (1.0 + x))


def _cbrt_slope(x: float) -> float:
    return floats.divide(1.0, 3.0 * floats.cbrt(x) ** 2)


def _tan_slope(x: float) -> float:
    return 1.0 / math.cos(x) ** 2


exp = _rule(floats.exp, floats.exp, floats.exp)
expm1 = _rule(floats.expm1, floats.exp, floats.exp)
log = _rule(
    floats.log,
    lambda x: floats.divide(1.0, x),
    lambda x: floats.divide(floats.divide(-1.0, x), x),
)
log1p = _rule(
    floats.log1p,
    lambda x: floats.divide(1.0, 1.0 + x),
    lambda x: -(floats.divide(1.0, 1.0 + x) ** 2),
)
log2 = _rule(
    floats.log2,
    lambda x: floats.divide(1.0 / math.log(2.0), x),
    lambda x: floats.divide(floats.divide(-1.0 / math.log(2.0), x), x),
)
log10 = _rule(
    floats.log10,
    lambda x: floats.divide(1.0 / math.log(10.0), x),
    lambda x: floats.divide(floats.divide(-1.0 / math.log(10.0), x), x),
)
exp2 = _rule(
    floats.exp2,
    lambda x: math.log(2.0) * floats.exp2(x),
    lambda x: math.log(2.0) ** 2 * floats.exp2(x),
)
cbrt = _rule(floats.cbrt, _cbrt_slope, lambda x: floats.divide(-2.0 / 3.0 * _cbrt_slope(x), x))
sqrt = _rule(floats.sqrt, lambda x: floats.divide(0.5, floats.sqrt(x)), _sqrt_bend)
sin = _rule(floats.sin, floats.cos, lambda x: -floats.sin(x))
cos = _rule(floats.cos, lambda x: -floats.sin(x), lambda x: -floats.cos(x))
tan = _rule(floats.tan, _tan_slope, lambda x: 2.0 * floats.tan(x) * _tan_slope(x))
asin = _rule(
    floats.asin, _asin_slope, lambda x: x * _asin_slope(x) * _asin_slope(x) * _asin_slope(x)
)
acos = _rule(
    floats.acos,
    lambda x: -_asin_slope(x),
    lambda x: -x * _asin_slope(x) * _asin_slope(x) * _asin_slope(x),
)
atan = _rule(floats.atan, _atan_slope, lambda x: -2.0 * x * _atan_slope(x) * _atan_slope(x))
sinh = _rule(floats.sinh, floats.cosh, floats.sinh)
cosh = _rule(floats.cosh, floats.sinh, floats.cosh)
tanh = _rule(floats.tanh, _tanh_slope, lambda x: -2.0 * floats.tanh(x) * _tanh_slope(x))
asinh = _rule(floats.asinh, _asinh_slope, lambda x: -x * _asinh_slope(x) ** 3)
acosh = _rule(floats.acosh, _acosh_slope, lambda x: -x * _acosh_slope(x) ** 3)
atanh = _rule(floats.atanh, _atanh_slope, lambda x: 2.0 * x * _atanh_slope(x) ** 2)
sigmoid = _rule(
    floats.sigmoid, _sigmoid_slope, lambda x: _sigmoid_slope(x) * (1.0 - 2.0 * floats.sigmoid(x))
)
softplus = _rule(floats.softplus, floats.sigmoid, _sigmoid_slope)
erf = _rule(floats.erf, _erf_slope, lambda x: -2.0 * x * _erf_slope(x))
erfc = _rule(floats.erfc, lambda x: -_erf_slope(x), lambda x: 2.0 * x * _erf_slope(x))
_lgamma = _rule(floats.lgamma, floats.digamma, partial(floats.polygamma, 1))
digamma = _rule(floats.digamma, partial(floats.polygamma, 1), partial(floats.polygamma, 2))


def lgamma(x: Any) -> Dual:
    """log |gamma(x)|: below 0 its slope, by reflection, is a difference of two larger numbers."""
    x = _dual(x)
    y = _lgamma(x)
    if x.data < 0.0:
        terms = math.pi + abs(floats.digamma(1.0 - x.data))
        y.tangent_error += OPERATION * abs(_times(terms, x.tangent))
    return y


def pow(a: Any, b: Any) -> Dual:
    """a to the power b: by the power rule for a fixed b, else as exp(b log a)."""
    a, b = _dual(a), _dual(b)
    if b.tangent or b.tangent_error:
        return exp(b * log(a))
    n = b.data
    power_rule = _rule(
        lambda x: floats.pow(x, n),
        lambda x: _times(n, floats.pow(x, n - 1.0)),
        lambda x: _times(n * (n - 1.0), floats.pow(x, n - 2.0)),
    )
    y: Dual = power_rule(a)
    if a.data > 0.0:  # for other bases b is exact: a whole number
        from_b = abs(math.log(a.data)) * b.error
        y.error += abs(y.data) * from_b
        y.tangent_error += abs(y.tangent) * (from_b + floats.divide(b.error, abs(n)))
    return y


def times(a: Any, b: Any) -> Dual:
    """a * b."""
    product: Dual = _dual(a) * b
    return product


def divide(a: Any, b: Any) -> Dual:
    """a / b; +-inf or NaN where b is 0."""
    quotient: Dual = _dual(a) / b
    return quotient


def hypot(a: Any, b: Any) -> Dual:
    """The length of the vector (a, b)."""
    a, b = _dual(a), _dual(b)
    length = math.hypot(a.data, b.data)
    if length == 0.0:
        tangent_error = a.tangent_error + b.tangent_error
        return Dual(0.0, math.hypot(a.tangent, b.tangent), 0.0, tangent_error).rounded(a, b)
    across, along = abs(a.data) / length, abs(b.data) / length
    turn = (a.error + b.error + TINY) / length
    tangent_error = (
        across * a.tangent_error
        + along * b.tangent_error
        + turn * (abs(a.tangent) + abs(b.tangent))
        + OPERATION * (across * abs(a.tangent) + along * abs(b.tangent))
    )
    tangent = a.data / length * a.tangent + b.data / length * b.tangent
    return Dual(length, tangent, across * a.error + along * b.error, tangent_error).rounded(a, b)


def atan2(a: Any, b: Any) -> Dual:
    """The angle of the point (b, a), which is atan(a / b) or -atan(b / a) and a constant."""
    a, b = _dual(a), _dual(b)
    angle = atan(a / b) if abs(b.data) > abs(a.data) else -atan(b / a)
    data = math.atan2(a.data or math.copysign(0.0, a.tangent or a.data), b.data)
    error = angle.error + OPERATION * abs(data)
    return Dual(data, angle.tangent, error, angle.tangent_error)


def logsumexp(*xs: Any) -> Dual:
    """log of the sum of exp(x), the largest x taken out as a constant."""
    top = max(_dual(x).data for x in xs)
    return log(_total([exp(x - top) for x in xs])) + top


def logaddexp(a: Any, b: Any) -> Dual:
    """log(exp(a) + exp(b))."""
    return logsumexp(a, b)


def softmax(*xs: Any) -> tuple[Dual, ...]:
    """exp(x) of each number, divided by the sum over all."""
    top = max(_dual(x).data for x in xs)
    shares = [exp(x - top) for x in xs]
    whole = _total(shares)
    return tuple(share / whole for share in shares)


def _total(xs: list[Dual]) -> Dual:
    whole = xs[0]
    for x in xs[1:]:
        whole = whole + x
    return whole


def relu(x: Any) -> Dual:
    """x above 0, else 0."""
    return maximum(x, 0.0)


def maximum(a: Any, b: Any) -> Dual:
    """The larger of two numbers."""
    a, b = _dual(a), _dual(b)
    larger: Dual = a if a > b else b
    return larger


def minimum(a: Any, b: Any) -> Dual:
    """The smaller of two numbers."""
    a, b = _dual(a), _dual(b)
    smaller: Dual = a if a < b else b
    return smaller


def sign(x: Any) -> float:
    """-1, 0 or 1, a constant."""
    x = _dual(x)
    return floats.sign(x.data or x.tangent)


def step(a: Any, b: Any, tie: float) -> float:
    """1, `tie` or 0 as a is above, at or below b: a constant."""
    a, b = _dual(a), _dual(b)
    if a.data != b.data:
        return floats.step(a.data, b.data, tie)
    return floats.step(a.tangent, b.tangent, tie)


def where(condition: bool, then: T, otherwise: T) -> T:
    """`then` where the condition holds, else `otherwise`."""
    return then if condition else otherwise
