"""What is laid out in the picture of a net: units, each with its weights, and single boxes."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from microbp.core import ops
from microbp.drawing.grouping import Group
from microbp.drawing.layout import Diagram
from microbp.explorer.net_boxes import HEIGHT, Box, box, clipped

_INSIDE = 7.0  # from a unit's frame to what is in it
_CLOSE = 3.0  # between two weights
_LINK = 18.0  # from the weights to the total input
_UNITS_HIGH = 640.0  # of a layer: its units' weights stand in as few columns as this allows


class Unit(NamedTuple):
    """One unit in one case, at one time, as places in the list of nodes."""

    label: str
    output: int
    total: int
    parameters: tuple[int, ...]
    activities: tuple[int, ...]


@dataclass(eq=False)
class Block:
    """Boxes that stay together. `unit` is the unit that they are, if they are one.

    `levels` are those of a chain of operations, each with the leaves that only it uses.
    """

    boxes: list[Box]
    order: int
    unit: Unit | None = None
    leaf: bool = False
    levels: list[list[Box]] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0
    x: float = 0.0
    y: float = 0.0
    rank: int = 0
    row: int = 0
    grid: bool = False
    at: dict[str, Box] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.at = {box.id: box for box in self.boxes}

    @property
    def framed(self) -> bool:
        """Whether it is a unit, or the weights of one."""
        return len(self.boxes) > 1 and not self.levels

    @property
    def of_net(self) -> bool:
        """Whether it is part of the net, and not of the loss behind it."""
        return self.unit is not None or self.boxes[0].of_net

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def move(self, x: float, y: float) -> None:
        """Place its left upper corner, and with it all that is in it.

        Boxes lie at whole points, which take fewer digits than others.
        """
        x, y = round(x), round(y)
        for each in self.boxes:
            each.x += x - self.x
            each.y += y - self.y
        self.x, self.y = x, y

    def arrange(self, units: int) -> None:
        """Place its boxes beside each other, in a layer of so many units."""
        if self.levels:
            self._chain()
            return
        if self.unit is None:
            self._stack(self.boxes, max(1, math.ceil(math.sqrt(len(self.boxes) / 3))))
            return
        names = {f"n{self.unit.total}", f"n{self.unit.output}"}
        own = [box for box in self.boxes if box.id not in names]
        computed = [box for box in self.boxes if box.id in names]
        rows = max(2, int(_UNITS_HIGH / units / (HEIGHT + _CLOSE)))
        columns = max(1, math.ceil(len(own) / rows))
        self.grid = columns > 1
        for each in own:
            each.plain = self.grid
        self._stack(own, columns)
        left = self.width + (_LINK if own and not self.grid else 0) if own else _INSIDE
        between = 12.0
        down = sum(each.height for each in computed) + between * (len(computed) - 1)
        self.height = max(self.height if own else 0, down + 2 * _INSIDE)
        y = (self.height - down) // 2
        for each in computed:
            each.x, each.y = left, y
            y += each.height + between
        self.width = left + max(each.width for each in computed) + _INSIDE
        top = min((each.y for each in own), default=0)
        lowest = max((each.y + each.height for each in own), default=0)
        for each in own:
            each.y += (self.height - (lowest - top)) // 2 - top

    def _chain(self) -> None:
        """Place operations one below the other, with their leaves beside them."""
        widest = max(level[0].width for level in self.levels)
        y = 0.0
        for level in self.levels:
            x = 0.0
            for k, each in enumerate(level):
                each.x, each.y = x, y
                x += (widest if k == 0 else each.width) + 40.0
                self.width = max(self.width, x - 40.0)
            y += max(each.height for each in level) + 20.0
        self.height = y - 20.0

    def _stack(self, boxes: Sequence[Box], columns: int) -> None:
        """Place boxes row by row, in so many columns."""
        edge = _INSIDE if self.framed else 0.0
        width = max((each.width for each in boxes), default=0)
        height = max((each.height for each in boxes), default=0)
        for k, each in enumerate(boxes):
            row, column = divmod(k, columns)
            each.x = edge + column * (width + _CLOSE)
            each.y = edge + row * (height + _CLOSE)
        rows = math.ceil(len(boxes) / columns)
        self.width = 2 * edge + columns * (width + _CLOSE) - _CLOSE
        self.height = 2 * edge + rows * (height + _CLOSE) - _CLOSE


def units_of(diagram: Diagram, groups: Sequence[Group]) -> Iterator[Unit]:
    """The units in groups that were folded by unit, one for each case and time."""
    nodes, place = diagram.nodes, diagram.place
    for group in groups:
        if group.kind != "unit":
            continue
        for i in group.outputs:
            total = nodes[i] if nodes[i].op is ops.DOT else nodes[i].operands[0]
            operands = [place[operand] for operand in total.operands]
            size = len(operands) // 2
            parameters = tuple(dict.fromkeys((*operands[:size], operands[-1])))
            activities = tuple(operands[size : 2 * size])
            yield Unit(group.name, i, place[total], parameters, activities)


def blocks_of(diagram: Diagram, units: Sequence[Unit]) -> tuple[list[Block], list[Block]]:
    """The blocks of a picture, and those of weights that several cases or times share.

    Without units each box is a block.
    """
    used = Counter(p for unit in units for p in unit.parameters)
    taken = set[int]()
    found, tied = list[Block](), list[Block]()
    shared = dict[tuple[int, ...], Unit]()
    for unit in units:
        inside = (unit.total, unit.output)
        if not taken.isdisjoint(inside):
            continue
        own = [p for p in unit.parameters if used[p] == 1 and p not in taken]
        places = [*own, *dict.fromkeys(inside)]
        taken.update(places)
        found.append(Block([box(f"n{i}", diagram) for i in places], unit.total, unit))
        if len(own) < len(unit.parameters):
            shared.setdefault(unit.parameters, unit)
    for unit in shared.values():
        places = [p for p in unit.parameters if p not in taken]
        if places:
            taken.update(places)
            tied.append(Block([box(f"n{i}", diagram) for i in places], unit.total))
            for i, each in zip(places, tied[-1].boxes, strict=True):
                source = diagram.nodes[i].label.partition(f"[{unit.label},")[2]
                each.name = clipped(f"{each.name} {source.removesuffix(']')}".strip())
    for k, (name, members) in enumerate(diagram.members.items()):
        if name[0] == "u":
            found.append(Block([box(name, diagram)], k))
        elif members[0] not in taken:
            order = members[0] if units else k
            leaf = diagram.nodes[members[0]].op is None
            found.append(Block([box(name, diagram)], order, leaf=leaf))
    return found, tied
