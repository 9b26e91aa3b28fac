"""Pickles of graphs of any depth, linear in the nodes; what nodes share in a pickle stays shared.

Pickle asks each object for its parts, saves those first, and remembers all that it has saved. With
operands as parts, it would recurse as deep as the graph goes. So the first node that it asks
answers with a `Graph`: all nodes below, operands before results, and at last that node. Each of
them, asked in its turn, knows its graph, and answers with its operands, which are saved by then.

Which graph a node is in is remembered by each thread, for as long as pickle keeps the graph. This
only says where to look: what a pickle contains, pickle alone knows. A node names its graph before
its operands, so that another pickle, begun meanwhile in the same thread, saves the graph first.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import chain, filterfalse, repeat
from operator import getitem
from typing import Any
from weakref import ref

from microbp.core.copying import Engine, Restore, set_attributes
from microbp.core.toposort import operands_first


class _Graphs(threading.local):
    """This thread's graphs, by the id of each node in them."""

    def __init__(self) -> None:
        self.of: dict[int, ref[Graph]] = {}


_graphs = _Graphs()


class Graph:
    """Nodes, for pickle to save one after the other, and then their attributes.

    Attributes come last, as they may hold any of the nodes.
    """

    nodes: Sequence[Any] = ()
    again: Sequence[Any] = ()
    """Nodes that were asked after each had been: by another pickle."""

    def __init__(self, root: Any, engine: Engine) -> None:
        self._engine = engine
        self._restored = engine.restored
        self._asked = False
        self._left = 0
        self._hold(self._below([root], _graphs.of))

    def _hold(self, nodes: Sequence[Any]) -> None:
        self.nodes = nodes
        ids, known = [*map(id, nodes)], _graphs.of
        # Forget the nodes when the graph goes, all in C: Python loses what interrupts a __del__.
        forget: Any = partial(next, filterfalse(None, map(known.pop, ids, repeat(True))))
        me = forget.argument = ref(self, forget)  # kept: Python only borrows it for the call
        known.update(zip(ids, repeat(me)))

    def _below(self, roots: Sequence[Any], known: Mapping[int, Any]) -> list[Any]:
        """The roots and all below, without what is known. Most leaves are not among them: a leaf
        without attributes is saved where it is an operand."""
        if known or len(roots) > 1:
            found = operands_first(*roots, known=known)
        else:  # by the engine: faster
            nodes = self._engine.reverse_order(*roots)[::-1]
            found = [*dict.fromkeys(chain(*(node.operands for node in nodes), nodes))]
        some = {*self._engine.with_attributes(found)}
        return [node for node in found if node.op is not None or node in some]

    def reduced(self, node: Any) -> tuple[Any, ...]:
        """What a node in this graph answers to pickle."""
        self._left -= 1
        if self._left < 0:
            self.again = [*self.again, node]
        data, grad, label, op = node.data, node.grad, node.label, node.op
        parts = self, self._restored, data, grad, label, op, *node.partials, *node.operands
        return _rebuilt, parts

    def __reduce__(self) -> tuple[Any, ...]:
        if self._asked:  # by another pickle, which may lack what the first one had
            _graphs.of = {}
            self._hold(self._below(self.again or self.nodes, {}))
        self._asked, self._left, self.again = True, len(self.nodes), ()
        attributes = [(node, node._attributes) for node in self._engine.with_attributes(self.nodes)]
        return list, (), attributes or None, iter(self.nodes), None, _set_all


def reduced(node: Any, engine: Engine) -> tuple[Any, ...]:
    """What a node's `__reduce__` gives."""
    found = _graphs.of.get(id(node))
    graph = None if found is None else found()
    if node.op is None:
        own = node._attributes
        if graph is None or not own:
            made = engine.restored, (node.data, node.grad, node.label, None, (), ())
            return (*made, own, None, None, set_attributes) if own else made
    if graph is None:
        return getitem, (Graph(node, engine), -1)
    return graph.reduced(node)


def _rebuilt(
    graph: object, restored: Restore, data: float, grad: float, label: str, op: Any, *rest: Any
) -> Any:
    """A node again, from its partials and its operands."""
    count = len(rest) // 2
    return restored(data, grad, label, op, rest[:count], rest[count:])


def _set_all(nodes: object, attributes: Sequence[tuple[Any, Mapping[str, Any]]]) -> None:
    for node, own in attributes:
        set_attributes(node, own)
