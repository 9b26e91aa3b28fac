"""How all plots look: their colours, their axes, and notes about what could not be drawn."""

from __future__ import annotations

from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK = "#22303c"
POSITIVE, NEGATIVE = "#0b5fa5", "#b8420f"  # far apart in hue and, as dark on white, both legible
PAPER_GREY = "#808080"  # as far from black as from white, to the eye

FEW = 30
"""Up to so many points of a line are marked one by one."""


def axes_or_new(ax: Axes | None, width: float, height: float) -> Axes:
    """These axes, or those of a new figure of this size in inches."""
    if ax is None:
        from matplotlib import pyplot

        _, ax = pyplot.subplots(figsize=(width, height), layout="constrained")
    return ax


def frame(ax: Axes, xlabel: str, ylabel: str) -> None:
    """Name both axes; a pale grid, and no lines above and at the right."""
    ax.set_xlabel(plain(xlabel))
    ax.set_ylabel(plain(ylabel))
    ax.grid(alpha=0.25)
    ax.spines[["top", "right"]].set_visible(False)


def line_style(number: int) -> dict[str, Any]:
    """Colour, dashes and mark of the first, second, ... line; they differ in grey as well."""
    colours = cycle([POSITIVE, NEGATIVE, INK])
    dashes = cycle(["-", "--", ":", "-."])
    marks = cycle(["o", "s", "^", "D"])
    looks = zip(colours, dashes, marks, strict=False)
    colour, dash, mark = next(islice(looks, number % 12, None))
    return {"color": colour, "linestyle": dash, "marker": mark}


def note(ax: Axes, text: str) -> None:
    """A few words above the right end, about what is not in the picture."""
    before = ax.get_title(loc="right")
    words = "; ".join(filter(None, [before, plain(text)]))
    ax.set_title(words, loc="right", fontsize=8, color=INK)


def legend(ax: Axes, **where: Any) -> None:
    """The names of what is drawn."""
    ax.legend(frameon=False, fontsize=8, **where)


def plain(text: str) -> str:
    """A label as it was typed, for Matplotlib: `$` begins no formula, `_` hides nothing."""
    text = printable(text).replace("$", r"\$")
    return f" {text}" if text.startswith("_") else text


def printable(text: str) -> str:
    """A sign in the place of what no font can show."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)
