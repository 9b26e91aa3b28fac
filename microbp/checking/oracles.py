"""Derivatives of a graph in forward mode, from its operations' values alone.

A node's tangent follows from those of its operands, operation by operation, from a leaf to the
root. An oracle finds the tangent of one operation's value from the operands' data and tangents:
`dual` by rules of its own, `mpmath_oracle.slope` from nothing but values. Both are independent
of the partials under test, and of the backward pass.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from microbp.checking import duals, mpmath_oracle
from microbp.checking.duals import Dual
from microbp.checking.error_model import MARGIN, PARTIAL, TINY
from microbp.checking.extrapolation import Estimate
from microbp.checking.finite_differences import Line
from microbp.checking.samples import of_arguments, sample
from microbp.core import floats
from microbp.core.engine import Value, apply
from microbp.core.ops import Op

Oracle: TypeAlias = Callable[[Op, Sequence[float], Sequence[Any], float], tuple[Any, Any]]


class NoAnswer(Exception):
    """An oracle has no answer; the message says why."""


class AtKink(NoAnswer):
    """An operation is at its kink, where it has no derivative."""


def dual(op: Op, xs: Sequence[float], tangents: Sequence[Any], slack: float) -> tuple[float, float]:
    """The tangent of op's value by dual numbers, with a bound on its error.

    `slack` is a relative error of the operands, which the bound is to cover.
    """
    operands = [Dual(x, tangent, slack * abs(x)) for x, tangent in zip(xs, tangents, strict=True)]
    y = op.value(duals, *operands)
    if not isinstance(y, Dual):
        return 0.0, 0.0
    return (y.tangent, y.tangent_error) if math.isfinite(y.data) else (math.nan, math.inf)


def many_digits(
    op: Op, xs: Sequence[float], tangents: Sequence[Any], slack: float
) -> tuple[Any, Any]:
    """The tangent of op's value to many digits, where its formula keeps them.

    A formula with math.sin takes mpmath's numbers too, and loses their digits. It fails for dual
    numbers, and so here.
    """
    op.value(duals, *(Dual(x) for x in xs))
    return mpmath_oracle.slope(op, xs, tangents, slack)


def differences(
    op: Op, xs: Sequence[float], tangents: Sequence[Any], slack: float
) -> tuple[float, float]:
    """The tangent of op's value by differences, for a formula that only takes floats."""

    def along(s: Value) -> Value:
        moved = (
            x + s * tangent if tangent else Value(x)
            for x, tangent in zip(xs, tangents, strict=True)
        )
        return apply(op, *moved)

    subject = of_arguments(along, [0.0], order=1)
    here = sample(subject, [0.0])
    both = Line(subject, 0, here).thorough(0).both if here else None
    return (math.nan, math.inf) if both is None else (both.value, both.bound)


ORACLES: dict[str, Oracle] = {"forward": dual, "mpmath": many_digits}


def kinks_between(order: Sequence[Value], leaf: Value) -> list[Value]:
    """The nodes that depend on the leaf and whose operation is at its kink."""
    active, found = {leaf}, []
    for node in order:
        if any(operand in active for operand in node.operands):
            active.add(node)
            assert node.op is not None
            if at_kink(node.op, [operand.data for operand in node.operands]):
                found.append(node)
    return found


def at_kink(op: Op, xs: Sequence[float]) -> bool:
    """Whether an operation is where its value or derivative is discontinuous."""
    return op.kinks is not None and op.kinks(floats, *xs) == 0.0


def answer(
    oracle: Oracle, op: Op, xs: Sequence[float], tangents: Sequence[Any], slack: float
) -> tuple[Any, Any]:
    """The oracle's answer; NoAnswer for an operation it can't compute, or that is at a kink."""
    if at_kink(op, xs):
        raise AtKink(f"{op.name} is at its kink")
    try:
        tangent, error = oracle(op, xs, tangents, slack)
        known = math.isfinite(error) and abs(tangent) < math.inf
    except mpmath_oracle.MpmathMissing:
        raise
    except Exception as reason:  # a user's formula may fail in any way on other numbers
        raise NoAnswer(f"{op.name}: {reason}") from None
    if not known:
        raise NoAnswer(f"{op.name} is too steep or too large here")
    return tangent, error


def partial_rounding(node: Value) -> float:
    """The relative rounding error of a right partial: large if the result nearly underflows."""
    return PARTIAL + (MARGIN * TINY / abs(node.data) if node.data else 0.0)


def derivative(
    order: Sequence[Value], leaf: Value, oracle: Oracle | None, slack: float = 0.0
) -> Estimate:
    """d root / d leaf, where `order` is the root's graph, operands first; NoAnswer where unknown.

    The bound is on the error of a backward pass in floats whose partials are right to within
    rounding, for operands with a relative error of `slack`. `steepest` is the sum of all paths'
    sizes. Without an oracle, the partials are assumed to be right.
    """
    tangents: dict[Value, Any] = {leaf: 1.0}
    errors: dict[Value, Any] = {leaf: 0.0}
    sizes: dict[Value, Any] = {leaf: 1.0}
    vanished: Any = 0.0  # the leaf's error from the underflow of every adjoint
    for node in order:
        depends = [operand in tangents for operand in node.operands]
        if not any(depends):
            continue
        operand_tangents = [tangents.get(operand, 0.0) for operand in node.operands]
        error: Any = TINY
        size: Any = 0.0
        rounding = partial_rounding(node)
        for operand, partial, active in zip(node.operands, node.partials, depends, strict=True):
            if active and math.isfinite(partial):
                slope = abs(partial)
                error += slope * errors[operand]
                error += (rounding * slope + TINY) * abs(tangents[operand])
                size += slope * sizes[operand]
        tangents[node] = 0.0
        if oracle is None:
            pairs = zip(node.partials, operand_tangents, strict=True)
            tangents[node] = sum(partial * tangent for partial, tangent in pairs if tangent)
        elif any(operand_tangents):
            assert node.op is not None
            data = [operand.data for operand in node.operands]
            tangents[node], own = answer(oracle, node.op, data, operand_tangents, slack)
            error += MARGIN * own
        errors[node], sizes[node] = error, size
        vanished += abs(tangents[node]) * TINY
    root = order[-1]
    if root not in tangents:
        return Estimate(0.0, 0.0)
    bound = errors[root] + MARGIN * vanished
    return Estimate(float(tangents[root]), float(bound), float(sizes[root]))
