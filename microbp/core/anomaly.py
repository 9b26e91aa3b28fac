"""`detect_anomaly`: find the first node that makes a NaN or an infinity, forward or backward."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from microbp.core.copying import leaves_below
from microbp.core.describe import computation, described
from microbp.core.grad_mode import mode_with

if TYPE_CHECKING:
    from microbp.core.python.node import Node


class AnomalyError(ArithmeticError):
    """Under `detect_anomaly`, an operation or a backward pass made a NaN or an infinity."""


def detect_anomaly() -> mode_with:
    """Raise AnomalyError at the first node that makes a NaN or an infinity, forward or backward.

    The error names the node, its operands and the line of the program that made it. A backward
    pass that raises leaves the gradients of the leaves as they were.

    >>> from microbp import Value
    >>> with detect_anomaly():
    ...     y = Value(1e200, "big") * 1e200  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    microbp.core.anomaly.AnomalyError: mul(big = 1e+200, 1e+200) = inf, made at <doctest>:2
    """
    return mode_with(watching=True)


def watch(node: Node) -> None:
    """Note where the program made a new node. Raises AnomalyError if it isn't finite."""
    node._place = f"at {_place_in_the_program()}"
    if not math.isfinite(node.data):
        raise AnomalyError(_story(node))


def watched_backward(root: Node, order: Sequence[Node], seed: float) -> None:
    """The backward pass from a root, through these nodes in this order.

    Raises AnomalyError at the first step that leaves a gradient infinite or NaN, after giving
    the leaves their gradients back.
    """
    leaves = leaves_below(root, order)
    before = [leaf.grad for leaf in leaves]
    try:
        for node in order:
            node.grad = 0.0
        root.grad += seed
        for node in order:
            if node.grad != 0.0:
                _pass_on(node)
    except BaseException:
        for leaf, grad in zip(leaves, before, strict=True):
            leaf.grad = grad
        raise


def _pass_on(node: Node) -> None:
    adjoint = node.grad
    for operand, partial in zip(node.operands, node.partials, strict=True):
        operand.grad += adjoint * partial if partial else 0.0
        if not math.isfinite(operand.grad):
            raise AnomalyError(
                f"backward: the adjoint {adjoint!r} times the partial {partial!r} makes "
                f"the gradient of {described([operand])} infinite or NaN: {_story(node)}"
            )


def _story(node: Node) -> str:
    """What a node computed from what, and where the program asked for it."""
    return f"{computation(node)}, made {getattr(node, '_place', 'outside detect_anomaly')}"


def _place_in_the_program() -> str:
    """File and line of the innermost call from outside this package."""
    frame = sys._getframe()
    while frame.f_back and frame.f_globals.get("__name__", "").startswith("microbp."):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"
