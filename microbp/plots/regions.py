"""Decision regions: the output of a net over the plane of its two inputs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from microbp._support.arguments import finite, function
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
    numeral,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Case: TypeAlias = tuple[Any, Any]

GRAYS = (0.596, 0.741, 0.902, 1.0)
"""From the lowest outputs to the highest; with another number of levels, gray in between."""

FAR = 9.0
"""Outputs so many times the range of the levels beyond them are as good as that: contours need
numbers of one kind."""


def decision_regions(
    net: Net | Callable[[Any], Any],
    cases: Sequence[Case] | tuple[Any, Any] = (),
    ax: Axes | None = None,
    *,
    x: Range | None = None,
    y: Range | None = None,
    at: float | None = None,
    levels: Sequence[float] | None = None,
) -> Axes:
    """Plot the output of a net of two inputs over the plane: white where it is on, gray where off.

    The line is where the output is `at`. The cases, as for `train` pairs of inputs and targets or
    the arrays (X, y), are circles if the target is on the upper side, and squares otherwise.
    By default the line is at 0.5 for targets from 0 to 1, at 0 for targets from -1 to 1, half-way
    between the lowest and the highest target otherwise; for a net of tanh without cases, at 0.
    `levels` are where the gray changes: by default at the line, and at a tenth of the range of
    the targets from either end. A net that was trained by "binary_cross_entropy" has total
    inputs as outputs: `at=0, levels=[-2.2, 0, 2.2]` is where their sigmoid is 0.1, 0.5 and 0.9.

    Any function
    of a pair can stand in for a net: `lambda x: net([*x, 0, 0])[0]` is a cut through a net of four
    inputs. It is replayed (`microbp.record`) if possible, or called for each point of a coarser
    grid. `x` and `y` are ranges; by default they include the cases, or the points (0, 0) and
    (1, 1), and some room around them.

    >>> import random
    >>> net = Net(2, rng=random.Random(1)).add("hidden", 2).add("output", 1)
    >>> ax = decision_regions(net, [([0, 1], [1]), ([1, 1], [0])])
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('x1', 'x2')

    Raises ValueError for a net or a case without exactly two inputs and one output, and for
    levels that don't rise.
    """
    check_axes(ax, "decision_regions")
    import numpy as np

    (across, up), f = _of_two(net)
    if isinstance(cases, tuple) and len(cases) == 2 and hasattr(cases[0], "shape"):
        cases = [*zip(*map(np.asarray, cases), strict=False)]  # X and y, arrays or frames
    points = [_point(net, case) for case in listed(cases, "decision_regions", "cases")]
    middle = [span([p[i] for p in points] or [0.0, 1.0], 0.3) for i in (0, 1)]
    x = checked(middle[0] if x is None else x, "decision_regions: x")
    y = checked(middle[1] if y is None else y, "decision_regions: y")
    xs, ys, zs = over_grid(f, x, y)
    ends = _ends(net, [target for *_, target in points])
    at = sum(ends) / 2.0 if at is None else finite(at, "decision_regions: at")
    steps = _default_levels(at, ends) if levels is None else _rising(levels)
    ax = axes_or_new(ax, width=4.8, height=5.2)
    far = FAR * ((steps[-1] - steps[0]) or 1.0)
    near = np.clip(zs, steps[0] - far, steps[-1] + far)
    grays = np.interp(np.linspace(0, 1, len(steps) + 1), np.linspace(0, 1, len(GRAYS)), GRAYS)
    shades = [str(gray) for gray in grays.tolist()]
    if not np.isnan(zs).all():
        bounds = [steps[0] - 2.0 * far, *steps, steps[-1] + 2.0 * far]
        ax.contourf(xs, ys, near, levels=bounds, colors=shades)
    if np.nanmin(near, initial=math.inf) < at < np.nanmax(near, initial=-math.inf):
        ax.contour(xs, ys, near, levels=[at], colors=INK, linewidths=1.8)
    size = min(9.0, max(4.0, 60.0 / max(len(points), 1) ** 0.5))
    for on, mark, color in ((True, "o", "white"), (False, "s", INK)):
        side = [(a, b) for a, b, target in points if (target > at) == on]
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
    _legend(ax, at, steps, shades, cases=bool(points))
    nowhere = np.isnan(zs).mean()
    if nowhere:
        hatch_blanks(ax)
        note(ax, f"striped: no output in {100 * nowhere:.3g} % of the plane")
    share = 100 * np.mean(zs > at)
    right = sum((at_point(f, a, b) - at) * (target - at) > 0.0 for a, b, target in points)
    describe(
        ax,
        f"Decision regions over {across} and {up}: the output is above {at:.4g} in {share:.3g} % "
        f"of the plane shown; {right} of {len(points)} cases are on their side.",
    )
    return ax


def _ends(net: Any, targets: Sequence[float]) -> tuple[float, float]:
    """The range of the targets: [0, 1] or [-1, 1] if they are in there."""
    if not targets:
        last = [*net.layers.values()][-1].activation if isinstance(net, Net) else ""
        return (-1.0, 1.0) if last == "tanh" else (0.0, 1.0)
    low, high = min(targets), max(targets)
    if low >= -1.0 and high <= 1.0:
        return (-1.0 if low < 0.0 else 0.0), 1.0
    return low, high


def _default_levels(at: float, ends: tuple[float, float]) -> list[float]:
    tenth = 0.1 * (ends[1] - ends[0])
    return sorted({ends[0] + tenth, at, ends[1] - tenth})


def _rising(levels: Any) -> list[float]:
    where = "decision_regions: levels"
    found = [finite(level, where) for level in listed(levels, where, "outputs")]
    if not found or any(a >= b for a, b in pairwise(found)):
        raise ValueError(f"{where}: expected numbers that rise, got {shown(levels)}")
    return found


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


def _legend(
    ax: Axes, at: float, levels: Sequence[float], shades: Sequence[str], *, cases: bool
) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    said = [numeral(level) for level in levels]
    names = [
        f"below {said[0]}",
        *(f"{low} to {high}" for low, high in pairwise(said)),
        f"output above {said[-1]}",
    ]
    keys: list[Any] = [
        Patch(facecolor=shade, edgecolor=INK, label=name)
        for name, shade in zip(reversed(names), reversed(shades), strict=True)
    ]
    look: dict[str, Any] = {"linestyle": "", "markeredgecolor": INK, "markersize": 6}
    if cases:
        above = f"target above {numeral(at)}"
        keys += [
            Line2D([], [], marker="o", markerfacecolor="white", label=above, **look),
            Line2D([], [], marker="s", markerfacecolor=INK, label="target below", **look),
        ]
    keys.append(Line2D([], [], color=INK, linewidth=1.8, label=f"output {numeral(at)}"))
    legend_below(ax, keys)
