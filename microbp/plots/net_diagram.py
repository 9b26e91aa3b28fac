"""A net with its weights beside its lines, as in the paper's Fig. 1."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from microbp._support.coerce import shown
from microbp.nn import Net
from microbp.plots.alternative_text import describe
from microbp.plots.number_places import Place, number_places
from microbp.plots.style import (
    INK,
    NEGATIVE,
    POSITIVE,
    axes_or_new,
    check_axes,
    note,
    numeral,
    plain,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

MOST = 10
"""Units side by side: with more, the numbers would be too many to read."""

THICKEST = 4.5
"""Points, of a line, where letters have 9."""

PAD = 0.15
"""White around a number, by the size of its letters."""

SMALLER = (1.0, 0.85, 0.7)
"""Sizes of letters to try."""

MANY = 60
"""Numbers, for which only the smallest are tried."""

CLEAR = 0.4
"""How far a line that passes by stays away from a unit, where units are 1 apart."""


class _Number(NamedTuple):
    """A weight's number: the line that it is for, and how far along it is to be."""

    way: Sequence[Place]
    text: str
    color: str
    wish: float


def weights_as_net(net: Net, ax: Axes | None = None) -> Axes:
    """Draw a small net as in the paper's Fig. 1: a number on each line, a bias in each unit.

    Lines are blue for weights above 0, dashed and orange below, and thicker for larger weights;
    each number is on its line where no other line crosses it; if the lines are so many that some
    numbers have no such place, a note says how many are left out. Layers that are fed by the same
    groups or layers are side by side; lines that skip a layer pass between its units.

    Raises ValueError for more than ten units side by side; `hinton_layer` can show their weights.

    >>> import random
    >>> ax = weights_as_net(Net(2, rng=random.Random(0)).add("hidden", 2).add("output", 1))
    """
    check_net(net, "weights_as_net")
    check_axes(ax, "weights_as_net")
    levels = levels_of(net)
    for level in levels:
        if sum(level.values()) > MOST:
            raise ValueError(
                f"weights_as_net: expected at most {MOST} units side by side, got "
                f"{sum(level.values())} ({', '.join(level)}): hinton_layer shows more"
            )
    widest = max(sum(level.values()) for level in levels)
    fed = [_fed_from(net, level) for level in levels]
    lines = [len(units) * sum(level.values()) for units, level in zip(fed, levels, strict=True)]
    steps = [min(max(2.0, 0.12 * number), 4.0) for number in lines[:-1]]
    heights = [sum(steps[:i]) for i in range(len(levels))]
    ax = axes_or_new(ax, width=1.4 * max(widest, 2) + 0.8, height=1.2 * heights[-1] + 1.2)
    ax.set_xlim(-0.1, widest + 0.1)
    ax.set_ylim(-0.5, heights[-1] + 0.5)
    ax.set_axis_off()
    places = _places(levels, heights, widest)
    letters = _text_size(ax, widest, min(steps, default=1.0) / (heights[-1] + 1.0))
    weights = [w.data for layer in net.layers.values() for u in layer.neurons for w in u.weights]
    largest = max((abs(w) for w in weights if math.isfinite(w)), default=0.0) or 1.0
    units = [
        _unit(ax, places[name][i], f"{name}{i + 1}", letters)
        for name, inputs in net.inputs.items()
        for i in range(inputs)
    ]
    numbers = list[_Number]()
    for name, layer in net.layers.items():
        sources = [place for source in net.fed_by[name] for place in places[source]]
        for j, (place, unit) in enumerate(zip(places[name], layer.neurons, strict=True)):
            units.append(_unit(ax, place, _number(unit.bias.data), letters))
            for source, weight in zip(sources, unit.weights, strict=True):
                side_by_side = fed[heights.index(source[1])]
                # If there is room, each unit's numbers stand at a height of their own.
                wish = 0.2 + 0.5 * (side_by_side.index((name, j)) + 0.5) / len(side_by_side)
                way = _way(source, place, heights, places)
                color = _line(ax, way, weight.data, largest, letters)
                numbers.append(_Number(way, _number(weight.data), color, wish))
    for level, height in zip(levels, heights, strict=True):
        names = "\n".join(plain(name) for name in level if name in net.layers)
        ax.text(-0.1, height, names, ha="right", va="center", color=INK, fontsize=letters + 1.0)
    missing = _put(ax, numbers, units, letters)
    if missing:
        note(ax, f"{missing} of {len(numbers)} numbers have no room here; hinton_layer shows all")
    count = ", ".join(f"{size} {name}" for level in levels for name, size in level.items())
    describe(ax, f"A net with its weights as numbers: {count}; the largest {largest:.4g}.")
    return ax


def check_net(net: Any, where: str) -> None:
    """TypeError for anything but a Net, naming the function `where`."""
    if not isinstance(net, Net):
        raise TypeError(f"{where}: expected a Net, got {shown(net)}")


def levels_of(net: Net) -> list[dict[str, int]]:
    """For each level, counted from the inputs, the size of each group or layer by name."""
    depth = dict.fromkeys(net.inputs, 0)
    for name in net.layers:
        depth[name] = 1 + max(depth[source] for source in net.fed_by[name])
    sizes = net.inputs | {name: len(layer.neurons) for name, layer in net.layers.items()}
    levels: list[dict[str, int]] = [{} for _ in range(1 + max(depth.values()))]
    for name, level in depth.items():
        levels[level][name] = sizes[name]
    return levels


