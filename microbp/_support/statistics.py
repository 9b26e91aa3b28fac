"""A share of many, with its sampling error."""

from __future__ import annotations

import math
from typing import NamedTuple

SIGMAS = 1.959963984540054
"""Within so many standard deviations lie 95 % of a normal distribution."""


class Share(NamedTuple):
    """So many `of` all."""

    number: int
    of: int

    def interval(self) -> tuple[float, float]:
        """Between which shares the true one lies with 95 % confidence, by Wilson's formula.

        From 0 to 1 where there is nothing to share.

        >>> [round(bound, 3) for bound in Share(808, 1000).interval()]
        [0.782, 0.831]
        """
        if not self.of:
            return 0.0, 1.0
        z, n, p = SIGMAS, self.of, self.number / self.of
        middle = p + z * z / (2 * n)
        half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        low, high = (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)
        return low if self.number else 0.0, high if self.number < n else 1.0

    def percent(self) -> str:
        """The share and its interval; "-" where there is nothing to share."""
        if not self.of:
            return "-"
        low, high = self.interval()
        share = self.number / self.of
        return f"{100 * share:.1f} % ({100 * low:.1f} to {100 * high:.1f})"

    def __str__(self) -> str:
        return f"{self.number:,} of {self.of:,}, {self.percent()}"
