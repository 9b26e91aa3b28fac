"""Hinton diagrams, as in the paper: white and black squares on gray, area by magnitude."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import count, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from microbp._support.arguments import texts
from microbp._support.coerce import listed, number
from microbp.core.functions import data_of
from microbp.plots.alternative_text import describe
from microbp.plots.style import (
    INK,
    PAPER_GRAY,
    axes_or_new,
    check_axes,
    legend_below,
    numeral,
    plain,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FULL = 0.9
"""The side of the largest square, where a cell's is 1: neighbors don't touch."""


class Block(NamedTuple):
    """A gray box of cells with a number in each; x, y is its upper left corner, y goes down."""

    x: float
    y: float
    rows: list[list[float]]

    @property
    def width(self) -> int:
        return max(map(len, self.rows))

    def cells(self) -> Iterator[tuple[float, float, float]]:
        """The center of each cell and its number."""
        for i, row in enumerate(self.rows):
            for j, entry in enumerate(row):
                yield self.x + j + 0.5, self.y + i + 0.5, entry


Caption: TypeAlias = tuple[float, str]
"""Where it stands along its side of the diagram, and the words."""


class Captions(NamedTuple):
    """The text around the blocks, and above single blocks, at x and y."""

    left: Sequence[Caption] = ()
    top: Sequence[Caption] = ()
    right: Sequence[Caption] = ()
    inside: Sequence[tuple[float, float, str]] = ()


def hinton(
    weights: Sequence[Any],
    ax: Axes | None = None,
    *,
    rows: Sequence[str] = (),
    columns: Sequence[str] = (),
    largest: float | None = None,
) -> Axes:
    """Plot a matrix or list of numbers or Values as squares: white above 0 and black below.

    The area of a square is the magnitude of its weight; 0 is blank, and a number that is not
    finite is a cross. `rows` and `columns` are captions. The largest weight fills its cell; with
    `largest`, a weight of that magnitude would, so that several pictures share a scale.

    >>> ax = hinton([[1.0, -0.5], [0.0, 0.25]], rows=["first", "second"])
    >>> [text.get_text() for text in ax.get_yticklabels()]
    ['first', 'second']

    Raises ValueError for no weights, for more or fewer captions than rows or columns, and for a
    weight larger than `largest`.
    """
    check_axes(ax, "hinton")
    rows, columns = texts(rows, "hinton: rows"), texts(columns, "hinton: columns")
    block = Block(0.0, 0.0, _matrix(weights))
    as_many(rows, len(block.rows), "hinton: rows")
    as_many(columns, block.width, "hinton: columns")
    left = [(i + 0.5, caption) for i, caption in enumerate(rows)]
    top = [(j + 0.5, caption) for j, caption in enumerate(columns)]
    what = f"Hinton diagram of {len(block.rows)} × {block.width} weights"
    return drawn([block], ax, what, Captions(left, top), largest, "hinton")


def _matrix(weights: Any) -> list[list[float]]:
    """The rows of a matrix as floats, or those of a list as one row."""
    given = listed(weights, "hinton", "weights")
    if not given:
        raise ValueError("hinton: expected at least one weight, got none")
    rows = [given]
    if hasattr(given[0], "__len__"):
        rows = [listed(row, "hinton", "weights in each row") for row in given]
    if not all(rows):
        raise ValueError("hinton: expected at least one weight in each row, got a row of none")
    return [[data_of(x, "hinton") for x in row] for row in rows]


def as_many(captions: Sequence[str], number: int, where: str) -> None:
    if captions and len(captions) != number:
        raise ValueError(f"{where}: expected {number} captions, got {len(captions)}")


def drawn(
    blocks: Sequence[Block],
    ax: Axes | None,
    what: str,
    captions: Captions,
    largest: float | None = None,
    where: str = "",
) -> Axes:
    """Draw the blocks, with cells of width 1; `what` they are goes to the alternative text.

    `where` names the function in the error for a `largest` that is too small.
    """
    numbers = [number for block in blocks for *_, number in block.cells()]
    finite = [x for x in numbers if math.isfinite(x)]
    most = max(map(abs, finite), default=0.0)
    if largest is not None:
        given = number(largest, f"{where}: largest")
        if not most <= given < math.inf:
            raise ValueError(
                f"{where}: largest: expected a number of at least {most!r}, the largest weight, "
                f"got {given!r}"
            )
        largest = given
    scale = largest or most or 1.0
    width, height = _extent(blocks)
    cell = min(0.3, 9.0 / max(width, height))  # inches
    words = 0.08 * max((len(text) for _, text in captions.top), default=0)
    ax = axes_or_new(ax, max(cell * width + 1.6, 3.0), max(cell * height + words + 0.9, 1.6))
    _squares(ax, blocks, scale)
    ax.set_aspect("equal")
    ax.set_xlim(-0.15, width + 0.15)
    ax.set_ylim(height + 0.15, -0.15)
    ax.spines[:].set_visible(False)
    _write(ax, captions, width, height)
    lost = len(numbers) - len(finite)
    _legend(ax, scale, lost)
    told = f"{what}: {sum(x > 0 for x in finite)} above 0, {sum(x < 0 for x in finite)} below"
    told += f", the largest {most:.4g}" + (f", {lost} not finite" if lost else "")
    describe(ax, f"{told}.")
    return ax


def _extent(blocks: Sequence[Block]) -> tuple[float, float]:
    """The right and lower ends of all blocks."""
    right = max(block.x + block.width for block in blocks)
    return right, max(block.y + len(block.rows) for block in blocks)


def _squares(ax: Axes, blocks: Sequence[Block], scale: float) -> None:
    import numpy as np
    from matplotlib.collections import PolyCollection

    cells = np.array([cell for block in blocks for cell in block.cells()])
    places, numbers = cells[:, :2], cells[:, 2]
    finite = np.isfinite(numbers)
    sides = FULL * np.sqrt(np.abs(np.where(finite, numbers, 0.0)) / scale)
    corners = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])
    boxes = [
        [(x, y), (x + len(row), y), (x + len(row), y + 1.0), (x, y + 1.0)]
        for x, top, rows in blocks
        for y, row in zip(count(top), rows, strict=False)
    ]
    ax.add_collection(
        PolyCollection(boxes, facecolors=PAPER_GRAY, edgecolors="none"), autolim=False
    )
    for color, these in (("white", numbers > 0.0), ("black", numbers < 0.0)):
        which = these & finite
        squares: Any = places[which, None] + sides[which, None, None] * corners
        ax.add_collection(
            PolyCollection(squares, facecolors=color, edgecolors="none"), autolim=False
        )
    if not finite.all():
        size = min(0.5 * _cell(ax, *_extent(blocks)), 6.0)
        ax.plot(*places[~finite].T, "x", color="white", markersize=size)


def _write(ax: Axes, captions: Captions, width: float, height: float) -> None:
    """Write the captions in a size that fits the cells, or only some if none does."""
    left, top, right, inside = captions
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
    for x, y, text in inside:
        ax.text(x, y, plain(text), ha="center", va="bottom", fontsize=size, color=INK)


def _cell(ax: Axes, width: float, height: float) -> float:
    """The approximate side of a cell in points; captions will still take some of it."""
    place = ax.get_window_extent()
    return 0.7 * 72.0 * float(min(place.width / width, place.height / height)) / ax.figure.dpi


def _legend(ax: Axes, scale: float, lost: int) -> None:
    """A legend for white, black, and the size of the largest square."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    keys: list[Any] = [
        Patch(facecolor="white", edgecolor=INK, label=numeral(scale)),
        Patch(facecolor="black", edgecolor=INK, label=numeral(-scale)),
    ]
    if lost:
        look: dict[str, Any] = {"color": INK, "marker": "x", "linestyle": ""}
        keys.append(Line2D([], [], label=f"not finite: {lost}", **look))
    look = {
        "title": "a square that fills its cell",
        "title_fontsize": 8,
        "handlelength": 1.0,
        "handleheight": 1.0,
    }
    legend_below(ax, keys, beneath=4.0, **look)
