"""Every entry by itself: several values of f for each, or, where there are many, one."""

from __future__ import annotations

import math

from microbp._support.progress import with_progress
from microbp.checking.black_box.directions import bounds_by_directions
from microbp.checking.black_box.judge import judged, tight
from microbp.checking.black_box.lines import entry_line
from microbp.checking.black_box.problem import Finding, Problem
from microbp.checking.extrapolation import Estimate
from microbp.checking.report import Entry

CURVATURES = 8
"""So many random entries show how much f bends."""
BEND_STEP = 1e-3
"""The step for that, relative to the scale."""
SMALLEST, LARGEST = 1e-8, 1e-2
"""The steps of a screening, relative to the scale."""
SURE = 4.0
"""Differences within so many times what is expected of noise and bend confirm a derivative."""
CLEARLY = 10.0
"""Those so many times farther off contradict it."""
CLOSE_LOOKS = 50
"""So many suspicious entries are looked at closely; of more, two values of f are enough."""


def look_at_each(problem: Problem, first: bool, found: list[Entry]) -> None:
    """Add the verdict on each entry; with `first`, up to the first wrong one."""
    for i in with_progress(range(len(problem.f.inputs)), "entries"):
        line = entry_line(problem.f, i)
        for k, row in enumerate(problem.rows):
            found.append(problem.entry(i, k, judged(problem, line, k, row[i])))
            if first and found[-1].verdict == "fail":
                return


def screen(problem: Problem, first: bool, found: list[Entry]) -> None:
    """Add the verdict on each entry from one value of f, and from more where that is off.

    A forward difference (f(x + h) - f(x)) / h is off by the noise over h, and by half the second
    derivative times h: the step makes both alike. Such a difference is coarse, but every entry
    has its own; random directions, in which all entries move at once, are as fine as can be.
    """
    screening = _Screening(problem)
    for i in with_progress(range(len(problem.f.inputs)), "entries"):
        for k, finding in enumerate(screening.findings(i)):
            found.append(problem.entry(i, k, finding))
            if first and finding.verdict == "fail":
                return


class _Screening:
    """A step, and the error that is expected of it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.bounds = bounds_by_directions(problem)
        self.outputs = range(len(problem.rows))
        self.noises = [problem.noise(k).within(BEND_STEP) for k in self.outputs]
        self.bends = self._bends()
        steps = [
            2.0 * math.sqrt(noise / bend) if bend else LARGEST
            for noise, bend in zip(self.noises, self.bends, strict=True)
        ]
        self.step = min(max(SMALLEST, *steps), LARGEST)
        self.close_looks = 0

    def findings(self, i: int) -> list[Finding]:
        """The finding for each output."""
        problem, inputs = self.problem, self.problem.f.inputs
        h = inputs.step(i, self.step * inputs.scales[i])
        ys = problem.f(inputs.moved(i, h)) if h else None
        if ys is None:
            line = entry_line(problem.f, i)
            return [judged(problem, line, k, problem.rows[k][i]) for k in self.outputs]
        found = []
        for k in self.outputs:
            claimed, y = problem.rows[k][i], problem.f.here[k]
            error = 2.0 * self.noises[k] + 0.5 * self.bends[k] * self.step**2
            estimate = Estimate((ys[k] - y) / h, SURE * error / h)
            if abs(estimate.value - claimed) <= estimate.bound:
                found.append(self._agrees(i, k, estimate))
            else:
                found.append(self._looked_at_again(i, k, h, ys[k]))
        return found

    def _agrees(self, i: int, k: int, estimate: Estimate) -> Finding:
        finer = self.bounds[k][i]
        if finer < estimate.bound:
            return Finding("pass", Estimate(self.problem.rows[k][i], finer), "", "directions")
        if tight(estimate, self.problem.largest(k)):
            return Finding("pass", estimate, "", "one difference")
        return Finding("inconclusive", estimate, "one difference tells no more", "one difference")

    def _looked_at_again(self, i: int, k: int, h: float, above: float) -> Finding:
        """The finding where one difference does not agree: f bends more here, or it is wrong."""
        problem, claimed = self.problem, self.problem.rows[k][i]
        ys = problem.f(problem.f.inputs.moved(i, -h))
        if ys is not None:
            estimate = Estimate((above - ys[k]) / (2.0 * h), SURE * self.noises[k] / h)
            bend = abs(above - 2.0 * problem.f.here[k] + ys[k]) / h
            off = abs(estimate.value - claimed)
            if off <= estimate.bound:
                return self._agrees(i, k, estimate)
            if self.close_looks > CLOSE_LOOKS and off > CLEARLY * (estimate.bound + bend):
                return Finding("fail", estimate, "", "differences")
        self.close_looks += 1
        return judged(problem, entry_line(problem.f, i), k, claimed)

    def _bends(self) -> list[float]:
        """The largest second derivative of each output, for steps relative to the scales."""
        problem, inputs = self.problem, self.problem.f.inputs
        bends = [0.0 for _ in self.outputs]
        for _ in range(CURVATURES):
            i = problem.rng.randrange(len(inputs))
            line = entry_line(problem.f, i)
            for k in self.outputs:
                pair = line.pair(BEND_STEP * inputs.scales[i], k)
                if pair is not None:
                    bend = abs(pair[2] - 2.0 * problem.f.here[k] + pair[3])
                    bends[k] = max(bends[k], bend / BEND_STEP**2)
        return bends
