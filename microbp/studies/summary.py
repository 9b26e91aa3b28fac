"""A study in words: shares with their sampling error, medians and quartiles."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any, TypeAlias

from microbp._support.statistics import Share, quantiles

Rows: TypeAlias = Sequence[Mapping[str, Any]]

FEW = 12
"""Results with more different words than this are texts, and not counted."""


def quartiles(numbers: Iterable[float]) -> tuple[float, float, float] | None:
    """The lower quartile, median and upper quartile, without NaN; None if nothing is left.

    >>> quartiles([4, 1, 2, 3, 5])
    (2.0, 3.0, 4.0)
    """
    known = [x for x in numbers if not math.isnan(x)]
    if not known:
        return None
    low, median, high = quantiles(known, [0.25, 0.5, 0.75]).tolist()
    return low, median, high


def solved_by(rows: Rows, sweep: float) -> Share:
    """The share of the rows whose "solved_at" is a number, and at most this one."""
    return Share(sum(at <= sweep for at in numbers(rows, "solved_at")), len(rows))


def numbers(rows: Rows, name: str) -> list[float]:
    """The results of this name that are numbers."""
    return [row[name] for row in rows if _is_number(row.get(name))]


def words(rows: Rows) -> list[str]:
    """The names of results that are words, or true or false, and few enough to count."""
    seen = {name: {row[name] for row in rows if _is_word(row.get(name))} for name in _names(rows)}
    return [name for name, different in seen.items() if 0 < len(different) <= FEW]


def by_word(rows: Rows, name: str) -> dict[str, Rows]:
    """The rows by their word of this name."""
    found = sorted({str(row.get(name)) for row in rows})
    return {word: [row for row in rows if str(row.get(name)) == word] for word in found}


def summary(rows: Rows, by: Iterable[int] | None = None) -> list[str]:
    """The lines of `Study.summary` on finished runs."""
    lines: list[str] = []
    at = numbers(rows, "solved_at")
    if "solved_at" in _names(rows):
        lines += ["", f"solved      {solved_by(rows, math.inf)}"]
        for sweep in round_numbers(at) if by is None else by:
            lines.append(f"  by sweep {sweep:>6,}  {solved_by(rows, sweep)}")
    middle = quartiles(at)
    if middle is not None:
        low, median, high = map(_number, middle)
        lines.append(f"solved at   median {median}, quartiles {low} and {high}, of those solved")
    for name in words(rows) or [""]:
        lines += ["", *_table(rows, name)] if rows else []
    return lines


def round_numbers(numbers: Iterable[float]) -> list[int]:
    """1, 2, 5, 10, 20 and so on, from the smallest to the largest of the numbers.

    >>> round_numbers([376, 7000])
    [500, 1000, 2000, 5000]
    """
    found: list[int] = []
    bounds = sorted(numbers)
    for power in count():
        for lead in (1, 2, 5):
            if not bounds or lead * 10**power > bounds[-1]:
                return found
            if lead * 10**power >= bounds[0]:
                found.append(lead * 10**power)
    return found


def _table(rows: Rows, name: str) -> list[str]:
    """The runs of each word: how many, and the medians and quartiles of their numbers."""
    groups = by_word(rows, name) if name else {"all": rows}
    cells = [[name, *groups], ["runs", *(f"{len(group):,}" for group in groups.values())]]
    if name:
        shares = (Share(len(group), len(rows)).percent() for group in groups.values())
        cells.append(["share", *shares])
    for column in _names(rows):
        if column != "seed" and numbers(rows, column):
            values = (quartiles(numbers(group, column)) for group in groups.values())
            cells.append([column, *map(_median, values)])
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "   ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]


def _median(middle: tuple[float, float, float] | None) -> str:
    if middle is None:
        return "-"
    low, median, high = map(_number, middle)
    return f"{median} ({low} to {high})"


def _is_word(value: Any) -> bool:
    return isinstance(value, (str, bool))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _number(x: float) -> str:
    return f"{x:.4g}" if abs(x) < 1000 else f"{x:,.0f}"


def _names(rows: Rows) -> dict[str, None]:
    return dict.fromkeys(name for row in rows for name in row)
