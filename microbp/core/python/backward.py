"""The backward pass: from a root to all that it was computed from, each node once."""

from __future__ import annotations

from itertools import count
from typing import Any

from microbp._support.coerce import shown
from microbp.core.anomaly import watched_backward
from microbp.core.grad_mode import current, unusual
from microbp.core.python.node import N, Node

counter = count(1)
"""Numbers nodes in the order they are made."""


def backward(root: Node, seed: float) -> None:
    """`Value.backward`."""
    if unusual and current().watching:
        watched_backward(root, reverse_order(root), seed)
    else:
        _pass_back(root, reverse_order(root), seed)


def reverse_order(*roots: N) -> list[N]:
    """The nodes that a backward pass visits, in its order: each before all its operands.

    They are the roots and all that these reach, without the leaves. A node is younger than its
    operands, so going from the youngest to the oldest visits it when all that use it have been
    visited, without recursion. Raises ValueError where an operand is not older, as in a cycle
    made by hand.
    """
    for root in roots:
        if not isinstance(root, Node):
            raise TypeError(f"reverse_order: expected a Value, got {shown(root)}")
    found: list[N] = []
    waiting = {root._born: root for root in roots if root._born}  # by the number of its birth
    while waiting:
        youngest, others = max(waiting), 0
        if found and youngest >= found[-1]._born:
            raise _cycle(found)
        for born in range(youngest, 0, -1):
            node = waiting.pop(born, None)
            if node is None:  # born elsewhere, outside of this graph
                others += 1
                if others > len(waiting):  # then `max` finds the next one sooner
                    break
                continue
            found.append(node)
            a, b = node._a, node._b
            if a is None:
                for operand in b:
                    if older := operand._born:
                        waiting[older] = operand
                continue
            if older := a._born:
                waiting[older] = a
            if b is not None and (older := b._born):
                waiting[older] = b
    return found


def _cycle(nodes: list[Any]) -> ValueError:
    """The error for a graph with a node among these whose operand is not older."""
    node, operand = next((x, y) for x in nodes for y in x.operands if y._born >= x._born)
    return ValueError(
        f"{operand!r} is an operand of the older {node!r}: only a graph made by hand has a cycle"
    )


def _pass_back(root: Node, order: list[Node], seed: float) -> None:
    """Adjoint times partial, to each operand; 0 times anything is 0, be it infinite or NaN."""
    for node in order:
        node._grad = 0.0
    root._grad += seed
    for node in order:
        adjoint = node._grad
        if adjoint == 0.0:
            continue
        a, b = node._a, node._b
        if a is None:
            for operand, partial in zip(b, node._db, strict=True):
                operand._grad += adjoint * partial if partial else 0.0
        else:
            a._grad += adjoint * da if (da := node._da) else 0.0
            if b is not None:
                b._grad += adjoint * db if (db := node._db) else 0.0
