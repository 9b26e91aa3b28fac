"""Dual numbers in mpmath: a derivative to as many digits as its numbers have, without a step.

The rules are those of a textbook, and know nothing of the partials of microbp's table. A number
that does not depend on the input is a plain one of mpmath's. Numbers of equal value are ordered by
their tangents: so the slope is that of the side that the input's tangent points to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from microbp.checking.mpmath_oracle import Mathematics

T = TypeVar("T")


class Unsure(ArithmeticError):
    """Beside this point the function may have no value, another formula or an infinite slope."""


class Dual:
    """A number that depends on the input, and its tangent."""

    __slots__ = ("m", "tangent", "value")

    def __init__(self, m: DualMathematics, value: Any, tangent: Any) -> None:
        self.m, self.value, self.tangent = m, value, tangent

    def __add__(self, other: Any) -> Dual:
        x, dx = _parts(other)
        return Dual(self.m, self.value + x, self.tangent + dx)

    def __mul__(self, other: Any) -> Dual:
        x, dx = _parts(other)
        return Dual(self.m, self.value * x, self.tangent * x + self.value * dx)

    def __truediv__(self, other: Any) -> Dual:
        x, dx = _parts(other)
        y = self.value / x
        return Dual(self.m, y, (self.tangent - y * dx) / x)

    def __neg__(self) -> Dual:
        return Dual(self.m, -self.value, -self.tangent)

    def __sub__(self, other: Any) -> Dual:
        x, dx = _parts(other)
        return Dual(self.m, self.value - x, self.tangent - dx)

    def __rsub__(self, other: Any) -> Dual:
        x, dx = _parts(other)
        return Dual(self.m, x - self.value, dx - self.tangent)

    def __rtruediv__(self, other: Any) -> Dual:
        return Dual(self.m, self.m.mpf(other), 0) / self

    __radd__, __rmul__ = __add__, __mul__

    def __abs__(self) -> Dual:
        return -self if self._below(0) else self

    def _below(self, other: Any) -> bool:
        x, dx = _parts(other)
        if self.value != x:
            return bool(self.value < x)
        self.m.tied = True
        return bool(self.tangent < dx)

    def __lt__(self, other: Any) -> bool:
        if (self.value, self.tangent) == _parts(other):
            raise Unsure("a condition that may hold beside this point, and may not")
        return self._below(other)

    def __gt__(self, other: Any) -> bool:
        return not self < other

    __le__, __ge__ = __lt__, __gt__


def _parts(x: Any) -> tuple[Any, Any]:
    return (x.value, x.tangent) if isinstance(x, Dual) else (x, 0)


def _trigamma(m: Any, x: Any) -> Any:
    """The derivative of digamma; by reflection below 0, where mpmath takes |x| steps to 0."""
    if x > 0:
        return m.polygamma(1, x)
    return (m.pi / m.context.sinpi(x)) ** 2 - m.polygamma(1, 1 - x)


RULES: dict[str, Callable[[Any, Any, Any], Any]] = {
    "exp": lambda m, y, x: y,
    "expm1": lambda m, y, x: m.exp(x),
    "exp2": lambda m, y, x: y * m.log(2),
    "log": lambda m, y, x: 1 / x,
    "log1p": lambda m, y, x: 1 / (1 + x),
    "log2": lambda m, y, x: 1 / (x * m.log(2)),
    "log10": lambda m, y, x: 1 / (x * m.log(10)),
    "sqrt": lambda m, y, x: 1 / (2 * y),
    "cbrt": lambda m, y, x: 1 / (3 * y * y),
    "sin": lambda m, y, x: m.cos(x),
    "cos": lambda m, y, x: -m.sin(x),
    "tan": lambda m, y, x: 1 + y * y,
    "asin": lambda m, y, x: 1 / m.sqrt((1 - x) * (1 + x)),
    "acos": lambda m, y, x: -1 / m.sqrt((1 - x) * (1 + x)),
    "atan": lambda m, y, x: 1 / (1 + x * x),
    "sinh": lambda m, y, x: m.cosh(x),
    "cosh": lambda m, y, x: m.sinh(x),
    "tanh": lambda m, y, x: 1 / m.cosh(x) ** 2,
    "asinh": lambda m, y, x: 1 / m.sqrt(1 + x * x),
    "acosh": lambda m, y, x: 1 / m.sqrt((x - 1) * (x + 1)),
    "atanh": lambda m, y, x: 1 / ((1 - x) * (1 + x)),
    "erf": lambda m, y, x: 2 / m.sqrt(m.pi) * m.exp(-x * x),
    "erfc": lambda m, y, x: -2 / m.sqrt(m.pi) * m.exp(-x * x),
    "lgamma": lambda m, y, x: m.digamma(x),
    "digamma": lambda m, y, x: _trigamma(m, x),
}
"""The derivative of each function of one number, from its result y and its argument x."""


def _function(name: str) -> Callable[[DualMathematics, Any], Any]:
    def function(self: DualMathematics, x: Any) -> Any:
        plain, rule = getattr(self.plain, name), RULES[name]
        if not isinstance(x, Dual):
            return self.real(plain(x))
        y = self.real(plain(x.value))
        return Dual(self, y, self.real(rule(self.plain, y, x.value)) * x.tangent)

    return function


class DualMathematics:
    """The namespace `m` for dual numbers.

    `tied`: whether two numbers that were compared are equal, as they are at a kink.
    """

    exp, expm1, exp2 = map(_function, ("exp", "expm1", "exp2"))
    log, log1p, log2, log10 = map(_function, ("log", "log1p", "log2", "log10"))
    sqrt, cbrt = map(_function, ("sqrt", "cbrt"))
    sin, cos, tan, asin, acos, atan = map(_function, ("sin", "cos", "tan", "asin", "acos", "atan"))
    sinh, cosh, tanh = map(_function, ("sinh", "cosh", "tanh"))
    asinh, acosh, atanh = map(_function, ("asinh", "acosh", "atanh"))
    erf, erfc, lgamma, digamma = map(_function, ("erf", "erfc", "lgamma", "digamma"))

    def __init__(self, plain: Mathematics) -> None:
        self.plain, self.mpf, self.mpc = plain, plain.context.mpf, plain.context.mpc
        self.tied = False

    def real(self, x: Any) -> Any:
        """x itself; Unsure if it is complex or infinite."""
        if not isinstance(x, (int, float, self.mpf)) or not self.plain.context.isfinite(x):
            raise Unsure(f"no real number: {x}")
        return x

    def times(self, a: Any, b: Any) -> Any:
        """a * b."""
        return a * b

    def divide(self, a: Any, b: Any) -> Any:
        """a / b."""
        return a / b

    def pow(self, a: Any, b: Any) -> Any:
        """a to the power b."""
        (x, dx), (n, dn) = _parts(a), _parts(b)
        y = self.real(x**n)
        if not isinstance(a, Dual) and not isinstance(b, Dual):
            return y
        if not isinstance(b, Dual) and (x != 0 or n >= 1 or n == 0):
            return Dual(self, y, n * self.real(x ** (n - 1)) * dx if n else 0 * dx)
        if x <= 0:
            raise Unsure("a power of a number that is not positive")
        return Dual(self, y, y * (n * dx / x + dn * self.plain.log(x)))

    def hypot(self, a: Any, b: Any) -> Any:
        """The length of the vector (a, b)."""
        (x, dx), (z, dz) = _parts(a), _parts(b)
        length = self.plain.hypot(x, z)
        if not isinstance(a, Dual) and not isinstance(b, Dual):
            return length
        if length == 0:
            raise Unsure("the length of a vector of 0")
        return Dual(self, length, (x * dx + z * dz) / length)

    def atan2(self, a: Any, b: Any) -> Any:
        """The angle of the point (b, a)."""
        (x, dx), (z, dz) = _parts(a), _parts(b)
        angle = self.plain.atan2(x, z)
        if not isinstance(a, Dual) and not isinstance(b, Dual):
            return angle
        if x == 0 and z <= 0:
            raise Unsure("the angle of a point where it jumps")
        return Dual(self, angle, (z * dx - x * dz) / (x * x + z * z))

    def sigmoid(self, x: Any) -> Any:
        """1 / (1 + exp(-x)), without the exponential of a large number."""
        tail = self.exp(self.minimum(x, -x))
        return 1 / (1 + tail) if _parts(x)[0] >= 0 else tail / (1 + tail)

    def softplus(self, x: Any) -> Any:
        """log(1 + exp(x))."""
        return self.logsumexp(x, self.mpf(0))

    def logaddexp(self, a: Any, b: Any) -> Any:
        """log(exp(a) + exp(b))."""
        return self.logsumexp(a, b)

    def logsumexp(self, *xs: Any) -> Any:
        """log of the sum of exp(x), the largest taken out."""
        place = max(range(len(xs)), key=lambda i: _parts(xs[i])[0])
        top, others = xs[place], [x for i, x in enumerate(xs) if i != place]
        return top + self.log1p(sum((self.exp(x - top) for x in others), self.mpf(0)))

    def relu(self, x: Any) -> Any:
        """x above 0, else 0."""
        return self.maximum(x, self.mpf(0))

    def maximum(self, a: Any, b: Any) -> Any:
        """The larger of two numbers."""
        return b if _below(a, b) else a

    def minimum(self, a: Any, b: Any) -> Any:
        """The smaller of two numbers."""
        return a if _below(a, b) else b

    def where(self, condition: bool, then: T, otherwise: T) -> T:
        """`then` where the condition holds, else `otherwise`."""
        return then if condition else otherwise


def _below(a: Any, b: Any) -> bool:
    if isinstance(a, Dual):
        return a._below(b)
    return (-b)._below(-a) if isinstance(b, Dual) else bool(a < b)
