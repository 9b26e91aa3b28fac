"""Hinton diagrams, as the paper's figures: white and black squares on grey, area by magnitude."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from microbp.nn import Net
from microbp.plots.described import describe
from microbp.plots.style import INK, PAPER_GREY, axes_or_new, legend_below, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FULL = 0.94
"""The side of the largest square, where a cell's is 1: neighbours don't touch."""

GAP = 0.6
"""How far blocks are apart, in cells."""


@dataclass
class _Block:
    """A grey box of cells at a place (its upper left corner; y goes down)."""

    x: float
    y: float
    rows: list[list[float]]

    @property
    def width(self) -> int:
        return max(map(len, self.rows))

    def cells(self) -> Iterator[tuple[float, float, float]]:
        """The centre of each cell and its number."""
        for i, row in enumerate(self.rows):
            for j, number in enumerate(row):
                yield self.x + j + 0.5, self.y + i + 0.5, number


def hinton(
    weights: Sequence[Any],
    ax: Axes | None = None,
    *,
    rows: Sequence[str] = (),
    columns: Sequence[str] = (),
    largest: float | None = None,
) -> Axes:
    """A matrix, or a list, of numbers or Values as squares: white above 0 and black below.

    The area of a square is its weight's magnitude; 0 draws nothing, and what is not finite is a
    cross. `rows` and `columns` are captions. The largest weight fills its cell, or, with
    `largest`, one of that magnitude would: so that several pictures have one scale.

    >>> ax = hinton([[1.0, -0.5], [0.0, 0.25]], rows=["first", "second"])
    >>> [text.get_text() for text in ax.get_yticklabels()]
    ['first', 'second']

    Raises ValueError for no weights, captions that are not as many as the rows or columns, and a
    weight larger than `largest`.
    """
    listed = list(weights)
    if not listed or not all(len(row) for row in listed if hasattr(row, "__len__")):
        raise ValueError("hinton: expected at least one weight in each row")
    block = _Block(0.0, 0.0, _floats(listed if hasattr(listed[0], "__len__") else [listed]))
    _as_many(rows, len(block.rows), "hinton: rows")
    _as_many(columns, block.width, "hinton: columns")
    left = [(i + 0.5, caption) for i, caption in enumerate(rows)]
    top = [(j + 0.5, caption) for j, caption in enumerate(columns)]
    what = f"Hinton diagram of {len(block.rows)} × {block.width} weights"
    return _drawn([block], ax, what, left=left, top=top, largest=largest)


def hinton_layer(
    net: Net,
    layer: str,
    ax: Axes | None = None,
    *,
    rows: Sequence[str] = (),
    columns: Sequence[str] = (),
    largest: float | None = None,
) -> Axes:
    """The weights into a layer, a block for each unit, as the paper's Fig. 4 shows them.

    Each weight's square is at the place of the unit it comes from; several groups or layers that
    feed this one, and the bias, stand apart. With `rows`, each group is laid out in so many
    rows with these captions, the first units in the upper row, and `columns` are the captions
    above them: for the family trees, English persons above Italian ones.

    >>> import random
    >>> net = Net(4, rng=random.Random(0)).add("hidden", 2)
    >>> ax = hinton_layer(net, "hidden", rows=["upper", "lower"], columns=["left", "right"])
    >>> [text.get_text() for text in ax.get_yticklabels()]
    ['hidden1', 'hidden2']

    Raises ValueError where there is no such layer, or captions don't fit; as `hinton` otherwise.
    """
    if layer not in net.layers:
        raise ValueError(f"hinton_layer: expected one of {list(net.layers)}, got {layer!r}")
    sizes = {source: _size(net, source) for source in net.fed_by[layer]}
    high = len(rows) or 1
    widths = [math.ceil(size / high) for size in sizes.values()]
    _as_many(columns, sum(widths), "hinton_layer: columns")
    if not columns and not rows and sum(widths) <= MOST_CAPTIONS:
        columns = [f"{source}{i}" for source, size in sizes.items() for i in range(1, size + 1)]
    places = [sum(widths[:i]) + GAP * i for i in range(len(widths) + 1)]
    blocks = []
    units = net.layers[layer].neurons
    for j, unit in enumerate(units):
        y = j * (high + GAP)
        rest = iter(unit.weights)
        for x, width, size in zip(places, widths, sizes.values(), strict=False):
            weights = [next(rest).data for _ in range(size)]
            folded = [weights[i : i + width] for i in range(0, size, width)]
            blocks.append(_Block(x, y, folded))
        blocks.append(_Block(places[-1], y + (high - 1) / 2, [[unit.bias.data]]))
    across = [x + i + 0.5 for x, width in zip(places, widths, strict=False) for i in range(width)]
    top = [*zip(across, columns, strict=False), (places[-1] + 0.5, "bias")]
    left = [(j * (high + GAP) + high / 2, f"{layer}{j + 1}") for j in range(len(units))]
    right = [
        (j * (high + GAP) + i + 0.5, caption)
        for j in range(len(units))
        for i, caption in enumerate(rows)
    ]
    what = f"Hinton diagram of the weights into {len(units)} units {layer}, from {', '.join(sizes)}"
    return _drawn(blocks, ax, what, left=left, top=top, right=right, largest=largest)


MOST_CAPTIONS = 60
"""Beyond so many columns, the sources get no captions of their own."""


def _size(net: Net, name: str) -> int:
    return net.inputs[name] if name in net.inputs else len(net.layers[name].neurons)


def _floats(rows: Iterable[Any]) -> list[list[float]]:
    return [[float(x) for x in row] for row in rows]


def _as_many(captions: Sequence[str], number: int, where: str) -> None:
    if captions and len(captions) != number:
        raise ValueError(f"{where}: expected {number} captions, got {len(captions)}")


def _drawn(
    blocks: Sequence[_Block],
    ax: Axes | None,
    what: str,
    *,
    left: Sequence[tuple[float, str]] = (),
    top: Sequence[tuple[float, str]] = (),
    right: Sequence[tuple[float, str]] = (),
    largest: float | None = None,
) -> Axes:
    """The blocks on axes of their own measure, a cell a unit; captions at these places."""
    numbers = [number for block in blocks for *_, number in block.cells()]
    finite = [x for x in numbers if math.isfinite(x)]
    most = max(map(abs, finite), default=0.0)
    if largest is not None and not most <= largest < math.inf:
        raise ValueError(f"largest: expected {most!r} or more, got {largest!r}")
    scale = largest or most or 1.0
    width, height = _extent(blocks)
    cell = min(0.3, 9.0 / max(width, height))  # inches
    words = 0.08 * max((len(text) for _, text in top), default=0)
    ax = axes_or_new(ax, max(cell * width + 1.6, 3.0), max(cell * height + words + 0.9, 1.6))
    _squares(ax, blocks, scale)
    ax.set_aspect("equal")
    ax.set_xlim(-0.15, width + 0.15)
    ax.set_ylim(height + 0.15, -0.15)
    ax.spines[:].set_visible(False)
    _captions(ax, left, top, right, width, height)
    lost = len(numbers) - len(finite)
    _legend(ax, scale, lost)
    told = f"{what}: {sum(x > 0 for x in finite)} above 0, {sum(x < 0 for x in finite)} below"
    told += f", the largest {most:.4g}" + (f", {lost} not finite" if lost else "")
    describe(ax, f"{told}.")
    return ax


def _extent(blocks: Sequence[_Block]) -> tuple[float, float]:
    """How far all blocks reach to the right and down."""
    right = max(block.x + block.width for block in blocks)
    return right, max(block.y + len(block.rows) for block in blocks)


def _squares(ax: Axes, blocks: Sequence[_Block], scale: float) -> None:
    from matplotlib.collections import PolyCollection

    boxes = [
        _rectangle(block.x, block.y + i, len(row), 1.0)
        for block in blocks
        for i, row in enumerate(block.rows)
    ]
    ax.add_collection(PolyCollection(boxes, facecolors=PAPER_GREY, edgecolors="none"))
    cells = [cell for block in blocks for cell in block.cells()]
    for colour, sign in (("white", 1.0), ("black", -1.0)):
        sides = [
            (x, y, FULL * math.sqrt(abs(number) / scale))
            for x, y, number in cells
            if sign * number > 0.0 and math.isfinite(number)
        ]
        squares = [_rectangle(x - side / 2, y - side / 2, side, side) for x, y, side in sides]
        ax.add_collection(PolyCollection(squares, facecolors=colour, edgecolors="none"))
    lost = [(x, y) for x, y, number in cells if not math.isfinite(number)]
    if lost:
        size = min(0.5 * _cell(ax, *_extent(blocks)), 6.0)
        ax.plot(*zip(*lost, strict=True), "x", color="white", markersize=size)


def _rectangle(x: float, y: float, width: float, height: float) -> list[tuple[float, float]]:
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def _captions(
    ax: Axes,
    left: Sequence[tuple[float, str]],
    top: Sequence[tuple[float, str]],
    right: Sequence[tuple[float, str]],
    width: float,
    height: float,
) -> None:
    """Words around the blocks, in a size that fits the cells; where none does, not all of them."""
    cell = _cell(ax, width, height)
    size = min(max(cell, 5.0), 9.0)
    every = math.ceil(size / cell)
    longest = max((len(text) for _, text in top), default=0)
    ax.xaxis.tick_top()
    ax.tick_params(length=0, pad=2, labelsize=size, labelcolor=INK)
    ax.set_xticks(
        [x for x, _ in top[::every]],
        [plain(text) for _, text in top[::every]],
        rotation=90 if longest * 0.45 * size > cell else 0,
    )
    apart = min((b - a for (a, _), (b, _) in pairwise(left)), default=1.0)
    every_row = math.ceil(size / (cell * apart))
    ax.set_yticks([y for y, _ in left[::every_row]], [plain(t) for _, t in left[::every_row]])
    for y, text in right[::every]:
        ax.text(width + 0.3, y, plain(text), ha="left", va="center", fontsize=size, color=INK)


def _cell(ax: Axes, width: float, height: float) -> float:
    """The side of a cell in points, about: captions will still take their room."""
    place = ax.get_window_extent()
    return 0.7 * 72.0 * float(min(place.width / width, place.height / height)) / ax.figure.dpi


def _legend(ax: Axes, scale: float, lost: int) -> None:
    """What white and black are, and how much the largest square."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    keys: list[Any] = [
        Patch(facecolor="white", edgecolor=INK, label=f"{scale:.4g}"),
        Patch(facecolor="black", edgecolor=INK, label=f"−{scale:.4g}"),
    ]
    if lost:
        look: dict[str, Any] = {"color": INK, "marker": "x", "linestyle": ""}
        keys.append(Line2D([], [], label=f"not finite: {lost}", **look))
    look = {"title": "a full cell", "title_fontsize": 8, "handlelength": 1.0, "handleheight": 1.0}
    legend_below(ax, keys, beneath=4.0, **look)
