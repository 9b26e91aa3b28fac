"""Dual numbers: each carries how fast it moves, and how far rounding may have put both off.

This is the namespace `m` in which an operation's *value* gives its derivative too, by elementary
rules that know nothing of the table's partials. With e * e = 0, f(x + dx e) = f(x) + f'(x) dx e.
The same rules once more, with f'', carry the errors: an argument off by d puts the result off by
|f'| d and its rate by |f''| d, and each operation adds a rounding of its own.

>>> y = sin(Dual(2.0, rate=1.0)) * 3
>>> y.data, y.rate
(2.727892280477045, -1.2484405096414273)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

from microbp.core import floats

T = TypeVar("T")
EPS = 2.0**-52
TINY = 2.0**-1074  # where results vanish, rounding is no longer relative to them
LOST = 1024.0 * EPS  # of a right partial, by its formula: b * a ** (b - 1) rounds b - 1


class Dual:
    """A number and its rate of change, and a bound on the error of each."""

    __slots__ = ("data", "off", "rate", "rate_off")

    def __init__(
        self, data: float, rate: float = 0.0, off: float = 0.0, rate_off: float = 0.0
    ) -> None:
        self.data, self.rate = data, rate
        self.off, self.rate_off = off, rate_off

    def __repr__(self) -> str:
        return f"Dual({self.data!r}, rate={self.rate!r})"

    def __add__(self, other: Any) -> Dual:
        a, b = self, _dual(other)
        y = Dual(a.data + b.data, a.rate + b.rate, a.off + b.off, a.rate_off + b.rate_off)
        return y.rounded(a, b)

    def __mul__(self, other: Any) -> Dual:
        a, b = self, _dual(other)
        left, right = _times(a.rate, b.data), _times(a.data, b.rate)
        off = _times(abs(a.data), b.off) + _times(abs(b.data), a.off)
        rate_off = (
            _times(abs(a.rate), b.off)
            + _times(abs(b.data), a.rate_off)
            + _times(abs(b.rate), a.off)
            + _times(abs(a.data), b.rate_off)
            + EPS * (abs(left) + abs(right))
        )
        return Dual(a.data * b.data, left + right, off, rate_off).rounded(a, b)

    def __truediv__(self, other: Any) -> Dual:
        a, b = self, _dual(other)
        y, size = floats.divide(a.data, b.data), abs(b.data)
        left, right = floats.divide(a.rate, b.data), floats.divide(_times(y, b.rate), b.data)
        off = floats.divide(a.off + _times(abs(y), b.off), size)
        rate_off = (
            a.rate_off
            + _times(abs(left - right), b.off)
            + _times(off, abs(b.rate))
            + _times(abs(y), b.rate_off)
        )
        rate_off = floats.divide(rate_off, size) + EPS * (abs(left) + abs(right))
        return Dual(y, left - right, off, rate_off).rounded(a, b)

    def rounded(self, *operands: Dual) -> Dual:
        """This result of the operands, its own rounding added to the errors that it inherits."""
        self.off += 2.0 * EPS * abs(self.data) + TINY
        if any(x.rate or x.rate_off for x in operands):
            self.rate_off += 2.0 * EPS * abs(self.rate) + 4.0 * TINY  # slopes scale tails by 4
        return self

    def __neg__(self) -> Dual:
        return Dual(-self.data, -self.rate, self.off, self.rate_off)

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
        return -self if self.data < 0.0 else self

    def __lt__(self, other: Any) -> bool:
        return self.data < _dual(other).data

    def __le__(self, other: Any) -> bool:
        return self.data <= _dual(other).data

    def __gt__(self, other: Any) -> bool:
        return self.data > _dual(other).data

    def __ge__(self, other: Any) -> bool:
        return self.data >= _dual(other).data


def _dual(x: Any) -> Dual:
    return x if isinstance(x, Dual) else Dual(x)


def _times(a: float, b: float) -> float:
    """a * b, where 0 times infinity is 0: what does not move moves nothing."""
    return a * b if a != 0.0 and b != 0.0 else 0.0


Real = Callable[[float], float]


def _rule(f: Real, slope: Real, bend: Real) -> Callable[[Any], Dual]:
    """The function f of a dual number, from f, f' and f''."""

    def function(x: Any) -> Dual:
        x = _dual(x)
        y, first = f(x.data), slope(x.data)
        second = bend(x.data) if x.off and x.rate else 0.0
        off = _times(abs(first), x.off)
        rate_off = _times(_times(abs(second), x.off), abs(x.rate))
        rate_off += _times(abs(first), x.rate_off)
        return Dual(y, _times(first, x.rate), off, rate_off).rounded(x)

    return function


def _bell(x: float) -> float:
    """d erf(x) / dx: a constant times exp(-x^2), whose rounded square would cost x^2 units."""
    mantissa, exponent = math.frexp(x)
    short = math.ldexp(round(mantissa * 2.0**26), exponent - 26)  # its square is exact
    tail = math.exp(-short * short) * math.exp((short - x) * (short + x)) if abs(x) < 28.0 else 0.0
    return 2.0 / math.sqrt(math.pi) * tail


