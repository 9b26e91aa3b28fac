"""The derivative of a whole formula, from its values in many digits at exact inputs.

Nothing is rounded on the way, as it is in the graph's floats: where digits cancel, this is the
derivative that the formula has, and the backward pass's may be another.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from microbp.checking import duals
from microbp.checking.chain_rule import data_errors, dependent
from microbp.checking.duals import Dual
from microbp.checking.error_model import TINY
from microbp.checking.extrapolation import Estimate
from microbp.checking.mpmath_oracle import (
    AGREEMENT,
    DIGITS,
    NEARER,
    SLOW,
    SLOW_DIGITS,
    MpmathMissing,
    mathematics,
)
from microbp.checking.oracles import NoAnswer
from microbp.core.engine import Value

MOST_DIGITS = 6000
ROUNDED_UP = 50
"""To a multiple of so many digits: mpmath keeps what gamma functions need, for each precision."""
CONFIRMED, ZERO_CONFIRMED = 1, 2
"""So many precisions in a row confirm a slope, and one of 0."""
ZERO_SPAN = 8
"""A slope of 0 is one only with so many times the digits that the graph spans: the fourth power
of a small number may be all that is left of two terms."""
FLOAT_ERROR = 2.0**-53
"""The estimates are rounded to floats."""


@dataclass(frozen=True)
class Slopes:
    """The slopes below and above a number."""

    left: Any
    right: Any


def whole_formula(order: Sequence[Value], leaf: Value) -> tuple[Estimate, Estimate]:
    """The slopes of the root below and above the leaf; NoAnswer where they are unknown.

    The digits are doubled until one precision confirms another; a slope of 0, which may only
    be too small, until one more does.
    """
    m = mathematics()
    before: Slopes | None = None
    confirmed = 0
    decades = _decades(order)
    m.context.dps = math.ceil((DIGITS + decades) / ROUNDED_UP) * ROUNDED_UP
    slow = any(node.op is not None and node.op.name in SLOW for node in order)
    most = SLOW_DIGITS if slow else MOST_DIGITS
    while m.context.dps <= most:
        try:
            slopes = _slopes(_function(m, order, leaf), m, leaf.data)
        except MpmathMissing:
            raise
        except Exception as reason:  # a user's formula may fail in any way on other numbers
            raise NoAnswer(f"the formula in many digits: {reason}") from None
        if before is None or slopes is None or not _agree(before, slopes, m):
            confirmed = 0
        else:
            confirmed += 1
            zero = not (slopes.left and slopes.right)
            enough = not zero or m.context.dps >= DIGITS + ZERO_SPAN * decades
            if enough and confirmed >= (ZERO_CONFIRMED if zero else CONFIRMED):
                return _estimate(slopes.left), _estimate(slopes.right)
        before = slopes
        m.context.dps *= 2
    raise NoAnswer("the formula has no slope to many digits here")


def _decades(order: Sequence[Value]) -> int:
    """From the smallest number of the graph to the largest; 0 may be one that underflowed."""
    errors = data_errors(order)
    powers = [
        math.log10(abs(node.data) or TINY)
        for node in order
        if math.isfinite(node.data) and (node.data or errors[node])
    ]
    return math.ceil(max(powers, default=0.0) - min(powers, default=0.0))


def _estimate(slope: Any) -> Estimate:
    value = float(slope)
    return Estimate(value, FLOAT_ERROR * abs(value))


def _agree(a: Slopes, b: Slopes, m: Any) -> bool:
    least = m.mpf(10) ** -AGREEMENT
    return all(
        abs(x - y) <= least * max(abs(x), abs(y)) for x, y in ((a.left, b.left), (a.right, b.right))
    )


def _slopes(f: Callable[[Any], Any], m: Any, x: float) -> Slopes | None:
    """The one-sided slopes over two steps, extrapolated; None where these do not agree."""
    h = (abs(m.mpf(x)) or m.mpf(1)) * m.mpf(10) ** (-m.context.dps // 2)
    small = h / NEARER
    here, found = f(m.mpf(0)), []
    for side in (-1, 1):
        far = (f(side * h) - here) / (side * h)
        near = (f(side * small) - here) / (side * small)
        slope = near + (near - far) / (NEARER - 1)
        if NEARER * abs(near) <= 2 * abs(far):  # it shrinks with the step, to 0
            slope = near = m.mpf(0)
        if abs(slope - near) > m.mpf(10) ** (-AGREEMENT // 2) * (abs(slope) + abs(near)):
            return None
        found.append(slope)
    return Slopes(*found)


def _function(m: Any, order: Sequence[Value], leaf: Value) -> Callable[[Any], Any]:
    """The root as a function of the leaf's change, in m's numbers."""
    moving = dependent(order, [leaf])
    fixed: dict[Value, Any] = {}
    for node in order:
        if node not in moving:
            fixed[node] = _value(m, node, fixed)

    def root(change: Any) -> Any:
        values = {leaf: m.mpf(leaf.data) + change}
        for node in order:
            if node in moving and node is not leaf:
                operands = {x: values[x] if x in moving else fixed[x] for x in node.operands}
                values[node] = _value(m, node, operands)
        return values[order[-1]] if order[-1] in moving else fixed[order[-1]]

    return root


def _value(m: Any, node: Value, operands: dict[Value, Any]) -> Any:
    if node.op is None:
        return m.mpf(node.data)
    if not node.op.builtin:  # a formula with math.sin would lose the digits; it fails for these
        node.op.value(duals, *(Dual(operand.data) for operand in node.operands))
    y = node.op.value(m, *(operands[operand] for operand in node.operands))
    if not isinstance(y, (int, float, m.context.mpf)):
        raise ValueError(f"{node.op.name} is not real here")
    return y
