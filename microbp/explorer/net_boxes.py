"""The boxes in the picture of a net: what stands in each, how large it is, and its SVG."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

from microbp._support.coerce import shortened
from microbp.core.engine import Value
from microbp.drawing.dot import counted, number_range, visible
from microbp.drawing.grouping import Group
from microbp.drawing.layout import Diagram
from microbp.explorer.looks import ROOM, kind_of, tint

HEIGHT = 25.0
"""Of a box with two lines; one with a title above them is higher."""

_TITLE, _LINE, _PAD, _KEY = 29.0, 12.0, 6.0, 25.0
_CHARACTER = 0.55  # of the size of the type: a character's width, on average
_DIGIT = 6.7  # as in page/parts.js, which writes the next numbers
_LONGEST = 24
_NOUNS = {"layer": "unit", "inputs": "input", "operations": "operation", "part": "operation",
          "leaves": "leaf"}  # fmt: skip


@dataclass
class Box:
    """A box of the picture, at a place that the layout gives it, its left upper corner."""

    id: str
    classes: str
    name: str
    note: str
    data: str
    grad: str
    room: int
    round: bool
    folded_corner: bool = False
    of_net: bool = False
    plain: bool = False  # one of so many that a word less counts
    x: float = 0.0
    y: float = 0.0

    @property
    def width(self) -> float:
        """Room for the name and the numbers, with more to come in their place; in whole points."""
        name = text_width(self.name, 12)
        if self.note:
            beside = _KEY + self.room
            return math.ceil(2 * _PAD + max(name, text_width(self.note, 10), beside) + 4)
        return math.ceil(3 * _PAD + max(name, _KEY) + self.room)

    @property
    def height(self) -> float:
        return HEIGHT + (_TITLE if self.note else 0)

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def middle(self) -> float:
        """Halfway down."""
        return self.y + self.height / 2

    def svg(self, prefix: str) -> str:
        """The box as an element, with the texts of class data and grad that a page fills in.

        `data-room` is the width that each of them may take.
        """
        x, y, width = self.x, self.y, self.width
        name = html.escape(visible(self.name))
        about = f'class="{self.classes}" id="{prefix}{self.id}" data-room="{self.room}"'
        parts = [f"<g {about}>", self._outline()]
        if self.note:
            middle = f'x="{_n(x + width / 2)}" text-anchor="middle"'
            note = html.escape(visible(self.note))
            parts.append(f'<text {middle} y="{_n(y + 15)}" font-weight="bold">{name}</text>')
            parts.append(
                f'<text class="key" {middle} y="{_n(y + 28)}" font-size="10">{note}</text>'
            )
            y += _TITLE
            name = ""
        left = f'x="{_n(x + _PAD)}" text-anchor="start"'
        if self.note:
            parts.append(f'<text class="key" {left} y="{_n(y + 11)}" font-size="10">data</text>')
        elif name:
            parts.append(f'<text {left} y="{_n(y + 11)}">{name}</text>')
        parts.append(self._number("data", self.data, y + 11))
        if not self.plain:
            below = _n(y + 11 + _LINE)
            parts.append(f'<text class="key" {left} y="{below}" font-size="10">grad</text>')
        parts.append(self._number("grad", self.grad, y + 11 + _LINE))
        return "".join(parts) + "</g>"

    def _outline(self) -> str:
        x, y, width, height = self.x, self.y, self.width, self.height
        if self.folded_corner:
            corners = (x, y), (x + width - 7, y), (x + width, y + 7), (x + width, y + height)
            points = " ".join(f"{_n(a)},{_n(b)}" for a, b in (*corners, (x, y + height)))
            return f'<polygon class="box" points="{points}"/>'
        size = f'x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'
        corner = ' rx="6"' if self.round else ""
        return f'<rect class="box" {size}{corner}/>'

    def _number(self, name: str, number: str, y: float) -> str:
        squeezed = len(number) * _DIGIT > self.room
        fit = f' textLength="{self.room}" lengthAdjust="spacingAndGlyphs"' if squeezed else ""
        place = f'x="{_n(self.right - _PAD)}" y="{_n(y)}"'
        return f'<text class="{name}" {place}{fit}>{number}</text>'


def box(name: str, diagram: Diagram) -> Box:
    """The box of a diagram of this name: n5 for a node, u0 for a group."""
    number = int(name[1:])
    group = diagram.groups[number] if name[0] == "u" else None
    outputs = group.outputs if group else (number,)
    values = [diagram.nodes[i] for i in outputs]
    kind = "group" if group else kind_of(values[0])
    root = ["root"] * (len(diagram.nodes) - 1 in outputs)
    title, note = _titles(group, values)
    numbers = (number_range([value.data for value in values]),
               number_range([value.grad for value in values]))  # fmt: skip
    return Box(
        name,
        " ".join(["node", kind, tint([value.grad for value in values]), *root]),
        clipped(title),
        note,
        *numbers,
        ROOM["number" if len(outputs) == 1 else "range"],
        round=kind in ("operation", "group"),
        folded_corner=kind == "parameter",
        of_net=group is not None and group.kind != "operations",
    )


def clipped(name: str) -> str:
    """A name as a box shows it: what is too long for one is on the page whole."""
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"


def _titles(group: Group | None, values: Sequence[Value]) -> tuple[str, str]:
    """The name of a box, and a note on what it stands for."""
    if group is None:
        (node,) = values
        symbol = node.op.symbol if node.op else ""
        if symbol or kind_of(node) != "parameter":
            return f"{symbol} {shortened(node.label)}".strip(), ""
        return node.label[:1], ""  # where it is tells the rest
    name = shortened(group.name)
    if group.kind == "unit":
        return name, f"{len(values):,} cases" if len(values) > 1 else ""
    if group.kind in ("step", "weights"):
        return name, ""
    noun = _NOUNS[group.kind]
    notes = [counted(group.count, noun)]
    if group.parameters:
        notes.append(
            counted(len(group.parameters), "leaf" if group.kind == "part" else "parameter")
        )
    return name, ", ".join(notes)


def text_width(text: str, size: float) -> float:
    """About how many points a text takes."""
    return sum(1.0 if ord(character) > 0x2E80 else _CHARACTER for character in text) * size


def _n(x: float) -> str:
    """A coordinate, to a tenth of a point."""
    return f"{round(x, 1):g}" if math.isfinite(x) else "0"
