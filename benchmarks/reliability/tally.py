"""Repeat an attempt, and count the outcomes."""

from __future__ import annotations

import traceback
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from tqdm import tqdm

from benchmarks.reliability.kinds import KINDS

HEADER = "| what | how often | result |\n|---|---:|---|"
SHOWN = 5


@dataclass
class Tally:
    """The outcomes of one kind so far, and the findings, each with the command that repeats it."""

    name: str
    outcomes: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)

    def add(self, seed: int, number: int) -> None:
        """Make attempt `number` of this seed."""
        try:
            self.outcomes[KINDS[self.name].attempt(Random(f"{seed}/{number}"))] += 1
        except Exception:
            again = f"python -m benchmarks.reliability {self.name} --seed {seed} --only {number}"
            self.findings.append(f"# {again}\n{traceback.format_exc()}")

    @property
    def row(self) -> str:
        """A row of the table in docs/reliability.md."""
        counts = [f"{number:,} {outcome}" for outcome, number in self.outcomes.most_common()]
        if self.findings:
            counts.append(f"**{len(self.findings):,} findings**")
        times = self.outcomes.total() + len(self.findings)
        return f"| {KINDS[self.name].WHAT} | {times:,} | {', '.join(counts)} |"

    def __str__(self) -> str:
        return "\n".join([self.row, *self.findings[:SHOWN]])


def tallied(name: str, times: int, seed: int) -> tuple[Tally, bool]:
    """So many attempts; and whether Ctrl-C ended them early."""
    tally = Tally(name)
    try:
        for number in tqdm(range(times), desc=name, mininterval=1.0, leave=False):
            tally.add(seed, number)
    except KeyboardInterrupt:
        return tally, True
    return tally, False
