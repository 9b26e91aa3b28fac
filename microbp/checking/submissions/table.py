"""The verdicts on many files: as lines to read, and as a CSV file for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence

from microbp.checking.submissions.outcome import Outcome

HEADER = ("file", "verdict", "first wrong entry", "note")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula, and would run, at the start of a cell."""


def as_csv(files: Sequence[str], outcomes: Mapping[int, Outcome]) -> str:
    """A line for each file that is done, in the files' order.

    >>> print(as_csv(["a.py", "=b.py"], {1: Outcome("fail", first_wrong="W[0]")}), end="")
    file,verdict,first wrong entry,note
    '=b.py,fail,W[0],
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for n, file in enumerate(files):
        if n in outcomes:
            found = outcomes[n]
            cells = (shown(file), found.verdict, found.first_wrong, found.note)
            writer.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    return text.getvalue()


def as_lines(files: Sequence[str], outcomes: Mapping[int, Outcome]) -> str:
    """The same to read, and below how many there are of each verdict."""
    width = max(map(len, map(shown, files)))
    lines = []
    for n, file in enumerate(files):
        found = outcomes.get(n, Outcome("not checked"))
        said = ": ".join(filter(None, [found.first_wrong, found.note]))
        lines.append(f"{shown(file):{width}}  {found.verdict:12}  {said}".rstrip())
    counts = Counter(outcomes[n].verdict for n in sorted(outcomes))  # whoever was done first
    total = ", ".join(f"{n} {verdict}" for verdict, n in counts.most_common())
    return "\n".join(
        [*lines, "", f"{len(outcomes)} of {len(files)} files checked: {total or 'none'}"]
    )


def shown(name: str) -> str:
    """A file's name with its unprintable characters escaped; it may have any, a line break too."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)
