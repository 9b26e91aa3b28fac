"""Derivatives to many digits, by differences of an operation's value in mpmath.

An oracle for `microbp.gradcheck` that knows no rule of differentiation. mpmath is imported when
it is first needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any, TypeVar

from microbp._support.packages import how_to_install
from microbp.core.ops import Op

T = TypeVar("T")
DIGITS, MOST_DIGITS = 50, 1600
"""Doubled while the sides disagree. The product of two floats spans 1,264 decades."""
SLOW = ("digamma", "lgamma", "erf", "erfc", "gelu")
SLOW_DIGITS = 400
"""Operations for which mpmath takes seconds beyond so many digits."""
AGREEMENT = 20
"""The sides agree to so many digits, more than a float's 16."""
NEARER = 10**5
"""The step of the third slope is this much smaller than that of the two sides."""
NEAR_ZERO_OF_LGAMMA = 1e-12
"""lgamma is 0 at 1 and at 2."""
ROUNDING_MARGIN = 10
"""For the few roundings in an operation's value."""


class MpmathMissing(ImportError):
    """mpmath is needed and not installed."""


class Mathematics:
    """The namespace `m` for mpmath's numbers: mpmath's functions, and the rest by definition."""

    def __init__(self) -> None:
        try:
            mpmath = import_module("mpmath")
        except ImportError:
            raise MpmathMissing(
                "this check needs mpmath, which is not installed: "
                + how_to_install("mpmath", "'microbp[check]'")
            ) from None
        self.context = mpmath.MPContext()  # the precision of the global context stays

    def __getattr__(self, name: str) -> Any:
        return getattr(self.context, name)

    def erf(self, x: Any) -> Any:
        """erf; beyond 50, where mpmath takes seconds, it is +-1 to a thousand digits."""
        return self.context.erf(x) if abs(x) < 50 else self.context.sign(x)

    def erfc(self, x: Any) -> Any:
        """1 - erf(x); beyond 50, where mpmath takes long, a float of it is 0 or 2."""
        return self.context.erfc(x) if abs(x) < 50 else 1 - self.context.sign(x)

    def log2(self, x: Any) -> Any:
        """The logarithm to base 2."""
        return self.context.log(x) / self.context.log(2)

    def exp2(self, x: Any) -> Any:
        """2 to the power x."""
        return self.context.mpf(2) ** x

    def cbrt(self, x: Any) -> Any:
        """The real cube root."""
        return self.context.sign(x) * self.context.cbrt(abs(x))

    def lgamma(self, x: Any) -> Any:
        """log |gamma(x)|; by its series where it is nearly 0, and mpmath takes minutes."""
        for zero in (1, 2):
            off = x - zero
            if 0 < abs(off) < NEAR_ZERO_OF_LGAMMA:
                return self._lgamma1p(off) + (self.context.log1p(off) if zero == 2 else 0)
        return self.context.re(self.context.loggamma(x))

    def _lgamma1p(self, x: Any) -> Any:
        """log(gamma(1 + x)) for a tiny x (Abramowitz and Stegun, 6.1.33)."""
        found, k = -self.context.euler * x, 2
        term = found
        while abs(term) > abs(found) * self.context.eps:
            term = self.context.zeta(k) * (-x) ** k / k
            found, k = found + term, k + 1
        return found

    def digamma(self, x: Any) -> Any:
        """The derivative of lgamma."""
        return self.context.psi(0, x)

    def polygamma(self, n: int, x: Any) -> Any:
        """The n-th derivative of digamma."""
        return self.context.psi(n, x)

    def times(self, a: Any, b: Any) -> Any:
        """a * b."""
        return a * b

    def sigmoid(self, x: Any) -> Any:
        """1 / (1 + exp(-x)), without the exponential of a large number."""
        tail = self.context.exp(-abs(x))
        return 1 / (1 + tail) if x >= 0 else tail / (1 + tail)

    def softplus(self, x: Any) -> Any:
        """log(1 + exp(x))."""
        return self.logsumexp(x, 0)

    def logaddexp(self, a: Any, b: Any) -> Any:
        """log(exp(a) + exp(b))."""
        return self.logsumexp(a, b)

    def logsumexp(self, *xs: Any) -> Any:
        """log of the sum of exp(x), the largest taken out."""
        *others, top = sorted(xs)
        return top + self.context.log1p(sum(self.context.exp(x - top) for x in others))

    def softmax(self, *xs: Any) -> tuple[Any, ...]:
        """exp(x) of each number, divided by the sum over all."""
        shares = [self.context.exp(x - max(xs)) for x in xs]
        return tuple(share / sum(shares) for share in shares)

    def relu(self, x: Any) -> Any:
        """x above 0, else 0."""
        return x if x > 0 else 0 * x

    def maximum(self, a: Any, b: Any) -> Any:
        """The larger of two numbers."""
        return a if a > b else b

    def minimum(self, a: Any, b: Any) -> Any:
        """The smaller of two numbers."""
        return a if a < b else b

    def pow(self, a: Any, b: Any) -> Any:
        """a to the power b."""
        return a**b

    def divide(self, a: Any, b: Any) -> Any:
        """a / b."""
        return a / b

    def step(self, a: Any, b: Any, tie: float) -> Any:
        """1, `tie` or 0 as a is above, at or below b."""
        return tie if a == b else (1 if a > b else 0)

    def where(self, condition: bool, then: T, otherwise: T) -> T:
        """`then` where the condition holds, else `otherwise`."""
        return then if condition else otherwise


