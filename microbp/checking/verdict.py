"""The verdict on one derivative: from differences, from oracles, or from both."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from microbp.checking.error_model import EPS, MARGIN
from microbp.checking.extrapolation import UNKNOWN, Estimate
from microbp.checking.finite_differences import Line
from microbp.checking.invariants import Trace, graph_is_complete
from microbp.checking.mpmath_oracle import MpmathMissing
from microbp.checking.oracles import ORACLES, AtKink, NoAnswer, derivative, kinks_between
from microbp.checking.report import Verdict
from microbp.core.engine import Value

Method: TypeAlias = Literal["auto", "central", "forward", "mpmath"]

MEANINGFUL = 1e-7
"""A derivative passes only where a relative error of this size would have been detected."""
ORACLE_NAMES = {"forward": "dual numbers", "mpmath": "mpmath"}
NOTHING = sys.float_info.min
"""Denormal numbers below this have too few digits to be wrong in."""
LARGE = 1e300
"""Beyond this, an adjoint may overflow on its way though the derivative is finite."""
FINITE = 1e-6
"""A reference with a smaller relative bound than this shows that the derivative is finite."""


@dataclass(frozen=True)
class Finding:
    """A verdict, and the estimate that it is based on."""

    verdict: Verdict
    estimate: Estimate = UNKNOWN
    by: str = "differences"
    note: str = ""


@dataclass(frozen=True)
class Question:
    """Is this derivative right: of output k, with this trace, with respect to the line's input?"""

    line: Line
    k: int
    trace: Trace

    def answer(self, method: Method) -> Finding:
        """The finding of one of `gradcheck`'s methods."""
        found = self._answer(method)
        kinks = kinks_between(self.trace.order, self._leaf) if found.verdict == "fail" else []
        if kinks:
            chosen = ", ".join(dict.fromkeys(node.op.name for node in kinks if node.op))
            return replace(
                found, verdict="kink", note=f"the backward pass goes through {chosen} at a kink"
            )
        return found

    def _answer(self, method: Method) -> Finding:
        if method in ORACLES:
            return self._by_oracles([method])
        quick = self._by_few_steps()
        if quick is not None and quick.verdict == "pass":
            return quick
        if quick is not None and quick.verdict == "fail":
            if method == "auto" and self._confirmed(quick.estimate):
                return quick
            quick = None
        exact = self._by_all_oracles() if method == "auto" else None
        if quick is not None and exact is not None:
            return exact
        thorough = self._by_all_steps()
        if exact is None or thorough.verdict in ("pass", "domain-edge", exact.verdict):
            return thorough
        return exact  # an oracle has an answer only where the function is smooth

    @property
    def _backward(self) -> float:
        return self.trace.gradient[self.line.i]

    @property
    def _leaf(self) -> Value:
        return self.trace.leaves[self.line.i]

    def _judged(self, estimate: Estimate, scale: float) -> Verdict:
        """Wrong if farther off than the bound; right within it, if the bound is tight."""
        backward = self._backward
        bound = estimate.bound + MARGIN * EPS * abs(backward)
        if math.isinf(estimate.bound):
            return "inconclusive"
        if not math.isfinite(backward):
            finite = abs(estimate.value) < LARGE and estimate.bound < FINITE * abs(estimate.value)
            return "fail" if finite else "inconclusive"
        if abs(backward - estimate.value) > max(bound, NOTHING):
            return "fail"
        size = max(abs(backward), abs(estimate.value), scale)
        return "pass" if bound <= max(MEANINGFUL * size, NOTHING) else "inconclusive"

    def _by_differences(self, estimate: Estimate) -> Verdict:
        # A derivative of 0 has no scale: the slopes nearby have.
        scale = 0.0 if self._backward else estimate.steepest
        verdict = self._judged(estimate, scale)
        if verdict == "fail" and math.isfinite(self._backward):
            bound = estimate.bound + self._rounding()
            verdict = self._judged(Estimate(estimate.value, bound), scale)
        return verdict

    def _rounding(self) -> float:
        """A bound on the rounding error of the backward pass, as where an adjoint underflows."""
        try:
            return derivative(self.trace.order, self._leaf, ORACLES["forward"], EPS).bound
        except NoAnswer:
            return derivative(self.trace.order, self._leaf, None).bound

    def _by_few_steps(self) -> Finding | None:
        """A verdict at little cost, a failure yet to be confirmed; None where there is none."""
        estimate = self.line.quick(self.k)
        if estimate is None:
            return None
        verdict = self._by_differences(estimate)
        if estimate.steepest == 0.0 and self._leaf not in self.trace.order:
            return Finding("pass", estimate, note="this output does not depend on it")
        return Finding(verdict, estimate)

    def _confirmed(self, reference: Estimate) -> bool:
        """Whether dual numbers, which know nothing of steps, fail it for the same derivative."""
        try:
            dual = self._by_oracle("forward")
        except NoAnswer:
            return False
        apart = abs(dual.estimate.value - reference.value)
        agree = apart <= dual.estimate.bound + reference.bound
        return dual.verdict == "fail" and agree and self._graph_is_complete()

    def _graph_is_complete(self) -> bool:
        return graph_is_complete(self.trace, self.k, self.line.subject, self.line.i)

    def _by_all_steps(self) -> Finding:
        sides = self.line.thorough(self.k)
        right, left = sides.right, sides.left
        if right is None and left is None:
            return Finding("domain-edge", note="every step to either side leaves the domain")
        if sides.jumps:
            return Finding("kink", note="the function jumps here")
        if sides.erratic:
            return Finding("inconclusive", note="the function varies too fast for any step")
        if right is None or left is None:
            return self._at_edge(right or left or UNKNOWN, "above" if left is None else "below")
        apart, size = abs(right.value - left.value), max(abs(right.value), abs(left.value))
        if apart > max(right.bound + left.bound, MEANINGFUL * size):
            return self._at_kink(right, left)
        if sides.both is None:
            return self._on_both(right, left)
        return Finding(self._by_differences(sides.both), sides.both)

    def _at_edge(self, estimate: Estimate, side: str) -> Finding:
        """Never a failure: at 0, x ** (1 + 1e-16) has slope 1 over any step, but derivative 0."""
        note = f"the domain is only {side}"
        if self._by_differences(estimate) == "fail":
            note += f", where the slope seems to be {estimate.value:.6g}"
        return Finding("domain-edge", estimate, note=note)

    def _at_kink(self, right: Estimate, left: Estimate) -> Finding:
        low, high = sorted([left.value, right.value])
        between = "lies" if low <= self._backward <= high else "does not lie"
        slopes = f"the slope is {left.value:.6g} below and {right.value:.6g} above"
        middle = Estimate((low + high) / 2.0, (high - low) / 2.0)
        return Finding(
            "kink", middle, note=f"{slopes}; {self._backward:.6g} {between} between them"
        )

    def _on_both(self, right: Estimate, left: Estimate) -> Finding:
        """At the kink of an operation, though f seems smooth: either slope may be meant."""
        low = min(right.value - right.bound, left.value - left.bound)
        high = max(right.value + right.bound, left.value + left.bound)
        if not math.isfinite(high - low):
            return Finding("inconclusive", note="at the kink of an operation")
        shared = Estimate((low + high) / 2.0, (high - low) / 2.0)
        return Finding(self._by_differences(shared), shared)

    def _by_all_oracles(self) -> Finding | None:
        """The oracles' answer, dual numbers first; None where they have none.

        They know only the graph, and cannot judge an f that depends on its input in other ways.
        """
        found = self._by_oracles(list(ORACLES))
        if found.verdict not in ("pass", "fail"):
            return None
        return found if self._graph_is_complete() else None

    def _by_oracles(self, methods: Sequence[str]) -> Finding:
        """The finding of the first oracle with a pass, or else of the last with any answer."""
        found = Finding("inconclusive", note="no oracle knows all of these operations")
        for method in methods:
            try:
                found = self._by_oracle(method)
            except AtKink as reason:
                return Finding("kink", by=ORACLE_NAMES[method], note=str(reason))
            except NoAnswer as reason:
                if len(methods) == 1:
                    found = Finding("inconclusive", by=ORACLE_NAMES[method], note=str(reason))
            except MpmathMissing:
                break  # it is optional here; `gradcheck` raises if it was asked for
            if found.verdict == "pass":
                break
        return found

    def _by_oracle(self, method: str) -> Finding:
        """The finding of one oracle, before a failure also for operands nearby.

        The operands are rounded numbers: a derivative that is right for their neighbors passes.
        """
        for slack in (0.0, EPS):
            estimate = derivative(self.trace.order, self._leaf, ORACLES[method], slack)
            verdict = self._judged(estimate, estimate.steepest)
            if verdict != "fail":
                break
        return Finding(verdict, estimate, ORACLE_NAMES[method])