def _sech2(x: float) -> float:
    """d tanh(x) / dx: 4 / (e^x + e^-x)^2, divided through by the larger."""
    tail = math.exp(-2.0 * abs(x))
    return 4.0 * tail / (1.0 + tail) ** 2


def _hill(x: float) -> float:
    """d sigmoid(x) / dx: the same at either side of 0."""
    tail = math.exp(-abs(x))
    return tail / (1.0 + tail) ** 2


def _arc(x: float) -> float:
    return floats.divide(1.0, floats.sqrt((1.0 - x) * (1.0 + x)))


def _root_bend(x: float) -> float:
    return floats.divide(-0.25, x * floats.sqrt(x))


def _turn(x: float) -> float:
    """d atan(x) / dx: 1 / (1 + x^2), without overflow."""
    return 1.0 / (1.0 + x * x) if abs(x) < 1.0 else 1.0 / x / (x + 1.0 / x)


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
sqrt = _rule(floats.sqrt, lambda x: floats.divide(0.5, floats.sqrt(x)), _root_bend)
sin = _rule(floats.sin, floats.cos, lambda x: -floats.sin(x))
cos = _rule(floats.cos, lambda x: -floats.sin(x), lambda x: -floats.cos(x))
tan = _rule(floats.tan, _tan_slope, lambda x: 2.0 * floats.tan(x) * _tan_slope(x))
asin = _rule(floats.asin, _arc, lambda x: x * _arc(x) * _arc(x) * _arc(x))
acos = _rule(floats.acos, lambda x: -_arc(x), lambda x: -x * _arc(x) * _arc(x) * _arc(x))
atan = _rule(floats.atan, _turn, lambda x: -2.0 * x * _turn(x) * _turn(x))
sinh = _rule(floats.sinh, floats.cosh, floats.sinh)
cosh = _rule(floats.cosh, floats.sinh, floats.cosh)
tanh = _rule(floats.tanh, _sech2, lambda x: -2.0 * floats.tanh(x) * _sech2(x))
sigmoid = _rule(floats.sigmoid, _hill, lambda x: _hill(x) * (1.0 - 2.0 * floats.sigmoid(x)))
softplus = _rule(floats.softplus, floats.sigmoid, _hill)
erf = _rule(floats.erf, _bell, lambda x: -2.0 * x * _bell(x))


def pow(a: Any, b: Any) -> Dual:
    """a to the power b: by the power rule for a fixed b, else as exp(b log a)."""
    a, b = _dual(a), _dual(b)
    if b.rate or b.rate_off:
        return exp(b * log(a))
    n = b.data
    by_fixed_power = _rule(
        lambda x: floats.pow(x, n),
        lambda x: _times(n, floats.pow(x, n - 1.0)),
        lambda x: _times(n * (n - 1.0), floats.pow(x, n - 2.0)),
    )
    y: Dual = by_fixed_power(a)
    if a.data > 0.0:  # only then can b be a little off
        by_b = abs(math.log(a.data)) * b.off
        y.off += abs(y.data) * by_b
        y.rate_off += abs(y.rate) * (by_b + floats.divide(b.off, abs(n)))
    return y


def divide(a: Any, b: Any) -> Dual:
    """a / b; +-inf or NaN where b is 0."""
    quotient: Dual = _dual(a) / b
    return quotient


def hypot(a: Any, b: Any) -> Dual:
    """The length of the vector (a, b), which moves as each part does by its share in it."""
    a, b = _dual(a), _dual(b)
    length = math.hypot(a.data, b.data)
    across, along = abs(a.data) / length, abs(b.data) / length
    turn = (a.off + b.off + TINY) / length
    rate_off = across * a.rate_off + along * b.rate_off + turn * (abs(a.rate) + abs(b.rate))
    rate = a.data / length * a.rate + b.data / length * b.rate
    return Dual(length, rate, across * a.off + along * b.off, rate_off).rounded(a, b)


def atan2(a: Any, b: Any) -> Dual:
    """The angle of the point (b, a), which is atan(a / b) or -atan(b / a) and a constant."""
    a, b = _dual(a), _dual(b)
    angle = atan(a / b) if abs(b.data) > abs(a.data) else -atan(b / a)
    return Dual(math.atan2(a.data, b.data), angle.rate, angle.off, angle.rate_off)


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
    larger: Dual = a if a.data > b.data else b
    return larger


def minimum(a: Any, b: Any) -> Dual:
    """The smaller of two numbers."""
    a, b = _dual(a), _dual(b)
    smaller: Dual = a if a.data < b.data else b
    return smaller


def sign(x: Any) -> float:
    """-1, 0 or 1, which does not move."""
    return floats.sign(_dual(x).data)


def step(a: Any, b: Any, tie: float) -> float:
    """1, `tie` or 0 as a is above, at or below b, which does not move."""
    return floats.step(_dual(a).data, _dual(b).data, tie)


def where(condition: bool, then: T, otherwise: T) -> T:
    """`then` where the condition holds, else `otherwise`."""
    return then if condition else otherwise
