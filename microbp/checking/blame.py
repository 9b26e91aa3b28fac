"""Which partial is wrong: the first one on the path from an input to the output."""

from __future__ import annotations

import math
from collections.abc import Sequence

from microbp.checking.error_model import EPS, MARGIN, TINY
from microbp.checking.invariants import Trace
from microbp.checking.mpmath_oracle import MpmathMissing
from microbp.checking.oracles import (
    NoAnswer,
    Oracle,
    answer,
    differences,
    dual,
    many_digits,
    partial_rounding,
)
from microbp.core.describe import computation
from microbp.core.engine import Value

ORACLES: tuple[Oracle, ...] = (dual, many_digits, differences)


def first_wrong_partial(trace: Trace, leaf: Value) -> str | None:
    """A sentence on the first wrong partial, operands first, on a path from the leaf to the root.

    None where every partial is right.
    """
    active = {leaf}
    for place, node in enumerate(trace.order, 1):
        for i, operand in enumerate(node.operands):
            if operand in active:
                active.add(node)
                expected = _correction(node, i)
                if expected is not None:
                    wrong = f"{as_code(node)} with respect to its operand {as_code(operand)}"
                    return (
                        f"the first wrong partial is that of {wrong}: "
                        f"{node.partials[i]!r} in place of {expected!r}\n"
                        f"at {computation(node)}, node {place} of {len(trace.order)}: "
                        f"{_path(trace.order, node)}"
                    )
    return None


def as_code(node: Value, depth: int = 3) -> str:
    """A node as code, by its label if it has one: mul(sin(x), 2.0)."""
    if node.label:
        return node.label
    if node.op is None:
        return repr(node.data)
    shown = node.operands if len(node.operands) <= 4 else node.operands[:3]
    operands = [as_code(operand, depth - 1) for operand in shown] if depth else ["..."]
    more = ["..."] if len(shown) < len(node.operands) else []
    return f"{node.op.name}({', '.join([*operands, *more])})"


def _path(order: Sequence[Value], node: Value) -> str:
    """The operations from a node to the root: sin → mul → add."""
    names, here = [], node
    for consumer in order:
        if consumer is node or here in consumer.operands:
            here = consumer
            names.append(consumer.op.name if consumer.op else consumer.label)
    shown = names if len(names) <= 8 else [*names[:4], f"{len(names) - 7} more", *names[-3:]]
    return " → ".join(shown)


def _correction(node: Value, i: int) -> float | None:
    """What the partial for operand i should be; None where it is right, or no oracle can tell."""
    assert node.op is not None
    tangents = [1.0 if j == i else 0.0 for j in range(len(node.operands))]
    data = [operand.data for operand in node.operands]
    for oracle in ORACLES:
        try:
            expected, error = answer(oracle, node.op, data, tangents, slack=EPS)
        except (NoAnswer, MpmathMissing):
            continue
        partial = node.partials[i]
        off = abs(expected - partial)
        allowed = MARGIN * error + partial_rounding(node) * abs(partial) + TINY
        return None if off <= allowed < math.inf else float(expected)
    return None
