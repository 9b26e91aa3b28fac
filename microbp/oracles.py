"""Derivatives of a recorded graph in forward mode, from its operations' values alone.

How fast a node moves follows from how fast its operands do, operation by operation, from the leaf
in question to the root. An oracle finds the rate of one operation's value, from the operands'
data and rates: `dual` by rules of its own, `precise.slope` from nothing but values. Neither
knows the partials under test, nor the reverse sweep.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from microbp import duals, floats, precise
from microbp.duals import EPS, TINY, Dual
from microbp.engine import Value
from microbp.numeric import Estimate
from microbp.ops import Op

Oracle: TypeAlias = Callable[[Op, Sequence[float], Sequence[Any]], tuple[Any, Any]]


class NoAnswer(Exception):
    """An oracle cannot say; the message tells why."""


def dual(op: Op, xs: Sequence[float], rates: Sequence[Any]) -> tuple[float, float]:
    """The rate of op's value by dual numbers, and how far off a float's answer may be.

    The operands, rounded numbers themselves, count as a unit in their last place off.
    """
    operands = [Dual(x, rate, EPS * abs(x)) for x, rate in zip(xs, rates, strict=True)]
    y = op.value(duals, *operands)
    return (y.rate, y.rate_off) if isinstance(y, Dual) else (0.0, 0.0)


ORACLES: dict[str, Oracle] = {"forward": dual, "mpmath": precise.slope}


def asked(oracle: Oracle, op: Op, xs: Sequence[float], rates: Sequence[Any]) -> tuple[Any, Any]:
    """The oracle's answer; NoAnswer for an operation that it can't compute or that is at a kink."""
    if op.kinks is not None and op.kinks(floats, *xs) == 0.0:
        raise NoAnswer(f"{op.name} is at its kink")
    try:
        rate, error = oracle(op, xs, rates)
        known = math.isfinite(error) and abs(rate) < math.inf
    except precise.MpmathMissing:
        raise
    except Exception as reason:  # a formula of the user's may fail in any way on other numbers
        raise NoAnswer(f"{op.name}: {reason}") from None
    if not known:
        raise NoAnswer(f"{op.name} is too steep or too large here")
    return rate, error


def derivative(
    order: Sequence[Value], leaf: Value, oracle: Oracle
) -> Estimate:
    """d root / d leaf, where `order` is the root's graph, operands first.

    The bound is on how far off the reverse sweep in floats may be, where all its partials
    are right; the size of all paths together is the `steepest`. NoAnswer where there is none.
    """
    rates: dict[Value, Any] = {leaf: 1.0}
    errors: dict[Value, Any] = {leaf: 0.0}
    sizes: dict[Value, Any] = {leaf: 1.0}
    vanished: Any = 0.0  # what the sweep's adjoints, each TINY off, may do to the leaf
    for node in order:
        moving = [operand in rates for operand in node.operands]
        if not any(moving):
            continue
        towards = [rates.get(operand, 0.0) for operand in node.operands]
        error: Any = TINY
        size: Any = 0.0
        for operand, partial, moves in zip(node.operands, node.partials, moving, strict=True):
            if moves:
                slope = abs(partial)
                error += slope * errors[operand] + 4.0 * EPS * abs(slope * rates[operand])
                size += slope * sizes[operand]
        rates[node] = 0.0
        if any(towards):
            assert node.op is not None
            data = [operand.data for operand in node.operands]
            rates[node], own = asked(oracle, node.op, data, towards)
            error += 4.0 * own
        errors[node], sizes[node] = error, size
        vanished += abs(rates[node]) * TINY
    root = order[-1]
    if root not in rates:
        return Estimate(0.0, 0.0)
    bound = errors[root] + 4.0 * vanished
    return Estimate(float(rates[root]), float(bound), float(sizes[root]))


@dataclass(frozen=True)
class Suspect:
    """A node with a wrong partial: the first, operands first, on the way from a leaf to the root."""

    node: Value
    operand: int
    partial: float
    expected: float


def first_wrong(order: Sequence[Value], leaf: Value, oracles: Sequence[Oracle]) -> Suspect | None:
    """The first node between the leaf and the root of which a partial is wrong, if any is."""
    moving = {leaf}
    for node in order:
        for i, operand in enumerate(node.operands):
            if operand in moving:
                moving.add(node)
                expected = _contradicted(node, i, oracles)
                if expected is not None:
                    return Suspect(node, i, node.partials[i], expected)
    return None


def _contradicted(node: Value, i: int, oracles: Sequence[Oracle]) -> float | None:
    """What the partial by operand i should be, where it is not what an oracle says."""
    assert node.op is not None
    rates = [1.0 if j == i else 0.0 for j in range(len(node.operands))]
    data = [operand.data for operand in node.operands]
    for oracle in oracles:
        try:
            expected, error = asked(oracle, node.op, data, rates)
        except NoAnswer:
            continue
        partial = node.partials[i]
        off = abs(expected - partial)
        return None if off <= 4.0 * (error + EPS * abs(partial)) + TINY else float(expected)
    return None
