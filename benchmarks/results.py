"""What a run measured, and the few statistics the report needs."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import NamedTuple

import numpy as np


class Spread(NamedTuple):
    """A median between its quartiles."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, numbers: Sequence[float]) -> Spread:
        """Of one number or more."""
        return cls(*np.quantile(numbers, [0.25, 0.5, 0.75]).tolist())


@dataclass
class Results:
    """A run, as far as it got."""

    date: str
    machine: dict[str, str]
    rounds: int
    """How many rounds were asked for; an interrupted run has fewer times than that."""
    operations: dict[str, int] = field(default_factory=dict)
    """How many operations each workload has."""
    versions: dict[str, dict[str, str]] = field(default_factory=dict)
    """The packages of each installed contender, and their versions."""
    missing: dict[str, str] = field(default_factory=dict)
    """The contenders that are not installed, and why."""
    left_out: dict[str, dict[str, str]] = field(default_factory=dict)
    """For each workload the contenders that are not timed, and why."""
    times: dict[str, dict[str, dict[str, list[float]]]] = field(default_factory=dict)
    """Seconds: by workload, contender, and part of the step, one for each round."""
    memory: dict[str, dict[str, float]] = field(default_factory=dict)
    """Bytes a node of each contender: held, and at most during a reverse sweep."""
    depth: dict[str, tuple[int, str]] = field(default_factory=dict)
    """The greatest depth that each contender survives (0: none tried), and what came next."""
    interrupted: bool = False

    def part(self, workload: str, contender: str, part: str = "step") -> list[float]:
        """Seconds for each round; none where it was not measured."""
        return self.times.get(workload, {}).get(contender, {}).get(part, [])

    def ratio(
        self, above: tuple[str, str], below: tuple[str, str], part: str = "step"
    ) -> Spread | None:
        """How many times longer one (workload, contender) takes than another, round by round."""
        pairs = zip(self.part(*above, part), self.part(*below, part), strict=False)
        ratios = [a / b for a, b in pairs]
        return Spread.of(ratios) if ratios else None

    def baseline(self, workloads: Iterable[str]) -> str:
        """The contender that others are compared with: microbp's fastest in these workloads."""
        timed = {contender for workload in workloads for contender in self.times.get(workload, {})}
        ours = ("microbp-replay", "microbp-compiled", "microbp-python", "floats")
        return next((contender for contender in ours if contender in timed), "floats")

    def fastest(self, workload: str, contenders: Iterable[str]) -> str | None:
        """Which of them has the smallest median; None where none was timed."""
        timed = {key: self.part(workload, key) for key in contenders if self.part(workload, key)}
        return min(timed, key=lambda key: statistics.median(timed[key]), default=None)

    def as_json(self) -> str:
        return json.dumps(asdict(self), indent=1) + "\n"
