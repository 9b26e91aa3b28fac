"""Statistics of many runs: a share with its sampling error, and quantiles."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

SIGMAS = 1.959963984540054
"""95 % of a normal distribution lie within this many standard deviations of its mean."""


class Share(NamedTuple):
    """A number `of` a total, such as the runs that were solved."""

    number: int
    of: int

    def interval(self) -> tuple[float, float]:
        """The 95 % confidence interval of the share, by Wilson's formula; 0 to 1 if `of` is 0.

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
        """The share and its interval in percent; "-" if `of` is 0."""
        if not self.of:
            return "-"
        low, high = self.interval()
        share = self.number / self.of
        return f"{100 * share:.1f} % ({100 * low:.1f} to {100 * high:.1f})"

    def __str__(self) -> str:
        return f"{self.number:,} of {self.of:,}, {self.percent()}"


def quantiles(numbers: Any, q: Any) -> Any:
    """`np.quantile` along the first axis, with infinities: infinite next to one, not NaN.

    >>> quantiles([1.0, 2.0, float("inf"), float("inf")], [0.25, 0.5, 0.75]).tolist()
    [1.75, inf, inf]
    """
    import numpy as np

    numbers = np.asarray(numbers, dtype=float)
    with np.errstate(invalid="ignore"):
        between = np.quantile(numbers, q, axis=0)
        below = np.quantile(numbers, q, axis=0, method="lower")
        above = np.quantile(numbers, q, axis=0, method="higher")
        either = np.where(below == above, above, below + above)
    return np.where(np.isnan(between), either, between)
