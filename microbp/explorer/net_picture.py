"""The net of a training as a still picture: the page's script then moves its widths and colors."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from microbp._support.coerce import shortened
from microbp.drawing.dot import visible

WIDTH = 360
"""In the picture's own units: a phone shows them life-size, a desktop larger."""
SIDE = 64
"""Room at the left and right for the labels of inputs and outputs."""
TALL = 400
MOST_LINES = 3000
"""With more weights than that, lines are one gray mass, and a frame takes too long."""


MOST_SOLID = 300
"""More lines are drawn so that what is under them can be seen."""
MOST_WIDTHS = 800
"""Of more lines all are equally thin until the page's script widens them: 20 kB less."""


class Places(NamedTuple):
    """Where each unit is, how large, and where each column's name stands, of how many letters;
    whether all units are named, or the first and the last column's only."""

    units: dict[int, tuple[float, float]]
    radius: float
    names: list[tuple[float, float, str]]
    height: float
    named: bool
    letters: int


def net_picture(data: Mapping[str, Any]) -> str:
    """The units in columns and their weights at the start, as SVG without any style of its own.

    Lines come in the order of the connections, units in the order of the units.
    """
    net = data["net"] or {"columns": [], "units": [], "connections": []}
    places = _places(net)
    largest = max([1.0, *(abs(_number(w)) for w in data["start"])])
    connections = net["connections"] if len(net["connections"]) <= MOST_LINES else []
    thin = len(connections) > MOST_WIDTHS
    many = " many" if len(connections) > MOST_SOLID else ""
    lines = [_line(places, each, data["start"], 0.0 if thin else largest) for each in connections]
    last = max((x for x, _ in places.units.values()), default=0.0)
    units = [
        _unit(places, i, unit, data["start"], largest, last) for i, unit in enumerate(net["units"])
    ]
    names = [
        f'<text class="column" x="{_short(x)}" y="{_short(y)}">{_text(name, places.letters)}</text>'
        for x, y, name in places.names
    ]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" id="net" role="group" '
        f'viewBox="0 0 {WIDTH} {places.height:.0f}" '
        f'aria-label="The net: {len(net["units"])} units, {len(net["connections"])} weights">'
        f'<g class="w lines{many}" stroke-width="0.8">{"".join(lines)}</g>'
        f'<g class="names" text-anchor="middle">{"".join(names)}</g>'
        f'<g class="units" text-anchor="middle">{"".join(units)}</g></svg>'
    )


def _levels(net: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """Columns that may stand one above the other: those as far from the inputs, in this order."""
    of = {unit: k for k, column in enumerate(net["columns"]) for unit in column["units"]}
    feeding: dict[int, set[int]] = {k: set() for k in range(len(net["columns"]))}
    for each in net["connections"]:
        source, to = of[each["from"]], of[each["to"]]
        if source < to:
            feeding[to].add(source)
    level: dict[int, int] = {}
    for k in feeding:
        level[k] = max((level[source] + 1 for source in feeding[k]), default=0)
    levels: list[list[dict[str, Any]]] = [[] for _ in range(max(level.values(), default=0) + 1)]
    for k, column in enumerate(net["columns"]):
        levels[level[k]].append(column)
    return levels


def _places(net: dict[str, Any]) -> Places:
    levels = _levels(net)
    gap = 1.8  # between columns that stand one above the other, for a name
    rows = [sum(len(c["units"]) for c in level) + gap * (len(level) - 1) for level in levels]
    most = max(rows, default=1.0)
    spacing = min(46.0, TALL / most)
    if spacing > 10:  # whole numbers are shorter, and there may be a thousand lines
        spacing = math.floor(spacing)
    radius = min(14.0, 0.4 * spacing)
    top = 26.0
    height = top + most * spacing + 8.0
    step = (WIDTH - 2 * SIDE) // max(1, len(levels) - 1)
    units: dict[int, tuple[float, float]] = {}
    names = []
    for k, (level, count) in enumerate(zip(levels, rows, strict=True)):
        x = SIDE + k * step if len(levels) > 1 else WIDTH / 2
        y = 1.0 * round(top + (most - count + 1.0) * spacing / 2)
        for column in level:
            names.append((x, y - radius - 7.0, column["name"]))
            for unit in column["units"]:
                units[unit] = (x, y)
                y += spacing
            y += round(gap * spacing)
    named = spacing - 2 * radius >= 9.0  # under a unit there is room for its name
    return Places(units, radius, names, height, named, max(8, min(16, int(step / 4.4))))


def _line(places: Places, connection: dict[str, Any], weights: list[Any], largest: float) -> str:
    (x1, y1), (x2, y2) = places.units[connection["from"]], places.units[connection["to"]]
    step = min((b - x1 for b, _ in places.units.values() if b > x1), default=0.0)
    start, end = f"M{_short(x1)} {_short(y1)}", f"{_short(x2)} {_short(y2)}"
    if 0.0 < x2 - x1 <= step * 1.01:
        path = f"{start}L{end}"
    else:  # past units that are between, or back
        path = f"{start}Q{_short((x1 + x2) / 2)} {_short(min(y1, y2) - 46)} {end}"
    weight = _number(weights[connection["parameter"]])
    sign = ' class="minus"' if weight < 0 else ""
    return f'<path{sign}{_width(weight, largest)} d="{path}"/>'


def _width(weight: float, largest: float) -> str:
    """The width of a line, as lineWidth in levels.js has it; none if there is no largest weight."""
    if not largest:
        return ""
    return f' stroke-width="{_short(0.4 + 5.6 * abs(weight) / largest)}"'


def _unit(
    places: Places,
    number: int,
    unit: dict[str, Any],
    weights: list[Any],
    largest: float,
    last: float,
) -> str:
    x, y = places.units[number]
    r = places.radius
    size = _short(r)
    parts = []
    if unit["bias"] >= 0:
        bias = _number(weights[unit["bias"]])
        stub = f"M{_short(-1.9 * r)} {_short(-1.5 * r)}L{_short(-0.6 * r)} {_short(-0.6 * r)}"
        sign = "w minus" if bias < 0 else "w"
        parts.append(f'<path class="{sign}"{_width(bias, largest)} d="{stub}"/>')
    parts.append(f'<circle class="body" r="{size}"/>')
    parts.append(f'<circle class="level" r="{size}" fill-opacity="0"/>')
    if r >= 9:
        parts.append('<text class="value" y="3"></text>')
    side = -1 if x <= SIDE else 1 if x >= last else 0
    if side:
        small = "" if r >= 9 else ' class="small"'
        anchor = "end" if side < 0 else "start"
        parts.append(
            f'<text{small} x="{_short(side * (r + 4))}" y="3" text-anchor="{anchor}">'
            f"{_text(unit['label'], 11)}</text>"
        )
    elif places.named:
        parts.append(f'<text y="{_short(r + 9)}">{_text(unit["label"], 10)}</text>')
    place = f"translate({_short(x)} {_short(y)})"
    return f'<g class="unit" data-unit="{number}" transform="{place}">{"".join(parts)}</g>'


def _short(x: float) -> str:
    """A length with one decimal, unless it is 0."""
    return f"{x:.1f}".removesuffix(".0")


def _number(x: Any) -> float:
    """A number of the JSON, where what isn't finite is a string; that is drawn as 0."""
    return x if isinstance(x, (int, float)) else 0.0


def _text(label: str, most: int) -> str:
    cut = visible(shortened(label))
    return html.escape(cut if len(cut) <= most else cut[: most - 1] + "…")
