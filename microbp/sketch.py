"""Which boxes and edges a picture has, and how much of a graph fits into one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from microbp.engine import Value
from microbp.folding import Fold, Group, folded

EDGES = 4
"""For each node that a picture may have: Graphviz lays out 2,000 edges in about a second."""

SPAN = 40
"""Likewise: an edge that passes by n ranks of other boxes costs as much as n more boxes."""

_FOLDS: dict[Fold | None, tuple[Fold | None, ...]] = {
    None: (None, "unit", "layer"),
    "unit": ("unit", "layer"),
    "layer": ("layer",),
}


class Edge(NamedTuple):
    """An edge between boxes. `operand` and `place` are its first one's; `number` how many it is."""

    start: str
    end: str
    node: int
    operand: int
    number: int


@dataclass(frozen=True)
class Sketch:
    """The boxes and edges for nodes in the order of `operands_first`, and groups of them.

    Box n5 is node 5 itself, u0 the first group. `shown` are the boxes that there are, where these
    are not all. Edges from one node to another are merged only where `merged` says so, those from
    or to a group always.
    """

    nodes: Sequence[Value]
    groups: Sequence[Group] = ()
    shown: Set[str] | None = None
    merged: bool = False

    @cached_property
    def place(self) -> dict[Value, int]:
        """Where each node stands in the list."""
        return {node: i for i, node in enumerate(self.nodes)}

    @cached_property
    def _group_of(self) -> dict[int, int]:
        return {i: j for j, group in enumerate(self.groups) for i in group.members}

    def _box(self, i: int) -> str:
        """The box that shows node i."""
        return f"u{self._group_of[i]}" if i in self._group_of else f"n{i}"

    @property
    def size(self) -> int:
        """How many boxes there are."""
        if self.shown is not None:
            return len(self.shown)
        return len(self.nodes) - len(self._group_of) + len(self.groups)

    @cached_property
    def members(self) -> dict[str, Sequence[int]]:
        """Those to show, in order, and the nodes in each."""
        if self.shown is None:
            names: Iterable[str] = map(self._box, range(len(self.nodes)))
        else:
            names = sorted(self.shown, key=lambda name: self._members(name)[0])
        return {name: self._members(name) for name in dict.fromkeys(names)}

    def _members(self, name: str) -> Sequence[int]:
        number = int(name[1:])
        return self.groups[number].members if name[0] == "u" else (number,)

    @cached_property
    def edges(self) -> list[Edge]:
        """Those between boxes that are shown; a unit's or layer's to itself if it feeds itself."""
        recurrent = {i for g in self.groups if g.kind in ("unit", "layer") for i in g.outputs}
        found: dict[tuple[str, str, int, int], Edge] = {}
        for end, members in self.members.items():
            for i in members:
                for k, operand in enumerate(self.nodes[i].operands):
                    j = self.place[operand]
                    start = self._box(j)
                    if start not in self.members or (start == end and j not in recurrent):
                        continue
                    alone = start[0] == end[0] == "n" and not self.merged
                    key = (start, end, i, k) if alone else (start, end, -1, -1)
                    edge = found.get(key, Edge(start, end, i, k, 0))
                    found[key] = edge._replace(number=edge.number + 1)
        return [*found.values()]

    @cached_property
    def span(self) -> int:
        """How many ranks of boxes the edges pass by, about: what makes a layout slow."""
        rank = dict.fromkeys(self.members, 0)
        for edge in self.edges:
            rank[edge.end] = max(rank[edge.end], rank[edge.start] + 1)
        first: dict[str, int] = {}  # each leaf stands just before the first that uses it
        for edge in self.edges:
            if rank[edge.start] == 0:
                first[edge.start] = min(first.get(edge.start, rank[edge.end]), rank[edge.end])
        rank |= {name: end - 1 for name, end in first.items()}
        return sum(max(rank[edge.end] - rank[edge.start] - 1, 0) for edge in self.edges)

    def fits(self, max_nodes: int) -> bool:
        """Whether Graphviz lays this out in a second or two, if max_nodes is a few hundred."""
        return (
            self.size <= max_nodes
            and len(self.edges) <= EDGES * max_nodes
            and self.span <= SPAN * max_nodes
        )

    def hides(self, operand: Value) -> bool:
        """Whether this node, or the group it is in, is left out."""
        return self.shown is not None and self._box(self.place[operand]) not in self.shown

    def nearest(self, roots: Sequence[Value]) -> Iterator[str]:
        """All boxes, from those of the roots on: all operands of one after the other."""
        found = dict.fromkeys(self._box(self.place[root]) for root in roots)
        queue = deque(found)
        while queue:
            name = queue.popleft()
            yield name
            for i in self._members(name):
                for operand in self.nodes[i].operands:
                    other = self._box(self.place[operand])
                    if other not in found:
                        found[other] = None
                        queue.append(other)


def sketched(
    nodes: Sequence[Value], roots: Sequence[Value], fold: Fold | None, max_nodes: int
) -> tuple[Sketch, str]:
    """What `draw` shows of these nodes, and a note of what is missing, if anything is.

    A graph that does not fit is folded, by unit and then by layer. If that does not help either,
    the part nearest to the roots is shown.
    """
    tried = []
    for by in _FOLDS[fold]:
        sketch = Sketch(nodes, folded(nodes, by) if by else ())
        if by != fold and not sketch.groups:
            break
        tried.append(sketch)
        if sketch.size <= max_nodes:
            sketch = _merged(sketch, max_nodes)
            if sketch.fits(max_nodes):
                note = f"{len(nodes):,} nodes, folded by {by}\n{_HINT}"
                return sketch, note if by != fold else ""
    sketch = tried[-1] if 2 * tried[-1].size <= tried[0].size else tried[0]
    order = [*islice(sketch.nearest(roots), max_nodes)]
    while True:
        cut = _merged(replace(sketch, shown=frozenset(order)), max_nodes)
        if len(order) == 1 or cut.fits(max_nodes):
            return cut, f"the {len(order):,} nearest to the root, of {len(nodes):,} nodes\n{_HINT}"
        order = order[: len(order) * 3 // 4]


_HINT = "to see more: a larger max_nodes, or draw a Value nearer to the leaves"


def _merged(sketch: Sketch, max_nodes: int) -> Sketch:
    """The same, with one edge from one box to another if there are too many."""
    return replace(sketch, merged=len(sketch.edges) > EDGES * max_nodes)
