"""The noise of a function's values, measured from its values at neighboring points.

Differences of order k of equally spaced values (a difference table) keep the noise, while what
a smooth function contributes shrinks with the k-th power of the spacing: J. J. Moré and
S. M. Wild, "Estimating computational noise", SIAM J. Sci. Comput. 33 (2011), which is ECNoise.

One spacing is not enough. Functions of float32, of rounded numbers or of a bisection have
stairs, which a small spacing misses; an iteration that stops at a tolerance is smooth nearby,
and jumps farther out, where it takes one step more.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

POINTS = 8
"""Values per spacing: ECNoise takes 6 to 8."""
ORDERS = (4, 5, 6)
"""Below order 4 the function's own curvature counts; of order 7 there is one value only."""
AGREE = 4.0
"""Noise is the same in each order, within this factor (ECNoise); a smooth function is not."""
DEVIATIONS = 4.0
"""A value is at most this many standard deviations off."""
SPACINGS = tuple(0.7071 * 2.0**-k for k in (48, 42, 36, 30, 24, 18, 12, 8, 5))
"""Relative to the scale of x. Nothing round in binary or decimal: the floats of single precision
and decimal places are stairs that are as wide."""
RATIO = 64.0
"""That of most neighboring spacings."""
BURST, BINOMIAL = 30.0, 10.0
"""A jump of 1 makes differences of order 6 of 1, 5, 10, 10, 5 and 1."""
KINK = 4.0
"""At a kink, or a vertical tangent, the noise seems to grow with the spacing, within this factor;
what has a size of its own does not."""
BEND = 3
"""Where a second or third derivative jumps, it seems to grow with a power of the spacing, and
does so at this many spacings."""
NEAR = 3
"""So many spacings beyond the stairs show their height; at one, they may be hit all alike."""
FINE = 1e-2
"""At a finer spacing than this, relative to the scale, orders from 4 on show no smooth function."""
STAIR = 0.5
"""Where more of the neighboring values are equal, the spacing is finer than the stairs."""


@dataclass(frozen=True)
class Noise:
    """How far off values of a function may be: `levels` has (distance, noise), both growing.

    Within a distance of a point, its values are off by at most the noise of the last level that
    is not beyond. `stairs` is the largest spacing at which neighboring values are equal though
    those farther apart are not: differences need a larger step. It is 0 without stairs.
    """

    levels: Sequence[tuple[float, float]]
    stairs: float = 0.0

    def or_worse(self, other: Noise) -> Noise:
        """The noise of a function that has both; near stairs, that at 64 times their width."""
        stairs = max(self.stairs, other.stairs)
        starts = sorted({0.0, *(start for start, _ in (*self.levels, *other.levels))})
        least = RATIO * stairs
        levels: list[tuple[float, float]] = []
        for start in starts:
            at = max(start, least)
            levels.append((start, max(self.within(at), other.within(at))))
        return Noise(levels, stairs)

    @property
    def size(self) -> float:
        """The noise at the largest distance."""
        return self.levels[-1][1]

    def within(self, distance: float) -> float:
        """The noise of values no farther apart than this."""
        return max(
            (size for start, size in self.levels if start <= distance), default=self.levels[0][1]
        )


def deviations(values: Sequence[float]) -> list[float]:
    """The standard deviation of the noise in equally spaced values, by each of `ORDERS`."""
    differences, found = list(values), []
    for k in range(1, ORDERS[-1] + 1):
        differences = [b - a for a, b in pairwise(differences)]
        if k in ORDERS:
            # Of values with a variance of 1, a k-th difference has (2k)! / (k!)^2.
            mean = math.hypot(*differences) / math.sqrt(len(differences))
            found.append(mean / math.sqrt(math.comb(2 * k, k)))
    return found


def noise_of(values: Sequence[float]) -> float:
    """A bound on the noise of 7 or more equally spaced values of a function that is else smooth.

    >>> smooth = [math.exp(0.001 * i) for i in range(8)]
    >>> noise_of(smooth) < 1e-15
    True
    >>> 1e-7 < noise_of([round(y, 6) for y in smooth]) < 1e-5
    True

    It is infinite if a value is NaN or infinite. Raises ValueError for fewer values.
    """
    if len(values) <= ORDERS[-1]:
        raise ValueError(f"noise_of: expected {ORDERS[-1] + 1} values or more, got {len(values)}")
    return DEVIATIONS * min(deviations(values)) if all(map(math.isfinite, values)) else math.inf


