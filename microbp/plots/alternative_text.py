"""Alternative text: plots in words, for people who can't see them, also in files."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microbp._support.arguments import function, pair_of
from microbp._support.atomic_file import as_path, write_whole
from microbp._support.coerce import shown
from microbp._support.packages import require
from microbp.plots.printable import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_INCHES = 100.0

_MARK = "microbp: alternative text"


def describe(ax: Axes, text: str) -> None:
    """Add a description of what was drawn on these axes.

    It is kept in an artist that draws nothing, so that it is pickled and copied with the axes,
    and vanishes with `ax.clear()`.
    """
    from matplotlib.artist import Artist

    words = Artist()
    words.set_label(printable(text))
    words.set_gid(_MARK)
    words.set_in_layout(False)
    ax.add_artist(words)


def alt_text(picture: Axes | Figure) -> str:
    """The alternative text of axes or a figure: what plots drew there, in words.

    Matplotlib has no such text. To put it into a file, PNG or SVG:
    `figure.savefig("curve.png", metadata={"Description": alt_text(figure)})`.

    >>> from microbp.plots import learning_curve
    >>> alt_text(learning_curve([8.0, 4.0, 1.0]))
    'Learning curve: the error falls from 8 at sweep 0 to 1 at sweep 2.'
    """
    if isinstance(picture, type) or not hasattr(picture, "get_children"):
        raise TypeError(f"alt_text: expected axes or a figure of Matplotlib, got {shown(picture)}")
    axes: list[Any] = getattr(picture, "axes", [])
    every = axes if isinstance(axes, list) else [picture]
    words = (a for ax in every for a in ax.get_children() if a.get_gid() == _MARK)
    return " ".join(str(a.get_label()) for a in words)


def save_png(
    path: str | os.PathLike[str], draw: Callable[[Axes], Any], size: tuple[float, float]
) -> Path:
    """Let `draw` draw on new axes of this size in inches, and write a PNG file, or none.

    The file holds the alternative text as its Description.
    """
    require("matplotlib", "save_png")
    from matplotlib.figure import Figure

    path = as_path(path, "save_png")
    function(draw, "save_png: draw", "a function of axes")
    width, height = pair_of(size, "save_png: size", "(width, height) in inches")
    if not (0.0 < width <= MOST_INCHES and 0.0 < height <= MOST_INCHES):
        raise ValueError(
            f"save_png: size: expected inches above 0 and up to {MOST_INCHES:g}, got {shown(size)}"
        )
    figure = Figure(figsize=(width, height), layout="constrained")
    draw(figure.add_subplot())
    return write_whole(path, as_png(figure))


def as_png(figure: Figure, dpi: float = 150) -> bytes:
    """A figure as the content of a PNG file, with its alternative text."""
    picture = io.BytesIO()
    metadata = {"Description": alt_text(figure)}
    figure.savefig(picture, format="png", dpi=dpi, metadata=metadata)
    return picture.getvalue()
