"""Forward mode: every node's tangent, found from those of its operands.

The tangent of a node says how fast it moves as the variables move with theirs. A node and its
tangent together are a dual number.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from microbp.autodiff.call import Call, is_zero, times
from microbp.core.engine import Value


def tangents(call: Call, of_variables: Sequence[Any]) -> list[Any]:
    """The tangent of each output, where the variables have these."""
    found: dict[Value, Any] = dict(zip(call.variables, of_variables, strict=True))
    outputs = call.outputs
    order, active = call.graph(outputs)
    for node in order:
        if node in active and node not in found:
            pairs = zip(node.operands, call.partials(node), strict=True)
            shares = [
                times(found[operand], partial)
                for operand, partial in pairs
                if operand in active and not is_zero(found[operand])
            ]
            found[node] = sum(shares[1:], shares[0]) if shares else 0.0
    return [call.as_given(found.get(y, 0.0)) for y in outputs]
