"""Derivatives of one operation, from its value alone.

An oracle finds the tangent of an operation's value from its operands' data and tangents: `dual`
by rules of its own, `mpmath_oracle.slope` from nothing but values. Both are independent of the
partials under test. `chain_rule` makes a graph's derivatives of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from microbp.checking import duals, mpmath_oracle
from microbp.checking.duals import Dual
from microbp.checking.error_model import EPS, MARGIN, PARTIAL, TINY
from microbp.checking.finite_differences import Line
from microbp.checking.samples import of_arguments, sample
from microbp.core import floats
from microbp.core.engine import Value, apply
from microbp.core.ops import Op

Oracle: TypeAlias = Callable[[Op, Sequence[float], Sequence[Any], float], tuple[Any, Any]]


STEPS = (1e-2, 1e-3, 1e-4)
"""Of plain differences, relative to the operand: larger than the stairs of a bisection."""
NOISE = 8.0
"""Noise measured at a few places may be so many times larger at others."""
CLEAR = 100.0
"""A slope is clear if it is this many times larger than the spread of differences."""
JUMP = 16.0 * EPS
"""A value that is off by more than this part is another."""


class NoAnswer(Exception):
    """An oracle has no answer; the message says why."""


class BeyondRounding(NoAnswer):
    """Rounded operands may be on the other side of a kink, or outside of the domain."""


class AtKink(NoAnswer):
    """An operation is at its kink, where it has no derivative."""


def dual(op: Op, xs: Sequence[float], tangents: Sequence[Any], slack: float) -> tuple[float, float]:
    """The tangent of op's value by dual numbers, with a bound on its error.

    `slack` is a relative error of the operands, which the bound is to cover.
    """
    return dual_of_inexact(op, xs, tangents, [slack * abs(x) for x in xs])


def dual_of_inexact(
    op: Op, xs: Sequence[float], tangents: Sequence[Any], errors: Sequence[float]
) -> tuple[float, float]:
    """The same, for operands that may each be off by an error of their own."""
    y = op.value(duals, *map(_operand, xs, tangents, errors))
    if not isinstance(y, Dual):
        return 0.0, 0.0
    return (y.tangent, y.tangent_error) if math.isfinite(y.data) else (math.nan, math.inf)


def _operand(x: float, tangent: Any, error: float) -> Dual | float:
    return Dual(x, tangent, error) if tangent or error else x  # constants are quicker as floats


def one_sided(
    op: Op, xs: Sequence[float], tangents: Sequence[Any], errors: Sequence[float], y: float
) -> tuple[float, float]:
    """The slope of op's value on the side that the tangents point to, also at a kink.

    AtKink where the value there is not y, which it is at the kink.
    """

    def oracle(
        op: Op, xs: Sequence[float], tangents: Sequence[Any], slack: float
    ) -> tuple[float, float]:
        beside = op.value(duals, *map(_operand, xs, tangents, errors))
        data = beside.data if isinstance(beside, Dual) else beside
        if abs(data - y) > JUMP * abs(y):
            raise AtKink(f"{op.name} jumps here")
        return (beside.tangent, beside.tangent_error) if isinstance(beside, Dual) else (0.0, 0.0)

    return _known(oracle, op, xs, tangents, 0.0)


def value_error(op: Op, xs: Sequence[float], errors: Sequence[float]) -> float:
    """How far op's value may be off where its operands are, by dual numbers; NaN if unknown."""
    try:
        y = op.value(duals, *(Dual(x, 0.0, error) for x, error in zip(xs, errors, strict=True)))
    except Exception:  # a user's formula may fail in any way on other numbers
        return math.nan
    return y.error if isinstance(y, Dual) else math.nan


def may_be_beyond(op: Op, xs: Sequence[float], errors: Sequence[float]) -> bool:
    """Whether its operands may be off by as much as op is away from its kink, or domain's edge."""
    if not any(errors):
        return False
    if op.domain is not None and not all(
        op.domain.holds(*(x + side * error for x, error in zip(xs, errors, strict=True)))
        for side in (-1.0, 1.0)
    ):
        return True
    if op.kinks is None:
        return False
    away = op.kinks(duals, *(Dual(x, 0.0, error) for x, error in zip(xs, errors, strict=True)))
    return isinstance(away, Dual) and not abs(away.data) > away.error


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
    if here is None:
        return math.nan, math.inf
    line = Line(subject, 0, here)
    line.measure_noise(0, NOISE, lasting=False)
    both = line.thorough(0).both
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
    tangent, error = _known(oracle, op, xs, tangents, slack)
    if not op.builtin and oracle is dual:  # its formula may have kinks that it does not state
        opposite, _ = _known(oracle, op, xs, [-tangent for tangent in tangents], slack)
        if abs(tangent + opposite) > MARGIN * error + MARGIN * EPS * abs(tangent):
            raise AtKink(f"{op.name} is at a kink")
    if not op.builtin and _has_stairs(op, xs, tangents, float(tangent)):
        raise NoAnswer(f"{op.name}: its values have stairs")
    return tangent, error


def _has_stairs(op: Op, xs: Sequence[float], tangents: Sequence[Any], tangent: float) -> bool:
    """Whether a custom operation is flat only for an oracle, which takes no step.

    The value of a bisection, say, has stairs, and a slope of 0 on each of them.
    """
    moving = [(abs(x) or 1.0) / abs(t) for x, t in zip(xs, tangents, strict=True) if t]
    slopes = []
    for step in STEPS:
        h = step * min(moving, default=1.0)
        try:
            up, down = (
                op.value(floats, *(x + side * t for x, t in zip(xs, tangents, strict=True)))
                for side in (h, -h)
            )
            slopes.append(float((up - down) / (2.0 * h)))
        except Exception:  # a user's formula may fail in any way beside this point
            return False
    spread, least = max(slopes) - min(slopes), min(map(abs, slopes))
    return least > CLEAR * max(spread, abs(tangent))


def _known(
    oracle: Oracle, op: Op, xs: Sequence[float], tangents: Sequence[Any], slack: float
) -> tuple[Any, Any]:
    try:
        tangent, error = oracle(op, xs, tangents, slack)
        known = math.isfinite(error) and abs(tangent) < math.inf
    except (mpmath_oracle.MpmathMissing, AtKink):
        raise
    except Exception as reason:  # a user's formula may fail in any way on other numbers
        raise NoAnswer(f"{op.name}: {reason}") from None
    if not known:
        raise NoAnswer(f"{op.name} is too steep or too large here")
    return tangent, error


def partial_rounding(node: Value) -> float:
    """The relative rounding error of a right partial: large if the result nearly underflows."""
    return PARTIAL + (MARGIN * TINY / abs(node.data) if node.data else 0.0)
