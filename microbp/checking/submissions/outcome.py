"""What became of a file: the verdict on its gradient, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from microbp.checking.report import Report

ERROR = "error"
"""The verdict on a file that can't be checked."""

LONGEST = 300
"""Characters of a note: its author may raise an error with a novel in it."""


@dataclass(frozen=True)
class Outcome:
    """The verdict on a file's gradient, the whole report, the first wrong entry, and a note.

    The verdict is a report's, or "error" for a file that can't be checked; the note says why.
    """

    verdict: str
    report: str = ""
    first_wrong: str = ""
    note: str = ""


def error(note: str) -> Outcome:
    """The outcome for a file that can't be checked."""
    return Outcome(ERROR, note=one_line(note))


def of_report(report: Report) -> Outcome:
    """The outcome of a check."""
    wrong = [entry for entry in report.ranked if entry.verdict == "fail"]
    said = [*report.wrong]
    if wrong:
        said.append(f"{wrong[0].backward:.6g} in place of {wrong[0].reference:.6g}")
    elif report.verdict != "pass":
        said += [entry.note for entry in report.ranked if entry.note]
    first, note = wrong[0].name if wrong else "", next(iter(said), "")
    return Outcome(report.verdict, str(report), one_line(first), one_line(note))


def one_line(text: str) -> str:
    """The text as one line of printable characters, cut where it is too long.

    >>> one_line("a\\nb\\x1b[2J")
    'a b\\\\x1b[2J'
    """
    start = " ".join(text[: 2 * LONGEST].split())
    shown = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in start)
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 3]}..."
