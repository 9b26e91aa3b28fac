"""Beside a kink there is a derivative: is the backward pass right there?

At a kink an operation takes its documented choice between two slopes, which no difference can
judge. A fault elsewhere in the graph is one beside the kink too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from microbp.checking.error_model import PARTIAL
from microbp.checking.finite_differences import Line
from microbp.checking.oracles import NoAnswer, kinks_between, one_sided
from microbp.checking.samples import backward_pass, below, branch, noise
from microbp.core.engine import Value

DISTANCES = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7)
"""Relative to x, the farthest first: the first one with a smooth graph counts."""
ANOTHER = 0.618
"""Of a distance: a ripple whose period fits into the one does not fit into the other."""
BOOLE = (7.0, 32.0, 12.0, 32.0, 7.0)
SIMPSON = (15.0, 60.0, 30.0, 60.0, 15.0)
"""Weights of five equally spaced slopes, in ninetieths: their integral to order 7, and to 5."""
SMOOTH = 1e-7
"""The two integrals of a smooth slope agree to this part of its size."""
NOTICED = 1e-6
"""Of the size of the slopes: a larger difference is a fault."""


def wrong_beside(line: Line, k: int) -> bool:
    """Whether the derivatives beside x, added up, are not the change of f there."""
    return any(_wrong_to_one_side(line, k, side) for side in (1.0, -1.0))


def _wrong_to_one_side(line: Line, k: int, side: float) -> bool:
    for distance in DISTANCES:
        step = side * distance * (abs(line.x) or 1.0)
        wrong = _wrong_from(line, k, step)
        if wrong is not None:
            return wrong and _wrong_from(line, k, ANOTHER * step) is True
    return False


def _wrong_from(line: Line, k: int, step: float) -> bool | None:
    """The same from one step off x to two; None where f is not smooth there."""
    places = [line.x + step * (1.0 + j / 4.0) for j in range(5)]
    found = [_slope_at(line, k, x) for x in places]
    known = [each for each in found if each is not None]
    if len(known) < len(found) or any(each[3] != known[0][3] for each in known):
        return None
    slopes, width = [each[1] for each in known], places[-1] - places[0]
    change = known[-1][0] - known[0][0]
    off = max(known[0][2] + known[-1][2], 2.0 * line.measured.get(k, 0.0))
    whole = width * sum(w * g for w, g in zip(BOOLE, slopes, strict=True)) / 90.0
    other = width * sum(w * g for w, g in zip(SIMPSON, slopes, strict=True)) / 180.0
    size = max(abs(change), abs(width) * max(map(abs, slopes)))
    if abs(whole - other) > SMOOTH * size or off > SMOOTH * size:
        return None
    return abs(whole - change) > NOTICED * size


def _slope_at(line: Line, k: int, x: float) -> tuple[float, float, float, list[Any]] | None:
    """The value, its derivative by the backward pass, its noise and the branch; None if unknown."""
    point = line.subject.point
    try:
        with line.subject.run([*point[: line.i], x, *point[line.i + 1 :]]) as (leaves, outputs):
            y, leaf = outputs[k], leaves[line.i]
            with backward_pass(y) as nodes:
                slope = leaf.grad if leaf in set(nodes) else 0.0
            found = y.data, slope, noise(y), branch(below(y))
    except (ValueError, ArithmeticError):
        return None
    return found if all(map(math.isfinite, found[:3])) else None


def choices_are_allowed(order: Sequence[Value], leaf: Value) -> bool:
    """Whether each operation at its kink has partials between its slopes on the two sides."""
    return all(
        _between_its_slopes(node, i)
        for node in kinks_between(order, leaf)
        for i in range(len(node.operands))
    )


def _between_its_slopes(node: Value, i: int) -> bool:
    assert node.op is not None
    data = [operand.data for operand in node.operands]
    slopes, exact = [], [0.0] * len(data)
    for side in (1.0, -1.0):
        tangents = [side if j == i else 0.0 for j in range(len(data))]
        try:
            slopes.append(side * one_sided(node.op, data, tangents, exact, node.data)[0])
        except NoAnswer:
            return True  # nothing is known of it
    slack = PARTIAL * max(map(abs, slopes))
    return min(slopes) - slack <= node.partials[i] <= max(slopes) + slack