@lru_cache(maxsize=1)
def mathematics() -> Mathematics:
    """The namespace; MpmathMissing where mpmath is not installed."""
    return Mathematics()


def slope(
    op: Op, xs: Sequence[float], tangents: Sequence[Any], slack: float = 0.0
) -> tuple[Any, Any]:
    """The tangent of op's value for tangents of its operands, and a bound on the error.

    `slack` is a relative error of the operands, which the bound is to cover.
    Raises ValueError or ArithmeticError where the value is not real on both sides.
    """
    m = mathematics()
    exact, error = _settled(m, op, [m.mpf(x) for x in xs], tangents)
    if not slack:
        return exact, error
    for signs in ((1, 1), (1, -1)):  # for more than two operands, a sample of all combinations
        for change in (slack, -slack):  # the second only where the first leaves the domain
            moved = [m.mpf(x) * (1 + change * signs[i % 2]) for i, x in enumerate(xs)]
            try:
                error += abs(_two_sided(m, op, moved, tangents)[0] - exact)
            except (ValueError, ArithmeticError):
                continue
            break
    return exact, error


def _settled(m: Mathematics, op: Op, xs: list[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """The slope, with more and more digits and smaller steps, until both sides agree."""
    m.context.dps = DIGITS
    most = SLOW_DIGITS if op.name in SLOW else MOST_DIGITS
    while True:
        both, error = _two_sided(m, op, xs, tangents)
        if 0 != error <= abs(both) * m.mpf(10) ** -AGREEMENT or m.context.dps >= most:
            return both, error
        m.context.dps *= 2


def _two_sided(m: Mathematics, op: Op, xs: list[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """The mean of the slopes on both sides, and by how much they differ.

    The step h takes half of the digits. (f(x + h) - f(x)) / h is off by h f''(x) / 2, and the
    slope on the left by the opposite. A third slope, over a much smaller step, shows where f
    is symmetric and the step still too large.
    """

    def value(h: Any) -> Any:
        y = op.value(m, *(x + h * tangent for x, tangent in zip(xs, tangents, strict=True)))
        if not isinstance(y, (int, float, m.context.mpf)):
            raise ValueError(f"{op.name} is not real here")
        return y

    times = [
        abs(x / tangent) if x else abs(1 / tangent)
        for x, tangent in zip(xs, tangents, strict=True)
        if tangent
    ]
    scale, rounding = min(times), m.mpf(10) ** -m.context.dps
    h = scale * m.mpf(10) ** (-m.context.dps // 2)
    small = h / NEARER
    here = value(0)
    right, left = (value(h) - here) / h, (here - value(-h)) / h
    nearer = (value(small) - here) / small
    error = abs(right - left) + abs(right - nearer) + ROUNDING_MARGIN * abs(here) * rounding / small
    if max(times) * rounding * 10**AGREEMENT > small:  # too few digits for the slowest operand
        error = m.mpf("inf")
    return (right + left) / 2, error
