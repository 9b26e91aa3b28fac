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
from collections import deque
from collections.abc import Mapping, Sequence
from itertools import chain, repeat
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
        self._me = ref(self)
        self._asked = False
        self._left = 0
        self._hold(self._below([root], _graphs.of))

    def _hold(self, nodes: Sequence[Any]) -> None:
        self._known = _graphs.of
        self.nodes = nodes  # later than that, for __del__ after an interruption
        self._known.update(zip(map(id, nodes), repeat(self._me)))

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

    def __del__(self) -> None:
        if self.nodes:  # one call, in C: an interruption here would be lost
            deque(map(self._known.pop, map(id, self.nodes), repeat(None)), maxlen=0)


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
        if found is not None:
            _forget_the_dead(_graphs.of)
        return getitem, (Graph(node, engine), -1)
    return graph.reduced(node)


def _forget_the_dead(graphs: dict[int, ref[Graph]]) -> None:
    """Where a graph's `__del__` was interrupted, which Python doesn't tell."""
    for place in [place for place, graph in graphs.items() if graph() is None]:
        graphs.pop(place, None)


def _rebuilt(
    graph: object, restored: Restore, data: float, grad: float, label: str, op: Any, *rest: Any
) -> Any:
    """A node again, from its partials and its operands."""
    count = len(rest) // 2
    return restored(data, grad, label, op, rest[:count], rest[count:])


def _set_all(nodes: object, attributes: Sequence[tuple[Any, Mapping[str, Any]]]) -> None:
    for node, own in attributes:
        set_attributes(node, own)
