"""What finite differences find about one derivative."""

from __future__ import annotations

import math
from dataclasses import replace

from microbp.checking.chain_rule import derivative
from microbp.checking.error_model import EPS
from microbp.checking.extrapolation import UNKNOWN, Estimate
from microbp.checking.finite_differences import Line
from microbp.checking.invariants import Trace
from microbp.checking.judging import Finding, judged, kink, seen, sides_apart
from microbp.checking.oracles import ORACLES, NoAnswer


class ByDifferences:
    """The derivative of output k with respect to the line's input, by differences of f."""

    def __init__(self, line: Line, k: int, trace: Trace) -> None:
        self.line, self.k = line, k
        self._order, self._leaf = trace.order, trace.leaves[line.i]
        self._backward = trace.gradient[line.i]

    def few_steps(self, one_branch: bool = True) -> Finding | None:
        """A verdict at little cost, to be confirmed; None where there is none."""
        estimate = self.line.quick(self.k, one_branch)
        if estimate is None:
            return None
        if estimate.steepest == 0.0 and self._leaf not in self._order:
            return Finding("pass", estimate, note="this output does not depend on it")
        return self._judged(estimate)

    def confirmed_by_small_steps(self, estimate: Estimate) -> bool:
        """Whether steps as small as noise allows show the same slope: no ripple is hidden."""
        return not any(
            seen(small.value, estimate.value, Estimate(small.value, small.bound + estimate.bound))
            for small in self.line.small_steps(self.k, abs(estimate.value) or estimate.steepest)
        )

    def all_steps(self) -> Finding:
        """The finding of steps of every size, to both sides and to each alone."""
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
        if sides_apart(left, right):
            return kink(self._backward, left, right)
        if sides.both is None:
            return self._on_both(right, left)
        return self._judged(sides.both)

    def _judged(self, estimate: Estimate) -> Finding:
        verdict = judged(self._backward, estimate, estimate.steepest)
        if verdict == "fail" and math.isfinite(self._backward):
            estimate = replace(estimate, bound=estimate.bound + self._rounding())
            verdict = judged(self._backward, estimate, estimate.steepest)
        return Finding(verdict, estimate)

    def _rounding(self) -> float:
        """A bound on the rounding error of the backward pass, as where an adjoint underflows."""
        try:
            return derivative(self._order, self._leaf, ORACLES["forward"], EPS).bound
        except NoAnswer:
            return 0.0

    def _at_edge(self, estimate: Estimate, side: str) -> Finding:
        """Never a failure: at 0, x ** (1 + 1e-16) has slope 1 over any step, but derivative 0."""
        note = f"the domain is only {side}"
        if self._judged(estimate).verdict == "fail":
            note += f", where the slope seems to be {estimate.value:.6g}"
        return Finding("domain-edge", estimate, note=note)

    def _on_both(self, right: Estimate, left: Estimate) -> Finding:
        """At the kink of an operation, though f seems smooth: either slope may be meant."""
        low = min(right.value - right.bound, left.value - left.bound)
        high = max(right.value + right.bound, left.value + left.bound)
        if not math.isfinite(high - low):
            return Finding("inconclusive", note="at the kink of an operation")
        estimate = Estimate(
            (low + high) / 2.0, (high - low) / 2.0, max(right.steepest, left.steepest)
        )
        return self._judged(estimate)
