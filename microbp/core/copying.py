"""Copies of a graph of any depth, for `copy.deepcopy` and `pickle`, by whichever engine.

Both work on a list of the graph's nodes from the oldest on, without recursion.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, TypeAlias

Restore: TypeAlias = Callable[..., Any]
"""An engine's `restored(data, grad, label, op, partials, operands)`: a node of any kind."""


def deeply_copied(nodes: Sequence[Any], memo: dict[int, Any], restored: Restore) -> Any:
    """A copy of the last of the nodes, which are all that it reaches, each after its operands.

    `memo` holds what has been copied already, by its id, as `copy.deepcopy` keeps it.
    """
    for node in nodes:
        if id(node) not in memo:
            operands = [memo[id(operand)] for operand in node.operands]
            memo[id(node)] = restored(
                node.data, node.grad, node.label, node.op, node.partials, operands
            )
    return memo[id(nodes[-1])]


def reduced(leaves: Sequence[Any], nodes: Sequence[Any], restored: Restore) -> tuple[Any, ...]:
    """What `__reduce__` gives of a root, the last node, or the only leaf where there is none.

    Columns of numbers, as a graph may be deeper than pickle can recurse, and larger than can
    be pickled node by node. Leaves stay Values, so that pickle itself sees which of them the
    rest of the pickle shares.
    """
    if not nodes:
        (leaf,) = leaves
        return restored, (leaf.data, leaf.grad, leaf.label, None, (), ())
    place = {id(node): i for i, node in enumerate(chain(leaves, nodes))}
    ops = {op: i for i, op in enumerate(dict.fromkeys(node.op for node in nodes))}
    columns = (
        list(ops),
        array("q", (ops[node.op] for node in nodes)),
        array("d", (node.data for node in nodes)),
        array("d", (node.grad for node in nodes)),
        {i: node.label for i, node in enumerate(nodes) if node.label},
        array("q", (len(node.operands) for node in nodes)),
        array("q", (place[id(operand)] for node in nodes for operand in node.operands)),
        array("d", (partial for node in nodes for partial in node.partials)),
    )
    return _unpickled, (restored, list(leaves), columns)


def _unpickled(restored: Restore, leaves: Sequence[Any], columns: tuple[Any, ...]) -> Any:
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
