"""How one derivative is judged by one reference."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass

from microbp.checking.error_model import EPS, MARGIN, PARTIAL
from microbp.checking.extrapolation import UNKNOWN, Estimate
from microbp.checking.report import DETECTABLE, Verdict

MEANINGFUL = 1e-7
"""A derivative passes only where a relative error of this size would have been detected."""
NOTHING = sys.float_info.min
"""Denormal numbers below this have too few digits to be wrong in."""
LARGE = 1e300
"""Beyond this, an adjoint may overflow on its way though the derivative is finite."""
FINITE = 1e-6
"""A reference with a smaller relative bound than this shows that the derivative is finite."""


@dataclass(frozen=True)
class Finding:
    """A verdict, and the estimate that it is based on.

    `beyond`: the derivative does not lie between the slopes of the two sides.
    """

    verdict: Verdict
    estimate: Estimate = UNKNOWN
    by: str = "differences"
    note: str = ""
    digits_are_lost: bool = False
    beyond: bool = False


def judged(backward: float, estimate: Estimate, scale: float = 0.0) -> Verdict:
    """Wrong if farther off than the bound; right within it, if the bound is tight.

    It is tight by the derivative's own size. `scale` is one for derivatives of 0, which have none.
    """
    bound = estimate.bound + MARGIN * EPS * abs(backward)
    if math.isinf(estimate.bound) or not math.isfinite(estimate.value):  # it may overflow
        return "inconclusive"
    if not math.isfinite(backward):
        finite = abs(estimate.value) < LARGE and estimate.bound < FINITE * abs(estimate.value)
        return "fail" if finite else "inconclusive"
    if abs(backward - estimate.value) > max(bound, NOTHING):
        return "fail"
    size = max(abs(backward), abs(estimate.value), 0.0 if backward else scale)
    return "pass" if bound <= max(MEANINGFUL * size, NOTHING) else "inconclusive"


def seen(backward: float, value: float, estimate: Estimate) -> bool:
    """Whether a check by this estimate would have seen the backward pass miss this value."""
    return abs(backward - value) > DETECTABLE * estimate.bound + PARTIAL * abs(estimate.value)


def sides_apart(left: Estimate, right: Estimate) -> bool:
    """Whether the slopes of the two sides differ."""
    apart, size = abs(right.value - left.value), max(abs(right.value), abs(left.value))
    return apart > max(right.bound + left.bound, MEANINGFUL * size)


def between(backward: float, left: Estimate, right: Estimate) -> bool:
    """Whether the derivative of the backward pass lies between the slopes of the two sides."""
    low = min(right.value - right.bound, left.value - left.bound)
    high = max(right.value + right.bound, left.value + left.bound)
    slack = PARTIAL * max(abs(low), abs(high))
    return low - slack <= backward <= high + slack


def kink(backward: float, left: Estimate, right: Estimate, by: str = "differences") -> Finding:
    """The finding where the slopes of the two sides differ."""
    low, high = sorted([left.value, right.value])
    beyond = math.isfinite(backward) and not between(backward, left, right)
    lies = "does not lie" if beyond or not math.isfinite(backward) else "lies"
    slopes = f"the slope is {left.value:.6g} below and {right.value:.6g} above"
    middle = Estimate((low + high) / 2.0, (high - low) / 2.0)
    note = f"{slopes}; {backward:.6g} {lies} between them"
    return Finding("kink", middle, by, note, beyond=beyond)
