"""Lay out a net as nets are drawn: inputs, layers in columns, units evenly spaced, the loss behind.

Time follows from left to right, and the weights that all times share are above, once. A picture
that would be too wide to read is broken into rows, as a text is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from microbp.drawing.layout import Diagram, Edge
from microbp.explorer.net_blocks import Block, Unit, blocks_of

SIZE = 1140.0, 500.0
"""Points that a window of 1,280 by 720 pixels shows at a readable size."""

_EDGE = 12.0  # around the picture
_TRUNK = 18.0  # on its left, for lines from row to row
_CHANNEL = 40.0  # between two rows
_CHANNEL_OF_STEPS = 28.0
_MOST_APART = 40.0  # units of a column
_MOST_ROWS = 60
_LABELED = 76.0  # between two columns whose lines have numbers
_COUNTED = 88.0  # or say how many edges they stand for
_IN_STEP = 24.0  # between time steps, whose lines say nothing


@dataclass
class Layout:
    """Where everything is. `rows` are the tops of the rows of columns."""

    blocks: list[Block]
    tied: list[Block]
    edges: list[Edge]
    columns: list[list[Block]]
    rows: list[float]
    width: float
    height: float

    def __post_init__(self) -> None:
        self.block_of = {box.id: block for block in self.blocks + self.tied for box in block.boxes}


def net_layout(
    diagram: Diagram, units: Sequence[Unit] = (), *, size: tuple[float, float] = SIZE
) -> Layout:
    """The layout of a diagram, whose units are blocks if they are given.

    It is broken into rows where it would be wider than `size`.
    """
    blocks, tied = blocks_of(diagram, units)
    in_steps = any(group.kind == "step" for group in diagram.groups)
    edges = diagram.edges
    columns = _with_chain(_columns(blocks, edges), edges)
    blocks = [block for column in columns for block in column]
    for column in columns:
        for block in column:
            block.arrange(sum(each.unit is not None for each in column))
    for block in tied:
        block.arrange(1)
    gaps = [_IN_STEP] * (len(columns) - 1) if in_steps else _gaps(columns, edges)
    channel = _CHANNEL_OF_STEPS if in_steps else _CHANNEL
    rows = _rows(columns, gaps, size, channel)
    width = max(_across(columns, gaps, row) for row in rows)
    in_time = _is_in_time(blocks)
    left = _EDGE + (_TRUNK if tied or len(rows) > 1 else 0)
    y = _place_tied(tied, left, max(width, size[0] / 2)) if tied else _EDGE
    if not tied and _has_way_back(blocks, edges):
        y += _CHANNEL / 2
    tops = []
    for r, row in enumerate(rows):
        tops.append(y)
        y += _place_row(columns, gaps, row, r, left, y, in_time) + channel
    right = max(block.right for block in blocks + tied)
    return Layout(blocks, tied, edges, columns, tops, right + _EDGE, y - channel + _EDGE)


def _columns(blocks: Sequence[Block], edges: Iterable[Edge]) -> list[list[Block]]:
    """The blocks by rank: each after all that it needs, and leaves just before what needs them."""
    home = {box.id: block for block in blocks for box in block.boxes}
    before: dict[Block, list[Block]] = defaultdict(list)
    after: dict[Block, list[Block]] = defaultdict(list)
    for edge in edges:
        start, end = home.get(edge.start), home.get(edge.end)
        if start and end and start.order < end.order:
            before[end].append(start)
            after[start].append(end)
    for block in sorted(blocks, key=lambda block: block.order):
        block.rank = max((each.rank + 1 for each in before[block]), default=0)
    for block in blocks:
        if not before[block] and after[block]:
            block.rank = min(each.rank for each in after[block]) - 1
    found: dict[int, list[Block]] = defaultdict(list)
    for block in blocks:
        found[block.rank].append(block)
    columns = [found[rank] for rank in sorted(found)]
    for column in columns:
        units = any(block.unit for block in column)
        column.sort(key=lambda block: (units and block.unit is None, block.order))
    _untangle(columns, before, after)
    return columns


def _with_chain(columns: list[list[Block]], edges: Sequence[Edge]) -> list[list[Block]]:
    """The columns, where those behind the net are one if they are a chain of operations."""
    last = max((k for k, column in enumerate(columns) if any(b.of_net for b in column)), default=-1)
    chain = [block for column in columns[last + 1 :] for block in column if not block.leaf]
    if last >= 0 and len(chain) == len(columns) - last - 1 > 1:
        home = {box.id: block for column in columns for block in column for box in block.boxes}
        users: dict[Block, set[Block]] = defaultdict(set)
        for edge in edges:
            if edge.start in home:
                users[home[edge.start]].add(home[edge.end])
        leaves = {b: user for b, (user, *others) in users.items()
                  if b.leaf and not others and user in chain}  # fmt: skip
        behind = {block for column in columns[last + 1 :] for block in column}
        straight = all(users[a] <= {b} for a, b in pairwise(chain))
        if straight and behind <= {*chain, *leaves}:
            levels = [[op.boxes[0], *(b.boxes[0] for b in leaves if leaves[b] is op)]
                      for op in chain]  # fmt: skip
            boxes = [box for level in levels for box in level]
            kept = [[b for b in column if b not in leaves] for column in columns[: last + 1]]
            columns = [*filter(None, kept), [Block(boxes, chain[0].order, levels=levels)]]
    for rank, column in enumerate(columns):
        for block in column:
            block.rank = rank
    return columns


def _untangle(
    columns: Sequence[list[Block]],
    before: Mapping[Block, Sequence[Block]],
    after: Mapping[Block, Sequence[Block]],
) -> None:
    """Put single boxes beside those that they are computed from; units stay in their order."""
    height: dict[Block, float] = {}
    for column in columns:
        if not any(block.unit or block.boxes[0].id[0] == "u" for block in column):
            ways = {}
            for block in column:
                near = before[block] or [b for end in after[block] for b in before[end]]
                known = [height[b] for b in near if b in height]
                ways[block] = sum(known) / len(known) if known else 0.5
            column.sort(key=ways.__getitem__)
        for k, block in enumerate(column):
            height[block] = (k + 0.5) / len(column)


def _gaps(columns: Sequence[Sequence[Block]], edges: Iterable[Edge]) -> list[float]:
    """The space after each column: more for more lines to the next one."""
    rank = {box.id: block.rank for column in columns for block in column for box in block.boxes}
    lines = Counter[int]()
    labeled, counted = False, set[int]()
    for edge in edges:
        if edge.start in rank and rank[edge.end] == rank[edge.start] + 1:
            lines[rank[edge.start]] += 1
            labeled = labeled or edge.id[0] == "f"
            if edge.number > 1:
                counted.add(rank[edge.start])
    found = []
    for k, (left, right) in enumerate(pairwise(columns)):
        if lines[k] > len(left) + len(right) > 8:
            found.append(min(90.0, 4.0 + 2.5 * max(len(left), len(right))))
        else:
            plain = _LABELED if labeled and lines[k] > 1 else 46.0
            found.append(_COUNTED if k in counted else plain)
    return found


def _rows(
    columns: Sequence[Sequence[Block]],
    gaps: Sequence[float],
    size: tuple[float, float],
    channel: float,
) -> list[range]:
    """Which columns each row has: as few rows as can be read at this size."""
    widths = [max(block.width for block in column) for column in columns]
    ends = [*accumulate(w + gap for w, gap in zip(widths, [*gaps, 0.0], strict=True))]
    best, best_scale = [range(len(columns))], 0.0
    for count in range(1, min(len(columns), _MOST_ROWS) + 1):
        rows = _broken(ends, count)
        width = max(ends[row[-1]] - (ends[row[0] - 1] if row[0] else 0.0) for row in rows)
        height = sum(_down(columns[k] for k in row) + channel for row in rows) - channel
        scale = min(1.0, size[0] / width, size[1] / height)
        if scale > 1.1 * best_scale:
            best, best_scale = rows, scale
    return best


def _broken(ends: Sequence[float], count: int) -> list[range]:
    """The columns, which end there, in about so many rows of about the same width."""
    rows, start, width = [], 0, 1.08 * ends[-1] / count
    for k in range(1, len(ends)):
        if ends[k] - (ends[start - 1] if start else 0.0) > width:
            rows.append(range(start, k))
            start = k
    return [*rows, range(start, len(ends))]


def _across(columns: Sequence[Sequence[Block]], gaps: Sequence[float], row: range) -> float:
    widths = sum(max(block.width for block in columns[k]) for k in row)
    return widths + sum(gaps[k] for k in row[:-1])


def _down(columns: Iterable[Sequence[Block]]) -> float:
    """The height of a row: that of its highest column."""
    return max(sum(block.height + _least(column) for block in column) - _least(column)
               for column in columns)  # fmt: skip


def _least(column: Sequence[Block]) -> float:
    """The least space between two blocks of a column."""
    if any(block.framed for block in column):
        return 12.0
    return 2.0 if len(column) > 8 else 14.0


def _place_row(
    columns: Sequence[Sequence[Block]],
    gaps: Sequence[float],
    row: range,
    number: int,
    x: float,
    y: float,
    in_time: bool,
) -> float:
    """Place the columns of a row from (x, y) on; returns its height."""
    height = _down(columns[k] for k in row)
    for k in row:
        column = columns[k]
        full = sum(block.height for block in column)
        apart = min(max((height - full) // len(column), _least(column)), _MOST_APART)
        top = y + (height - full - apart * (len(column) - 1)) / 2
        if in_time and column[0].unit:  # so that a unit stays at one height
            top, apart = y, _least(column)
        width = max(block.width for block in column)
        for block in column:
            block.row = number
            block.move(x + (width - block.width) / 2, top)
            top += block.height + apart
        x += width + (gaps[k] if k < len(gaps) else 0)
    return height


def _place_tied(tied: Sequence[Block], left: float, width: float) -> float:
    """Place the shared weights above, in rows of this width; returns what is below them."""
    x, y, lowest = left, _EDGE, _EDGE
    for block in tied:
        if x > left and x + block.width > left + width:
            x, y = left, lowest + 20.0
        block.move(x, y)
        x += block.width + 24.0
        lowest = max(lowest, block.bottom)
    return lowest + _CHANNEL


def _is_in_time(blocks: Iterable[Block]) -> bool:
    """Whether a unit is there at several times, one after the other."""
    ranks: dict[tuple[int, ...], set[int]] = defaultdict(set)
    for block in blocks:
        if block.unit:
            ranks[block.unit.parameters].add(block.rank)
    return any(len(each) > 1 for each in ranks.values())


def _has_way_back(blocks: Sequence[Block], edges: Iterable[Edge]) -> bool:
    """Whether a line leads back to the same column or to one before, and passes above all."""
    home = {box.id: block for block in blocks for box in block.boxes}
    return any(home[e.start].rank >= home[e.end].rank for e in edges
               if e.id[0] == "f" and e.start in home and e.end in home)  # fmt: skip
