"""What the checks of single derivatives share: the gradient, f's noise and the gradient's own."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache, cached_property

from microbp.checking.black_box.function import Function
from microbp.checking.black_box.lines import Line, direction_line
from microbp.checking.noise import SPACINGS, Noise, measured_noise

DIRECTIONS, LOOKED_AT = 8, 32
"""So many directions, and entries, show the gradient's noise."""
WIDE = SPACINGS[-3:]


class Problem:
    """f, and `rows`, its derivative at `at` by the user's code."""

    def __init__(
        self, f: Function, rows: Sequence[Sequence[float]], noise: float | None, seed: int
    ) -> None:
        self.f, self.rows = f, rows
        self.rng = random.Random(seed)
        self.noise_given = noise is not None
        known = Noise([(0.0, noise)]) if noise is not None else None
        self.noise = cache(lambda k: known or self._diagonal.noise(k))
        self.largest = cache(lambda k: max(map(abs, self.rows[k])))
        self.gradient_noise = cache(self._gradient_noise)

    def direction(self) -> list[float]:
        """A random direction in which every entry moves, by as much as is a large step for it."""
        return [self.rng.choice((-1.0, 1.0)) * scale for scale in self.f.inputs.scales]

    @cached_property
    def _diagonal(self) -> Line:
        return direction_line(self.f, self.direction())

    def _gradient_noise(self, k: int) -> float:
        """How far the gradient of output k is from a smooth function, at most."""
        return max(self._gradient_noise_along(k, self.direction()) for _ in range(DIRECTIONS))

    def _gradient_noise_along(self, k: int, direction: Sequence[float]) -> float:
        inputs, row = self.f.inputs, self.rows[k]
        vector = inputs.vector(direction)

        @cache
        def row_at(t: float) -> Sequence[float] | None:
            try:
                return self.f.rows(inputs.along(vector, t))[k]
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
