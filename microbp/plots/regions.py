"""Decision regions: the output of a net over the plane of its two inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

from microbp._support.arguments import function
from microbp._support.coerce import listed, shown
from microbp.core.functions import data_of
from microbp.nn import Net
from microbp.plots.alternative_text import describe
from microbp.plots.plane import Range, at_point, checked, over_grid, span
from microbp.plots.style import (
    INK,
    axes_or_new,
    check_axes,
    frame,
    hatch_blanks,
    legend_below,
    note,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Case: TypeAlias = tuple[Any, Any]

LEVELS = (0.1, 0.5, 0.9)
SHADES = {
    "output above 0.9": "#ffffff",
    "0.5 to 0.9": "#e6e6e6",
    "0.1 to 0.5": "#bdbdbd",
    "below 0.1": "#989898",
}
FAR = 9.0
"""Outputs beyond that, above or below, are as good as that: contours need numbers of one kind."""


def decision_regions(
    net: Net | Callable[[Any], Any],
    cases: Sequence[Case] | tuple[Any, Any] = (),
    ax: Axes | None = None,
    *,
    x: Range | None = None,
    y: Range | None = None,
) -> Axes:
    """Plot the output of a net of two inputs over the plane: white where it is on, gray where off.

    The line is where the output is 0.5. The cases, as for `train` pairs of inputs and targets or
    the arrays (X, y), are circles if the target is above 0.5, and squares otherwise. Any function
    of a pair can stand in for a net: `lambda x: net([*x, 0, 0])[0]` is a cut through a net of four
    inputs. It is replayed (`microbp.record`) if possible, or called for each point of a coarser
    grid. `x` and `y` are ranges; by default they include the cases, or the points (0, 0) and
    (1, 1), and some room around them.

    >>> import random
    >>> net = Net(2, rng=random.Random(1)).add("hidden", 2).add("output", 1)
    >>> ax = decision_regions(net, [([0, 1], [1]), ([1, 1], [0])])
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('x1', 'x2')

    Raises ValueError for a net or a case without exactly two inputs and one output.
    """
    import numpy as np

    check_axes(ax, "decision_regions")
    (across, up), f = _of_two(net)
    if isinstance(cases, tuple) and len(cases) == 2 and hasattr(cases[0], "shape"):
        cases = [*zip(*map(np.asarray, cases), strict=False)]  # X and y, arrays or frames
    points = [_point(net, case) for case in listed(cases, "decision_regions", "cases")]
    middle = [span([p[i] for p in points] or [0.0, 1.0], 0.3) for i in (0, 1)]
    x = checked(middle[0] if x is None else x, "decision_regions: x")
    y = checked(middle[1] if y is None else y, "decision_regions: y")
    xs, ys, zs = over_grid(f, x, y)
    ax = axes_or_new(ax, width=4.8, height=5.2)
    levels = [-2.0 * FAR, *LEVELS, 2.0 * FAR]
    near = np.clip(zs, -FAR, FAR)
    if not np.isnan(zs).all():
        ax.contourf(xs, ys, near, levels=levels, colors=[*SHADES.values()][::-1])
    if np.nanmin(near, initial=FAR) < 0.5 < np.nanmax(near, initial=-FAR):
        ax.contour(xs, ys, near, levels=[0.5], colors=INK, linewidths=1.8)
    size = min(9.0, max(4.0, 60.0 / max(len(points), 1) ** 0.5))
    for on, mark, color in ((True, "o", "white"), (False, "s", INK)):
        side = [(a, b) for a, b, target in points if (target > 0.5) == on]
        ax.plot(
            [a for a, _ in side],
            [b for _, b in side],
            marker=mark,
            linestyle="",
            markersize=size,
            markerfacecolor=color,
            markeredgecolor=INK if on else "white",
            markeredgewidth=(0.15 if on else 0.07) * size,
        )
    frame(ax, across, up)
    ax.grid(visible=False)
    ax.set_xlim(*x)
    ax.set_ylim(*y)
    _legend(ax, points)
    nowhere = np.isnan(zs).mean()
    if nowhere:
        hatch_blanks(ax)
        note(ax, f"striped: no output in {100 * nowhere:.3g} % of the plane")
    share = 100 * np.mean(zs > 0.5)
    right = sum((at_point(f, a, b) - 0.5) * (target - 0.5) > 0.0 for a, b, target in points)
    describe(
        ax,
        f"Decision regions over {across} and {up}: the output is above 0.5 in {share:.3g} % of the "
        f"plane shown; {right} of {len(points)} cases are on their side.",
    )
    return ax


def _of_two(net: Any) -> tuple[tuple[str, str], Callable[[Any, Any], Any]]:
    """The names of the two inputs, and the one output as a function of them."""
    if not isinstance(net, Net):
        function(net, "decision_regions", "a net or a function of two inputs")
        return ("x1", "x2"), lambda a, b: _single(net([a, b]))
    groups = net.inputs
    outputs = len([*net.layers.values()][-1].neurons) if net.layers else 0
    if sum(groups.values()) != 2:
        raise ValueError(
            f"decision_regions: expected a net of two inputs, got {groups}: "
            "hold all but two fixed in a function, as lambda x: net([*x, 0, 0])"
        )
    if outputs != 1:
        raise ValueError(
            f"decision_regions: expected a net of one output, got {outputs}: "
            "choose one in a function, as lambda x: net(x)[0]"
        )
    across, up = (f"{name}{i}" for name, size in groups.items() for i in range(1, size + 1))

    def f(a: Any, b: Any) -> Any:
        rest = iter([a, b])
        grouped = {name: [next(rest) for _ in range(size)] for name, size in groups.items()}
        return _single(net(grouped))

    return (across, up), f


def _single(output: Any) -> Any:
    """A number as it is, or the one in a list."""
    if not hasattr(output, "__len__"):
        return output
    if len(output) != 1:
        raise TypeError(
            f"decision_regions: expected one output, got {len(output)}: "
            "choose one, as lambda x: net(x)[0]"
        )
    return output[0]


def _point(net: Any, case: Any) -> tuple[float, float, float]:
    """A case: where it is, and its target."""
    if not isinstance(case, (tuple, list)) or len(case) != 2:
        raise TypeError(
            f"decision_regions: expected cases as pairs (inputs, target), or as (X, y), got "
            f"{shown(case)}: write decision_regions(net, (X, y))"
        )
    inputs, target = case
    if isinstance(inputs, Mapping):
        groups = net.inputs if isinstance(net, Net) else inputs
        inputs = [*chain.from_iterable(inputs[name] for name in groups)]
    inputs = listed(inputs, "decision_regions", "inputs")
    if len(inputs) != 2:
        raise ValueError(f"decision_regions: expected cases of two inputs, got {len(inputs)}")
    if hasattr(target, "__len__"):
        target = listed(target, "decision_regions", "targets")
        if len(target) != 1:
            raise ValueError(f"decision_regions: expected cases of one target, got {len(target)}")
        (target,) = target
    x, y, d = (data_of(each, "decision_regions") for each in (*inputs, target))
    return x, y, d


def _legend(ax: Axes, points: Sequence[tuple[float, float, float]]) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    keys: list[Any] = [Patch(facecolor=c, edgecolor=INK, label=name) for name, c in SHADES.items()]
    look: dict[str, Any] = {"linestyle": "", "markeredgecolor": INK, "markersize": 6}
    if points:
        keys += [
            Line2D([], [], marker="o", markerfacecolor="white", label="target above 0.5", **look),
            Line2D([], [], marker="s", markerfacecolor=INK, label="target below", **look),
        ]
    keys.append(Line2D([], [], color=INK, linewidth=1.8, label="output 0.5"))
    legend_below(ax, keys)
