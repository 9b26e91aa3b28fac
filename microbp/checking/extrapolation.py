"""Richardson extrapolation of difference quotients to step 0, with a bound on the error."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

ORDERS = 5
"""Columns of the Neville table: more only extrapolate the noise (Numerical Recipes, 5.7)."""
SAFETY = 2.0
"""The last change, times this, bounds the error left (SAFE of `dfridr`, Numerical Recipes, 5.7)."""
CONVERGENCE = 0.6
"""Quotients converge if they gain this part of the order in h that theory gives them."""
STALLED = 0.95
"""Above this ratio of successive changes, a geometric series has no useful sum."""
LARGEST_RATIO = 1e9
"""Steps with a larger ratio than this extrapolate nothing more."""


@dataclass(frozen=True)
class Estimate:
    """A derivative, a bound on its error, and the steepest slope of f nearby, if that is known."""

    value: float
    bound: float
    steepest: float = 0.0


UNKNOWN = Estimate(math.nan, math.inf)


def extrapolated(
    steps: Sequence[float], quotients: Sequence[float], noises: Sequence[float], power: int
) -> Estimate:
    """The best estimate from quotients over shrinking steps, whose errors are powers of h**power.

    Every smaller step must confirm an estimate: apart from its noise, its quotient is as near
    the estimate as the quotients that this was made from. At large steps the quotients of a
    fast oscillation may agree by accident, but those at smaller steps are then far from them.

    >>> steps = [0.4, 0.2, 0.1]
    >>> quotients = [math.sin(h) / h for h in steps]
    >>> estimate = extrapolated(steps, quotients, [2e-16 / h for h in steps], 2)
    >>> abs(estimate.value - 1.0) < estimate.bound < 1e-3
    True
    """
    best, row = UNKNOWN, [(quotients[0], noises[0])]
    low, high = _smaller_steps(quotients, noises)

    def confirmed(i: int, value: float, bound: float) -> bool:
        reach = bound + max(abs(quotients[i] - value), abs(quotients[i - 1] - value))
        return low[i] - reach <= value <= high[i] + reach

    for i in range(1, len(steps)):
        last = abs(quotients[i] - quotients[i - 1])
        before = abs(quotients[i - 1] - quotients[max(i - 2, 0)])
        as_expected = before * (steps[i] / steps[i - 1]) ** (CONVERGENCE * power)
        converges = last <= as_expected + SAFETY * (noises[i] + noises[i - 1])
        if not converges and last < STALLED * before:
            # As for x ** 1.1 at 0: too slow for a power to extrapolate by, but the changes to
            # come are a geometric series, which has a sum.
            bound = noises[i] + SAFETY * last / (1.0 - last / before)
            if bound < best.bound and confirmed(i, quotients[i], bound):
                best = Estimate(quotients[i], bound)
        above, row = row, [(quotients[i], noises[i])]
        for k in range(1, min(len(above), ORDERS) + 1):
            # Neville's rule: the line through two estimates of order k - 1, at step 0.
            ratio = min(steps[i - k] / steps[i], LARGEST_RATIO)
            weight = 1.0 / (ratio**power - 1.0)
            (value, noise), (coarser, coarser_noise) = row[k - 1], above[k - 1]
            better = value + weight * (value - coarser)
            better_noise = (1.0 + weight) * noise + weight * coarser_noise
            row.append((better, better_noise))
            bound = better_noise + SAFETY * max(abs(better - value), abs(better - coarser))
            if converges and bound < best.bound and confirmed(i, better, bound):
                best = Estimate(better, bound)
    return best


def _smaller_steps(
    quotients: Sequence[float], noises: Sequence[float]
) -> tuple[list[float], list[float]]:
    """For each step, the interval around the quotients of all smaller ones."""
    low, high = [-math.inf], [math.inf]
    for quotient, noise in zip(reversed(quotients[1:]), reversed(noises[1:]), strict=True):
        low.append(max(low[-1], quotient - noise))
        high.append(min(high[-1], quotient + noise))
    return low[::-1], high[::-1]
