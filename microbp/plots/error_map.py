"""Where a gradient is wrong: a heat map of each array."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

from microbp._support.packages import require
from microbp.plots.alternative_text import describe
from microbp.plots.style import INK, NEGATIVE, POSITIVE, hatch_blanks, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array: TypeAlias = dict[tuple[int, int], Any]
"""Entries by row and column."""

MOST_PANELS, COLUMNS = 12, 4
FEW = 400
"""In arrays of up to so many entries, each wrong one is marked."""
INDEX = re.compile(r"(.*?)((?:\[\d+(?:, \d+)*\])+)")
"""The name of an entry: that of its array, and its index, as in W1[2, 3] or net[0][1]."""


def gradient_errors(entries: Iterable[Any], figure: Figure | None = None) -> Figure:
    """Plot the error of each entry of a gradient, a panel for each array.

    `entries` are those of a report. Blue is too large, red too small, relative to the largest
    right derivative of the array; what was not looked at is hatched, and wrong entries have a
    cross. Of many arrays those with the most wrong entries are shown.

    >>> from microbp import check_gradient
    >>> report = check_gradient(lambda w: w[0] * w[1], lambda w: [w[1], 0.0], [2.0, 3.0])
    >>> [ax.get_title(loc="left") for ax in gradient_errors(report.entries).axes][:1]
    ['w']

    Raises ValueError if there are no entries.
    """
    require("matplotlib", "gradient_errors")
    arrays = _arrays(entries)
    if not arrays:
        raise ValueError("gradient_errors: expected the entries of a report, got none")
    shown = sorted(arrays, key=lambda name: -_wrong(arrays[name]))[:MOST_PANELS]
    shown = [name for name in arrays if name in shown]
    columns = min(COLUMNS, len(shown))
    rows = math.ceil(len(shown) / columns)
    if figure is None:
        from matplotlib import pyplot

        figure = pyplot.figure(figsize=(2.8 * columns + 0.6, 2.4 * rows), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False).ravel().tolist()
    for ax, name in zip(panels, shown, strict=False):
        _panel(ax, name, arrays[name])
    for ax in panels[len(shown) :]:
        ax.remove()
    return figure


def _arrays(entries: Iterable[Any]) -> dict[str, Array]:
    """For each array its entries by row and column; all axes but the last are rows."""
    entries = list(entries)
    several = len({entry.output for entry in entries}) > 1
    by_index: dict[str, dict[tuple[int, ...], Any]] = {}
    for entry in entries:
        found = INDEX.fullmatch(entry.name)
        name, places = (found[1], found[2]) if found else (entry.name, "")
        index = tuple(int(place) for place in re.findall(r"\d+", places))
        name = f"{name} → {entry.output}" if several else name
        by_index.setdefault(name, {})[index or (0,)] = entry
    return {name: _flat(array) for name, array in by_index.items()}


def _flat(array: dict[tuple[int, ...], Any]) -> Array:
    lengths = [1 + max(places) for places in zip(*array, strict=True)]
    placed = {}
    for (*outer, column), entry in array.items():
        row = 0
        for place, length in zip(outer, lengths, strict=False):
            row = row * length + place
        placed[row, column] = entry
    return placed


def _wrong(array: Array) -> int:
    return sum(entry.verdict == "fail" for entry in array.values())


def _panel(ax: Axes, name: str, array: Array) -> None:
    """The heat map of one array."""
    import numpy as np
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.ticker import MaxNLocator, NullLocator

    height = 1 + max(row for row, _ in array)
    width = 1 + max(column for _, column in array)
    errors = np.full((height, width), np.nan)
    largest = max((abs(e.reference) for e in array.values() if e.known), default=0.0) or 1.0
    for place, entry in array.items():
        if entry.known:
            errors[place] = (entry.backward - entry.reference) / largest
    lost = int(np.isinf(errors).sum())
    errors[np.isinf(errors)] = np.nan
    scale = float(np.nanmax(np.abs(errors))) if np.isfinite(errors).any() else 0.0
    wrong = _wrong(array)
    scale = scale if wrong else max(scale, 1.0)  # rounding is no error to see
    colors = LinearSegmentedColormap.from_list("errors", [NEGATIVE, "white", POSITIVE])
    picture = ax.imshow(
        errors, cmap=colors, vmin=-scale, vmax=scale, aspect="auto", interpolation="nearest"
    )
    ax.figure.colorbar(picture, ax=ax, shrink=0.8).ax.tick_params(labelsize=6)
    hatch_blanks(ax)
    crosses = [place for place, entry in array.items() if entry.verdict == "fail"]
    if crosses and height * width <= FEW:
        ax.plot([j for _, j in crosses], [i for i, _ in crosses], "x", color=INK, markersize=4)
    ax.set_title(plain(name or "gradient"), loc="left", fontsize=9, color=INK)
    ax.set_title(f"{wrong} of {len(array)} wrong", loc="right", fontsize=7, color=INK)
    ax.tick_params(labelsize=6)
    for axis, length in ((ax.yaxis, height), (ax.xaxis, width)):
        axis.set_major_locator(MaxNLocator(integer=True) if length > 1 else NullLocator())
    told = f"{name or 'gradient'}: {wrong} of {len(array)} entries wrong"
    if wrong:
        worst = max(
            (array[place] for place in crosses),
            key=lambda entry: abs(entry.backward - entry.reference),
        )
        told += f", the worst {worst.name}: {worst.backward:.4g}, not {worst.reference:.4g}"
    describe(ax, f"{told}{f', {lost} infinite' if lost else ''}.")
