"""Every entry by itself."""

from __future__ import annotations

from microbp.checking.black_box.judge import Finding, judged
from microbp.checking.black_box.lines import entry_line
from microbp.checking.black_box.problem import Problem
from microbp.checking.report import Entry


def every_entry(problem: Problem, first: bool) -> list[Entry]:
    """The verdict on each entry; with `first`, up to the first wrong one."""
    found: list[Entry] = []
    for i in range(len(problem.f.inputs)):
        line = entry_line(problem.f, i)
        for k, row in enumerate(problem.rows):
            found.append(as_entry(problem, i, k, judged(problem, line, k, row[i])))
            if first and found[-1].verdict == "fail":
                return found
    return found


def as_entry(problem: Problem, i: int, k: int, finding: Finding) -> Entry:
    """The entry of a report for output k and entry i."""
    return Entry(
        name=problem.f.inputs.names[i],
        output=k,
        verdict=finding.verdict,
        backward=problem.rows[k][i],
        reference=finding.estimate.value,
        bound=finding.estimate.bound,
        method=finding.method,
        note=finding.note,
    )
