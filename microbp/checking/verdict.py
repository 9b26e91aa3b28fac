"""The verdict on one derivative: from differences, from oracles, or from both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, TypeAlias

from microbp.checking.beside_kinks import choices_are_allowed, wrong_beside
from microbp.checking.blame import is_surely_wrong
from microbp.checking.by_differences import ByDifferences
from microbp.checking.by_oracles import ORACLE_NAMES, ByOracles
from microbp.checking.extrapolation import Estimate
from microbp.checking.finite_differences import Line
from microbp.checking.invariants import Trace, graph_is_complete
from microbp.checking.judging import NOTHING, Finding, judged, seen
from microbp.checking.oracles import ORACLES, NoAnswer, kinks_between
from microbp.core.engine import Value

Method: TypeAlias = Literal["auto", "central", "forward", "mpmath", "directions"]

BYPASSED = (
    "the output depends on this input outside the graph, of which nothing was recorded: "
    "differences can judge it, oracles cannot"
)
SLACK = 1.0 + 1e-6
"""A derivative that is a slope's own, but for rounding, does not lie beyond it."""


@dataclass(frozen=True)
class Question:
    """Is this derivative right: of output k, with this trace, with respect to the line's input?"""

    line: Line
    k: int
    trace: Trace

    def answer(self, method: Method) -> Finding:
        """The finding of one of `gradcheck`'s methods."""
        found = self._answer(method)
        if found.verdict == "kink":
            return self._at_kink(found)
        if found.verdict == "fail":
            return self._not_by_choice(found)
        return found

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
            if quick is not None and quick.verdict == "pass" and self._confirmed(quick):
                return quick
            found = self._differences.all_steps()
            return self._unless_digits_are_lost(found) if found.verdict == "fail" else found
        quick = self._quick()
        if quick is not None and quick.verdict in ("pass", "fail"):
            return quick
        exact = self._by_oracles(list(ORACLES))
        if exact.verdict == "kink" or (quick and exact.verdict != "inconclusive"):
            return exact
        return self._of_both(self._differences.all_steps(), exact)

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

    def _of_both(self, by_steps: Finding, exact: Finding) -> Finding:
        """Of the findings of differences and of oracles, which only see the graph."""
        if by_steps.verdict == "domain-edge":
            return by_steps
        if exact.verdict == "inconclusive":
            lost = exact.digits_are_lost and by_steps.verdict != "pass"
            return exact if lost else by_steps
        if by_steps.verdict == "pass":
            missed = exact.verdict == "fail" and seen(
                self._backward, exact.estimate.value, by_steps.estimate
            )
            return exact if missed else by_steps
        return by_steps if by_steps.verdict == exact.verdict else exact

    def _confirmed(self, quick: Finding) -> bool:
        return self._differences.confirmed_by_small_steps(quick.estimate)

    def _contradicted(self, quick: Finding) -> bool:
        """Whether dual numbers, or else small steps, contradict three large ones.

        Between large steps a function may vary, and a flat one may only be rounded to it.
        """
        try:
            oracle = ByOracles(self.trace, self.line.i, ["forward"])
            estimate = oracle.chain_rule("forward")
            if quick.estimate.steepest == 0.0 and self._backward == 0.0:
                inexact = self.trace.chain_rule("forward", exact=False).derivative(self._leaf)
                return inexact.bound > NOTHING
        except NoAnswer:
            return not self._confirmed(quick)
        failed = judged(self._backward, estimate, estimate.steepest) == "fail"
        return failed and seen(self._backward, estimate.value, quick.estimate)

    def _failed_by_dual_numbers(self, reference: Estimate) -> bool:
        """Whether dual numbers, which know nothing of steps, fail it for the same derivative."""
        try:
            estimate = ByOracles(self.trace, self.line.i, ["forward"]).chain_rule("forward")
        except NoAnswer:
            return False
        agree = abs(estimate.value - reference.value) <= estimate.bound + reference.bound
        failed = judged(self._backward, estimate, estimate.steepest) == "fail"
        return failed and agree and self._graph_is_complete

    def _unless_digits_are_lost(self, failed: Finding) -> Finding:
        exact = self._by_oracles(list(ORACLES))
        return (
            replace(failed, verdict="inconclusive", note=exact.note)
            if exact.digits_are_lost
            else failed
        )

    @cached_property
    def _graph_is_complete(self) -> bool:
        return graph_is_complete(self.trace, self.k, self.line.subject, self.line.i)

    def _by_oracles(self, methods: Sequence[str]) -> Finding:
        if not self._graph_is_complete:
            return Finding("inconclusive", by=ORACLE_NAMES[methods[-1]], note=BYPASSED)
        return ByOracles(self.trace, self.line.i, methods).finding()

    def _at_kink(self, found: Finding) -> Finding:
        """A kink excuses what an operation at its kink chooses, and nothing else."""
        chosen = self._chosen
        if wrong_beside(self.line, self.k):
            return replace(
                found, verdict="fail", note=f"{found.note}; and it is wrong beside the kink, too"
            )
        outside = abs(self._backward - found.estimate.value) > SLACK * found.estimate.bound
        if not choices_are_allowed(self.trace.order, self._leaf) or (outside and not chosen):
            return replace(found, verdict="fail")
        return found

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
