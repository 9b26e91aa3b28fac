"""A graph in order, through the public face of its nodes."""

from __future__ import annotations

from collections.abc import Set

from microbp.engine import Value


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
