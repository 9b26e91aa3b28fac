"""The backward pass: from a root to all that it was computed from, each node once."""

from __future__ import annotations

from itertools import count
from typing import Any, NoReturn

from microbp._support.coerce import shown
from microbp.core.anomaly import watched_backward
from microbp.core.grad_mode import current, unusual
from microbp.core.python.node import N, Node

SHORTEST, LONGEST = 32, 4096
"""How many births `reverse_order` looks at together: few in a small graph, more in a large one."""
counter = count(LONGEST)
"""Numbers nodes in the order they are made. A leaf's 0 is outside of every window."""


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
    visited, without recursion. Each has a place in a window of births, and whoever uses it puts
    it there, or lets it wait for a later window. Raises ValueError where an operand is not older,
    as in a cycle made by hand.
    """
    for root in roots:
        if not isinstance(root, Node):
            raise TypeError(f"reverse_order: expected a Value, got {shown(root)}")
    found: list[N] = []
    waiting = {root._born: root for root in roots if root._born}  # by the number of its birth
    size = SHORTEST
    while waiting:
        before, top = len(found), max(waiting)
        low = top - size
        window: list[N | None] = [None] * size  # births from `top` down to above `low`
        for born in list(waiting):
            if born > low:
                window[top - born] = waiting.pop(born)
        for node in window:
            if node is None:  # born elsewhere, outside of this graph
                continue
            found.append(node)
            born, a, b = node._born, node._a, node._b
            if a is None:
                for operand in b:
                    if (older := operand._born) > low:
                        window[top - older if older < born else _refuse_cycle(found)] = operand
                    elif older:
                        waiting[older] = operand
                continue
            if (older := a._born) > low:
                window[top - older if older < born else _refuse_cycle(found)] = a
            elif older:
                waiting[older] = a
            if b is not None:
                if (older := b._born) > low:
                    window[top - older if older < born else _refuse_cycle(found)] = b
                elif older:
                    waiting[older] = b
        size = min(4 * size, LONGEST) if 2 * (len(found) - before) > size else SHORTEST
    return found


def _refuse_cycle(nodes: list[Any]) -> NoReturn:
    """For a graph with a node among these whose operand is not older."""
    node, operand = next((x, y) for x in nodes for y in x.operands if y._born >= x._born)
    raise ValueError(
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
