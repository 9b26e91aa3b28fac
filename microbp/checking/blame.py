"""Which partial is wrong: the first one on the way from an input to the output."""

from __future__ import annotations

import math
from collections.abc import Sequence

from microbp.checking.duals import EPS, TINY
from microbp.checking.invariants import Trace
from microbp.checking.mpmath_oracle import MpmathMissing
from microbp.checking.oracles import NoAnswer, Oracle, asked, differences, dual, lost, many_digits
from microbp.core.describe import computation
from microbp.core.engine import Value

ORACLES: tuple[Oracle, ...] = (dual, many_digits, differences)


def accusation(trace: Trace, leaf: Value) -> str | None:
    """The first node, operands first, with a wrong partial on a way from the leaf to the root.

    None where every partial is right.
    """
    moving = {leaf}
    for place, node in enumerate(trace.order, 1):
        for i, operand in enumerate(node.operands):
            if operand in moving:
                moving.add(node)
                expected = _contradicted(node, i)
                if expected is not None:
                    wrong = f"{spelled(node)} by its operand {spelled(operand)}"
                    return (
                        f"the first wrong partial is that of {wrong}: "
                        f"{node.partials[i]!r} for {expected!r}\n"
                        f"at {computation(node)}, node {place} of {len(trace.order)}: "
                        f"{_way(trace.order, node)}"
                    )
    return None


def spelled(node: Value, depth: int = 3) -> str:
    """A node as code, by its label if it has one: mul(sin(x), 2.0)."""
    if node.label:
        return node.label
    if node.op is None:
        return repr(node.data)
    shown = node.operands if len(node.operands) <= 4 else node.operands[:3]
    operands = [spelled(operand, depth - 1) for operand in shown] if depth else ["..."]
    more = ["..."] if len(shown) < len(node.operands) else []
    return f"{node.op.name}({', '.join([*operands, *more])})"


def _way(order: Sequence[Value], node: Value) -> str:
    """The operations from a node to the root: sin → mul → add."""
    names, here = [], node
    for consumer in order:
        if consumer is node or here in consumer.operands:
            here = consumer
            names.append(consumer.op.name if consumer.op else consumer.label)
    shown = names if len(names) <= 8 else [*names[:4], f"{len(names) - 7} more", *names[-3:]]
    return " → ".join(shown)


def _contradicted(node: Value, i: int) -> float | None:
    """What the partial by operand i should be, where it is not that."""
    assert node.op is not None
    rates = [1.0 if j == i else 0.0 for j in range(len(node.operands))]
    data = [operand.data for operand in node.operands]
    for oracle in ORACLES:
        try:
            expected, error = asked(oracle, node.op, data, rates, slack=EPS)
        except (NoAnswer, MpmathMissing):
            continue
        partial = node.partials[i]
        off = abs(expected - partial)
        allowed = 4.0 * error + lost(node) * abs(partial) + TINY
        return None if off <= allowed < math.inf else float(expected)
    return None
