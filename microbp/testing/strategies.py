"""The strategy `expressions`, of random graphs, and the numbers for their leaves."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from microbp._support.arguments import flag
from microbp._support.coerce import shown, whole_number
from microbp.core import floats
from microbp.core.ops import Op, table
from microbp.testing.expression import Expression, Step

# Numbers at which formulas fail: the ends of the floats and of their square roots, where sigmoid
# and tanh saturate (20, 37, 40), where exp overflows (709.8) and underflows (-745.2), the last
# number before 1, and where x + 1 is x.
FAR_ENDS = [
    0.0, 5e-324, 1e-310, 2.2250738585072014e-308, 1e-300, 1e-160, 1.5e-154, 1e-16, 1e-8, 0.5,
    1.0 - 2**-53, 1.0, 1.0 + 2**-52, 2.0, 20.0, 37.0, 40.0, 709.7, 709.8, 745.1, 745.2, 1e8, 1e16,
    1e154, 1.5e154, 1e160, 1e300, 1e308, 1.7976931348623157e308,
]  # fmt: skip
COUNTS = {
    "dot": (1, 3, 5),  # weights, as many activities, and the bias
    "largest": (3, 4, 5),  # of two there are maximum and minimum
    "smallest": (3, 4, 5),
}
MOST_NODES = 100_000
ANY_COUNT = (1, 2, 3, 4, 5, 6)


def moderate() -> st.SearchStrategy[float]:
    """Floats of everyday size, or 0; often in the domain of every operation."""
    ranges = st.floats(0.1, 3.0), st.floats(-0.9, 0.9), st.floats(-4.0, 4.0)
    return st.one_of(*ranges).map(lambda x: x if abs(x) > 1e-3 else 0.0)


def _any_number(of_use: Callable[[float], bool]) -> st.SearchStrategy[float]:
    """Moderate floats, small whole numbers for ties, and numbers at which formulas fail.

    Where no small whole number is of use, floats of every size take their place.
    """
    ends = [x for end in FAR_ENDS for x in (end, -end) if of_use(x)]
    small = [x for x in map(float, range(-3, 4)) if of_use(x)]
    usual = [moderate(), st.sampled_from(sorted(small, key=abs))] if small else []
    every_size = st.floats(allow_nan=False, allow_infinity=False)
    return st.one_of(*(usual or [every_size]), *([st.sampled_from(ends)] if ends else []))


@st.composite
def expressions(
    draw: st.DrawFn,
    *,
    ops: Collection[Op | str | Callable[..., Any]] | None = None,
    inputs: int | None = None,
    max_nodes: int = 12,
    numbers: st.SearchStrategy[float] | None = None,
    smooth: bool = False,
) -> Expression:
    """Graphs with shared nodes, as an `Expression`; every node is finite.

    ops: the operations, as names, as functions such as `microbp.tanh` or a custom operation, or
    as Ops; by default all that there are when an example is drawn.
    inputs: how many leaves; by default one to three.
    max_nodes: the most nodes, leaves included.
    numbers: what the leaves are drawn from; by default floats of everyday size, small whole
    numbers, and those at which formulas fail: edges of domains, kinks and ties, saturation, the
    ends of the floats. Numbers at which none of the operations has a value are left out.
    smooth: only moderate numbers, so far from edges, kinks and poles that a finite difference
    of any reasonable step can judge the derivatives.

    Every step uses the latest node, so that the root depends on every step; its other operands
    are drawn as how far back they are. A step that has no value, or is not smooth as asked, is
    left out. Raises ValueError for an unknown operation, or where there is no room for one.
    """
    if inputs is not None:
        inputs = whole_number(inputs, "expressions: inputs", 1)
    max_nodes = whole_number(max_nodes, "expressions: max_nodes", 2, MOST_NODES)
    if numbers is not None and not isinstance(numbers, st.SearchStrategy):
        raise TypeError(
            f"expressions: numbers: expected a strategy, such as st.floats(0, 1), got "
            f"{shown(numbers)}"
        )
    smooth = flag(smooth, "expressions: smooth")
    fewest, most = (1, 3) if inputs is None else (inputs, inputs)
    if not 1 <= fewest < max_nodes:
        raise ValueError(
            f"expressions: expected an input or more and room for an operation, got "
            f"inputs={inputs} and max_nodes={max_nodes}"
        )
    chosen = _chosen(ops)
    leaves = draw(_leaves(chosen, numbers, fewest, min(most, max_nodes - 1), smooth))
    nodes, steps = list(leaves), []
    for op, places in draw(_steps(chosen, max_nodes)):
        if len(nodes) == max_nodes:
            break
        backs = tuple((place - 1) % len(nodes) + 1 for place in places)
        operands = [nodes[-back] for back in backs]
        y = _result(op, operands)
        if y is None or (smooth and not (abs(y) < 20.0 and steady(op, operands, steepest=8.0))):
            continue
        nodes.append(y)
        steps.append((op, backs))
    assume(steps)
    return Expression(tuple(leaves), tuple(steps))


def _chosen(ops: Collection[Op | str | Callable[..., Any]] | None) -> tuple[Op, ...]:
    if ops is None:
        return tuple(table.values())
    if isinstance(ops, (str, Op)) or not isinstance(ops, Iterable):
        raise TypeError(f"expressions: ops: expected a list of operations, got {shown(ops)}")
    ops = list(ops)
    if not ops:
        raise ValueError("expressions: expected at least one operation, got none")
    chosen = []
    for op in ops:
        name = getattr(op, "__name__", op)
        found = op if isinstance(op, Op) else table.get(str(name))
        if found is None:
            raise ValueError(
                f"expressions: no operation {shown(name)}; there are {', '.join(table)}"
            )
        chosen.append(found)
    return tuple(chosen)


@lru_cache(maxsize=64)  # a new strategy is slow: Hypothesis validates it
def _leaves(
    chosen: tuple[Op, ...],
    numbers: st.SearchStrategy[float] | None,
    fewest: int,
    most: int,
    smooth: bool,
) -> st.SearchStrategy[list[float]]:
    """Numbers at which some operation has a value, where all its operands are that number."""

    def of_use(x: float) -> bool:
        return any(_result(op, [x] * counts(op)[0]) is not None for op in chosen)

    if numbers is None:
        numbers = moderate() if smooth else _any_number(of_use)
    return st.lists(numbers.filter(of_use), min_size=fewest, max_size=most)


@lru_cache(maxsize=64)
def _steps(chosen: tuple[Op, ...], most: int) -> st.SearchStrategy[list[Step]]:
    """Operations, and how many nodes back their operands are; one of them is the latest node."""

    @st.composite
    def step(draw: st.DrawFn) -> Step:
        op = draw(st.sampled_from(chosen))
        count = draw(st.sampled_from(counts(op)))
        backs = draw(st.lists(st.integers(1, most), min_size=count, max_size=count))
        backs[draw(st.integers(0, count - 1))] = 1
        return op, tuple(backs)

    return st.lists(step(), min_size=1, max_size=most)


def counts(op: Op) -> tuple[int, ...]:
    """How many operands it may have."""
    return COUNTS.get(op.name, ANY_COUNT) if op.arity is None else (op.arity,)


def _result(op: Op, xs: Sequence[float]) -> float | None:
    """The operation's value at these floats; None where it has none, or not a finite one."""
    try:
        if op.domain is not None and not op.domain.holds(*xs):
            return None
        y = float(op.value(floats, *xs))
    except (ValueError, ArithmeticError):  # a custom operation may raise others than DomainError
        return None
    return y if math.isfinite(y) else None


def steady(op: Op, xs: Sequence[float], reach: float = 0.05, steepest: float = math.inf) -> bool:
    """Whether there is no edge, kink or pole within about `reach` of each operand.

    Judged by values alone, not by the partials under test: the slopes on both sides are alike,
    and at most `steepest`.
    """
    if op.kinks is not None and not abs(op.kinks(floats, *xs)) > 2 * reach:
        return False
    for i, x in enumerate(xs):
        moved = [(*xs[:i], x + way, *xs[i + 1 :]) for way in (-reach, 0.0, reach)]
        diagonal = [tuple(x + way for x in xs) for way in (-reach, reach)]
        if any(_result(op, each) is None for each in moved + diagonal):
            return False
        below, here, above = (op.value(floats, *each) for each in moved)
        left, right = (here - below) / reach, (above - here) / reach
        if not abs(right - left) <= 0.25 * (1.0 + abs(left) + abs(right)):
            return False
        if not abs(left) <= steepest:
            return False
    return True
