"""What `microbp.gradcheck` found, to be read by people: a verdict, a table, and what is wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal, NoReturn, TypeAlias

from microbp.checking.duals import LOST

Verdict: TypeAlias = Literal["pass", "fail", "inconclusive", "kink", "domain-edge"]

GRAVEST_FIRST: tuple[Verdict, ...] = ("fail", "inconclusive", "domain-edge", "kink", "pass")
MOST_ROWS = 20


@dataclass(frozen=True)
class Entry:
    """One derivative: of output `output` by the input called `name`.

    `sweep` is what is checked. `numeric` was found by `method` and is at most `bound` off.
    """

    name: str
    output: int
    verdict: Verdict
    sweep: float
    numeric: float
    bound: float
    method: str
    note: str = ""

    @property
    def resolution(self) -> float:
        """An error of this or more in the derivative by the sweep would have been seen."""
        return 2.0 * self.bound + LOST * abs(self.numeric)


@dataclass(frozen=True)
class Report:
    """The verdict, and all that it rests on: `entries`, one for each output and input.

    `wrong` says what is wrong: what else does not fit, and the first wrong partial of a
    failed derivative with its place in the graph. It has no truth value of its own, lest
    an `inconclusive` pass for a yes: compare `verdict`.
    """

    verdict: Verdict
    entries: list[Entry]
    wrong: list[str] = field(default_factory=list)

    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"a report is neither true nor false: compare report.verdict, which is {self.verdict!r}"
        )

    def __str__(self) -> str:
        ranked = sorted(self.entries, key=lambda entry: GRAVEST_FIRST.index(entry.verdict))
        several = len({entry.output for entry in self.entries}) > 1
        table = [("", "by the sweep", "otherwise", "", "verdict", "would have seen an error of")]
        for entry in ranked[:MOST_ROWS]:
            name = f"{entry.name} → {entry.output}" if several else entry.name
            seen = f"{entry.resolution:.1g} or more" if entry.resolution else "any size"
            seen = seen if entry.verdict != "kink" and entry.bound < math.inf else ""
            table.append((name, *_numbers(entry), entry.method, entry.verdict, seen))
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = [f"gradcheck: {self.verdict}", ""]
        for row in table:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            lines.append("  ".join(cells).rstrip())
        if len(ranked) > MOST_ROWS:
            rest = {entry.verdict for entry in ranked[MOST_ROWS:]}
            kinds = " or ".join(kind for kind in GRAVEST_FIRST if kind in rest)
            lines.append(f"... and {len(ranked) - MOST_ROWS} more: {kinds}")
        notes = [f"{entry.name}: {entry.note}" for entry in ranked[:MOST_ROWS] if entry.note]
        return "\n".join([*lines, *([""] if notes or self.wrong else []), *notes, *self.wrong])


def _numbers(entry: Entry) -> tuple[str, str]:
    """Both derivatives, with the digits that the bound leaves something to say about."""
    size, digits = abs(entry.numeric), 6
    if 0.0 < entry.bound < size:
        digits = min(17, 2 + math.ceil(math.log10(size / entry.bound)))
    if not entry.bound < math.inf:
        return f"{entry.sweep:.{digits}g}", "unknown"
    return f"{entry.sweep:.{digits}g}", f"{entry.numeric:.{digits}g} ± {entry.bound:.1g}"