def _fed_from(net: Net, level: dict[str, int]) -> list[tuple[str, int]]:
    """The units, by layer and number, that this level feeds."""
    fed = [name for name in net.layers if not level.keys().isdisjoint(net.fed_by[name])]
    return [(name, j) for name in fed for j in range(len(net.layers[name].neurons))]


def _places(
    levels: Sequence[dict[str, int]], heights: Sequence[float], widest: float
) -> dict[str, list[Place]]:
    """The place of each unit; those of a level are evenly spread."""
    places = {}
    for level, height in zip(levels, heights, strict=True):
        total = sum(level.values())
        xs = iter([(i + 0.5) * widest / total for i in range(total)])
        for name, units in level.items():
            places[name] = [(next(xs), height) for _ in range(units)]
    return places


def _way(
    source: Place, target: Place, heights: Sequence[float], places: dict[str, list[Place]]
) -> list[Place]:
    """A line, straight except for bends around the units between."""
    way = [source]
    for height in heights[heights.index(source[1]) + 1 : heights.index(target[1])]:
        part = (height - source[1]) / (target[1] - source[1])
        x = source[0] + part * (target[0] - source[0])
        units = sorted(a for a, b in chain.from_iterable(places.values()) if b == height)
        edges = [-math.inf, *units, math.inf]
        gaps = [(a + CLEAR, b - CLEAR) for a, b in pairwise(edges)]
        gaps = [(a, b) if a <= b else ((a + b) / 2, (a + b) / 2) for a, b in gaps]
        nearest = min((min(max(x, a), b) for a, b in gaps), key=lambda free: abs(free - x))
        way.append((nearest, height))
    return [*way, target]


def _text_size(ax: Axes, units: int, step: float) -> float:
    """The text size in points at which there is room beside so many units, if that is legible.

    `step` is the share of the height from one level to the next.
    """
    place = ax.get_window_extent()
    across, up = (72.0 * side / ax.figure.dpi for side in (place.width, place.height))
    return float(max(4.0, min(9.0, 0.11 * across / units, 0.14 * up * step)))


def _line(ax: Axes, way: Sequence[Place], weight: float, largest: float, size: float) -> str:
    """Draw a connection; returns its color."""
    color, dashes = INK, ":"
    if math.isfinite(weight) and weight != 0.0:
        color, dashes = (POSITIVE, "-") if weight > 0.0 else (NEGATIVE, "--")
    thick = 0.5 + (THICKEST - 0.5) * abs(weight) / largest if math.isfinite(weight) else 0.5
    look: dict[str, Any] = {"color": color, "linestyle": dashes, "linewidth": thick * size / 9.0}
    ax.plot(*zip(*way, strict=True), zorder=1, **look)
    return color


def _unit(ax: Axes, place: Place, text: str, size: float) -> Text:
    box = {"boxstyle": "circle,pad=0.5", "facecolor": "white", "edgecolor": INK, "linewidth": 1.4}
    size = max(4.0, (size + 1.0) * min(1.0, 6.0 / len(text)))
    look: dict[str, Any] = {"ha": "center", "va": "center", "color": INK, "fontsize": size}
    return ax.text(*place, plain(text), bbox=box, zorder=3, **look)


def _put(ax: Axes, numbers: Sequence[_Number], units: Sequence[Text], size: float) -> int:
    """Put the numbers on their lines, in smaller letters if need be; how many have no place."""
    engine = ax.figure.get_layout_engine()
    if engine is not None:  # it is about to move the axes, and so the lines
        engine.execute(ax.figure.figure)
    pixels = ax.figure.dpi / 72.0
    ways = [ax.transData.transform(number.way).tolist() for number in numbers]
    taken = [
        _square_around(unit, ax.transData.transform(unit.get_position()).tolist()) for unit in units
    ]
    texts = [_text(ax, number) for number in numbers]
    found: list[Place | None] = []
    for smaller in SMALLER if len(numbers) <= MANY else SMALLER[-1:]:
        letters = max(4.0, smaller * size)
        for text in texts:
            text.set_fontsize(letters)
        sizes = [_size(text, 2.0 * PAD * letters * pixels) for text in texts]
        gap = THICKEST * size / 9.0 / 2.0 * pixels
        found = number_places(ways, [number.wish for number in numbers], sizes, gap, taken)
        if None not in found:
            break
    for text, place in zip(texts, found, strict=True):
        if place is None:
            text.remove()
        else:
            text.set_position(ax.transData.inverted().transform(place).tolist())
    return found.count(None)


def _text(ax: Axes, number: _Number) -> Text:
    box = {"boxstyle": f"round,pad={PAD}", "facecolor": "white", "edgecolor": "none"}
    look: dict[str, Any] = {"ha": "center", "va": "center", "color": number.color, "zorder": 2}
    return ax.text(*number.way[0], number.text, bbox=box, **look)


def _size(text: Text, more: float) -> Place:
    """Width and height of a text in pixels, with so much around it."""
    extent = text.get_window_extent()
    return extent.width + more, extent.height + more


def _square_around(unit: Text, middle: Place) -> tuple[Place, Place]:
    """Two corners of the square around a unit's circle, in pixels."""
    half = max(_size(unit, float(unit.get_fontsize()) * unit.figure.dpi / 72.0)) / 2.0
    return (middle[0] - half, middle[1] - half), (middle[0] + half, middle[1] + half)


def _number(x: float) -> str:
    return numeral(x, ".2f" if abs(x) < 1000.0 or not math.isfinite(x) else ".1e")
