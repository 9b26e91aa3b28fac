"""Derivatives to twenty digits, to judge checkers by: of a whole function, in mpmath.

By dual numbers, which take no step: sin(x) for an x of 1e300 turns around within any. Where their
rules have no answer, as for cbrt(x)**3 at 0, by differences.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from benchmarks.exact_duals import Dual, DualMathematics, Unsure
from microbp.checking.mpmath_oracle import Mathematics

Function: TypeAlias = Callable[[Any, Sequence[Any]], Any]
"""f(m, xs): a number, by the functions of the namespace `m`."""

PRECISIONS = ((40, 1), (80, 2), (300, 3), (1000, 4))
"""Digits, and how often as many more as the numbers on the way to the result are decades apart.

Tried in turn, until one confirms another."""
FEW, MANY = 20, 100
"""More decades than a few are rounded up to a multiple of many: mpmath keeps the Bernoulli numbers
of gamma functions, for each precision by itself."""
DIGITS = (60, 240)
"""For differences, with as many more as leave a step shorter than any wave."""
ENOUGH = 18
"""The digits that two results agree to."""
ZERO = 70
"""A derivative is as good as 0 if it is this many digits smaller than f(x) / x."""
SHORTER = 10**4
"""The second step is this many times shorter than the first."""


@dataclass(frozen=True)
class Exact:
    """A derivative, and a bound on its error, both as mpmath's numbers."""

    value: Any
    error: Any

    def relative(self, x: float) -> float:
        """By which part of it a float may differ from it."""
        if self.value == 0 or not math.isfinite(x):
            return 0.0 if x == self.value else math.inf
        return float((abs(self.value - x) + self.error) / abs(self.value))

    def off(self, x: float) -> float:
        """By how much a float differs from it, beyond its own error; inf for NaN."""
        if not math.isfinite(x):
            return 0.0 if float(self.value) == x else math.inf
        return float(max(abs(self.value - x) - self.error, 0))


@lru_cache(maxsize=1)
def _mathematics() -> Mathematics:
    return Mathematics()


def exact_derivative(f: Function, xs: Sequence[float], i: int, decades: int = 0) -> Exact | None:
    """The derivative of f with respect to number i of xs.

    `decades`: how far apart the largest and the smallest number are that f adds up.

    None where there is none: at a kink, a jump, a domain's edge, or where thousand digits are
    too few.
    """
    return _by_dual_numbers(f, xs, i, decades) or _by_differences(f, xs, i, decades)


def _by_dual_numbers(f: Function, xs: Sequence[float], i: int, decades: int) -> Exact | None:
    m = _mathematics()
    before = None
    decades = decades if decades <= FEW else math.ceil(decades / MANY) * MANY
    for digits, times in PRECISIONS:
        if before is None and digits == PRECISIONS[-1][0]:
            break  # it is at a kink
        m.context.dps = digits + times * decades
        try:
            slope = _slope(f, xs, i)
        except (ValueError, ArithmeticError, TypeError):
            slope = None
        if slope is not None and before is not None:
            error = abs(slope - before)
            if error <= m.mpf(10) ** -ENOUGH * abs(slope):
                return Exact(slope, error)
        before = slope
    return None


def _slope(f: Function, xs: Sequence[float], i: int) -> Any:
    """The slope of both sides; Unsure where these differ."""
    m = _mathematics()

    def to_side(side: int) -> tuple[Any, Any, bool]:
        n = DualMathematics(m)
        numbers: list[Any] = [m.mpf(x) for x in xs]
        numbers[i] = Dual(n, numbers[i], m.mpf(side))
        y = f(n, numbers)
        return (y.value, side * y.tangent, n.tied) if isinstance(y, Dual) else (y, m.mpf(0), n.tied)

    value, slope, tied = to_side(1)
    if tied and to_side(-1)[:2] != (value, slope):
        raise Unsure("another slope, or value, on the left")
    return slope


def _by_differences(f: Function, xs: Sequence[float], i: int, decades: int) -> Exact | None:
    m = _mathematics()
    for turn, digits in enumerate(DIGITS):
        m.context.dps = digits + 3 * decades
        step = m.mpf(10) ** (-digits // 3 - decades)
        try:
            found = _by_two_steps(m, f, [m.mpf(x) for x in xs], i, step)
        except (ValueError, ArithmeticError, TypeError):  # no value there, or a complex one
            return None
        if found is not None and (turn > 0 or found.error < abs(found.value)):
            return found
    return None


def _by_two_steps(m: Any, f: Function, xs: list[Any], i: int, step: Any) -> Exact | None:
    def at(h: Any) -> Any:
        y = f(m, [*xs[:i], xs[i] + h, *xs[i + 1 :]])
        if not isinstance(y, (int, float, m.context.mpf)):
            raise ValueError("the function is not real here")
        return m.mpf(y)

    first = (abs(xs[i]) or 1) * step
    here = at(0)
    middles, bends, rounding = [], [], m.mpf(0)
    for h in (first, first / SHORTER):
        above, below = at(h), at(-h)
        middles.append((above - below) / (2 * h))
        bends.append(abs(above - 2 * here + below) / h)
        rounding = (abs(above) + abs(below)) * m.mpf(10) ** (8 - m.context.dps) / h
    error = abs(middles[1] - middles[0]) + rounding
    smooth = bends[1] <= bends[0] / (SHORTER / 4) + rounding
    size = abs(here) / (abs(xs[i]) or 1)
    tiny = error <= m.mpf(10) ** -ZERO * (size + max(map(abs, middles)) + bends[0])
    vanishes = abs(middles[1]) <= abs(middles[0]) / (SHORTER / 4) + rounding  # as for x |x|
    if smooth and vanishes:
        return Exact(m.mpf(0), abs(middles[0]) + rounding)
    if smooth and (error <= abs(middles[1]) * m.mpf(10) ** -ENOUGH or tiny):
        return Exact(middles[1], error)
    return None
