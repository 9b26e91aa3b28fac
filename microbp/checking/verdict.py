"""The verdict on one derivative: from differences, from oracles, or from both."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, TypeAlias

from microbp.checking.beside_kinks import choices_are_allowed, wrong_beside
from microbp.checking.blame import is_surely_wrong
from microbp.checking.by_differences import ByDifferences
from microbp.checking.by_oracles import ORACLE_NAMES, ByOracles, is_steep_by_rounding
from microbp.checking.chain_rule import kinks_are_inexact
from microbp.checking.extrapolation import UNKNOWN, Estimate
from microbp.checking.finite_differences import Line
from microbp.checking.invariants import Trace, graph_is_complete
from microbp.checking.judging import MEANINGFUL, NOTHING, Finding, judged, seen
from microbp.checking.oracles import ORACLES, AtKink, NoAnswer, kinks_between
from microbp.core.engine import Value

Method: TypeAlias = Literal["auto", "central", "forward", "mpmath", "directions"]

BYPASSED = (
    "the output depends on this input outside the graph, of which nothing was recorded: "
    "differences can judge it, oracles cannot"
)
NOISE_MARGINS = (1.0, 8.0)
"""Noise measured at a few places may be larger at others, before a failure is one."""
SLIGHT = 1e-5
"""By so little of itself, no derivative of what is noisier than rounding is called wrong."""
NOISY = 1e-4
"""A derivative of what is noisier than rounding passes where an error of this part of it would
have been detected, though the noise were as large as a failure allows for."""
CLEARLY = 0.1
"""Slopes are the same if they differ by less than this part of what they are off."""
NOISIER = 4.0
"""Measured noise this many times larger than that of rounding is another."""


@dataclass(frozen=True)
class Question:
    """Is this derivative right: of output k, with this trace, with respect to the line's input?"""

    line: Line
    k: int
    trace: Trace

    def answer(self, method: Method) -> Finding:
        """The finding of one of `gradcheck`'s methods."""
        found = self._unless_value_is_inexact(self._answer(method))
        if found.verdict == "kink":
            return self._at_kink(found)
        if found.verdict == "fail":
            return self._not_by_choice(found)
        if found.verdict == "inconclusive" and not found.note:
            return replace(found, note=f"{found.by} are not accurate enough to tell")
        return self._unless_by_luck(found) if found.verdict == "pass" else found

    @cached_property
    def _differences(self) -> ByDifferences:
        return ByDifferences(self.line, self.k, self.trace)

    @property
    def _backward(self) -> float:
        return self.trace.gradient[self.line.i]

    @property
    def _leaf(self) -> Value:
        return self.trace.leaves[self.line.i]

    def _answer(self, method: Method) -> Finding:
        if method in ORACLES:
            return self._by_oracles([method])
        if method == "central":
            quick = self._differences.few_steps()
            if quick is None or quick.verdict != "pass" or not self._confirmed(quick):
                quick = self._unless_value_is_inexact(self._all_steps())
            return self._unless_oracles_disagree(quick)
        quick = self._quick()
        if quick is not None and quick.verdict in ("pass", "fail"):
            return quick
        exact = self._by_oracles(list(ORACLES))
        if exact.verdict == "kink" or (quick and exact.verdict != "inconclusive"):
            return exact
        return self._of_both(self._all_steps(), exact)

    def _quick(self) -> Finding | None:
        """A verdict that differences and dual numbers agree on, at little cost."""
        quick = self._differences.few_steps(one_branch=False)
        if quick is not None and self._agreed(quick):
            return quick
        quick = self._differences.few_steps()
        if quick is None or quick.verdict == "inconclusive" or self._agreed(quick):
            return quick
        return None

    def _agreed(self, quick: Finding) -> bool:
        if quick.verdict == "pass":
            return not self._contradicted(quick)
        return quick.verdict == "fail" and self._failed_by_dual_numbers(quick.estimate)

    def _all_steps(self) -> Finding:
        """A failure counts only for the noise that f is measured to have, if that may be more."""
        first = found = self._differences.all_steps()
        if first.verdict in ("pass", "domain-edge") or not self._may_be_noisier:
            return first
        known = self.line.here.noises[self.k]
        small = list(self.line.small_steps(self.k, abs(self._backward)))
        for margin in NOISE_MARGINS:
            size = self.line.measure_noise(self.k, margin, lasting=first.verdict == "kink")
            if size <= NOISIER * known:
                break
            found = self._differences.few_steps() or found
            if found.verdict != "pass" or not self._confirmed(found):
                found = self._for_noise(self._differences.all_steps())
            note = found.note or f"f's values are off by about {size:.1g}"
            # A slope that small steps show, other than that of a stair, may be a ripple's, and
            # a kink that they do not show may be noise.
            rippled = found.verdict == "pass" and first.verdict == "fail" and first.estimate.value
            if rippled or (found.verdict == "kink" != first.verdict):
                found = replace(found, verdict="inconclusive")
            found = replace(found, note=note)
            if found.verdict in ("pass", "domain-edge", "inconclusive"):
                break
        if found.verdict == "fail" and self._supported(small, found.estimate):
            note = "small steps agree with it, and larger ones do not"
            return replace(found, verdict="inconclusive", note=note)
        if found.verdict == "pass" and self._rippled(small):
            note = f"small steps show another slope, of about {small[-1].value:.6g}"
            return replace(found, verdict="inconclusive", note=note)
        off, size = abs(self._backward - found.estimate.value), abs(found.estimate.value)
        noisy = self.line.here.noises[self.k] > NOISIER * known
        if found.verdict == "fail" and noisy and off <= SLIGHT * size:
            return replace(found, verdict="inconclusive")
        return found

    def _for_noise(self, found: Finding) -> Finding:
        """A pass, too, where the bound is as tight as noise allows."""
        size, estimate = abs(found.estimate.value), found.estimate
        bound = NOISE_MARGINS[-1] * estimate.bound
        right = abs(self._backward - estimate.value) <= estimate.bound
        if found.verdict != "inconclusive" or not right or not bound <= NOISY * size:
            return found
        return replace(found, verdict="pass", estimate=replace(estimate, bound=bound))

    def _rippled(self, small: Sequence[Estimate]) -> bool:
        """Whether small steps of all sizes show one slope, and another: noise has none."""
        *larger, smallest = small or [UNKNOWN]
        apart = abs(smallest.value - self._backward)
        return (
            bool(larger)
            and all(step.value and abs(step.value - self._backward) > step.bound for step in small)
            and all(abs(step.value - smallest.value) < CLEARLY * apart for step in larger)
        )

    def _supported(self, small: Sequence[Estimate], found: Estimate) -> bool:
        """Whether a small step speaks for the derivative and against what others found."""
        return self._backward != 0.0 and any(
            abs(step.value - self._backward) <= step.bound
            and abs(step.value - found.value) > step.bound + found.bound
            for step in small
        )

    def _unless_value_is_inexact(self, found: Finding) -> Finding:
        """A derivative that is off as little as the values may be passes for what that is."""
        off, size = abs(self._backward - found.estimate.value), abs(found.estimate.value)
        if found.verdict != "fail" or not self._may_be_noisier or not off <= MEANINGFUL * size:
            return found
        return replace(found, verdict="pass", estimate=replace(found.estimate, bound=off))

    @property
    def _may_be_noisier(self) -> bool:
        """Whether values are left to a custom operation, or to code outside of the graph."""
        operations = (node.op for node in self.trace.order)
        custom = any(op is not None and not op.builtin for op in operations)
        return custom or not self._graph_is_complete

    def _of_both(self, by_steps: Finding, exact: Finding) -> Finding:
        """Of the findings of differences and of oracles, which only see the graph."""
        if by_steps.verdict == "domain-edge":
            return by_steps
        if by_steps.verdict == "pass":
            told = exact.verdict == "fail" or exact.digits_are_lost
            unknown = math.isinf(exact.estimate.bound)
            missed = told and (
                unknown
                or self._backward == 0.0 != exact.estimate.value
                or seen(self._backward, exact.estimate.value, by_steps.estimate)
            )
            return exact if missed else by_steps
        if exact.verdict == "inconclusive":
            return exact if exact.digits_are_lost else by_steps
        return by_steps if by_steps.verdict == exact.verdict else exact

    def _confirmed(self, quick: Finding) -> bool:
        return self._differences.confirmed_by_small_steps(quick.estimate)

    def _contradicted(self, quick: Finding) -> bool:
        """Whether dual numbers, or else small steps, contradict three large ones.

        Between large steps a function may vary, and a flat one may only be rounded to it.
        """
        if is_steep_by_rounding(self.trace.order):
            return True
        try:
            estimate = self.trace.chain_rule("forward").derivative(self._leaf)
            if self._backward == 0.0:
                return self._rounding > NOTHING
        except AtKink:
            return kinks_are_inexact(self.trace.order, self._leaf) or not self._confirmed(quick)
        except NoAnswer:
            return not self._confirmed(quick)
        failed = judged(self._backward, estimate, estimate.steepest) == "fail"
        return failed and seen(self._backward, estimate.value, quick.estimate)

    @property
    def _rounding(self) -> float:
        """How far the rounding of every node may move the derivative; infinite if unknown."""
        try:
            return self.trace.chain_rule("forward", exact=False).derivative(self._leaf).bound
        except NoAnswer:
            return math.inf

    def _failed_by_dual_numbers(self, reference: Estimate) -> bool:
        """Whether dual numbers, which know nothing of steps, fail it for the same derivative."""
        try:
            estimate = ByOracles(self.trace, self.line.i, ["forward"]).chain_rule("forward")
        except NoAnswer:
            return False
        agree = abs(estimate.value - reference.value) <= estimate.bound + reference.bound
        found = Finding(judged(self._backward, estimate, estimate.steepest), estimate)
        failed = self._unless_value_is_inexact(found).verdict == "fail"
        return failed and agree and self._graph_is_complete

    def _unless_oracles_disagree(self, found: Finding) -> Finding:
        """What differences fail may be right for the graph's numbers; a 0 may be what is lost."""
        if found.verdict != "fail" and not (found.verdict == "pass" and self._backward == 0.0):
            return found
        exact = self._by_oracles(list(ORACLES))
        if exact.digits_are_lost:
            return replace(found, verdict="inconclusive", note=exact.note)
        if found.verdict == "fail" and exact.verdict == "pass":
            note = f"{exact.by} find {exact.estimate.value:.6g}, and differences do not"
            return replace(found, verdict="inconclusive", note=note)
        return found

    @cached_property
    def _graph_is_complete(self) -> bool:
        return graph_is_complete(self.trace, self.k, self.line.subject, self.line.i)

    def _by_oracles(self, methods: Sequence[str]) -> Finding:
        if not self._graph_is_complete:
            return Finding("inconclusive", by=ORACLE_NAMES[methods[-1]], note=BYPASSED)
        oracles = ByOracles(self.trace, self.line.i, methods)
        found = oracles.finding()
        slight = self._unless_value_is_inexact(found)
        return found if slight is found else oracles.for_the_formula(slight)

    def _at_kink(self, found: Finding) -> Finding:
        """A kink excuses what an operation at its kink chooses, and nothing else."""
        chosen = self._chosen
        if wrong_beside(self.line, self.k):
            return replace(
                found, verdict="fail", note=f"{found.note}; and it is wrong beside the kink, too"
            )
        allowed = choices_are_allowed(self.trace.order, self._leaf)
        if not allowed or (found.beyond and not chosen):
            return replace(found, verdict="fail")
        return found

    def _unless_by_luck(self, found: Finding) -> Finding:
        """A pass, unless the graph was cut where the slope just happens to be 0."""
        if self._backward != 0.0 or found.estimate.steepest == 0.0:
            return found
        cut = self._leaf not in self.trace.order or not self._graph_is_complete
        return replace(found, verdict="fail") if cut and wrong_beside(self.line, self.k) else found

    def _not_by_choice(self, found: Finding) -> Finding:
        """A failure, or a kink where nothing but an operation's choice at its kink is to blame."""
        if (
            not self._chosen
            or wrong_beside(self.line, self.k)
            or not choices_are_allowed(self.trace.order, self._leaf)
            or is_surely_wrong(self.trace.order, self._leaf)
        ):
            return found
        return replace(
            found, verdict="kink", note=f"the backward pass goes through {self._chosen} at a kink"
        )

    @property
    def _chosen(self) -> str:
        """The operations that are at their kinks on the way from the input."""
        kinks = kinks_between(self.trace.order, self._leaf)
        return ", ".join(dict.fromkeys(node.op.name for node in kinks if node.op))
