"""The studies' results, to be asked for one at a time, and how they are told."""

from __future__ import annotations

import math
from collections.abc import Iterable

from studies import Line

from microbp.studies import Share


class Found:
    """The table of results, to ask for one at a time."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = {(line.study, line.group, line.result): line for line in lines}

    def share(self, study: str, group: str = "solved", result: str = "runs") -> Share:
        """So many of all. None of them where the table has no line for it, of a study it has."""
        line = self._lines.get((study, group, result))
        if line is not None:
            return Share(line.number, line.of)
        within = group.split()[0]
        return Share(0, self._lines[study, within, "runs"].number)

    def middle(self, study: str, result: str, group: str = "solved") -> str:
        """Median and quartiles: "2,021 (1,210 to 3,305)"; "-" where nothing has one."""
        line = self._lines.get((study, group, result))
        if line is None or line.median is None or line.low is None or line.high is None:
            return "-"
        return f"{number(line.median)} ({number(line.low)} to {number(line.high)})"

    def median(self, study: str, result: str, group: str = "solved") -> float:
        """NaN where there is none."""
        line = self._lines.get((study, group, result))
        return math.nan if line is None or line.median is None else line.median

    def line(self, study: str, result: str, group: str = "all") -> Line | None:
        """The line as it stands, if there is one."""
        return self._lines.get((study, group, result))


def seeds(share: Share) -> str:
    """A share of seeds: "3 of 4 seeds, 75.0 % (30.1 to 95.4)"."""
    return f"{share.number:,} of {share.of:,} seeds, {share.percent()}"


def portion(share: Share) -> str:
    """A word for a share, as far as its confidence interval allows one.

    >>> portion(Share(99, 100)), portion(Share(0, 100)), portion(Share(80, 100))
    ('yes', 'no', 'mostly')
    >>> portion(Share(30, 100))
    'for some seeds'
    """
    low, high = share.interval()
    if low >= 0.9:
        return "yes"
    if high <= 0.1:
        return "no" if share.number == 0 else "hardly ever"
    return "mostly" if low > 0.5 else "for some seeds"


def number(x: float) -> str:
    """With commas and no more digits than tell something; "-" for NaN."""
    if math.isnan(x):
        return "-"
    return f"{x:,.0f}" if abs(x) >= 10 else f"{x:.2g}"
