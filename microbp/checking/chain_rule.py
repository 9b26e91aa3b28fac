"""A graph's derivatives by the chain rule, from partials that an oracle finds.

`ChainRule` goes from the root back, once for all leaves, with a bound on the error of any right
backward pass in floats. `along` goes forward from one leaf, to one side: at a kink, the slopes of
both sides are known too.

Two questions need two bounds. Is the backward pass right for the numbers in the graph? These are
rounded, so: is it right for the formula, too? `exact=False` adds what the rounding of every
node's data does to the partials (a running error analysis: Higham, Accuracy and Stability of
Numerical Algorithms, 3.3). Where digits cancel, as in (1 - cos(x)) / x**2 near 0, that is all.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from microbp.checking.error_model import EPS, MARGIN, TINY
from microbp.checking.extrapolation import Estimate
from microbp.checking.oracles import (
    BeyondRounding,
    NoAnswer,
    Oracle,
    answer,
    dual_of_inexact,
    kinks_between,
    may_be_beyond,
    one_sided,
    partial_rounding,
    value_error,
)
from microbp.checking.samples import rounding
from microbp.core import ops
from microbp.core.engine import Value

EXACTLY_KNOWN = {
    ops.ADD: operator.add, ops.SUB: operator.sub, ops.MUL: operator.mul, ops.DIV: operator.truediv
}  # fmt: skip
"""Operations whose value for floats is a fraction."""
EXACT = {
    ops.NEG, ops.ABS, ops.RELU, ops.MAXIMUM, ops.MINIMUM, ops.LARGEST, ops.SMALLEST,
    ops.WHERE_POSITIVE,
}  # fmt: skip
"""Operations that choose a number, and round none."""


@dataclass(slots=True)
class Adjoint:
    """d root / d node, a bound on its error, and the sum of all paths' sizes."""

    value: Any = 0.0
    error: Any = 0.0
    size: Any = 0.0


class ChainRule:
    """The derivatives of a root with respect to the leaves that are inputs.

    `order` is its graph, operands first.
    """

    def __init__(
        self,
        order: Sequence[Value],
        inputs: Iterable[Value],
        oracle: Oracle,
        slack: float = 0.0,
        exact: bool = True,
    ) -> None:
        self._oracle, self._slack = oracle, slack
        self._errors = {} if exact else data_errors(order)
        self._found = self._backward(order, dependent(order, inputs))

    def derivative(self, leaf: Value) -> Estimate:
        """With respect to one leaf; NoAnswer where it is unknown. `steepest` is the paths' size."""
        adjoint = self._found.get(leaf, Adjoint())
        if isinstance(adjoint, NoAnswer):
            raise adjoint
        return Estimate(float(adjoint.value), float(adjoint.error), float(adjoint.size))

    def _partial(self, node: Value, data: list[float], i: int) -> tuple[Any, Any]:
        """The oracle's partial for operand i, and a bound on its error."""
        assert node.op is not None
        xs, place = alone(node.op, data, i)
        tangents = [0.0] * len(xs)
        tangents[place] = 1.0
        if not self._errors:
            return answer(self._oracle, node.op, xs, tangents, self._slack)
        errors = [self._errors[operand] for operand in node.operands]
        if may_be_beyond(node.op, data, errors):
            raise BeyondRounding(f"rounding may move {node.op.name} beyond its kink or domain")
        errors, _ = alone(node.op, errors, i)

        def inexact(op: ops.Op, xs: Sequence[float], tangents: Sequence[Any], slack: float) -> Any:
            return dual_of_inexact(op, xs, tangents, errors)

        return answer(inexact, node.op, xs, tangents, 0.0)

    def _backward(
        self, order: Sequence[Value], active: Set[Value]
    ) -> dict[Value, Adjoint | NoAnswer]:
        found: dict[Value, Adjoint | NoAnswer] = {order[-1]: Adjoint(1.0, 0.0, 1.0)}
        for node in reversed(order):
            adjoint = found.get(node)
            if node.op is None or adjoint is None or node not in active:
                continue
            operands = node.operands
            data = [operand.data for operand in operands]
            for i, operand in enumerate(operands):
                if operand in active:
                    found[operand] = self._sum(found.get(operand), adjoint, node, data, i)
        return found

    def _sum(
        self,
        so_far: Adjoint | NoAnswer | None,
        adjoint: Adjoint | NoAnswer,
        node: Value,
        data: list[float],
        i: int,
    ) -> Adjoint | NoAnswer:
        """The adjoint of operand i with the path through this node added."""
        if isinstance(so_far, NoAnswer):
            return so_far
        if isinstance(adjoint, NoAnswer):
            return adjoint
        total = so_far or Adjoint()
        if adjoint.error == 0.0 and adjoint.value == 0.0:
            return total
        try:
            partial, error = self._partial(node, data, i)
        except NoAnswer as reason:
            return reason
        slope, size = abs(partial), abs(adjoint.value)
        total.value += partial * adjoint.value
        total.size += slope * adjoint.size
        total.error += slope * adjoint.error + MARGIN * error * size
        if slope or error:
            total.error += (partial_rounding(node) * slope + TINY) * size + TINY
            total.error += EPS * abs(total.value)
        if not (abs(total.value) < math.inf and total.error < math.inf):
            return NoAnswer("the backward pass may overflow")
        return total


