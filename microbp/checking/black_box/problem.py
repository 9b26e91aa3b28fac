"""What the checks of single derivatives share: the gradient, f's noise and the gradient's own."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from microbp.checking.black_box.function import Function
from microbp.checking.black_box.inputs import Vector
from microbp.checking.black_box.jumps import largest_jump
from microbp.checking.black_box.lines import Line, direction_line
from microbp.checking.extrapolation import Estimate
from microbp.checking.noise import SPACINGS, Noise, jumps_of
from microbp.checking.report import Entry, Verdict


@dataclass(frozen=True)
class Finding:
    """A verdict, with the estimate that it rests on."""

    verdict: Verdict
    estimate: Estimate
    note: str = ""
    method: str = "differences"

    def entry(self, name: str, k: int, claimed: float) -> Entry:
        """The entry of a report for this derivative of output k."""
        estimate = self.estimate
        return Entry(
            name, k, self.verdict, claimed, estimate.value, estimate.bound, self.method, self.note
        )


DIRECTIONS, LOOKED_AT = 8, 32
"""So many directions, and entries of the gradient, show where it jumps."""
PLACES = [0.0073 * i for i in range(-12, 13)]
"""Relative to the scale."""
FARTHER = 3.0
"""A solver with few steps jumps seldom."""
MANY, FEW_SPACINGS = 1000, (SPACINGS[1], SPACINGS[5])
"""With more entries than these, f's noise is measured at a few spacings, to save time."""


class Problem:
    """f, and `rows`, its derivative at `at` by the user's code."""

    def __init__(
        self, f: Function, rows: Sequence[Sequence[float]], noise: float | None, seed: int
    ) -> None:
        self.f, self.rows = f, rows
        self.rng = random.Random(seed)
        self.noise_given = noise is not None
        known = Noise([(0.0, noise)]) if noise is not None else None
        self.noise = cache(lambda k: known or self._diagonal.noise(k, self._spacings))
        self.largest = cache(lambda k: max(map(abs, self.rows[k])))
        self._spacings = SPACINGS if len(f.inputs) <= MANY else FEW_SPACINGS
        self.vectors = [f.inputs.vector(row) for row in rows]
        self.jumps = cache(self._jumps)
        self.gradient_jumps = cache(self._gradient_jumps)

    def entry(self, i: int, k: int, finding: Finding) -> Entry:
        """The entry of a report for input i and output k."""
        return finding.entry(self.f.inputs.names[i], k, self.rows[k][i])

    def direction(self) -> Vector:
        """A random direction in which each entry moves by half its scale to all of it."""
        return self.f.inputs.random_direction(self.rng)

    @cached_property
    def _diagonal(self) -> Line:
        return direction_line(self.f, self.first_direction)

    @cached_property
    def first_direction(self) -> Vector:
        """The direction along which f's noise is measured."""
        return self.direction()

    def _jumps(self, k: int) -> tuple[float, float]:
        """What looks like the largest jump of output k nearby, and the largest that is one."""

        def jump(direction: Vector) -> list[tuple[float, float]]:
            line = direction_line(self.f, direction)
            widths = (PLACES, [FARTHER * t for t in PLACES])
            return [largest_jump(lambda t: line.value(t, k), places) for places in widths]

        found = [each for _ in range(DIRECTIONS) for each in jump(self.direction())]
        return max(looks for looks, _ in found), max(sure for _, sure in found)

    def _gradient_jumps(self, k: int) -> float:
        """The largest jump of the user's gradient of output k nearby."""
        row = self.rows[k]
        largest = sorted(range(len(row)), key=lambda i: -abs(row[i]))[:LOOKED_AT]

        def jump(direction: Vector) -> float:
            try:
                rows = [self.f.rows(self.f.inputs.along(direction, t))[k] for t in PLACES]
            except Exception:  # whatever the gradient raises outside of its domain
                return 0.0
            return max(jumps_of([row[i] for row in rows]) for i in largest)

        return max(jump(self.direction()) for _ in range(DIRECTIONS))
