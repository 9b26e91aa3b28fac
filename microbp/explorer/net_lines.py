"""The lines of a net's picture: which way each goes, where its number stands, and its SVG."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from microbp.drawing.dot import counted
from microbp.drawing.layout import Diagram, Edge
from microbp.explorer.net_blocks import Block
from microbp.explorer.net_boxes import Box
from microbp.explorer.net_layout import Layout

MOST_NUMBERS = 40
"""With more lines than these, numbers on them would hide which line says what."""

Point: TypeAlias = tuple[float, float]

_DIGIT = 5.8  # points of a character on a line


class Line(NamedTuple):
    """An edge, the points that it passes, and the text that stands on it."""

    edge: Edge
    points: list[Point]
    text: str
    spot: Point = (0.0, 0.0)

    def svg(self, prefix: str, arrow: bool) -> str:
        """The line as an element, with an arrow's head if it has one."""
        way = " L".join(f"{x:.5g},{y:.5g}" for x, y in self.points)
        head = ""
        if arrow:
            (x1, y1), (x, y) = self.points[-2:]
            length = max(((x - x1) ** 2 + (y - y1) ** 2) ** 0.5, 1e-9)
            a, b = 6 * (x - x1) / length, 6 * (y - y1) / length
            corners = (x, y), (x - a - b / 2, y - b + a / 2), (x - a + b / 2, y - b - a / 2)
            head = f'<polygon points="{" ".join(f"{p:.5g},{q:.5g}" for p, q in corners)}"/>'
        text = ""
        if self.text:
            place = f'x="{self.spot[0]:.5g}" y="{self.spot[1] + 3.5:.5g}" text-anchor="middle"'
            text = f'<text {place} font-size="10">{self.text}</text>'
        return f'<g class="edge" id="{prefix}{self.edge.id}"><path d="M{way}"/>{head}{text}</g>'


def lines_of(diagram: Diagram, layout: Layout) -> list[Line]:
    """A line for each edge, but not from a weight in a unit of many, which stands in its frame."""
    ports = _ports(layout)
    found = []
    for edge in layout.edges:
        points = _way(diagram, layout, edge, ports)
        if points:
            found.append(Line(edge, points, ""))
    few = len(found) <= MOST_NUMBERS
    return (
        _labeled([line._replace(text=_text(diagram, line, layout)) for line in found], layout)
        if few
        else found
    )


def _text(diagram: Diagram, line: Line, layout: Layout) -> str:
    """The number on a line: its partial, of an activity its weight; or of how many edges it is."""
    edge = line.edge
    if edge.id[0] == "f" and (len(line.points) > 2 or "step" in _kinds(diagram, edge)):
        return ""  # it would stand among others' lines, or there is no room
    if edge.number > 1:
        return counted(edge.number, "edge")
    start, end = layout.block_of[edge.start], layout.block_of[edge.end]
    if (start is end and not end.levels) or (
        end.unit and end.at[edge.end].id == f"n{end.unit.total}"
    ):
        return ""  # the weight is there as a box
    return f"{_partial(diagram, edge):.4g}"


def _kinds(diagram: Diagram, edge: Edge) -> set[str]:
    return {diagram.groups[int(name[1:])].kind for name in edge[:2] if name[0] == "u"}


def _partial(diagram: Diagram, edge: Edge) -> float:
    """The partial of the only edge that a line stands for, be it between groups."""
    if edge.id[0] == "e":
        return edge.partial
    group = diagram.groups[int(edge.start[1:])] if edge.start[0] == "u" else None
    outputs = {diagram.nodes[i] for i in (group.outputs if group else diagram.members[edge.start])}
    return next(
        partial
        for node in map(diagram.nodes.__getitem__, diagram.members[edge.end])
        for operand, partial in zip(node.operands, node.partials, strict=True)
        if operand in outputs  # and no weight that a later time shares
    )


