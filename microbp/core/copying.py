"""Copies of a graph of any depth, for `copy.deepcopy` and `pickle`, without recursion.

Both engines use it.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from itertools import chain
from typing import Any, TypeAlias

Restore: TypeAlias = Callable[..., Any]
"""An engine's `restored(data, grad, label, op, partials, operands)`: a node of any kind."""
Chosen: TypeAlias = Callable[[Iterable[Any]], list[Any]]
"""An engine's `with_attributes(nodes)`: those on which the program has set attributes."""


def leaves_below(root: Any, order: Sequence[Any]) -> list[Any]:
    """The leaves that a root reaches, given the engine's `reverse_order(root)`; a leaf itself."""
    operands = (operand for node in reversed(order) for operand in node.operands)
    return list(dict.fromkeys(x for x in operands if x.op is None)) if order else [root]


def copied(node: Any, restored: Restore) -> Any:
    """A copy of a node, with the same operands and attributes."""
    fields = node.data, node.grad, node.label, node.op, node.partials, node.operands
    copy = restored(*fields)
    _set_attributes(copy, node._attributes)
    return copy


def deeply_copied(
    root: Any, order: Sequence[Any], memo: dict[int, Any], restored: Restore, chosen: Chosen
) -> Any:
    """A copy of a root and all that it reaches, given the engine's `reverse_order(root)`.

    `memo` holds what has been copied already, by its id, as `copy.deepcopy` keeps it.
    """
    new = []
    for node in reversed(order) if order else [root]:
        if id(node) in memo:
            continue
        copies = []
        for x in node.operands:
            copy = memo.get(id(x))
            if copy is None:  # a leaf: all other operands come earlier
                copy = memo[id(x)] = restored(x.data, x.grad, x.label, None, (), ())
                new.append(x)
            copies.append(copy)
        memo[id(node)] = restored(node.data, node.grad, node.label, node.op, node.partials, copies)
        new.append(node)
    for node in chosen(new):  # once all are copied, as attributes may hold some of them
        _set_attributes(memo[id(node)], deepcopy(node._attributes, memo))
    return memo[id(root)]


def reduced(root: Any, order: Sequence[Any], restored: Restore, chosen: Chosen) -> tuple[Any, ...]:
    """What `__reduce__` gives of a root, given the engine's `reverse_order(root)`.

    Columns of numbers, as a graph may be deeper than pickle can recurse, and larger than can
    be pickled node by node. Leaves stay Values, so that pickle itself sees which of them the
    rest of the pickle shares.
    """
    if not order:
        made = restored, (root.data, root.grad, root.label, None, (), ())
        own = root._attributes
        return (*made, own, None, None, _set_attributes) if own else made
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
    remade = _unpickled, (restored, list(leaves), columns)
    some = {*chosen(nodes)}
    if not some:
        return remade
    below = {i: node._attributes for i, node in enumerate(_reached(root)) if node in some}
    return *remade, below, None, None, _set_attributes_below


def _set_attributes(node: Any, attributes: Mapping[str, Any]) -> None:
    for name, x in attributes.items():
        setattr(node, name, x)


def _set_attributes_below(root: Any, attributes: Mapping[int, Mapping[str, Any]]) -> None:
    nodes = _reached(root)
    for place, own in attributes.items():
        _set_attributes(nodes[place], own)


def _reached(root: Any) -> list[Any]:
    """All that a root reaches, in an order that is the same for a copy."""
    found, stack = {root: None}, [root]
    while stack:
        for x in stack.pop().operands:
            if x not in found:
                found[x] = None
                stack.append(x)
    return list(found)


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
