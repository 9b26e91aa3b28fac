"""The style of all plots: colors, axes, legends, and notes about what is not drawn."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

from microbp._support.coerce import shown
from microbp._support.packages import require
from microbp.plots.printable import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK = "#22303c"
POSITIVE, NEGATIVE = "#0b5fa5", "#b8420f"  # far apart in hue and, as dark on white, both legible
PAPER_GRAY = "#808080"  # as far from black as from white, to the eye

FEW = 30
"""Up to so many points of a line are marked one by one."""

ENDLESS = 1e250
"""What is beyond that counts as infinite, and below its inverse as 0: no axis reaches so far."""


def check_axes(ax: Any, where: str) -> None:
    """TypeError for what is neither axes of Matplotlib nor None, naming the function `where`.

    ModuleNotFoundError, with what to install, where there is no Matplotlib.
    """
    require("matplotlib", where)
    if ax is not None and (isinstance(ax, type) or not hasattr(ax, "add_artist")):
        raise TypeError(
            f"{where}: expected axes of Matplotlib, as from plt.subplots(), got {shown(ax)}"
        )


def axes_or_new(ax: Axes | None, width: float, height: float) -> Axes:
    """These axes, or new ones in a figure of this size in inches."""
    if ax is None:
        from matplotlib import pyplot

        from microbp.plots.described import DescribedAxes, DescribedFigure

        _, ax = pyplot.subplots(
            figsize=(width, height),
            layout="constrained",
            subplot_kw={"axes_class": DescribedAxes},
            FigureClass=DescribedFigure,
        )
    return ax


def frame(ax: Axes, xlabel: str, ylabel: str) -> None:
    """Label both axes, add a pale grid, and remove the upper and right lines."""
    ax.set_xlabel(plain(xlabel))
    ax.set_ylabel(plain(ylabel))
    ax.grid(alpha=0.25)
    ax.spines[["top", "right"]].set_visible(False)


def line_style(number: int) -> dict[str, Any]:
    """Color, dashes and marker of line `number`; they can be told apart in gray as well."""
    colors = cycle([POSITIVE, NEGATIVE, INK])
    dashes = cycle(["-", "--", ":", "-."])
    marks = cycle(["o", "s", "^", "D"])
    styles = zip(colors, dashes, marks, strict=False)
    color, dash, mark = next(islice(styles, number % 12, None))
    return {"color": color, "linestyle": dash, "marker": mark}


def note(ax: Axes, text: str) -> None:
    """Add a few words at the upper right, about what is not in the picture."""
    before = ax.get_title(loc="right")
    words = "; ".join(filter(None, [before, plain(text)]))
    ax.set_title(words, loc="right", fontsize=8, color=INK)


def legend(ax: Axes, **where: Any) -> None:
    """Add a legend, in letters that fit the axes."""
    size = 8.0 if inches_wide(ax) > 3.0 else 6.0
    ax.legend(frameon=False, fontsize=size, **where)


def inches_wide(ax: Axes) -> float:
    """The approximate width of the axes; the layout may still change it."""
    return float(ax.get_window_extent().width) / ax.figure.dpi


def legend_below(ax: Axes, keys: Sequence[Any], *, beneath: float = 34.0, **look: Any) -> None:
    """Add a legend so many points below the axes, no wider than they are."""
    if not keys:
        return
    from matplotlib.transforms import ScaledTranslation

    figure = ax.figure
    down = ScaledTranslation(0.0, -beneath / 72.0, figure.dpi_scale_trans)
    inches = inches_wide(ax)
    longest = max(len(key.get_label()) for key in keys)
    columns = int(inches * 72.0 / ((4.4 if inches > 3.0 else 3.3) * longest + 20.0))
    legend(
        ax,
        handles=keys,
        loc="upper center",
        bbox_to_anchor=(0.5, 0.0),
        bbox_transform=ax.transAxes + down,
        borderaxespad=0.0,
        ncols=min(max(columns, 1), len(keys)),
        columnspacing=1.2,
        **look,
    )


def numeral(x: float, spec: str = ".4g") -> str:
    """A number as text in a picture, with the minus sign that Matplotlib's own axes have."""
    return f"{x:{spec}}".replace("-", "\N{MINUS SIGN}")


def hatch_blanks(ax: Axes) -> None:
    """Hatch the background, to show through where there is no number; white would be one."""
    ax.patch.set(facecolor="white", hatch="////", edgecolor="#cccccc", linewidth=0.0)


def plain(text: str) -> str:
    """A label for Matplotlib that shows as typed: `$` starts no formula, `_` hides nothing."""
    text = printable(text).replace("$", r"\$")
    return f" {text}" if text.startswith("_") else text
