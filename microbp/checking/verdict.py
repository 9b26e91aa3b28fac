"""The verdict on one derivative: by differences, by the oracles, or by both."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from microbp.checking.duals import EPS
from microbp.checking.finite_differences import UNKNOWN, Estimate, Line
from microbp.checking.invariants import Trace, whole
from microbp.checking.mpmath_oracle import MpmathMissing
from microbp.checking.oracles import ORACLES, AtKink, NoAnswer, derivative, kinks_between
from microbp.checking.report import Verdict
from microbp.core.engine import Value

Method: TypeAlias = Literal["auto", "central", "forward", "mpmath"]

MEANINGFUL = 1e-7
"""A derivative passes only where an error of this part of it would have been seen."""
SETTLED_BY = {"forward": "dual numbers", "mpmath": "mpmath"}
NOTHING = sys.float_info.min  # below, floats have no digits to be wrong in
LARGE = 1e300  # beyond, a derivative may overflow on its way and still be right


@dataclass(frozen=True)
class Finding:
    """A verdict, and the estimate that it rests on."""

    verdict: Verdict
    estimate: Estimate = UNKNOWN
    by: str = "differences"
    note: str = ""


@dataclass(frozen=True)
class Question:
    """Is this derivative right: of output k, which has this trace, by the input of this line?"""

    line: Line
    k: int
    trace: Trace

    def answered(self, method: Method) -> Finding:
        """The finding by a method of `gradcheck`."""
        found = self._answered(method)
        kinks = kinks_between(self.trace.order, self._leaf) if found.verdict == "fail" else []
        if kinks:
            chosen = ", ".join(dict.fromkeys(node.op.name for node in kinks if node.op))
            return replace(found, verdict="kink", note=f"the sweep takes {chosen} at the kink")
        return found

    def _answered(self, method: Method) -> Finding:
        if method in ORACLES:
            return self._by_oracles([method])
        few = self._by_few_steps()
        if few is not None and few.verdict == "pass":
            return few
        settled = self._settled() if method == "auto" else None
        if few is not None and settled is not None:
            return settled
        found = self._by_all_steps()
        if settled is None or found.verdict in ("pass", "domain-edge", settled.verdict):
            return found
        return settled  # an oracle that says anything knows the place to be smooth

    @property
    def _sweep(self) -> float:
        return self.trace.gradient[self.line.i]

    @property
    def _leaf(self) -> Value:
        return self.trace.leaves[self.line.i]

    def _judged(self, estimate: Estimate, scale: float) -> Verdict:
        """By intervals: wrong beyond the bound, right within it if that is tight."""
        sweep = self._sweep
        bound = estimate.bound + 4.0 * EPS * abs(sweep)
        if math.isinf(estimate.bound):
            return "inconclusive"
        if not math.isfinite(sweep):
            finite = abs(estimate.value) < LARGE and estimate.bound < 1e-6 * abs(estimate.value)
            return "fail" if finite else "inconclusive"
        if abs(sweep - estimate.value) > max(bound, NOTHING):
            return "fail"
        size = max(abs(sweep), abs(estimate.value), scale)
        return "pass" if bound <= max(MEANINGFUL * size, NOTHING) else "inconclusive"

    def _by_differences(self, estimate: Estimate) -> Verdict:
        # A derivative of 0 has no size: there, what f does nearby is the scale.
        scale = 0.0 if self._sweep else estimate.steepest
        verdict = self._judged(estimate, scale)
        if verdict == "fail" and math.isfinite(self._sweep):
            bound = estimate.bound + self._rounding()
            verdict = self._judged(Estimate(estimate.value, bound), scale)
        return verdict

    def _rounding(self) -> float:
        """How far off rounding may have put the sweep, as where an adjoint on the way vanishes."""
        try:
            return derivative(self.trace.order, self._leaf, ORACLES["forward"], EPS).bound
        except NoAnswer:
            return derivative(self.trace.order, self._leaf, None).bound

    def _by_few_steps(self) -> Finding | None:
        """A pass, or inconclusive, from little work; None where it takes a closer look."""
        estimate = self.line.quick(self.k)
        if estimate is None:
            return None
        verdict = self._by_differences(estimate)
        if estimate.steepest == 0.0 and self._leaf not in self.trace.order:
            return Finding("pass", estimate, note="not an input of this output")
        return None if verdict == "fail" else Finding(verdict, estimate)

    def _by_all_steps(self) -> Finding:
        sides = self.line.thorough(self.k)
        right, left = sides.right, sides.left
        if right is None and left is None:
            return Finding("domain-edge", note="no step to either side stays in the domain")
        if sides.jumps:
            return Finding("kink", note="the function jumps here")
        if sides.erratic:
            return Finding("inconclusive", note="the function moves too fast for any step")
        if right is None or left is None:
            return self._at_edge(right or left or UNKNOWN, "above" if left is None else "below")
        apart, size = abs(right.value - left.value), max(abs(right.value), abs(left.value))
        if apart > max(right.bound + left.bound, MEANINGFUL * size):
            return self._at_kink(right, left)
        if sides.both is None:
            return self._on_both(right, left)
        return Finding(self._by_differences(sides.both), sides.both)

    def _at_edge(self, estimate: Estimate, side: str) -> Finding:
        """Never a failure: one slope of x ** (1 + 1e-16) at 0 is 1 for any step, and 0 in truth."""
        note = f"the domain is only {side}"
        if self._by_differences(estimate) == "fail":
            note += f", where the slope seems to be {estimate.value:.6g}"
        return Finding("domain-edge", estimate, note=note)

    def _at_kink(self, right: Estimate, left: Estimate) -> Finding:
        low, high = sorted([left.value, right.value])
        between = "lies" if low <= self._sweep <= high else "does not lie"
        slopes = f"the slope is {left.value:.6g} below and {right.value:.6g} above"
        middle = Estimate((low + high) / 2.0, (high - low) / 2.0)
        return Finding("kink", middle, note=f"{slopes}; {self._sweep:.6g} {between} between them")

    def _on_both(self, right: Estimate, left: Estimate) -> Finding:
        """On a kink of an operation that the function does not show: either slope may be meant."""
        low = min(right.value - right.bound, left.value - left.bound)
        high = max(right.value + right.bound, left.value + left.bound)
        if not math.isfinite(high - low):
            return Finding("inconclusive", note="on a kink of an operation")
        shared = Estimate((low + high) / 2.0, (high - low) / 2.0)
        return Finding(self._by_differences(shared), shared)

    def _settled(self) -> Finding | None:
        """What the oracles say, dual numbers first; None where they can't tell.

        They see the graph alone, and have no say where f takes another way from input to output.
        """
        found = self._by_oracles(list(ORACLES))
        if found.verdict not in ("pass", "fail"):
            return None
        return found if whole(self.trace, self.k, self.line.subject, self.line.i) else None

    def _by_oracles(self, methods: Sequence[str]) -> Finding:
        """The first that lets it pass, or else the last that knows anything."""
        found = Finding("inconclusive", note="no oracle knows all these operations")
        for method in methods:
            try:
                found = self._by_oracle(method)
            except AtKink as reason:
                return Finding("kink", by=SETTLED_BY[method], note=str(reason))
            except NoAnswer as reason:
                if len(methods) == 1:
                    found = Finding("inconclusive", by=SETTLED_BY[method], note=str(reason))
            except MpmathMissing:
                break  # it was not asked for by name
            if found.verdict == "pass":
                break
        return found

    def _by_oracle(self, method: str) -> Finding:
        """What an oracle says: of the operands as they are, and before a failure of such nearby.

        They are rounded numbers, so that a derivative that is right for their neighbors is right.
        """
        for slack in (0.0, EPS):
            estimate = derivative(self.trace.order, self._leaf, ORACLES[method], slack)
            verdict = self._judged(estimate, estimate.steepest)
            if verdict != "fail":
                break
        return Finding(verdict, estimate, SETTLED_BY[method])
