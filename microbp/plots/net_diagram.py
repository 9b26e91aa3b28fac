"""A net with its weights beside its lines, as in the paper's Fig. 1."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from microbp._support.coerce import shown
from microbp.nn import Net
from microbp.plots.alternative_text import describe
from microbp.plots.style import INK, NEGATIVE, POSITIVE, axes_or_new, check_axes, numeral, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Place: TypeAlias = tuple[float, float]

MOST = 10
"""Units side by side: with more, the numbers would be too many to read."""

CLEAR = 0.4
"""How far a line that passes by stays away from a unit, where units are 1 apart."""


def weights_as_net(net: Net, ax: Axes | None = None) -> Axes:
    """Draw a small net as in the paper's Fig. 1: a number on each line, a bias in each unit.

    Lines are blue for weights above 0, dashed and orange below, and thicker for larger weights;
    each number is where its line leaves the lower unit. Layers that are fed by the same groups or
    layers are side by side; lines that skip a layer pass between its units.

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
    fed = [_fed_from(net, level) for level in levels]  # by how many units, so many numbers a band
    steps = [max(2.0, 0.3 * len(units)) for units in fed[:-1]]
    heights = [sum(steps[:i]) for i in range(len(levels))]
    ax = axes_or_new(ax, width=1.3 * max(widest, 2) + 0.8, height=1.2 * heights[-1] + 1.2)
    ax.set_xlim(-0.1, widest + 0.1)
    ax.set_ylim(-0.5, heights[-1] + 0.5)
    ax.set_axis_off()
    places = _places(levels, heights, widest)
    slots = [0.5 * step / len(units) for step, units in zip(steps, fed[:-1], strict=True)]
    letters = _text_size(ax, widest, heights[-1] + 1.0, slots)
    weights = [w.data for layer in net.layers.values() for u in layer.neurons for w in u.weights]
    largest = max((abs(w) for w in weights if math.isfinite(w)), default=0.0) or 1.0
    for name, inputs in net.inputs.items():
        for i in range(inputs):
            _unit(ax, places[name][i], f"{name}{i + 1}", letters)
    for name, layer in net.layers.items():
        sources = [place for source in net.fed_by[name] for place in places[source]]
        for j, (place, unit) in enumerate(zip(places[name], layer.neurons, strict=True)):
            _unit(ax, place, _number(unit.bias.data), letters)
            for source, weight in zip(sources, unit.weights, strict=True):
                units = fed[heights.index(source[1])]
                # Each unit's numbers stand at a height of their own, or they would overlap.
                along = 0.2 + 0.5 * (units.index((name, j)) + 0.5) / len(units)
                way = _way(source, place, heights, places)
                _line(ax, way, weight.data, largest, along, letters)
    for level, height in zip(levels, heights, strict=True):
        names = "\n".join(plain(name) for name in level if name in net.layers)
        ax.text(-0.1, height, names, ha="right", va="center", color=INK, fontsize=letters + 1.0)
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


def _text_size(ax: Axes, width: float, height: float, slots: Sequence[float]) -> float:
    """The text size in points at which a weight fits between its neighbors, if that is legible."""
    place = ax.get_window_extent()
    across, up = (72.0 * side / ax.figure.dpi for side in (place.width, place.height))
    room = min([0.8 * slot * up / height for slot in slots] or [9.0])
    return float(max(4.0, min(9.0, 0.11 * across / width, room)))


def _line(
    ax: Axes, way: Sequence[Place], weight: float, largest: float, along: float, size: float
) -> None:
    """Draw a connection, with its number this far along its first segment."""
    color, dashes = INK, ":"
    if math.isfinite(weight) and weight != 0.0:
        color, dashes = (POSITIVE, "-") if weight > 0.0 else (NEGATIVE, "--")
    thick = 0.5 + 4.0 * abs(weight) / largest if math.isfinite(weight) else 0.5
    look: dict[str, Any] = {"color": color, "linestyle": dashes, "linewidth": thick * size / 9.0}
    ax.plot(*zip(*way, strict=True), zorder=1, **look)
    (a, b), (c, d) = way[:2]
    box: dict[str, Any] = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"}
    text: dict[str, Any] = {"ha": "center", "va": "center", "color": color, "fontsize": size}
    where = a + along * (c - a), b + along * (d - b)
    ax.text(*where, _number(weight), bbox=box, zorder=2, **text)


def _unit(ax: Axes, place: Place, text: str, size: float) -> None:
    box = {"boxstyle": "circle,pad=0.5", "facecolor": "white", "edgecolor": INK, "linewidth": 1.4}
    size = max(4.0, (size + 1.0) * min(1.0, 6.0 / len(text)))
    look: dict[str, Any] = {"ha": "center", "va": "center", "color": INK, "fontsize": size}
    ax.text(*place, plain(text), bbox=box, zorder=3, **look)


def _number(x: float) -> str:
    return numeral(x, ".2f" if abs(x) < 1000.0 or not math.isfinite(x) else ".1e")
