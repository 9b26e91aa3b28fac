"""A graph in order, through the public face of its nodes."""

from __future__ import annotations

from collections.abc import Sequence, Set

from microbp.core.engine import Value


def operands_first(*roots: Value, stop: Set[Value] = frozenset()) -> list[Value]:
    """Every node that the roots reach, leaves included, once, each after all its operands.

    Nothing below the nodes of `stop` is looked at. Without recursion, and always in the same
    order for the same graph. Raises ValueError where a node is below itself.

    >>> x = Value(2.0, "x")
    >>> y = x * x
    >>> [node.label or node.op.name for node in operands_first(y + x)]
    ['x', 'mul', 'add']
    """
    order: list[Value] = []
    open_, listed = set[Value](), set[Value]()
    stack = list(reversed(roots))
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
            below = [operand for operand in operands if operand not in listed]
            for operand in below:
                if operand in open_:
                    raise ValueError(f"{operand!r} is below itself: only a graph made by hand is")
            stack.extend(reversed(below))
    return order


def swept(nodes: Sequence[Value]) -> set[Value]:
    """Those of these nodes, each of which comes after its operands, that a sweep has reached.

    They are the nodes whose gradient is not 0, and all below such a node: a root has its seed for
    a gradient, which is 1 if nobody says otherwise. A node that a sweep did reach, but only with
    zeros, looks untouched where nothing above it is among the nodes.

    >>> x = Value(0.0, "x")
    >>> y = x * x
    >>> z = y + 1.0
    >>> y.backward()
    >>> found = swept(operands_first(z))
    >>> x in found, y in found, z in found
    (True, True, False)
    """
    found = set[Value]()
    for node in reversed(nodes):
        if node in found or node.grad != 0.0:
            found.add(node)
            found.update(node.operands)
    return found
