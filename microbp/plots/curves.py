"""Curves over the sweeps: the error, of one run or several, and the share of runs solved."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from microbp._support.arguments import finite, text
from microbp._support.coerce import listed, number, shown, whole_number
from microbp._support.statistics import Share, quantiles
from microbp.core.functions import data_of
from microbp.plots.alternative_text import describe
from microbp.plots.cases_right import show_right
from microbp.plots.style import (
    ENDLESS,
    FEW,
    INK,
    NEGATIVE,
    POSITIVE,
    axes_or_new,
    check_axes,
    frame,
    legend,
    line_style,
    note,
    plain,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class HasErrors(Protocol):
    """A training history, as far as a curve needs it."""

    @property
    def errors(self) -> list[float]: ...


Run: TypeAlias = Sequence[float] | HasErrors

BANDS = ((0.05, 0.95, "middle 90 %", 0.15), (0.25, 0.75, "middle half", 0.3))
"""Between which quantiles of many runs there is a band, its name, and how dark it is."""

MOST_RUNS = 10**9

TOO_FEW_FOR_BANDS = 5
"""Fewer runs than that are drawn one by one."""


def learning_curve(errors: Run | Sequence[Run], ax: Axes | None = None, *, label: str = "") -> Axes:
    """Plot the error against the number of sweeps, for one run or several.

    A run is a History or a list of errors. For several runs, the line is the median, the dark band
    the middle half (quantiles 0.25 to 0.75) and the pale one the middle 90 % (0.05 to 0.95);
    fewer than five runs are thin lines beside their median. A run that ended keeps its last
    error, and an error that is not finite counts as infinite, so a band may go beyond the top.

    One History that `train` made also shows how many cases came out right, as a thin line with an
    axis of its own at the right, and the first sweep at which all did.

    The scale is logarithmic, unless something to plot is 0 or less. A second call with the same
    `ax` adds a curve, in other dashes; `label` names each in the legend.

    >>> ax = learning_curve([8.0, 4.0, 1.0])
    >>> ax.get_xlabel()
    'sweeps'
    >>> ax = learning_curve([[8.0, 4.0, 1.0], [8.0, 2.0]], label="descent")
    """
    check_axes(ax, "learning_curve")
    import numpy as np

    label = text(label, "learning_curve: label")
    runs = [np.array(run, dtype=float) for run in _as_runs(errors)]
    ax = axes_or_new(ax, width=6.4, height=3.6)
    before = [line for line in ax.lines if line.get_gid() == "learning curve"]
    begun = [run for run in runs if len(run)]
    length = max(map(len, begun), default=0)
    # After its end a run goes on with its last error.
    table = np.array([np.pad(run, (0, length - len(run)), "edge") for run in begun])
    table = np.where(table < ENDLESS, table, np.inf).reshape(len(begun), length)
    middle = quantiles(table, 0.5) if begun else np.empty(0)
    drawn = [middle]
    look = line_style(len(before)) | {"markersize": 3.5}
    if length > FEW:
        look["marker"] = ""
    x = np.arange(length)
    edges = []
    if len(table) >= TOO_FEW_FOR_BANDS:
        edges = [(quantiles(table, low), quantiles(table, high)) for low, high, *_ in BANDS]
        drawn += [edge for pair in edges for edge in pair]
    elif len(table) > 1:
        drawn += list(table)
        thin = look | {"marker": "", "linewidth": 0.8, "alpha": 0.5}
        ax.plot(x, np.where(np.isfinite(table), table, np.nan).T, **thin)
    of = f"median of {len(table)} runs" if len(table) > 1 else ""
    name = plain(", ".join(filter(None, [label, of])))
    (line,) = ax.plot(x, _finite(middle), linewidth=1.8, label=name or "_", **look)
    line.set_gid("learning curve")
    _scale(ax, np.concatenate(drawn), first=not before)
    for (_, _, what, alpha), (low, high) in zip(BANDS, edges, strict=False):
        limits, top = ax.dataLim.frozen(), ax.get_ylim()[1] * 1e3  # a band may end outside
        band = ax.fill_between(
            *(x, _finite(low), np.minimum(high, top)),
            where=np.isfinite(low).tolist(),
            color=look["color"],
            alpha=alpha,
            linewidth=0.0,
        )
        ax.dataLim.set(limits)
        band.set_label("_" if before else what)  # once is enough
    frame(ax, "sweeps", "error E")
    ax.set_title("Learning curves" if before else "Learning curve", loc="left", fontsize=10)
    if name:
        legend(ax)
    right = ""
    if hasattr(errors, "first_all_right") and length:
        right = show_right(ax, errors, look["color"], alone=not before)
    _tell(ax, begun, middle, label, right)
    return ax


def _tell(ax: Axes, runs: Sequence[Any], middle: Any, label: str, right: str) -> None:
    """Add the notes and the alternative text of a learning curve."""
    lost = sum(not all(map(math.isfinite, run.tolist())) for run in runs)
    notes = []
    if not len(middle):
        notes.append("no sweeps yet")
    elif lost and len(runs) == 1:
        sweeps = sum(not math.isfinite(error) for error in runs[0])
        notes.append(f"error not finite in {sweeps} of {len(middle)} sweeps")
    elif lost:
        notes.append(f"{lost} of {len(runs)} runs became infinite or nan")
    for words in notes:
        note(ax, words)
    told = "Learning curve" + (f", {label}" if label else "")
    if len(runs) > 1:
        told += f", median of {len(runs)} runs"
    if len(middle) == 1:
        told += f": the error is {middle[0]:.4g} at sweep 0"
    elif len(middle):
        first, last = middle[0], middle[-1]
        way = "falls" if last < first else "rises" if last > first else "goes"
        told += f": the error {way} from {first:.4g} at sweep 0"
        told += f" to {last:.4g} at sweep {len(middle) - 1}"
    describe(ax, "; ".join(filter(None, [told, right, *notes])) + ".")


def _as_runs(errors: Any) -> list[list[float]]:
    """One run or several, as a list of runs, each a list of errors."""
    where, what = "learning_curve", "errors, or a history"
    if isinstance(errors, type):
        raise TypeError(f"{where}: expected a list of {what}, got {shown(errors)}")
    given = listed(getattr(errors, "errors", errors), where, what)
    if any(hasattr(run, "errors") or hasattr(run, "__len__") for run in given):
        runs = [listed(getattr(run, "errors", run), where, what) for run in given]
    else:
        runs = [given]
    return [[data_of(error, where) for error in run] for run in runs]


def _finite(ys: Any) -> Any:
    """The numbers, with NaN, which leaves a gap, for those that are not finite."""
    import numpy as np

    return np.where(np.isfinite(ys), ys, np.nan)


def _scale(ax: Axes, drawn: Any, first: bool) -> None:
    """Use a logarithmic scale if all that is plotted is above 0, and whole numbers of sweeps."""
    import numpy as np
    from matplotlib.ticker import MaxNLocator

    if (drawn < 1.0 / ENDLESS).any():
        ax.set_yscale("linear")
    elif first:
        ax.set_yscale("log")
    ax.xaxis.set_major_locator(MaxNLocator("auto", integer=True, steps=[1, 2, 5, 10]))
    if ax.dataLim.x1 < 1.0:
        ax.set_xticks([0])
    finite = drawn[np.isfinite(drawn)]
    if len(finite):
        ax.update_datalim([(0.0, finite.min()), (0.0, finite.max())], updatex=False)
        ax.autoscale_view()


def solved_by_sweep(
    solved_at: Mapping[str, Sequence[float]],
    runs: int,
    sweeps: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot the share of `runs` that were solved by each sweep, up to `sweeps`.

    `solved_at` holds the sweeps at which runs were solved: first for all runs, with a band for
    the 95 % interval of their share, then for each kind.

    >>> ax = solved_by_sweep({"all": [376, 1420, 1430]}, runs=4)
    >>> ax.get_ylabel()
    'runs solved, %'
    """
    where = "solved_by_sweep"
    check_axes(ax, where)
    if not isinstance(solved_at, Mapping):
        raise TypeError(
            f"{where}: expected the sweeps at which runs were solved by kind, as in "
            f"{{'all': [376, 1420]}}, got {shown(solved_at)}"
        )
    solved_at = {
        text(kind, f"{where}: kind"): [number(x, where) for x in listed(at, where, "sweeps")]
        for kind, at in solved_at.items()
    }
    solved = max(map(len, solved_at.values()), default=0)
    runs = whole_number(runs, f"{where}: runs", solved, MOST_RUNS)
    sweeps = 0.0 if sweeps is None else finite(sweeps, f"{where}: sweeps")
    ax = axes_or_new(ax, width=6.4, height=3.6)
    end = max([sweeps, *(x for at in solved_at.values() for x in at)])
    colors = [INK, POSITIVE, NEGATIVE]
    told = []
    for i, (kind, at) in enumerate(solved_at.items()):
        if i > 0 and not at:
            continue
        x = [0.0, *sorted(at), end]
        shares = [Share(number, runs) for number in [*range(len(at) + 1), len(at)]]
        if i == 0:
            bounds = [share.interval() for share in shares]
            low, high = ([100.0 * pair[side] for pair in bounds] for side in (0, 1))
            ax.fill_between(x, low, high, step="post", color=INK, alpha=0.15, linewidth=0.0)
        y = [100.0 * share.number / max(runs, 1) for share in shares]
        look = line_style(i)
        ax.step(
            *(x, y),
            where="post",
            color=colors[i] if i < len(colors) else None,
            linestyle=look["linestyle"],
            linewidth=1.8,
            label=plain(kind),
        )
        told.append(f"{kind}: {len(at)}")
    ax.set_ylim(0.0, 100.0)
    frame(ax, "sweeps", "runs solved, %")
    if len(ax.lines) > 1:
        legend(ax)
    describe(ax, f"Runs solved by sweep {end:g}, of {runs}: {', '.join(told)}.")
    return ax
