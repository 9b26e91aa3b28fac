"""Copies of a graph of any depth, for `copy.copy` and `copy.deepcopy`, without recursion.

Both engines use it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any, NamedTuple, TypeAlias

from microbp.core import earlier_pickles
from microbp.core.toposort import operands_first

Restore: TypeAlias = Callable[..., Any]
"""An engine's `restored(data, grad, label, op, partials, operands)`: a node of any kind."""


class Engine(NamedTuple):
    """What an engine gives for copies and pickles of its nodes."""

    restored: Restore
    reverse_order: Callable[[Any], list[Any]]
    with_attributes: Callable[[Iterable[Any]], list[Any]]
    """Those of the nodes on which the program has set attributes."""


def leaves_below(root: Any, order: Sequence[Any]) -> list[Any]:
    """The leaves that a root reaches, given the engine's `reverse_order(root)`; a leaf itself."""
    operands = (operand for node in reversed(order) for operand in node.operands)
    return list(dict.fromkeys(x for x in operands if x.op is None)) if order else [root]


def copied(node: Any, engine: Engine) -> Any:
    """A copy of a node, with the same operands and attributes."""
    fields = node.data, node.grad, node.label, node.op, node.partials, node.operands
    copy = engine.restored(*fields)
    set_attributes(copy, node._attributes)
    return copy


def deeply_copied(root: Any, memo: dict[int, Any], engine: Engine) -> Any:
    """A copy of a root and all that it reaches.

    `memo` holds what has been copied already, by its id, as `copy.deepcopy` keeps it.
    """
    new = []
    restored = engine.restored
    by_engine = () if memo else engine.reverse_order(root)[::-1]  # faster
    for node in by_engine or operands_first(root, known=memo):
        copies = []
        for x in node.operands:
            copy = memo.get(id(x))
            if copy is None:  # a leaf: all other operands come earlier
                copy = memo[id(x)] = restored(x.data, x.grad, x.label, None, (), ())
                new.append(x)
            copies.append(copy)
        memo[id(node)] = restored(node.data, node.grad, node.label, node.op, node.partials, copies)
        new.append(node)
    for node in engine.with_attributes(new):  # once all are copied: they may hold some of them
        set_attributes(memo[id(node)], deepcopy(node._attributes, memo))
    return memo[id(root)]


def set_attributes(node: Any, attributes: Mapping[str, Any]) -> None:
    for name, x in attributes.items():
        setattr(node, name, x)


# What earlier pickles look for here:
_set_attributes = set_attributes
_set_attributes_below = earlier_pickles.set_attributes_below
_unpickled = earlier_pickles.unpickled