def alone(op: ops.Op, xs: list[float], i: int) -> tuple[list[float], int]:
    """Operands, and the place of operand i among them, for which it has the same partial.

    In a sum it has the same whatever the other terms are, of which there may be thousands.
    """
    if op is ops.TOTAL:
        return [xs[i]], 0
    if op is ops.DOT:
        terms = len(xs) // 2
        if i == 2 * terms:
            return [xs[i]], 0
        first = i % terms
        return [xs[first], xs[first + terms], 0.0], i // terms
    return xs, i


def dependent(order: Iterable[Value], inputs: Iterable[Value]) -> set[Value]:
    """These inputs, and the nodes of a graph that depend on one."""
    active = set(inputs)
    for node in order:
        if any(operand in active for operand in node.operands):
            active.add(node)
    return active


def data_errors(order: Sequence[Value]) -> dict[Value, float]:
    """How far each node's data may be from the formula's value, for leaves that are exact."""
    errors: dict[Value, float] = {}
    for node in order:
        error = own_rounding(node)
        if node.op is not None and not node.op.builtin:  # its partials may be wrong
            operands = [operand.data for operand in node.operands]
            off = value_error(node.op, operands, [errors[operand] for operand in node.operands])
            if not math.isnan(off):
                errors[node] = off
                continue
        for operand, partial in zip(node.operands, node.partials, strict=True):
            if errors[operand] and partial:
                error += abs(partial) * errors[operand] if math.isfinite(partial) else math.inf
        errors[node] = error
    return errors


def kinks_are_inexact(
    order: Sequence[Value], leaf: Value, errors: Mapping[Value, float] | None = None
) -> bool:
    """Whether an operation is at its kink only by rounding: the formula may be beside it."""
    errors = data_errors(order) if errors is None else errors
    return any(errors[x] for node in kinks_between(order, leaf) for x in node.operands)


def own_rounding(node: Value) -> float:
    """How far a node's data may be off the value for its operands' data; 0 where it is exact."""
    if node.op is None or node.op in EXACT:
        return 0.0
    if node.op in EXACTLY_KNOWN and math.isfinite(node.data):
        a, b = (Fraction(operand.data) for operand in node.operands)
        return abs(float(EXACTLY_KNOWN[node.op](a, b) - Fraction(node.data)))
    return rounding(node)


def along(
    order: Sequence[Value], leaf: Value, side: float, errors: Mapping[Value, float] | None = None
) -> Estimate:
    """The slope of the root from the leaf to one side, 1 or -1, by dual numbers.

    At a kink too, as long as no operation jumps. NoAnswer where it is unknown. The bound is for
    data that may be off by these errors.
    """

    def tangent(node: Value, data: list[float], tangents: list[Any]) -> tuple[Any, Any]:
        off = [errors[operand] for operand in node.operands] if errors else [0.0] * len(data)
        assert node.op is not None
        return one_sided(node.op, data, tangents, off, node.data)

    return _forward(order, leaf, tangent, side)


def derivative(order: Sequence[Value], leaf: Value, oracle: Oracle, slack: float = 0.0) -> Estimate:
    """d root / d leaf in forward mode, which overflows elsewhere; NoAnswer where it is unknown.

    The bound is on the error of a backward pass in floats whose partials are right to within
    rounding, for operands with a relative error of `slack`.
    """

    def tangent(node: Value, data: list[float], tangents: list[Any]) -> tuple[Any, Any]:
        assert node.op is not None
        return answer(oracle, node.op, data, tangents, slack)

    return _forward(order, leaf, tangent, 1.0)


def _forward(
    order: Sequence[Value],
    leaf: Value,
    tangent: Callable[[Value, list[float], list[Any]], tuple[Any, Any]],
    side: float,
) -> Estimate:
    tangents: dict[Value, Any] = {leaf: side}
    errors: dict[Value, Any] = {leaf: 0.0}
    sizes: dict[Value, Any] = {leaf: 1.0}
    vanished: Any = 0.0  # the leaf's error from the underflow of every adjoint
    for node in order:
        depends = [operand in tangents for operand in node.operands]
        if not any(depends):
            continue
        assert node.op is not None
        moved = [tangents.get(operand, 0.0) for operand in node.operands]
        if not any(moved) and not all(map(math.isfinite, node.partials)):
            raise NoAnswer(f"{node.op.name} is too steep here")
        error: Any = TINY
        size: Any = 0.0
        relative = partial_rounding(node)
        for operand, partial, active in zip(node.operands, node.partials, depends, strict=True):
            if active and math.isfinite(partial):
                slope = abs(partial)
                error += slope * errors[operand]
                error += (relative * slope + TINY) * abs(tangents[operand])
                size += slope * sizes[operand]
        tangents[node] = 0.0
        if any(moved):
            data = [operand.data for operand in node.operands]
            tangents[node], own = tangent(node, data, moved)
            error += MARGIN * own
        errors[node], sizes[node] = error, size
        vanished += abs(tangents[node]) * TINY
    root = order[-1]
    if root not in tangents:
        return Estimate(0.0, 0.0)
    bound = errors[root] + MARGIN * vanished
    slope = side * float(tangents[root]) + 0.0  # never -0
    return Estimate(slope, float(bound), float(sizes[root]))
