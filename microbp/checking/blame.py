"""What is wrong: the first wrong partial on the path from an input to the output, or the sum."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

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
from microbp.checking.report import Entry
from microbp.core.describe import computation
from microbp.core.engine import Value

ORACLES: tuple[Oracle, ...] = (dual, many_digits)
BYPASSED = (
    "the output depends on this input outside the graph: f makes plain numbers of its inputs "
    "(x.data, x.item(), x.detach()), or branches on them"
)
TIGHT = 1e-3
"""Of a partial that may be off by more than this part of it, its oracle knows nothing."""
EXPLAINED = 0.1
"""A wrong partial explains a wrong derivative if its correction leaves no more of the error."""
SUMMED = 1e-9
"""Two ways to add up a gradient differ by less than this part of its terms."""


@dataclass(frozen=True)
class Suspect:
    """The partial for operand i of a node, and what an oracle expects in its place.

    `sure`: also if the node's operands were rounded numbers. Without an expectation no oracle
    can judge it.
    """

    node: Value
    i: int
    expected: float | None = None
    sure: bool = False


def explanation(trace: Trace, entry: Entry, leaf: Value, complete: bool) -> str:
    """A sentence on why the derivative with respect to this leaf is wrong.

    `complete`: whether the output depends on the leaf through the graph alone.
    """
    suspects = list(_suspects(trace.order, leaf))
    known = [suspect for suspect in suspects if suspect.expected is not None]
    for suspect in known:
        if suspect.sure or _explains(suspect, trace, entry, leaf):
            return _accusation(suspect, trace.order)
    if not complete:
        return BYPASSED
    by_hand, size = _gradient(trace.order, leaf)
    if abs(by_hand - entry.backward) > SUMMED * size:
        return "every partial on the path is right: the backward pass does not add them up right"
    if not math.isfinite(entry.backward):
        return "every partial on the path is right, but infinity times 0 has no value"
    unknown = [suspect for suspect in suspects if suspect.expected is None]
    if unknown:
        names = ", ".join(dict.fromkeys(as_code(suspect.node, 0) for suspect in unknown))
        return f"which partial is wrong can't be told: no oracle can judge that of {names}"
    return (
        "what is wrong can't be told: each partial is right to within the rounding of its operands"
    )


def is_surely_wrong(order: Sequence[Value], leaf: Value) -> bool:
    """Whether a partial on a path from the leaf is wrong, whatever its operands were rounded to."""
    return any(suspect.sure for suspect in _suspects(order, leaf))


def _suspects(order: Sequence[Value], leaf: Value) -> Iterator[Suspect]:
    """The partials on a path from the leaf to the root that are not known to be right."""
    active = {leaf}
    for node in order:
        for i, operand in enumerate(node.operands):
            if operand in active:
                active.add(node)
                suspect = _judged(node, i)
                if suspect is not None:
                    yield suspect


def _judged(node: Value, i: int) -> Suspect | None:
    """The partial as a suspect; None where it is right."""
    assert node.op is not None
    tangents = [1.0 if j == i else 0.0 for j in range(len(node.operands))]
    data = [operand.data for operand in node.operands]
    partial = node.partials[i]
    asked = [(oracle, slack) for slack in (EPS, 0.0) for oracle in ORACLES]
    answers = 0
    for oracle, slack in [*asked, (differences, EPS)]:
        if oracle is differences and answers:
            break  # differences are for a formula that only takes floats: they step over a pole
        try:
            exact, error = answer(oracle, node.op, data, tangents, slack)
        except (NoAnswer, MpmathMissing):
            continue
        answers += 1
        expected = float(exact)
        allowed = float(MARGIN * error) + partial_rounding(node) * abs(expected) + TINY
        if not allowed <= TIGHT * max(abs(expected), abs(partial)) + TINY:
            continue
        if partial == expected or abs(expected - partial) <= allowed:
            return None
        return Suspect(node, i, expected, sure=slack > 0.0)
    return Suspect(node, i)


def _explains(suspect: Suspect, trace: Trace, entry: Entry, leaf: Value) -> bool:
    """Whether the derivative is right with the expected partial in place of the suspect's."""
    assert suspect.expected is not None
    changed = {(suspect.node, suspect.i): suspect.expected}
    corrected, _ = _gradient(trace.order, leaf, changed)
    off = abs(entry.backward - entry.reference)
    return abs(corrected - entry.reference) <= EXPLAINED * off


def _gradient(
    order: Sequence[Value], leaf: Value, changed: Mapping[tuple[Value, int], float] = {}
) -> tuple[float, float]:
    """d root / d leaf by a plain reverse sweep, and the sum of the sizes of its terms."""
    adjoints, sizes = {order[-1]: 1.0}, {order[-1]: 1.0}
    for node in reversed(order):
        adjoint, size = adjoints.get(node, 0.0), sizes.get(node, 0.0)
        if adjoint == 0.0:
            continue
        for i, operand in enumerate(node.operands):
            partial = changed.get((node, i), node.partials[i])
            share = adjoint * partial if partial else 0.0
            adjoints[operand] = adjoints.get(operand, 0.0) + share
            sizes[operand] = sizes.get(operand, 0.0) + abs(size * partial)
    return adjoints.get(leaf, 0.0), sizes.get(leaf, 0.0)


def _accusation(suspect: Suspect, order: Sequence[Value]) -> str:
    node, operand = suspect.node, suspect.node.operands[suspect.i]
    place = next(place for place, other in enumerate(order, 1) if other is node)
    return (
        f"the first wrong partial is that of {as_code(node)} with respect to its operand "
        f"{as_code(operand)}: {node.partials[suspect.i]!r} in place of {suspect.expected!r}\n"
        f"at {computation(node)}, node {place} of {len(order)}: {_path(order, node)}"
    )


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
