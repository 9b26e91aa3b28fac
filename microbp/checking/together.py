"""All inputs of a function together, along random directions, and then the wrong ones alone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial

from microbp.checking.directions import DIRECTIONS, random_direction, scale_of, wrong_ones
from microbp.checking.error_model import EPS, PARTIAL
from microbp.checking.extrapolation import Estimate
from microbp.checking.finite_differences import Line
from microbp.checking.invariants import Trace, whole_graph_is_complete
from microbp.checking.judging import Finding, judged, seen
from microbp.checking.oracles import NoAnswer
from microbp.checking.report import MOST_ROWS, Entry
from microbp.checking.samples import Sample, Subject
from microbp.checking.verdict import Question
from microbp.core.engine import Value


class Direction:
    """The derivative of output k along a direction, in which all inputs move, or some."""

    def __init__(
        self, subject: Subject, here: Sample, k: int, trace: Trace, direction: Sequence[float]
    ) -> None:
        self.subject, self.here, self.k, self.trace = subject, here, k, trace
        self.direction = direction

    def backward(self, places: Sequence[int]) -> float:
        """The derivative from the backward pass, where only these inputs move."""
        terms = [self.trace.gradient[i] * self.direction[i] for i in places]
        return math.fsum(terms) if all(map(math.isfinite, terms)) else math.nan

    def finding(self, places: Sequence[int], thorough: bool = False) -> Finding:
        """What differences find, or, where these can't tell, dual numbers.

        If `thorough`, not before small steps have confirmed a pass.
        """
        line = Line(Subject(["t"], [0.0], partial(self._run, places)), 0, self._here(places))
        found = self._judged(line.quick(self.k, one_branch=False), places)
        if found.verdict != "pass":
            found = self._judged(line.quick(self.k), places)
        if thorough and found.verdict == "pass" and self._hides_a_ripple(line, found.estimate):
            found = Finding("inconclusive", found.estimate, note="small steps show another slope")
        if found.verdict == "inconclusive":
            found = self._by_dual_numbers(places) or found
        return found

    def is_not_right(self, places: Sequence[int]) -> bool:
        """Whether they do not pass together."""
        return self.finding(places).verdict != "pass"

    def _here(self, places: Sequence[int]) -> Sample:
        """The sample at the point, where the inputs' rounding after a step counts as noise."""
        gradient, point = self.trace.gradient, self.subject.point
        moved = EPS * math.hypot(*(gradient[i] * point[i] for i in places))
        noises = [*self.here.noises]
        noises[self.k] = math.hypot(noises[self.k], moved if math.isfinite(moved) else 0.0)
        return replace(self.here, noises=noises)

    def _run(
        self, places: Sequence[int], ts: Sequence[float]
    ) -> AbstractContextManager[tuple[list[Value], list[Value]]]:
        xs, t = list(self.subject.point), ts[0]
        for i in places:
            xs[i] += t * self.direction[i]
        return self.subject.run(xs)

    def _judged(self, estimate: Estimate | None, places: Sequence[int]) -> Finding:
        if estimate is None:
            return Finding("inconclusive", note="the steps leave the domain, or cross a kink")
        terms = [self.trace.gradient[i] * self.direction[i] for i in places]
        size = sum(abs(term) for term in terms if math.isfinite(term))
        widened = Estimate(estimate.value, estimate.bound + PARTIAL * size, estimate.steepest)
        return Finding(judged(self.backward(places), widened, estimate.steepest), widened)

    def _hides_a_ripple(self, line: Line, estimate: Estimate) -> bool:
        slope = abs(estimate.value) or estimate.steepest
        return any(
            seen(small.value, estimate.value, Estimate(small.value, small.bound + estimate.bound))
            for small in line.small_steps(self.k, slope)
        )

    def _by_dual_numbers(self, places: Sequence[int]) -> Finding | None:
        if not whole_graph_is_complete(self.trace, self.k, self.subject):
            return None
        rule = self.trace.chain_rule("forward")
        try:
            slopes = [(self.direction[i], rule.derivative(self.trace.leaves[i])) for i in places]
        except NoAnswer:
            return None
        value = math.fsum(u * slope.value for u, slope in slopes)
        bound = math.fsum(abs(u) * slope.bound for u, slope in slopes)
        steepest = math.fsum(abs(u) * slope.steepest for u, slope in slopes)
        estimate = Estimate(value, bound, steepest)
        return Finding(judged(self.backward(places), estimate, steepest), estimate, "dual numbers")


@dataclass
class Together:
    """Findings on single inputs that are not right, by output and input; the others' entries."""

    alone: dict[tuple[int, int], Finding] = field(default_factory=dict)
    others: list[Entry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def checked_together(
    subject: Subject, here: Sample, traces: Sequence[Trace], seed: int, first: bool
) -> Together:
    """All inputs together, and those alone that are not right; with `first`, up to a wrong one."""
    scales = [scale_of(x) for x in subject.point]
    directions = [random_direction(scales, seed, number) for number in range(DIRECTIONS)]
    found = Together()
    for k, trace in enumerate(traces):
        others: Sequence[int] = range(len(subject.point))
        for number, u in enumerate(directions):
            direction = Direction(subject, here, k, trace, u)
            together = direction.finding(others, thorough=number == 0)
            if together.verdict != "pass":
                places = set()
                for i in wrong_ones(direction.is_not_right, others):
                    places.add(i)
                    finding = found.alone[k, i] = _alone(subject, here, k, trace, i)
                    if first and finding.verdict == "fail":
                        found.notes.append("stopped at the first that is wrong")
                        return found
                    if len(found.alone) == MOST_ROWS:
                        found.notes.append(f"stopped after {MOST_ROWS} that are not right")
                        return found
                others = [i for i in others if i not in places]
                together = direction.finding(others)
            if others:
                found.others.append(_entry(direction, together, others, len(subject.point)))
    return found


def _alone(subject: Subject, here: Sample, k: int, trace: Trace, i: int) -> Finding:
    """The finding on input i, the others as constants: what depends on it may be a small part."""

    @contextmanager
    def run(xs: Sequence[float]) -> Iterator[tuple[list[Value], list[Value]]]:
        point = subject.point
        with subject.run([*point[:i], *xs, *point[i + 1 :]]) as (leaves, outputs):
            yield [leaves[i]], outputs

    line = Line(Subject([subject.names[i]], [subject.point[i]], run), 0, here)
    alone = Trace(trace.order, [trace.leaves[i]], [trace.gradient[i]])
    return Question(line, k, alone).answer("auto")


def _entry(direction: Direction, found: Finding, places: Sequence[int], n: int) -> Entry:
    note, verdict = found.note, found.verdict
    if verdict == "fail":
        verdict, note = "inconclusive", "wrong together, and none of them is wrong alone"
    return Entry(
        name=f"all {n} together" if len(places) == n else f"the other {len(places)} together",
        output=direction.k,
        verdict=verdict,
        backward=direction.backward(places),
        reference=found.estimate.value,
        bound=found.estimate.bound,
        method=found.by,
        note=note,
    )
