"""The boxes and edges of a picture."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from microbp.core.engine import Value
from microbp.drawing.grouping import Group


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
    or to a group are merged; those between two nodes only if they are more than `most_parallel`.
    """

    nodes: Sequence[Value]
    groups: Sequence[Group] = ()
    shown: Set[str] | None = None
    most_parallel: float = math.inf

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
            if start[0] == "n" and number <= self.most_parallel:
                yield Edge(start, end, f"e{i}_{k}", 1, partial)
            else:
                yield Edge(start, end, f"f{start}_{end}", number, partial)
                counts[start] = 0

    def _edges_to_group(self, end: str, group: Group) -> Iterator[Edge]:
        counts = Counter[str]()
        tied = set(group.tied)
        operands = [self.nodes[i].operands for i in group.members]
        for row in operands:
            places = map(self.place.__getitem__, row)
            counts.update(self.box_of[j] for j in places if j not in tied)
        counts[end] = 0
        if group.kind in ("unit", "layer"):
            outputs = {self.nodes[i] for i in group.outputs}
            counts[end] = sum(map(outputs.__contains__, chain.from_iterable(operands)))
        for start, number in counts.items():
            if number and start in self.members:
                yield Edge(start, end, f"f{start}_{end}", number, math.nan)

    @cached_property
    def ranks(self) -> dict[str, int]:
        """About where Graphviz puts each box: after all that lead to it, the first box at 0."""
        rank = dict.fromkeys(self.members, 0)
        for edge in self.edges:
            rank[edge.end] = max(rank[edge.end], rank[edge.start] + 1)
        first: dict[str, int] = {}  # each leaf is just before the first box that uses it
        for edge in self.edges:
            if rank[edge.start] == 0:
                first[edge.start] = min(first.get(edge.start, rank[edge.end]), rank[edge.end])
        return rank | {name: end - 1 for name, end in first.items()}

    @cached_property
    def span(self) -> int:
        """About how many ranks of boxes the edges pass: this makes a layout slow."""
        rank = self.ranks
        return sum(max(rank[edge.end] - rank[edge.start] - 1, 0) for edge in self.edges)

    @cached_property
    def has_units(self) -> bool:
        """Whether a box is a unit's."""
        return any(group.kind == "unit" for group in self.groups)

    @cached_property
    def has_steps(self) -> bool:
        """Whether the boxes are the steps of a net in time."""
        return any(group.step for group in self.groups)

    @cached_property
    def straight(self) -> bool:
        """Whether edges are straight lines, as nets are drawn, or as curves would take too long."""
        return self.has_units or self.span > 1000

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
