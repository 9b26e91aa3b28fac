"""The result of `microbp.gradcheck`: a verdict, a table, and what is wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NoReturn, TypeAlias

from microbp import plots
from microbp.checking.error_model import PARTIAL

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Verdict: TypeAlias = Literal["pass", "fail", "inconclusive", "kink", "domain-edge"]

WORST_FIRST: tuple[Verdict, ...] = ("fail", "kink", "domain-edge", "inconclusive", "pass")
MOST_ROWS, MOST_NOTES = 20, 8
FEW_DIGITS, ALL_DIGITS = 6, 17
"""Of numbers known to no or all digits: 17 tell any two floats apart."""
DETECTABLE = 2.0
"""Twice the bound: the reference may be off by as much as the difference allowed to it."""


@dataclass(frozen=True)
class Entry:
    """One derivative: of output number `output` with respect to the input called `name`.

    `backward` is from the backward pass, and is what is checked. `reference` was found by
    `method`, and its error is at most `bound`.
    """

    name: str
    output: int
    verdict: Verdict
    backward: float
    reference: float
    bound: float
    method: str
    note: str = ""

    @property
    def known(self) -> bool:
        """Whether there is a reference at all."""
        return self.bound < math.inf and not math.isnan(self.reference)

    @property
    def resolution(self) -> float:
        """An error of this size in the backward pass's derivative would have been detected.

        inf where the reference is unknown.
        """
        if not self.known:
            return math.inf
        return DETECTABLE * self.bound + PARTIAL * abs(self.reference)


@dataclass(frozen=True)
class Report:
    """The verdict, and its evidence: `entries`, one for each output and input.

    `wrong` says in words what is wrong, such as the first wrong partial of a failed derivative
    with its place in the graph; `notes` say what else is worth knowing. A report has no truth
    value, so that `inconclusive` cannot be mistaken for a yes: compare `verdict`.
    """

    verdict: Verdict
    entries: list[Entry]
    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    check: str = "gradcheck"

    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"a report is neither true nor false: compare report.verdict, which is {self.verdict!r}"
        )

    @property
    def ranked(self) -> list[Entry]:
        """The entries, worst first: of those that fail, the one that is farthest off."""
        return sorted(self.entries, key=_rank)

    def __str__(self) -> str:
        ranked = self.ranked
        several = len({entry.output for entry in self.entries}) > 1
        given = "backward" if self.check == "gradcheck" else "gradient"
        table = [("", given, "reference", "", "verdict", "detects an error of")]
        for entry in ranked[:MOST_ROWS]:
            name = f"{entry.name} → {entry.output}" if several else entry.name
            detects = f"{entry.resolution:.1g} or more" if entry.resolution else "any size"
            detects = detects if entry.verdict != "kink" and entry.known else ""
            table.append((name, *_numbers(entry), entry.method, entry.verdict, detects))
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = [f"{self.check}: {self.verdict}", ""]
        for row in table if ranked else []:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            lines.append("  ".join(cells).rstrip())
        if len(ranked) > MOST_ROWS:
            rest = {entry.verdict for entry in ranked[MOST_ROWS:]}
            kinds = " or ".join(kind for kind in WORST_FIRST if kind in rest)
            lines.append(f"... and {len(ranked) - MOST_ROWS} more: {kinds}")
        by_note: dict[str, list[str]] = {}
        for entry in ranked[:MOST_ROWS]:
            by_note.setdefault(entry.note, []).append(entry.name)
        notes = [
            f"{names[0]}{f' and {len(names) - 1} more' if names[1:] else ''}: {note}"
            for note, names in by_note.items()
            if note
        ][:MOST_NOTES]
        said = [*notes, *self.notes, *self.wrong]
        return "\n".join([*lines, *([""] if said and ranked else []), *said]).rstrip()

    def plot(self, figure: Figure | None = None) -> Figure:
        """A heat map of the errors, a panel for each array: where is it wrong? Needs Matplotlib."""
        return plots.gradient_errors(self.entries, figure)


def _rank(entry: Entry) -> tuple[int, float]:
    off = abs(entry.backward - entry.reference) if entry.verdict == "fail" else 0.0
    return WORST_FIRST.index(entry.verdict), -(math.inf if math.isnan(off) else off)


def _numbers(entry: Entry) -> tuple[str, str]:
    """Both derivatives, with the digits that are meaningful within the bound."""
    backward, reference, bound = entry.backward, entry.reference, entry.bound
    digits = FEW_DIGITS
    if 0.0 < bound < abs(reference) < math.inf:
        decades = math.log10(abs(reference)) - math.log10(bound)  # the quotient may overflow
        digits = min(ALL_DIGITS, 2 + math.ceil(decades))
    shown = f"{backward:.{digits}g}"
    if not entry.known:
        return shown, "unknown"
    return shown, f"{reference:.{digits}g} ± {bound:.1g}"
