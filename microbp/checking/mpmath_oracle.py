"""Derivatives to many digits, from an operation's value alone: with mpmath, and no rule at all.

This is an oracle for `microbp.gradcheck`. mpmath is imported when first asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any, TypeVar

from microbp.core.ops import Op

T = TypeVar("T")
DIGITS, MOST_DIGITS = 50, 1600


class MpmathMissing(ImportError):
    """mpmath is needed and not installed."""


class Mathematics:
    """The namespace `m` over mpmath's numbers: its own functions, and the rest by the book."""

    def __init__(self) -> None:
        try:
            mpmath = import_module("mpmath")
        except ImportError:
            raise MpmathMissing(
                "this check needs mpmath, which is not installed: pip install 'microbp[check]'"
            ) from None
        self.context = mpmath.MPContext()  # of our own: nobody else's precision changes

    def __getattr__(self, name: str) -> Any:
        return getattr(self.context, name)

    def erf(self, x: Any) -> Any:
        """+-1 to a thousand digits beyond 50, where mpmath's own takes seconds."""
        return self.context.erf(x) if abs(x) < 50 else self.context.sign(x)

    def sigmoid(self, x: Any) -> Any:
        """1 / (1 + exp(-x)), the exponential of no large number."""
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


def slope(op: Op, xs: Sequence[float], rates: Sequence[Any], slack: float = 0.0) -> tuple[Any, Any]:
    """How fast op's value moves as its operands do, and a bound on the error: the 20th digit.

    With some slack, the bound covers what it would be if each operand were that part of it off.
    Raises ValueError or ArithmeticError where the value is not real on both sides.
    """
    m = mathematics()
    exact, error = _settled(m, op, [m.mpf(x) for x in xs], rates)
    if not slack:
        return exact, error
    for signs in ((1, 1), (1, -1)):  # for many operands a sample of what they might do
        for way in (slack, -slack):  # the other way only where the first leaves the domain
            moved = [m.mpf(x) * (1 + way * signs[i % 2]) for i, x in enumerate(xs)]
            try:
                error += abs(_two_sided(m, op, moved, rates)[0] - exact)
            except (ValueError, ArithmeticError):
                continue
            break
    return exact, error


def _settled(m: Mathematics, op: Op, xs: list[Any], rates: Sequence[Any]) -> tuple[Any, Any]:
    """The slope, with ever more digits and smaller steps until both sides agree on it."""
    m.context.dps = DIGITS
    while True:
        both, error = _two_sided(m, op, xs, rates)
        if 0 != error <= abs(both) * m.mpf(10) ** -20 or m.context.dps >= MOST_DIGITS:
            return both, error
        m.context.dps *= 2


def _two_sided(m: Mathematics, op: Op, xs: list[Any], rates: Sequence[Any]) -> tuple[Any, Any]:
    """The mean of the slopes on either side, half of all digits away, and how far they disagree.

    (f(x + h) - f(x)) / h errs by h f''(x) / 2, the slope on the left by its opposite. A third
    slope, over a much smaller step, tells where all is symmetric and the step still too large.
    """

    def value(h: Any) -> Any:
        y = op.value(m, *(x + h * rate for x, rate in zip(xs, rates, strict=True)))
        if not isinstance(y, (int, float, m.context.mpf)):
            raise ValueError(f"{op.name} is not real here")
        return y

    times = [
        abs(x / rate) if x else abs(1 / rate) for x, rate in zip(xs, rates, strict=True) if rate
    ]
    scale, rounding = min(times), m.mpf(10) ** -m.context.dps
    h = scale * m.mpf(10) ** (-m.context.dps // 2)
    small = h / 10**5
    here = value(0)
    right, left = (value(h) - here) / h, (here - value(-h)) / h
    nearer = (value(small) - here) / small
    error = abs(right - left) + abs(right - nearer) + 10 * abs(here) * rounding / small
    if max(times) * rounding * 10**20 > small:  # too few digits for the slowest operand's move
        error = m.mpf("inf")
    return (right + left) / 2, error
