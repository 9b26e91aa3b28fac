"""What the checks of single derivatives share: the gradient, f's noise and the gradient's own."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from microbp.checking.black_box.function import Function
from microbp.checking.black_box.inputs import Vector
from microbp.checking.black_box.lines import Line, direction_line
from microbp.checking.extrapolation import Estimate
from microbp.checking.noise import SPACINGS, Noise, measured_noise
from microbp.checking.report import Entry, Verdict


@dataclass(frozen=True)
class Finding:
    """A verdict, with the estimate that it rests on."""

    verdict: Verdict
    estimate: Estimate
    note: str = ""
    method: str = "differences"


DIRECTIONS, LOOKED_AT = 8, 32
"""So many directions, and entries, show the gradient's noise."""
WIDE = SPACINGS[-3:]
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
        self.gradient_noise = cache(self._gradient_noise)

    def entry(self, i: int, k: int, finding: Finding) -> Entry:
        """The entry of a report for input i and output k."""
        return Entry(
            name=self.f.inputs.names[i],
            output=k,
            verdict=finding.verdict,
            backward=self.rows[k][i],
            reference=finding.estimate.value,
            bound=finding.estimate.bound,
            method=finding.method,
            note=finding.note,
        )

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

    def _gradient_noise(self, k: int) -> float:
        """How far the gradient of output k is from a smooth function, at most."""
        return max(self._gradient_noise_along(k, self.direction()) for _ in range(DIRECTIONS))

    def _gradient_noise_along(self, k: int, direction: Vector) -> float:
        inputs, row = self.f.inputs, self.rows[k]

        @cache
        def row_at(t: float) -> Sequence[float] | None:
            try:
                return self.f.rows(inputs.along(direction, t))[k]
            except Exception:  # whatever the gradient raises outside of its domain
                return None

        def entry(i: int, t: float) -> float | None:
            found = row_at(t)
            return None if found is None else found[i]

        largest = sorted(range(len(row)), key=lambda i: -abs(row[i]))[:LOOKED_AT]
        return max(
            measured_noise(lambda t, i=i: entry(i, t), 0.0, 1.0, WIDE).size  # type: ignore[misc]
            for i in largest
        )
