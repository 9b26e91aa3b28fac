"""Choose the boxes and edges of a picture, and how much of a graph fits into one."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, islice
from typing import NamedTuple

from microbp.core.engine import Value
from microbp.drawing.grouping import Fold, Group, folded

EDGES = 4
"""Most edges for each node of `max_nodes`: Graphviz lays out 2,000 edges in about a second."""

SPAN = 10
"""Most span for each node of `max_nodes`: an edge past n ranks of boxes costs as n more boxes."""

_FOLDS: dict[Fold | None, tuple[Fold | None, ...]] = {
    None: (None, "unit", "layer"),
    "unit": ("unit", "layer"),
    "layer": ("layer",),
}


class Edge(NamedTuple):
    """An arrow between boxes: its id, how many edges it stands for, and their first partial."""

    start: str
    end: str
    id: str
    number: int
    partial: float


@dataclass(frozen=True)
class Diagram:
    """The boxes and edges for nodes in the order of `operands_first`, and groups of them.

    Box n5 is node 5, u0 the first group. `shown` are the boxes to show, None for all. Edges from
    or to a group are merged; those between two nodes only if `merged` is True.
    """

    nodes: Sequence[Value]
    groups: Sequence[Group] = ()
    shown: Set[str] | None = None
    merged: bool = False

    @cached_property
    def place(self) -> dict[Value, int]:
        """The place of each node in the list."""
        return {node: i for i, node in enumerate(self.nodes)}

    @cached_property
    def box_of(self) -> list[str]:
        """The box of each node."""
        names = [f"n{i}" for i in range(len(self.nodes))]
        for j, group in enumerate(self.groups):
            for i in group.members:
                names[i] = f"u{j}"
        return names

    @property
    def size(self) -> int:
        """How many boxes there are."""
        if self.shown is not None:
            return len(self.shown)
        return len(self.nodes) - sum(len(group.members) - 1 for group in self.groups)

    @cached_property
    def members(self) -> dict[str, Sequence[int]]:
        """The boxes to show, in the order of their first outputs, and the nodes in each."""
        names = set(self.box_of) if self.shown is None else self.shown
        return {name: self._members(name) for name in sorted(names, key=self._first_output)}

    def _first_output(self, name: str) -> int:
        number = int(name[1:])
        return self.groups[number].outputs[0] if name[0] == "u" else number

    def _members(self, name: str) -> Sequence[int]:
        number = int(name[1:])
        return self.groups[number].members if name[0] == "u" else (number,)

    @cached_property
    def edges(self) -> list[Edge]:
        """The edges between shown boxes; from a unit or layer to itself if it feeds itself."""
        found = list[Edge]()
        for end, members in self.members.items():
            if end[0] == "n":
                found += self._edges_to_node(end, members[0])
            else:
                found += self._edges_to_group(end, self.groups[int(end[1:])])
        return found

    def _edges_to_node(self, end: str, i: int) -> Iterator[Edge]:
        node = self.nodes[i]
        starts = [self.box_of[self.place[operand]] for operand in node.operands]
        counts = Counter(starts)
        for k, (start, partial) in enumerate(zip(starts, node.partials, strict=True)):
            number = counts[start]
            if start not in self.members or not number:
                continue
            if start[0] == "n" and (number == 1 or not self.merged):
                yield Edge(start, end, f"e{i}_{k}", 1, partial)
            else:
                yield Edge(start, end, f"f{start}_{end}", number, partial)
                counts[start] = 0

    def _edges_to_group(self, end: str, group: Group) -> Iterator[Edge]:
        counts = Counter[str]()
        operands = [self.nodes[i].operands for i in group.members]
        for row in operands:
            counts.update(map(self.box_of.__getitem__, map(self.place.__getitem__, row)))
        counts[end] = 0
        if group.kind in ("unit", "layer"):
            outputs = {self.nodes[i] for i in group.outputs}
            counts[end] = sum(map(outputs.__contains__, chain.from_iterable(operands)))
        for start, number in counts.items():
            if number and start in self.members:
                yield Edge(start, end, f"f{start}_{end}", number, math.nan)

    @cached_property
    def span(self) -> int:
        """About how many ranks of boxes the edges pass: this makes a layout slow."""
        rank = dict.fromkeys(self.members, 0)
        for edge in self.edges:
            rank[edge.end] = max(rank[edge.end], rank[edge.start] + 1)
        first: dict[str, int] = {}  # each leaf is just before the first box that uses it
        for edge in self.edges:
            if rank[edge.start] == 0:
                first[edge.start] = min(first.get(edge.start, rank[edge.end]), rank[edge.end])
        rank |= {name: end - 1 for name, end in first.items()}
        return sum(max(rank[edge.end] - rank[edge.start] - 1, 0) for edge in self.edges)

    def fits(self, max_nodes: int) -> bool:
        """Whether Graphviz lays this out in a second or two, for a max_nodes of a few hundred."""
        return (
            self.size <= max_nodes
            and len(self.edges) <= EDGES * max_nodes
            and self.span <= SPAN * max_nodes
        )

    def hides(self, operand: Value) -> bool:
        """Whether this node, or the group it is in, is not shown."""
        return self.shown is not None and self.box_of[self.place[operand]] not in self.shown

    def nearest(self, roots: Sequence[Value]) -> Iterator[str]:
        """All boxes, breadth first from those of the roots."""
        found = dict.fromkeys(self.box_of[self.place[root]] for root in roots)
        queue = deque(found)
        while queue:
            name = queue.popleft()
            yield name
            for i in self._members(name):
                for operand in self.nodes[i].operands:
                    other = self.box_of[self.place[operand]]
                    if other not in found:
                        found[other] = None
                        queue.append(other)


def fitted(
    nodes: Sequence[Value], roots: Sequence[Value], fold: Fold | None, max_nodes: int
) -> tuple[Diagram, str]:
    """What `draw` shows of these nodes, and a note that says what is missing, if anything is.

    A graph that doesn't fit is folded by unit, then by layer; if that is not enough, the part
    nearest to the roots is shown.
    """
    tried = []
    for by in _FOLDS[fold]:
        diagram = Diagram(nodes, folded(nodes, by) if by else ())
        if by != fold and not diagram.groups:
            break
        tried.append(diagram)
        if diagram.size <= max_nodes:
            diagram = _merged(diagram, max_nodes)
            if diagram.fits(max_nodes):
                note = f"{len(nodes):,} nodes, folded by {by}.\n{_HINT}"
                return diagram, note if by != fold else ""
    diagram = tried[-1] if 2 * tried[-1].size <= tried[0].size else tried[0]
    order = [*islice(diagram.nearest(roots), max_nodes)]
    while True:
        cut = _merged(replace(diagram, shown=frozenset(order)), max_nodes)
        if len(order) == 1 or cut.fits(max_nodes):
            what = "nodes" if not cut.groups else "boxes"
            note = (
                f"The {len(order):,} {what} nearest to the root, of {len(nodes):,} nodes.\n{_HINT}"
            )
            return cut, note
        order = order[: len(order) * 3 // 4]


_HINT = "To see more, give a larger max_nodes, or draw a Value nearer to the leaves."


def _merged(diagram: Diagram, max_nodes: int) -> Diagram:
    """The same, with at most one edge from box to box if there are too many."""
    return replace(diagram, merged=True) if len(diagram.edges) > EDGES * max_nodes else diagram
