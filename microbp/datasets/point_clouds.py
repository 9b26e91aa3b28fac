"""Points in the plane, in two or more classes, drawn from a seed.

Each class has the same number of points, or one more, spaced evenly along its curve; `noise` is
the standard deviation of what is added to each coordinate. The cases come in random order.

Each raises TypeError or ValueError for numbers of other kinds, for fewer cases than classes, and
for more than a million.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

from microbp._support.arguments import finite, named_arguments
from microbp._support.coerce import number
from microbp._support.packages import require
from microbp.datasets.arguments import Classes, Points, checked_count, generator

Curve: TypeAlias = Callable[[float], tuple[float, float]]
"""A point for each t from 0 to 1."""

_ELSEWHERE = {"n": "n_samples", "rng": "seed", "random_state": "seed", "samples": "n_samples"}
"""What other libraries call the arguments."""


@named_arguments("moons", _ELSEWHERE)
def moons(n_samples: int = 100, *, noise: float = 0.1, seed: int = 0) -> tuple[Points, Classes]:
    """Two interleaving half circles, as scikit-learn's make_moons and micrograd's demo have them.

    Class 0 is the upper moon, around (0, 0); class 1 the lower one, around (1, 1/2).

    >>> X, y = moons(100, noise=0.1, seed=1)
    >>> X.shape, y.shape
    ((100, 2), (100,))
    >>> y[:5].tolist()
    [1, 0, 1, 1, 0]

    Targets of -1 and 1, as a hinge loss wants them, are `2 * y - 1`.
    """

    def upper(t: float) -> tuple[float, float]:
        return math.cos(math.pi * t), math.sin(math.pi * t)

    def lower(t: float) -> tuple[float, float]:
        return 1.0 - math.cos(math.pi * t), 0.5 - math.sin(math.pi * t)

    return _points("moons", [upper, lower], n_samples, noise, seed)


@named_arguments("circles", _ELSEWHERE)
def circles(
    n_samples: int = 100, *, noise: float = 0.1, factor: float = 0.5, seed: int = 0
) -> tuple[Points, Classes]:
    """A circle of radius 1, class 0, and one of radius `factor` inside it, class 1.

    >>> X, y = circles(4, noise=0.0)
    >>> sorted((X**2).sum(axis=1).round(9).tolist())
    [0.25, 0.25, 1.0, 1.0]
    """
    factor = number(factor, "circles: factor")
    if not 0.0 < factor < 1.0:
        raise ValueError(f"circles: factor: expected a number between 0 and 1, got {factor!r}")

    def circle(radius: float) -> Curve:
        return lambda t: (radius * math.cos(2 * math.pi * t), radius * math.sin(2 * math.pi * t))

    return _points("circles", [circle(1.0), circle(factor)], n_samples, noise, seed, closed=True)


@named_arguments("spirals", _ELSEWHERE)
def spirals(
    n_samples: int = 100,
    *,
    classes: int = 2,
    turns: float = 1.5,
    noise: float = 0.02,
    seed: int = 0,
) -> tuple[Points, Classes]:
    """Arms of a spiral, one for each class, that wind out from (0, 0) to radius 1.

    >>> X, y = spirals(300, classes=3)
    >>> sorted(set(y.tolist()))
    [0, 1, 2]
    """
    classes = checked_count(classes, "spirals: classes")
    turns = finite(turns, "spirals: turns")

    def arm(start: float) -> Curve:
        # From 0.05 on, as the arms meet at 0.
        def point(t: float) -> tuple[float, float]:
            radius = 0.05 + 0.95 * t
            angle = 2 * math.pi * (start + turns * radius)
            return radius * math.cos(angle), radius * math.sin(angle)

        return point

    return _points("spirals", [arm(k / classes) for k in range(classes)], n_samples, noise, seed)


@named_arguments("clusters", _ELSEWHERE)
def clusters(
    n_samples: int = 100, *, classes: int = 2, noise: float = 0.3, seed: int = 0
) -> tuple[Points, Classes]:
    """A cloud of points for each class, around centers spaced evenly on a circle of radius 1.

    The two clouds there are by default lie around (1, 0) and (-1, 0): a straight line separates
    nearly all of them.

    >>> X, y = clusters(100)
    >>> int(((X[:, 0] < 0) == y).sum())
    100
    """
    classes = checked_count(classes, "clusters: classes")
    centers = [2 * math.pi * k / classes for k in range(classes)]

    def center(angle: float) -> Curve:
        return lambda t: (math.cos(angle), math.sin(angle))

    return _points("clusters", [center(angle) for angle in centers], n_samples, noise, seed)


def _points(
    where: str, curves: list[Curve], n_samples: int, noise: float, seed: int, closed: bool = False
) -> tuple[Points, Classes]:
    """Points along each curve with noise, in random order; the end of a closed one is its start."""
    n_samples = checked_count(n_samples, f"{where}: n_samples", len(curves))
    noise = number(noise, f"{where}: noise")
    if not 0.0 <= noise < math.inf:
        raise ValueError(f"{where}: noise: expected a finite number from 0 on, got {noise!r}")
    rng = generator(seed, where)
    require("numpy", where)
    import numpy as np

    cases = []
    for label, curve in enumerate(curves):
        count = (n_samples + label) // len(curves)
        intervals = count if closed else max(count - 1, 1)
        cases += [(curve(i / intervals), label) for i in range(count)]
    rng.shuffle(cases)
    X = [[x + rng.gauss(0.0, noise), y + rng.gauss(0.0, noise)] for (x, y), _ in cases]
    return np.array(X, dtype=np.float64), np.array([label for _, label in cases], dtype=np.int64)
