"""Opens pickles of graphs that were made before `pickling`: a graph as columns of numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any


def unpickled(restored: Callable[..., Any], leaves: Sequence[Any], columns: tuple[Any, ...]) -> Any:
    """The root."""
    ops, op, data, grad, labels, counts, places, partials = columns
    nodes = list(leaves)
    start = 0
    for i, count in enumerate(counts):
        end = start + count
        operands = [nodes[place] for place in places[start:end]]
        label = labels.get(i, "")
        nodes.append(restored(data[i], grad[i], label, ops[op[i]], partials[start:end], operands))
        start = end
    return nodes[-1]


def set_attributes_below(root: Any, attributes: Mapping[int, Mapping[str, Any]]) -> None:
    """Of the nodes in these places in the order of `_reached`."""
    nodes = _reached(root)
    for place, own in attributes.items():
        for name, x in own.items():
            setattr(nodes[place], name, x)


def _reached(root: Any) -> list[Any]:
    """All that a root reaches, in an order that is the same for a copy."""
    found, stack = {root: None}, [root]
    while stack:
        for x in stack.pop().operands:
            if x not in found:
                found[x] = None
                stack.append(x)
    return list(found)
