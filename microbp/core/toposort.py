"""Topological order: operands before results. For graphs of either engine."""

from __future__ import annotations

from collections.abc import Container, Sequence, Set
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the engines copy and pickle by this order
    from microbp.core.engine import Value


def operands_first(
    *roots: Value, stop: Set[Value] = frozenset(), known: Container[int] = ()
) -> list[Value]:
    """Every node that the roots reach, leaves included, once, each after all its operands.

    What is below the nodes of `stop` alone is left out; so are nodes whose id is `known`, and
    what is below these alone. Without recursion, and always in the same order for the same graph.
    A backward pass goes by `engine.reverse_order` instead.

    Raises ValueError where a node is below itself.

    >>> from microbp import Value
    >>> x = Value(2.0, "x")
    >>> y = x * x
    >>> [node.label or node.op.name for node in operands_first(y + x)]
    ['x', 'mul', 'add']
    """
    order: list[Value] = []
    open_: set[Value] = set()
    listed: set[Value] = set()
    stack = [root for root in reversed(roots) if id(root) not in known]
    while stack:
        node = stack[-1]
        if node in listed:
            stack.pop()
        elif node in open_:
            stack.pop()
            listed.add(node)
            order.append(node)
        else:
            open_.add(node)
            operands = () if node in stop else node.operands
            below = [x for x in operands if x not in listed and id(x) not in known]
            for operand in below:
                if operand in open_:
                    raise ValueError(f"{operand!r} is below itself: only a graph made by hand is")
            stack.extend(reversed(below))
    return order


def reached_by_backward(nodes: Sequence[Value]) -> set[Value]:
    """Those of these nodes, in the order of `operands_first`, that a backward pass has reached.

    They are the nodes whose gradient is not 0, and all below such a node: the gradient of a root
    is its seed, usually 1. A node that was reached, but only by zeros, looks untouched where
    nothing above it is among the nodes.

    >>> from microbp import Value
    >>> x = Value(0.0, "x")
    >>> y = x * x
    >>> z = y + 1.0
    >>> y.backward()
    >>> found = reached_by_backward(operands_first(z))
    >>> x in found, y in found, z in found
    (True, True, False)
    """
    found: set[Value] = set()
    for node in reversed(nodes):
        if node in found or node.grad != 0.0:
            found.add(node)
            found.update(node.operands)
    return found
