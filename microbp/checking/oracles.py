"""Derivatives of a recorded graph in forward mode, from its operations' values alone.

How fast a node moves follows from how fast its operands do, operation by operation, from the leaf
in question to the root. An oracle finds the rate of one operation's value, from the operands'
data and rates: `dual` by rules of its own, `precise.slope` from nothing but values. Neither
knows the partials under test, nor the reverse sweep.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from microbp.checking import duals, mpmath_oracle
from microbp.checking.duals import LOST, TINY, Dual
from microbp.checking.finite_differences import Estimate, Line
from microbp.checking.samples import of_arguments, sample
from microbp.core import floats
from microbp.core.engine import Value, apply
from microbp.core.ops import Op

Oracle: TypeAlias = Callable[[Op, Sequence[float], Sequence[Any], float], tuple[Any, Any]]


class NoAnswer(Exception):
    """An oracle cannot say; the message tells why."""


class AtKink(NoAnswer):
    """An operation is at its kink, where there is no one derivative."""


def dual(op: Op, xs: Sequence[float], rates: Sequence[Any], slack: float) -> tuple[float, float]:
    """The rate of op's value by dual numbers, with a bound on its error.

    With some slack, the operands count as that part of them off.
    """
    operands = [Dual(x, rate, slack * abs(x)) for x, rate in zip(xs, rates, strict=True)]
    y = op.value(duals, *operands)
    if not isinstance(y, Dual):
        return 0.0, 0.0
    return (y.rate, y.rate_off) if math.isfinite(y.data) else (math.nan, math.inf)


def many_digits(op: Op, xs: Sequence[float], rates: Sequence[Any], slack: float) -> tuple[Any, Any]:
    """The rate of op's value to many digits, where its formula keeps them.

    mpmath's numbers go through math.sin as well, and leave their digits there. Dual ones don't.
    """
    op.value(duals, *(Dual(x) for x in xs))
    return mpmath_oracle.slope(op, xs, rates, slack)


def differences(
    op: Op, xs: Sequence[float], rates: Sequence[Any], slack: float
) -> tuple[float, float]:
    """The rate of op's value by differences, for a formula that only floats can go through."""

    def along(s: Value) -> Value:
        moved = (x + s * rate if rate else Value(x) for x, rate in zip(xs, rates, strict=True))
        return apply(op, *moved)

    subject = of_arguments(along, [0.0], order=1)
    here = sample(subject, [0.0])
    both = Line(subject, 0, here).thorough(0).both if here else None
    return (math.nan, math.inf) if both is None else (both.value, both.bound)


ORACLES: dict[str, Oracle] = {"forward": dual, "mpmath": many_digits}


def kinks_between(order: Sequence[Value], leaf: Value) -> list[Value]:
    """The nodes that the leaf moves and whose operation is at its kink."""
    moving, found = {leaf}, []
    for node in order:
        if any(operand in moving for operand in node.operands):
            moving.add(node)
            assert node.op is not None
            if at_kink(node.op, [operand.data for operand in node.operands]):
                found.append(node)
    return found


def at_kink(op: Op, xs: Sequence[float]) -> bool:
    """Whether an operation is where its value or a derivative jumps."""
    return op.kinks is not None and op.kinks(floats, *xs) == 0.0


def asked(
    oracle: Oracle, op: Op, xs: Sequence[float], rates: Sequence[Any], slack: float
) -> tuple[Any, Any]:
    """The oracle's answer; NoAnswer for an operation that it can't compute or that is at a kink."""
    if at_kink(op, xs):
        raise AtKink(f"{op.name} is at its kink")
    try:
        rate, error = oracle(op, xs, rates, slack)
        known = math.isfinite(error) and abs(rate) < math.inf
    except mpmath_oracle.MpmathMissing:
        raise
    except Exception as reason:  # a formula of the user's may fail in any way on other numbers
        raise NoAnswer(f"{op.name}: {reason}") from None
    if not known:
        raise NoAnswer(f"{op.name} is too steep or too large here")
    return rate, error


def lost(node: Value) -> float:
    """What part of a right partial rounding may take: much, if the result is hardly above 0."""
    return LOST + (4.0 * TINY / abs(node.data) if node.data else 0.0)


def derivative(
    order: Sequence[Value], leaf: Value, oracle: Oracle | None, slack: float = 0.0
) -> Estimate:
    """d root / d leaf, where `order` is the root's graph, operands first; NoAnswer where unknown.

    The bound is on how far off the reverse sweep in floats may be, where each of its partials
    is right to within rounding, for operands up to that part `slack` of them off. `steepest` is
    the size of all paths together. Without an oracle, the partials are taken for right.
    """
    rates: dict[Value, Any] = {leaf: 1.0}
    errors: dict[Value, Any] = {leaf: 0.0}
    sizes: dict[Value, Any] = {leaf: 1.0}
    vanished: Any = 0.0  # what the sweep's adjoints, each TINY off, may do to the leaf
    for node in order:
        moving = [operand in rates for operand in node.operands]
        if not any(moving):
            continue
        toward = [rates.get(operand, 0.0) for operand in node.operands]
        error: Any = TINY
        size: Any = 0.0
        rounding = lost(node)
        for operand, partial, moves in zip(node.operands, node.partials, moving, strict=True):
            if moves and math.isfinite(partial):
                slope = abs(partial)
                error += slope * errors[operand]
                error += (rounding * slope + TINY) * abs(rates[operand])
                size += slope * sizes[operand]
        rates[node] = 0.0
        if oracle is None:
            pairs = zip(node.partials, toward, strict=True)
            rates[node] = sum(partial * rate for partial, rate in pairs if rate)
        elif any(toward):
            assert node.op is not None
            data = [operand.data for operand in node.operands]
            rates[node], own = asked(oracle, node.op, data, toward, slack)
            error += 4.0 * own
        errors[node], sizes[node] = error, size
        vanished += abs(rates[node]) * TINY
    root = order[-1]
    if root not in rates:
        return Estimate(0.0, 0.0)
    bound = errors[root] + 4.0 * vanished
    return Estimate(float(rates[root]), float(bound), float(sizes[root]))