def _ports(layout: Layout) -> dict[str, Point]:
    """Where each edge ends: at the left of its box, one below the other."""
    into: dict[str, list[Edge]] = defaultdict(list)
    for edge in layout.edges:
        into[edge.end].append(edge)
    found = {}
    for name, edges in into.items():
        end = layout.block_of[name].at[name]
        block = layout.block_of[name]
        if block.levels:
            above = [edge for edge in edges if layout.block_of[edge.start] is block]
            above = [edge for edge in above if _box(layout, edge.start).y < end.y]
            for k, edge in enumerate(above, 1):
                found[edge.id] = (end.x + k / (len(above) + 1) * end.width, end.y)
            edges = [edge for edge in edges if edge.id not in found]
        together = name[0] == "u" and not end.note
        heights = {edge.id: _box(layout, edge.start).middle for edge in edges}
        edges.sort(key=lambda edge: heights[edge.id])
        for k, edge in enumerate(edges, 1):
            share = 0.5 if together else k / (len(edges) + 1)
            found[edge.id] = (end.x, end.y + share * end.height)
    return found


def _box(layout: Layout, name: str) -> Box:
    return layout.block_of[name].at[name]


def _way(diagram: Diagram, layout: Layout, edge: Edge, ports: dict[str, Point]) -> list[Point]:
    """The points that an edge passes; none if it isn't drawn."""
    start, end = layout.block_of[edge.start], layout.block_of[edge.end]
    a, b = start.at[edge.start], end.at[edge.end]
    port = ports[edge.id]
    if a is b:
        return _loop(a)
    if edge.start[0] == "u" and diagram.groups[int(edge.start[1:])].kind == "weights":
        return []  # a line to each step would say no more
    if start is end:
        return _inside(start, a, b, port)
    begin = (a.right, a.middle)
    if start in layout.tied:
        return _along_the_channels(layout, start, end, begin, port)
    target = [port]
    if end.unit and b.id == f"n{end.unit.total}":
        target = _into_unit(diagram, end, edge, b)
    if start.row != end.row or start.rank >= end.rank:
        return [*_along_the_channels(layout, start, end, begin, target[0]), *target[1:]]
    return [begin, *_past(layout, start, end, begin, target[0]), *target]


def _inside(block: Block, a: Box, b: Box, port: Point) -> list[Point]:
    """Within a chain; or a unit, from a weight to the total input and down to the output."""
    if block.levels:
        if a.y == b.y:
            return [(a.x, a.middle), (b.right, b.middle)]
        x = min(max(port[0], a.x + 4), a.right - 4)
        return [(x, a.y + a.height), port]
    if block.unit is None or a.id == f"n{block.unit.total}":
        return [(a.x + a.width / 2, a.y + a.height), (a.x + a.width / 2, b.y)]
    if block.grid:
        return []
    return [(a.right, a.middle), (b.x, b.middle)]


def _into_unit(diagram: Diagram, end: Block, edge: Edge, total: Box) -> list[Point]:
    """To a total input: through the weight, which stands on the line."""
    assert end.unit is not None
    i, k = map(int, edge.id[1:].split("_"))
    operands = diagram.nodes[i].operands
    size = len(operands) // 2
    if k < size or k == len(operands) - 1:  # a weight or bias that is shared
        return [(total.x, total.middle)]
    weight = end.at.get(f"n{diagram.place[operands[k - size]]}")
    if end.grid:
        return [(end.x, end.y + (k - size + 0.5) / size * end.height)]
    if weight is None:
        return [(end.x, total.middle), (total.x, total.middle)]
    return [(weight.x, weight.middle), (weight.right, weight.middle), (total.x, total.middle)]


def _loop(a: Box) -> list[Point]:
    right, left = a.right - 14, a.x + 14
    return [(right, a.y), (right, a.y - 12), (left, a.y - 12), (left, a.y)]


