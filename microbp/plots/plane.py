"""Evaluate a function of two numbers on a grid, by replay where it can be recorded."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

from microbp._support.arguments import pair_of
from microbp._support.coerce import shown
from microbp.core.engine import Value
from microbp.core.functions import data_of
from microbp.core.grad_mode import no_grad
from microbp.replay.program import record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.float64]

Range: TypeAlias = tuple[float, float]

FINE, COARSE = 201, 101
"""Points along each side: where they can be replayed, and where each is a call of its own."""

_SAMPLE = 25
"""How many points are computed by a call too, to see that a replay gives the same."""


def over_grid(f: Callable[[Any, Any], Any], x: Range, y: Range) -> tuple[Array, Array, Array]:
    """x of the columns, y of the rows, and f at each point, NaN where it has no value.

    f takes two Values or floats and returns one. It is recorded once and replayed if that agrees
    with f at a sample of the points; otherwise, as where it has an `if`, it is called for each
    point of a coarser grid. An exception that f raises at every point is raised here.
    """
    import numpy as np

    xs, ys, points = grid(x, y, FINE)
    found = _replayed(f, points)
    if found is None:
        xs, ys, points = grid(x, y, COARSE)
        found = np.array([at_point(f, *point) for point in points.tolist()])
        if np.isnan(found).all():
            f(*points[0].tolist())  # raises what it raised everywhere
    return xs, ys, found.reshape(len(ys), len(xs))


def grid(x: Range, y: Range, size: int) -> tuple[Array, Array, Array]:
    import numpy as np

    xs, ys = np.linspace(*x, size), np.linspace(*y, size)
    across, up = np.meshgrid(xs, ys)
    return xs, ys, np.column_stack([across.ravel(), up.ravel()])


def _replayed(f: Callable[[Any, Any], Any], points: Array) -> Array | None:
    """f at each point by replay; None if it can't be recorded or disagrees with f."""
    import numpy as np

    inputs = [Value(x, label) for x, label in zip(points[0].tolist(), "xy", strict=True)]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a comparison, most likely
            warnings.filterwarnings("ignore", message="record: no output depends on")
            program = record(f(*inputs), inputs, parameters=[])
            warnings.simplefilter("ignore")  # not finite
            found = program.forward(points)
        sample = slice(None, None, len(points) // _SAMPLE)
        built = [at_point(f, *point) for point in points[sample].tolist()]
    except Exception:  # if f fails for floats as well, that will be raised
        return None
    same = np.isclose(found[sample], built, rtol=1e-9, atol=1e-12, equal_nan=True)
    return found if same.all() else None


def at_point(f: Callable[[Any, Any], Any], x: float, y: float) -> float:
    """f at one point; NaN where it has no value."""
    try:
        with no_grad():
            return data_of(f(x, y))
    except (ArithmeticError, ValueError):  # a DomainError is both
        return math.nan


def span(numbers: Iterable[float], margin: float) -> Range:
    """From the smallest to the largest finite number, extended at both ends by `margin` of that.

    >>> span([0.0, 1.0], margin=0.5)
    (-0.5, 1.5)
    """
    finite = [x for x in numbers if math.isfinite(x)] or [0.0]
    low, high = min(finite), max(finite)
    more = margin * (high - low) or 0.5 * abs(low) or 1.0
    return low - more, high + more


def checked(given: Range, where: str) -> Range:
    """A range with two finite ends, in order; TypeError or ValueError for any other."""
    low, high = pair_of(given, where, "a range (low, high)")
    if not low < high:
        raise ValueError(f"{where}: expected a range (low, high), got {shown(given)}")
    return low, high
