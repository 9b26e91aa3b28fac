"""Reverse mode: every node's adjoint, found from those of the nodes that use it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from microbp.autodiff.call import Call, is_zero, times
from microbp.core.engine import Value


def gradient(call: Call, outputs: Sequence[Value], cotangents: Sequence[Any]) -> list[Any]:
    """d sum(cotangent * output) / d variable, for each variable."""
    found = _adjoints(call, outputs, cotangents)
    return [call.as_given(found.get(variable, 0.0)) for variable in call.variables]


def _adjoints(call: Call, outputs: Sequence[Value], cotangents: Sequence[Any]) -> dict[Value, Any]:
    adjoints: dict[Value, Any] = {}

    def add(node: Value, share: Any) -> None:
        adjoints[node] = adjoints[node] + share if node in adjoints else share

    for y, cotangent in zip(outputs, cotangents, strict=True):
        add(y, cotangent)
    order, active = call.graph(outputs)
    for node in reversed(order):
        adjoint = adjoints.get(node)
        if node not in active or adjoint is None or is_zero(adjoint):
            continue
        for operand, partial in zip(node.operands, call.partials(node), strict=True):
            if operand in active:
                add(operand, times(adjoint, partial))
    return adjoints
