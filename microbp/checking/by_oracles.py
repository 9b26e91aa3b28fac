"""What oracles find about one derivative: from the graph, without a step.

They know nothing but the graph. Where f depends on its input in other ways, they are not asked.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from microbp.checking.cancellation import lost_digits
from microbp.checking.chain_rule import along, data_errors, derivative, kinks_are_inexact
from microbp.checking.error_model import EPS
from microbp.checking.extrapolation import UNKNOWN, Estimate
from microbp.checking.invariants import Trace
from microbp.checking.judging import MEANINGFUL, NOTHING, Finding, judged, kink, sides_apart
from microbp.checking.mpmath_oracle import MpmathMissing
from microbp.checking.oracles import ORACLES, AtKink, BeyondRounding, NoAnswer
from microbp.checking.whole_formula import whole_formula
from microbp.core.engine import Value

MPMATH = "mpmath"
ORACLE_NAMES = {"forward": "dual numbers", "mpmath": MPMATH}


CANCELED = 64.0
"""Terms this many times as large as their sum lose digits."""


def is_steep_by_rounding(order: Sequence[Value]) -> bool:
    """Whether an infinite partial, as of acos at 1, is one of a rounded operand."""
    steep = [node for node in order if not all(map(math.isfinite, node.partials))]
    errors = data_errors(order) if steep else {}
    return any(errors[operand] for node in steep for operand in node.operands)


SAME = 1.0 + 1e-9
"""Rounded data have no part in a bound that is larger by less than this."""


class ByOracles:
    """The derivative with respect to input i of the output with this trace."""

    def __init__(self, trace: Trace, i: int, methods: Sequence[str]) -> None:
        self.trace, self.methods = trace, methods
        self._leaf, self._backward = trace.leaves[i], trace.gradient[i]

    def finding(self) -> Finding:
        """Of the first oracle that has no fault to find, or else of the last with an answer."""
        found, why = None, "no oracle knows all of these operations"
        for method in self.methods:
            try:
                estimate = self.chain_rule(method)
            except AtKink:
                return self._beside_a_kink()
            except NoAnswer as reason:
                why = str(reason) if len(self.methods) == 1 else why
                continue
            except MpmathMissing:
                break  # it is optional here; `gradcheck` raises if it was asked for
            verdict = judged(self._backward, estimate, estimate.steepest)
            found = Finding(verdict, estimate, ORACLE_NAMES[method])
            if verdict == "pass":
                break
        if found is None:
            return self._of_the_formula_alone(why)
        return found if found.verdict == "fail" else self.for_the_formula(found)

    def chain_rule(self, method: str) -> Estimate:
        """The derivative for the numbers in the graph; where it fails, for others nearby.

        They are rounded: a derivative that is right for their neighbors passes.
        """
        for slack in (0.0, EPS):
            estimate = self._derivative(method, slack)
            if judged(self._backward, estimate, estimate.steepest) != "fail":
                break
        return estimate

    def _derivative(self, method: str, slack: float) -> Estimate:
        try:
            return self.trace.chain_rule(method, slack).derivative(self._leaf)
        except AtKink:
            raise
        except NoAnswer:  # forward, it may overflow nowhere
            return derivative(self.trace.order, self._leaf, ORACLES[method], slack)

    def for_the_formula(self, found: Finding) -> Finding:
        """What is right for the graph's rounded numbers may be wrong for the formula."""
        try:
            inexact = self.trace.chain_rule("forward", exact=False).derivative(self._leaf)
        except BeyondRounding as reason:
            return self._of_the_formula_alone(str(reason), lost=str(reason))
        except NoAnswer as reason:
            return self._of_the_formula_alone(str(reason))
        return self._with_rounding(found, inexact.bound)

    def _with_rounding(self, found: Finding, rounding: float) -> Finding:
        """The finding, for a formula whose derivative is this far from the graph's."""
        bound = max(found.estimate.bound, rounding)
        estimate = Estimate(found.estimate.value, bound, found.estimate.steepest)
        zero = self._is_zero(estimate)
        exactly = estimate.bound <= NOTHING or not any(data_errors(self.trace.order).values())
        if (zero and exactly) or judged(self._backward, estimate) == "pass":
            return Finding("pass", estimate, found.by)
        left, right = self._formula()
        if left is None or right is None:
            if zero and rounding <= SAME * found.estimate.bound:
                return Finding("pass", estimate, found.by)
            note = f"rounding may change this derivative by {bound:.1g}"
            return self._taught(estimate, found.by, note, estimate.steepest)
        if sides_apart(left, right):
            return kink(self._backward, left, right, MPMATH)
        off = abs(self._backward - right.value)
        if off <= MEANINGFUL * abs(right.value):
            near = min(found.estimate.bound, MEANINGFUL * abs(right.value))
            return Finding("pass", Estimate(right.value, max(right.bound, near, off)), MPMATH)
        note = f"computed in floats, it is off by {off:.1g}"
        return self._taught(right, MPMATH, note, estimate.steepest)

    def _of_the_formula_alone(self, why: str, lost: str = "") -> Finding:
        """Where no oracle follows the chain rule: past an infinite slope, or by overflow.

        `lost`: what rounding may have done to the graph.
        """
        unknown = Finding("inconclusive", by=ORACLE_NAMES[self.methods[-1]], note=why)
        left, right = self._formula()
        if is_steep_by_rounding(self.trace.order):
            lost = "rounding made a slope infinite"
        if left is None or right is None:
            return self._taught(UNKNOWN, unknown.by, lost) if lost else unknown
        if sides_apart(left, right):
            return kink(self._backward, left, right, MPMATH)
        verdict = judged(self._backward, right)
        if verdict == "pass":
            return Finding(verdict, right, MPMATH)
        if lost:
            return self._taught(right, MPMATH, lost)
        return unknown if math.isfinite(self._backward) else Finding(verdict, right, MPMATH)

    def _is_zero(self, estimate: Estimate) -> bool:
        """Whether all paths cancel exactly, or there is none."""
        zero = self._backward == 0.0 == estimate.value
        return zero and estimate.bound <= MEANINGFUL * estimate.steepest

    def _formula(self) -> tuple[Estimate, Estimate] | tuple[None, None]:
        """The slopes of both sides in many digits, if that is allowed and known."""
        if "mpmath" not in self.methods:
            return None, None
        try:
            return whole_formula(self.trace.order, self._leaf)
        except (NoAnswer, MpmathMissing):
            return None, None

    def _taught(self, estimate: Estimate, by: str, note: str, terms: float = 0.0) -> Finding:
        where = lost_digits(self.trace.order)
        if not where and terms > CANCELED * abs(self._backward):
            where = f"terms of the size {terms:.1g} add up to {self._backward:.1g}"
        taught = f"the formula loses its digits here: {f'{where} ({note})' if where else note}"
        return Finding("inconclusive", estimate, by, taught, digits_are_lost=True)

    def _beside_a_kink(self) -> Finding:
        """The slopes of both sides, where an operation is at its kink."""
        left, right, by = self._both_sides()
        if left is None or right is None:
            return Finding("inconclusive", by=by, note="at the kink of an operation")
        if sides_apart(left, right):
            return kink(self._backward, left, right, by)
        estimate = Estimate(
            (left.value + right.value) / 2.0,
            max(left.bound, right.bound) + abs(left.value - right.value) / 2.0,
            max(left.steepest, right.steepest),
        )
        verdict = judged(self._backward, estimate, estimate.steepest)
        found, rounding = Finding(verdict, estimate, by), self._rounding_at_kink()
        if verdict != "fail":
            return self._with_rounding(found, rounding)
        off = abs(self._backward - estimate.value)
        if by == MPMATH and not off > rounding:
            return self._taught(estimate, by, f"rounding may move this derivative by {off:.1g}")
        return found

    def _rounding_at_kink(self) -> float:
        """How far rounding may move the slopes; infinite where it may move the formula off."""
        order, errors = self.trace.order, data_errors(self.trace.order)
        if kinks_are_inexact(order, self._leaf, errors):
            return math.inf
        try:
            return max(along(order, self._leaf, side, errors).bound for side in (-1.0, 1.0))
        except NoAnswer:
            return math.inf

    def _both_sides(self) -> tuple[Estimate | None, Estimate | None, str]:
        if "forward" in self.methods:
            try:
                left, right = (along(self.trace.order, self._leaf, side) for side in (-1.0, 1.0))
            except NoAnswer:
                pass
            else:
                return left, right, ORACLE_NAMES["forward"]
        return (*self._formula(), MPMATH)
