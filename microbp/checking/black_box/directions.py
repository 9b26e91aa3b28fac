"""All entries at once, along random directions, and by halves down to the wrong ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import islice

from microbp.checking.black_box.inputs import Group, Vector
from microbp.checking.black_box.judge import MARGIN, judged
from microbp.checking.black_box.lines import Line, direction_line, entry_line
from microbp.checking.black_box.problem import Finding, Problem
from microbp.checking.directions import wrong_ones
from microbp.checking.extrapolation import Estimate
from microbp.checking.report import Entry

DIRECTIONS = 2
"""Two mistakes may cancel along one random direction, and hardly along another."""
SAMPLE = 12
"""So many entries of a wrong array are looked at, before halving is tried."""
MOST_WRONG = 20
"""A report shows no more wrong entries than these of each array."""


def by_directions(problem: Problem, first: bool, found: list[Entry]) -> list[str]:
    """Add a verdict for each of a few random directions, or the wrong entries; return notes.

    An entry that is wrong by itself shows in every direction.
    """
    inputs = problem.f.inputs
    ways = [_Way(problem, problem.first_direction)]
    ways += [_Way(problem, problem.direction()) for _ in range(DIRECTIONS - 1)]
    notes: list[str] = []
    for k in range(len(problem.rows)):
        findings = [way.finding(k) for way in ways]
        wrong = any(finding.verdict != "pass" for finding in findings)
        if wrong and _add_wrong(problem, k, first, found):
            if first:
                return []
            continue
        entries = [
            finding.entry(f"all {len(inputs)} together", k, way.claimed(k))
            for way, finding in zip(ways, findings, strict=True)
        ]
        found += entries
        if not wrong and not notes:
            size = max(entry.resolution for entry in entries)
            typical = math.hypot(*inputs.scales) / math.sqrt(len(inputs))
            notes.append(
                f"each direction moves all {len(inputs):,} entries: a derivative wrong by "
                f"{size / typical:.1g} or more would show"
            )
    return notes


def _add_wrong(problem: Problem, k: int, first: bool, found: list[Entry]) -> bool:
    """Add the entries of the arrays that hold a wrong one; return whether it was found."""
    before = len(found)
    for group in problem.f.inputs.groups:
        for i in _suspects(problem, k, group):
            finding = judged(problem, entry_line(problem.f, i), k, problem.rows[k][i])
            found.append(problem.entry(i, k, finding))
            if first and finding.verdict == "fail":
                return True
    return any(entry.verdict == "fail" for entry in found[before:])


def bounds_by_directions(problem: Problem) -> list[list[float]]:
    """For each output, how far off each entry may be by what random directions say.

    Infinite in the arrays that hold a wrong entry.
    """
    inputs = problem.f.inputs
    whole = range(len(inputs))
    bounds = []
    for k in range(len(problem.rows)):
        row = _bounds(problem, k, whole)
        if math.isinf(row[0]) and len(inputs.groups) < len(inputs) / 16:
            row = [
                bound
                for group in inputs.groups
                for bound in _bounds(problem, k, range(group.start, group.stop))
            ]
        bounds.append(row)
    return bounds


def _bounds(problem: Problem, k: int, places: range) -> list[float]:
    bounds = [0.0] * len(places)
    for _ in range(DIRECTIONS):
        way = _way_of(problem, places)
        finding = way.finding(k)
        if finding.verdict != "pass":
            return [math.inf] * len(places)
        for n, i in enumerate(places):
            bounds[n] = max(bounds[n], finding.estimate.bound / abs(way.direction[i]))
    return bounds


def _suspects(problem: Problem, k: int, group: Group) -> list[int]:
    """Entries of this array to look at by themselves: a sample of it, or the wrong ones."""
    places = range(group.start, group.stop)

    def is_wrong(some: Sequence[int]) -> bool:
        return _way_of(problem, some).is_wrong(k)

    if not any(is_wrong(places) for _ in range(DIRECTIONS)):
        return []
    sample = problem.rng.sample(places, min(SAMPLE, len(places)))
    if sum(is_wrong([i]) for i in sample) > len(sample) / 4:
        return sorted(sample)
    return list(islice(wrong_ones(is_wrong, places), MOST_WRONG))


class _Way:
    """A direction, and the slope that the gradient gives it."""

    def __init__(self, problem: Problem, direction: Vector) -> None:
        self.problem, self.direction = problem, direction
        self.line: Line = direction_line(problem.f, direction)

    def claimed(self, k: int) -> float:
        return self.problem.f.inputs.inner(self.problem.vectors[k], self.direction)

    def finding(self, k: int) -> Finding:
        return judged(self.problem, self.line, k, self.claimed(k), self._largest(k))

    def is_wrong(self, k: int) -> bool:
        """Whether an entry is wrong, by a few values of f if these can tell."""
        quick: Estimate = self.line.quick(k, self.problem.noise(k))
        if math.isinf(quick.bound):
            return self.finding(k).verdict == "fail"
        claimed = self.claimed(k)
        off, allowed = abs(claimed - quick.value), 1e-8 * abs(quick.value)
        return not off <= MARGIN * max(quick.bound, allowed)

    def _largest(self, k: int) -> float:
        return self.problem.f.inputs.largest_product(self.problem.vectors[k], self.direction)


def _way_of(problem: Problem, places: Sequence[int]) -> _Way:
    """A random direction in which these entries move, and no others."""
    inputs = problem.f.inputs
    everywhere, direction = problem.direction(), inputs.vector([0.0] * len(inputs))
    for i in places:
        direction[i] = everywhere[i]
    return _Way(problem, direction)
