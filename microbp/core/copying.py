"""Copies of a graph of any depth, for `copy.deepcopy` and `pickle`, without recursion.

Both engines use it.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from copy import deepcopy
from itertools import chain
from typing import Any, TypeAlias

Restore: TypeAlias = Callable[..., Any]
"""An engine's `restored(data, grad, label, op, partials, operands, attributes)`: a node of any
kind; only leaves have attributes."""


def leaves_below(root: Any, order: Sequence[Any]) -> list[Any]:
    """The leaves that a root reaches, given the engine's `reverse_order(root)`; a leaf itself."""
    operands = (operand for node in reversed(order) for operand in node.operands)
    return list(dict.fromkeys(x for x in operands if x.op is None)) if order else [root]


def deeply_copied(root: Any, order: Sequence[Any], memo: dict[int, Any], restored: Restore) -> Any:
    """A copy of a root and all that it reaches, given the engine's `reverse_order(root)`.

    `memo` holds what has been copied already, by its id, as `copy.deepcopy` keeps it.
    """
    for node in reversed(order) if order else [root]:
        if id(node) in memo:
            continue
        operands = node.operands
        for x in operands:
            if id(x) not in memo:  # a leaf: all other operands come earlier
                _copy_leaf(x, memo, restored)
        if node.op is None:
            _copy_leaf(node, memo, restored)
            continue
        copies = [memo[id(x)] for x in operands]
        memo[id(node)] = restored(node.data, node.grad, node.label, node.op, node.partials, copies)
    return memo[id(root)]


def _copy_leaf(leaf: Any, memo: dict[int, Any], restored: Restore) -> None:
    copy = memo[id(leaf)] = restored(leaf.data, leaf.grad, leaf.label, None, (), ())
    for name, x in leaf._attributes.items():
        setattr(copy, name, deepcopy(x, memo))


def reduced(root: Any, order: Sequence[Any], restored: Restore) -> tuple[Any, ...]:
    """What `__reduce__` gives of a root, given the engine's `reverse_order(root)`.

    Columns of numbers, as a graph may be deeper than pickle can recurse, and larger than can
    be pickled node by node. Leaves stay Values, so that pickle itself sees which of them the
    rest of the pickle shares.
    """
    if not order:
        own = root._attributes
        fields = (root.data, root.grad, root.label, None, (), ())
        return restored, (*fields, own) if own else fields
    leaves, nodes = leaves_below(root, order), order[::-1]
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
