"""The reverse sweep under `detect_anomaly`, for either engine: slower, and watching every step."""

from __future__ import annotations

import math
from collections.abc import Sequence

from microbp.core.grad_mode import AnomalyError, story
from microbp.core.python.node import Node, described


def watched_sweep(
    root: Node, leaves: Sequence[Node], youngest_first: Sequence[Node], seed: float
) -> None:
    """The sweep from the root, which reaches those leaves, and those other nodes.

    AnomalyError at the first step that leaves a gradient infinite or NaN; the leaves then get
    their gradients back.
    """
    before = [leaf.grad for leaf in leaves]
    try:
        for node in youngest_first:
            node.grad = 0.0
        root.grad += seed
        for node in youngest_first:
            if node.grad != 0.0:
                _pass_on(node)
    except BaseException:
        for leaf, grad in zip(leaves, before, strict=True):
            leaf.grad = grad
        raise


def _pass_on(node: Node) -> None:
    adjoint = node.grad
    for operand, partial in zip(node.operands, node.partials, strict=True):
        operand.grad += adjoint * partial
        if not math.isfinite(operand.grad):
            raise AnomalyError(
                f"backward: the adjoint {adjoint!r} times the partial {partial!r} makes "
                f"the gradient of {described([operand])} infinite or NaN: {story(node)}"
            )
