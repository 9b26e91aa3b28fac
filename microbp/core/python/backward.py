"""The backward pass: from a root to all that it was computed from, each node once."""

from __future__ import annotations

from itertools import count
from operator import attrgetter

from microbp._support.coerce import shown
from microbp.core.anomaly import watched_backward
from microbp.core.grad_mode import current, unusual
from microbp.core.python.node import N, Node

counter = count(1)
"""Numbers nodes in the order they are made, and sorts, which mark the nodes they have found."""


def backward(root: Node, seed: float) -> None:
    """`Value.backward`."""
    if unusual and current().watching:
        watched_backward(root, reverse_order(root), seed)
    else:
        _pass_back(root, reverse_order(root), seed)


def _cycle(node: Node, operand: Node) -> ValueError:
    return ValueError(
        f"{operand!r} is an operand of the older {node!r}: only a graph made by hand has a cycle"
    )


def reverse_order(root: N) -> list[N]:
    """The nodes that a backward pass visits, in its order: each before all its operands.

    They are the root and all that it reaches, without the leaves. A node is younger than its
    operands, so sorting by age sorts the graph, without recursion.
    Raises ValueError where an operand is not older, as in a cycle made by hand.
    """
    if not isinstance(root, Node):
        raise TypeError(f"reverse_order: expected a Value, got {shown(root)}")
    found: list[N] = []
    stack = [root] if root._operation is not None else []
    mark = root._mark = next(counter)
    while stack:  # depth first, the second operand before the first: mostly by age already
        node = stack.pop()
        found.append(node)
        a, b, born = node._a, node._b, node._born
        if a is None:
            for operand in b:
                if older := operand._born:
                    if older >= born:
                        raise _cycle(node, operand)
                    if operand._mark != mark:
                        operand._mark = mark
                        stack.append(operand)
            continue
        if older := a._born:  # the loop above, written out: most nodes come by here
            if older >= born:
                raise _cycle(node, a)
            if a._mark != mark:
                a._mark = mark
                stack.append(a)
        if b is not None and (older := b._born):
            if older >= born:
                raise _cycle(node, b)
            if b._mark != mark:
                b._mark = mark
                stack.append(b)
    found.sort(key=attrgetter("_born"), reverse=True)
    return found


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
