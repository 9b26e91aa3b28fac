"""Look up the studies' results, and format them."""

from __future__ import annotations

import math
from collections.abc import Iterable

from studies import ResultLine

from microbp.studies import Share


class Results:
    """The table of results, looked up by study, group and result."""

    def __init__(self, lines: Iterable[ResultLine]) -> None:
        self._lines = {(line.study, line.group, line.result): line for line in lines}

    def share(self, study: str, group: str = "solved", result: str = "runs") -> Share:
        """The share of a result; 0 without a line. Raises KeyError for an unknown study."""
        line = self._lines.get((study, group, result))
        if line is not None:
            return Share(line.number, line.of)
        within = group.split()[0]
        return Share(0, self._lines[study, within, "runs"].number)

    def quartiles(self, study: str, result: str, group: str = "solved") -> str:
        """Median and quartiles: "2,021 (1,210 to 3,305)"; "-" if there is none."""
        line = self._lines.get((study, group, result))
        if line is None or line.median is None or line.low is None or line.high is None:
            return "-"
        low, median, high = map(format_number, (line.low, line.median, line.high))
        return f"{median} ({low} to {high})"

    def median(self, study: str, result: str, group: str = "solved") -> float:
        """The median; NaN if there is none."""
        line = self._lines.get((study, group, result))
        return math.nan if line is None or line.median is None else line.median

    def line(self, study: str, result: str, group: str = "all") -> ResultLine | None:
        """The line itself, or None."""
        return self._lines.get((study, group, result))


def of_seeds(share: Share) -> str:
    """A share of seeds: "3 of 4 seeds, 75.0 % (30.1 to 95.4)"."""
    return f"{share.number:,} of {share.of:,} seeds, {share.percent()}"


def agreement(share: Share) -> str:
    """A word for a share, as far as its confidence interval allows one.

    >>> agreement(Share(99, 100)), agreement(Share(0, 100)), agreement(Share(80, 100))
    ('yes', 'no', 'mostly')
    >>> agreement(Share(30, 100))
    'for some seeds'
    """
    low, high = share.interval()
    if low >= 0.9:
        return "yes"
    if high <= 0.1:
        return "no" if share.number == 0 else "hardly ever"
    return "mostly" if low > 0.5 else "for some seeds"


def format_number(x: float) -> str:
    """With commas, and only significant digits; "-" for NaN."""
    if math.isnan(x):
        return "-"
    return f"{x:,.0f}" if abs(x) >= 10 else f"{x:.2g}"