def _along_the_channels(
    layout: Layout, start: Block, end: Block, begin: Point, target: Point
) -> list[Point]:
    """Around the boxes: through the space between rows, and on the left from row to row."""
    out, into = start.right + 10, min(block.x for block in layout.columns[end.rank]) - 10
    above = layout.rows[end.row] - 16 + 3 * (end.rank % 3)
    shared = start in layout.tied
    leave = layout.rows[0] - 22 if shared else None
    if not shared and start.row < end.row:
        leave = layout.rows[start.row + 1] - 26
    way = [begin, (out, begin[1])]
    if leave is not None and (not shared or end.row > 0) and leave < above - 20:
        way += [(out, leave), (8.0, leave), (8.0, above)]
    else:
        way.append((out, above))
    return [*way, (into, above), (into, target[1]), target]


def _past(layout: Layout, start: Block, end: Block, begin: Point, target: Point) -> list[Point]:
    """The points by which a line passes the columns that it crosses, between their boxes."""
    found = []
    for rank in range(start.rank + 1, end.rank):
        column = layout.columns[rank]
        left, right = min(b.x for b in column) - 6, max(b.right for b in column) + 6
        slope = (target[1] - begin[1]) / (target[0] - begin[0])
        ends = [begin[1] + slope * (x - begin[0]) for x in (left, right)]
        high, low = min(ends) - 3, max(ends) + 3
        if all(b.bottom < high or b.y > low for b in column):
            continue
        spaces = [column[0].y - 9, column[-1].bottom + 9]
        spaces += [(a.bottom + b.y) / 2 for a, b in pairwise(column)]
        y = min(spaces, key=lambda space: abs(space - sum(ends) / 2))
        found += [(left, y), (right, y)]
    return found


def _labeled(lines: Sequence[Line], layout: Layout) -> list[Line]:
    """The lines with a spot for each text, where it covers no text or box, and fewest lines."""
    boxes = [box for block in layout.blocks + layout.tied for box in block.boxes]
    taken: list[tuple[Point, float]] = []
    found = []
    for line in lines:
        if line.text:
            half = _DIGIT * max(len(line.text), 6) / 2
            spots = [_spot(line.points, t) for t in (0.5, 0.62, 0.38, 0.72, 0.28, 0.8, 0.2)]
            others = [other.points for other in lines if other is not line]
            spot = min(spots, key=lambda spot: _covered(spot, half, taken, boxes, others))
            taken.append((spot, half))
            line = line._replace(spot=spot)
        found.append(line)
    return found


def _spot(points: Sequence[Point], share: float) -> Point:
    """A point on the longest straight part of a line."""
    parts = list(pairwise(points))
    (x1, y1), (x2, y2) = max(parts, key=lambda p: abs(p[1][0] - p[0][0]) + abs(p[1][1] - p[0][1]))
    if abs(x2 - x1) < 8.0:  # beside it
        return x1 + (24.0 if share > 0.5 else -24.0), (y1 + y2) / 2
    return x1 + share * (x2 - x1), y1 + share * (y2 - y1) - 6.0 * (abs(y2 - y1) < 8.0)


def _covered(
    spot: Point,
    half: float,
    taken: Sequence[tuple[Point, float]],
    boxes: Sequence[Box],
    others: Sequence[Sequence[Point]],
) -> int:
    x, y = spot
    hidden = sum(b.x - half < x < b.right + half and abs(b.middle - y) < b.height / 2 + 5
                 for b in boxes)  # fmt: skip
    texts = sum(abs(x - p) < half + h + 2 and abs(y - q) < 12 for (p, q), h in taken)
    crossings = sum(_near(spot, half, a, b) for way in others for a, b in pairwise(way))
    return 10 * (texts + hidden) + crossings


def _near(spot: Point, half: float, a: Point, b: Point) -> bool:
    """Whether a straight line from a to b passes through the text at this spot."""
    (x, y), steps = spot, 12
    return any(
        abs(a[0] + k / steps * (b[0] - a[0]) - x) < half
        and abs(a[1] + k / steps * (b[1] - a[1]) - y) < 6
        for k in range(steps + 1)
    )
