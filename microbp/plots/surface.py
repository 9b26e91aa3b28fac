"""The error surface: its contours along two directions, and the paths of optimizers on it."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from microbp._support.arguments import finite, function, text
from microbp._support.coerce import listed, number, shown
from microbp.core.engine import Value
from microbp.core.functions import data_of
from microbp.core.ops import DomainError
from microbp.plots.alternative_text import describe
from microbp.plots.plane import COARSE, FINE, Range, checked, grid, over_grid, span
from microbp.plots.style import (
    ENDLESS,
    INK,
    axes_or_new,
    check_axes,
    frame,
    hatch_blanks,
    legend_below,
    line_style,
    note,
    numeral,
    plain,
)
from microbp.replay.program import record

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Direction: TypeAlias = Value | Mapping[Value, float] | str
Point: TypeAlias = Sequence[float] | Mapping[Value, float]

_STEEP = 30.0
"""From this ratio of the largest to the smallest error on, contours are at 1, 2, 5, 10, 20, ..."""

_DEPTH = 1e6
"""And from there on down, there are no more of them."""


def error_surface(
    error: Value | Callable[[Any, Any], Any],
    first: Direction,
    second: Direction,
    ax: Axes | None = None,
    *,
    x: Range | None = None,
    y: Range | None = None,
    paths: Mapping[str, Sequence[Point]] | None = None,
) -> Axes:
    """Plot contours of the error along two directions, darker for higher, and paths on them.

    `error` is the root of a graph, and a direction is one of its leaves, or a mapping from leaves
    to how far each moves in a step: then 0 is where the leaves are now. All other leaves stay as
    they are; no gradient and no data changes. Or `error` is a function of two numbers, and
    `first` and `second` are their names.

    `paths` maps names, such as descent and momentum, to lists of points: pairs of coordinates,
    or, in a graph, mappings from leaves to data, `{p: p.data for p in net.parameters()}` at each
    sweep, which are projected onto the plane. Each path begins at a ring. `x` and `y` are ranges;
    by default there is room around the paths, or around the present leaves. Levels of the contours
    are logarithmic where the errors differ by orders of magnitude.

    >>> w, v = Value(2.0, "w"), Value(-1.0, "v")
    >>> ax = error_surface((w - 1) ** 2 + v**2, w, v, paths={"descent": [(2, -1), (1.5, -0.5)]})
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('w', 'v')

    Raises ValueError for directions that are zero, or the same, or on which the error does not
    depend, and for points that lack a leaf.
    """
    check_axes(ax, "error_surface")
    import numpy as np

    if isinstance(error, Value):
        plane = _Plane(error, first, second)
        names, here, project = plane.names, plane.here, plane.project
    else:
        function(error, "error_surface", "a Value or a function of two numbers as the error")
        names = text(first, "error_surface: first"), text(second, "error_surface: second")
        here, project = (0.0, 0.0), _pair
    if paths is not None and not isinstance(paths, Mapping):
        raise TypeError(
            f"error_surface: expected paths as lists of points by name, got {shown(paths)}"
        )
    found = {
        text(name, "error_surface: name of a path"): [
            project(point) for point in listed(points, "error_surface", "points")
        ]
        for name, points in (paths or {}).items()
    }
    every = [point for points in found.values() for point in points] or [here]
    middle = [span([point[i] for point in every], 0.2) for i in (0, 1)]
    x = checked(middle[0] if x is None else x, "error_surface: x")
    y = checked(middle[1] if y is None else y, "error_surface: y")
    if isinstance(error, Value):
        xs, ys, zs = plane.over_grid(x, y)
    else:
        xs, ys, zs = over_grid(error, x, y)
    ax = axes_or_new(ax, width=5.6, height=4.6)
    zs = np.where(abs(zs) < ENDLESS, zs, np.nan)
    told = _contours(ax, xs, ys, zs)
    for i, (name, points) in enumerate(found.items()):
        told += _path(ax, i, name, points)
    rings = [line for line in ax.lines if line.get_gid() == "start"]
    for ring in rings[-1:]:
        ring.set_label("start")
    frame(ax, *names)
    ax.grid(visible=False)
    ax.set_xlim(*x)
    ax.set_ylim(*y)
    if found:
        legend_below(ax, [line for line in ax.lines if not str(line.get_label()).startswith("_")])
    if np.isnan(zs).any():
        hatch_blanks(ax)
        note(ax, f"striped: no finite error in {100 * np.isnan(zs).mean():.3g} % of the plane")
    describe(ax, f"Error surface over {names[0]} and {names[1]}: {told.strip()}")
    return ax


class _Plane:
    """The error of a graph as a function of two coordinates.

    A leaf's data is its base plus each coordinate times its part in that direction.
    """

    def __init__(self, error: Value, first: Any, second: Any) -> None:
        import numpy as np

        steps = [_direction(first), _direction(second)]
        self.leaves = [*{**steps[0], **steps[1]}]
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="record: no output depends on")
            self.program = record(error, self.leaves, parameters=[])
        unused = {self.leaves[i] for i in self.program.unused_inputs}
        for which, direction in zip(("first", "second"), steps, strict=True):
            if unused.issuperset(direction):
                raise ValueError(
                    f"error_surface: the error does not depend on the {which} direction"
                )
        self.steps = np.array([[step.get(leaf, 0.0) for leaf in self.leaves] for step in steps])
        if np.linalg.matrix_rank(self.steps) < 2:
            raise ValueError("error_surface: expected two different directions, got one twice")
        alone = {leaf: leaf.data for leaf in (first, second) if isinstance(leaf, Value)}
        self.base = np.array([0.0 if leaf in alone else leaf.data for leaf in self.leaves])
        self.here = _data(first), _data(second)
        self.names = _name(first, "first"), _name(second, "second")

    def project(self, point: Any) -> tuple[float, float]:
        """The coordinates of a point, or of the nearest point in the plane."""
        import numpy as np

        if not isinstance(point, Mapping):
            return _pair(point)
        for leaf in self.leaves:
            if leaf not in point:
                raise ValueError(f"error_surface: a point of a path lacks {shown(leaf)}")
        away = np.array([data_of(point[leaf], "error_surface") for leaf in self.leaves]) - self.base
        if not np.isfinite(away).all():
            return math.nan, math.nan
        a, b = np.linalg.lstsq(self.steps.T, away, rcond=None)[0].tolist()
        return a, b

    def over_grid(self, x: Range, y: Range) -> Any:
        """x of the columns, y of the rows, and the errors there."""
        try:
            return self._at(x, y, FINE, self.program.forward)
        except DomainError:
            return self._at(x, y, COARSE, self._values)

    def _at(self, x: Range, y: Range, size: int, values: Callable[[Any], Any]) -> Any:
        import numpy as np

        xs, ys, points = grid(x, y, size)
        rows = (self.base + row @ self.steps for row in points.reshape(size, size, 2))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # not finite
            return xs, ys, np.array([values(row) for row in rows])

    def _values(self, table: Any) -> Any:
        """The errors, NaN for points without one, found by halving until only those are left."""
        import numpy as np

        try:
            return self.program.forward(table)
        except DomainError:
            if len(table) == 1:
                return np.array([math.nan])
        middle = len(table) // 2
        return np.concatenate([self._values(table[:middle]), self._values(table[middle:])])


def _direction(given: Any) -> Mapping[Value, float]:
    if isinstance(given, Value):
        return {given: 1.0}
    if isinstance(given, Mapping) and given and all(isinstance(x, Value) for x in given):
        return {leaf: finite(step, "error_surface: a step") for leaf, step in given.items()}
    raise ValueError(
        "error_surface: expected as a direction in a graph one of its leaves, or a mapping from "
        f"leaves to numbers, got {shown(given)}"
    )


def _data(given: Any) -> float:
    """The present coordinate in a direction."""
    return given.data if isinstance(given, Value) else 0.0


def _name(given: Any, number: str) -> str:
    if isinstance(given, Value):
        return given.label or f"{number} parameter"
    return f"steps along the {number} direction"


def _pair(point: Any) -> tuple[float, float]:
    if isinstance(point, Mapping):
        raise ValueError(f"error_surface: expected points of two numbers, got {shown(point)}")
    numbers = [number(x, "error_surface") for x in listed(point, "error_surface", "coordinates")]
    if len(numbers) != 2:
        raise ValueError(f"error_surface: expected points of two numbers, got {shown(point)}")
    return numbers[0], numbers[1]


def _contours(ax: Axes, xs: Any, ys: Any, zs: Any) -> str:
    """Draw shades and lines of equal error; returns the range of errors in words."""
    import numpy as np

    finite = zs[np.isfinite(zs)]
    low, high = (finite.min(), finite.max()) if len(finite) else (math.nan, math.nan)
    levels = [level for level in _levels(low, high, finite) if low < level < high]
    if not levels:
        note(ax, f"the error is {numeral(low)} everywhere")
        return f"the error is {low:.4g} everywhere. "
    bounds = [min(low, levels[0] - 1.0), *levels, max(high, levels[-1] + 1.0)]
    shades = [str(gray) for gray in np.linspace(1.0, 0.6, len(bounds) - 1)]
    ax.contourf(xs, ys, zs, levels=bounds, colors=shades)
    lines = ax.contour(xs, ys, zs, levels=levels, colors=INK, linewidths=0.6, linestyles="solid")
    named = levels if len(levels) < 10 else [x for x in levels if f"{x:e}".startswith("1.0")]
    ax.clabel(lines, named, fmt=numeral, fontsize=7)
    return f"from {low:.4g} to {high:.4g}. "


def _levels(low: float, high: float, finite: Any) -> list[float]:
    """Round numbers between the errors; powers of ten if those differ by orders of magnitude."""
    from matplotlib.ticker import LogLocator, MaxNLocator

    if not low < high:
        return []
    above = finite[finite > 0.0]
    floor = max(float(above.min()), high / _DEPTH) if len(above) else 0.0
    if low >= 0.0 and high > _STEEP * floor:
        ticks = LogLocator(subs=[1.0, 2.0, 5.0], numticks=40).tick_values(floor, high)
        return [float(x) for x in ticks if x >= floor]
    return [float(x) for x in MaxNLocator(9).tick_values(low, high)]


def _path(ax: Axes, number: int, name: str, points: Sequence[tuple[float, float]]) -> str:
    """Draw a path from its ring to its end, with some fifteen marks; returns it in words."""
    from matplotlib.patheffects import withStroke

    finite = [point for point in points if all(map(math.isfinite, point))]
    if not finite:
        return f"The path {name} has no points. "
    look = line_style(number) | {"linewidth": 1.6, "markersize": 4.5}
    across, up = zip(*points, strict=True)
    ax.plot(
        *(across, up),
        label=plain(name),
        markevery=max(1, len(points) // 15),
        path_effects=[withStroke(linewidth=3.2, foreground="white")],
        **look,
    )
    ring: dict[str, Any] = {"markerfacecolor": "none", "markeredgewidth": 1.6, "linestyle": ""}
    ax.plot(*finite[0], "o", markersize=9, markeredgecolor=INK, zorder=4, gid="start", **ring)
    ax.plot(*finite[-1], **(look | {"markersize": 8, "linestyle": "", "zorder": 5}))
    (a, b), (c, d) = finite[0], finite[-1]
    return f"The path {name} leads from ({a:.3g}, {b:.3g}) to ({c:.3g}, {d:.3g}). "
