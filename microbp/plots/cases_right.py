"""On a learning curve: how many cases come out right, and the sweep at which all did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from microbp.plots.style import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_RIGHT, _MARK = "cases right", "all right"

ROOM = 1.22
"""The axis of cases goes so far beyond all of them: there the sweep is written."""


def show_right(ax: Axes, history: Any, color: str, *, alone: bool) -> str:
    """Add what a history knows beside its errors; returns it in words.

    The cases that are right get an axis of their own, at the right; not with several curves, as
    one could not tell whose they are: then that axis goes, and the sweeps stay marked.
    """
    for other in ax.figure.axes:
        if other.get_gid() == _RIGHT and other.bbox.bounds == ax.bbox.bounds:
            other.remove()
    cases, first = history.cases, history.first_all_right()
    if alone:
        _second_axis(ax, [sweep.right for sweep in history.sweeps], cases)
    if first is None:
        return f"{history.sweeps[-1].right} of {cases} cases are right at the end"
    _mark(ax, first, f"all {cases} right first at sweep {first:,}", color, len(history.sweeps))
    return f"all {cases} cases are right first at sweep {first}"


def _second_axis(ax: Axes, right: list[int], cases: int) -> None:
    from matplotlib.ticker import FixedLocator, MaxNLocator

    figure: Any = ax.figure
    current = figure.gca()
    other = ax.twinx()
    figure.sca(current)  # pyplot.title() and the like go on to the error's axes
    other.set_gid(_RIGHT)
    other.set_zorder(ax.get_zorder() - 1.0)
    ax.patch.set_visible(False)  # the axes behind have one
    other.step(range(len(right)), right, where="post", color=INK, linewidth=1.0, alpha=0.55)
    other.set_ylim(0.0, ROOM * max(cases, 1))
    ticks = MaxNLocator(4, integer=True).tick_values(0, cases)
    other.yaxis.set_major_locator(FixedLocator([y for y in ticks if y < 0.9 * cases] + [cases]))
    other.set_ylabel(f"cases right, of {cases} (thin line)", color=INK)
    other.spines[["top", "left"]].set_visible(False)


def _mark(ax: Axes, first: int, words: str, color: str, sweeps: int) -> None:
    """A dotted line at the sweep, and the words at its top, on the side that has more room."""
    before = [text for text in ax.texts if text.get_gid() == _MARK]
    ax.axvline(first, color=color, linestyle=":", linewidth=1.0, gid=_MARK)
    left = first > 0.5 * sweeps
    ax.annotate(
        words,
        (first, 0.98 - 0.07 * len(before)),
        xycoords=("data", "axes fraction"),
        xytext=(-4.0 if left else 4.0, 0.0),
        textcoords="offset points",
        ha="right" if left else "left",
        va="top",
        fontsize=8,
        color=color,
        gid=_MARK,
    )