def jumps_of(values: Sequence[float]) -> float:
    """The size of the jumps in equally spaced values of a function that is else smooth.

    A jump is a burst among differences of order 6, which are small and alike for a smooth function
    with few values in its shortest wave; 0 without. Noise everywhere is one jump beside another.

    >>> smooth = [math.sin(0.01 * i) for i in range(24)]
    >>> jumps_of(smooth) < 1e-15 < 1e-10 < jumps_of(smooth[:9] + [y + 1e-9 for y in smooth[9:]])
    True

    Needs 7 values or more.
    """
    differences = list(values)
    for _ in range(6):
        differences = [b - a for a, b in pairwise(differences)]
    sizes = sorted(map(abs, differences))
    if sizes[-1] > BURST * sizes[len(sizes) // 2]:
        return sizes[-1] / BINOMIAL
    by_order = deviations(values)
    return DEVIATIONS * min(by_order) if max(by_order) <= 2.0 * min(by_order) else 0.0


def measured_noise(
    f: Callable[[float], float | None],
    x: float,
    scale: float = 0.0,
    spacings: Sequence[float] = SPACINGS,
) -> Noise:
    """The noise of f near x, from 8 values for each of the spacings, relative to the scale of x.

    f may return None where it has no value. The scale is by default |x|, and 1 for an x of 0.

    >>> measured_noise(math.sin, 1.0).size < 1e-15
    True
    >>> noise = measured_noise(lambda x: round(math.sin(x), 6), 1.0)
    >>> 1e-7 < noise.size < 1e-5, 1e-9 < noise.stairs < 1e-5
    (True, True)
    >>> 1e-9 < measured_noise(lambda x: (x + 1e8) - 1e8, 1.0).size < 1e-7
    True
    """
    scale = scale or abs(x) or 1.0
    here = f(x)
    least = math.ulp(here) if here is not None and math.isfinite(here) else 0.0
    measured: list[tuple[float, float, bool]] = []
    flat = 0.0
    for relative in spacings:
        spacing = max(relative * scale, 2.0 * math.ulp(x))
        found = [f(x + (i - POINTS // 2) * spacing) for i in range(POINTS)]
        values = [y for y in found if y is not None and math.isfinite(y)]
        if len(values) < POINTS:
            break  # an edge of the domain, and farther out there is more of it
        by_order = deviations(values)
        noise = DEVIATIONS * min(by_order)
        measured.append((spacing, noise, max(by_order) <= AGREE * min(by_order)))
        if sum(a == b for a, b in pairwise(values)) > STAIR * (POINTS - 1):
            flat = spacing
    beyond = [each for each in measured if each[0] > flat]
    if not beyond:
        return Noise([(0.0, least)])  # constant
    sure = [(spacing, noise) for spacing, noise, agree in beyond if agree]
    if _proportional(sure):
        return Noise([(0.0, max(least, sure[0][1]))])
    sure = _without_a_bend(sure)
    if flat > 0.0:  # no value is better than those beyond the stairs
        near = [noise for spacing, noise, agree in beyond[:NEAR] if agree or spacing < FINE * scale]
        least = max(least, *near, min(noise for _, noise, _ in beyond))
    else:
        least = max(least, beyond[0][1])
    levels = [(0.0, least)]
    for spacing, noise in sure:
        if noise > levels[-1][1]:
            levels.append((spacing, noise))
    return Noise(levels, flat)


def _proportional(levels: Sequence[tuple[float, float]]) -> bool:
    """Whether the noise grows with the distance from a kink, at most pairs of levels."""
    slopes = [noise / spacing for spacing, noise in levels]
    alike = [_alike(a, b) for a, b in pairwise(slopes)]
    return len(alike) > 2 and sum(alike) > 2 * len(alike) / 3


def _without_a_bend(levels: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The levels up to the last three or more that grow with the spacing's square, or its cube.

    That is no noise: the second derivative jumps there, as that of relu(x)**2 does at 0, or the
    third.
    """
    for power in (2, 3):
        # In units of the smallest, as squares of extreme numbers overflow.
        sizes = [noise / (spacing / levels[0][0]) ** power for spacing, noise in levels]
        start = len(levels) - 1
        while start > 0 and _alike(sizes[start - 1], sizes[start]):
            start -= 1
        if len(levels) - start >= BEND:
            return levels[:start]
    return levels


def _alike(a: float, b: float) -> bool:
    return a <= KINK * b and b <= KINK * a
