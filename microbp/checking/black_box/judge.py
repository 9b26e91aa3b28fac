"""The verdict on one derivative that the user's code gave, from differences of f along a line."""

from __future__ import annotations

import math
import sys
from dataclasses import replace

from microbp.checking.black_box.lines import Line
from microbp.checking.black_box.problem import Finding, Problem
from microbp.checking.black_box.scales import across_jumps, other_steps_agree
from microbp.checking.extrapolation import UNKNOWN, Estimate
from microbp.checking.noise import Noise
from microbp.checking.report import Verdict

DECISIVE, PLAIN = 1e3, 1e-2
"""A derivative is wrong by a few steps alone if it is so many times their bound off, and so much
of itself."""
COARSE = 1e-6
"""Differences whose bound is above this part of the derivative leave something to refine."""
SMALL = 1e-2
"""Steps relative to x say nothing of an f that varies on the scale of 1, if x is smaller."""
TINY = sys.float_info.min
"""There are no steps relative to a denormal number."""
NEGLIGIBLE = 1e-8
"""A smaller relative error is not looked for: an iteration that stops at a tolerance, or a
formula of float64 that cancels a little, has it though its formula is right."""
TIGHT, TIGHT_TO_LARGEST = 1e-3, 1e-6
"""A derivative passes where an error of this part of it would have been detected, or of this part
of the gradient's largest entry."""
FLAT = 1e-6
"""A derivative near 0 passes if its bound would change f by less than this part of its change."""
MARGIN = 2.0
"""Differences contradict a derivative that is farther off than so many times their bound."""
JUMPS = 10.0
"""Noise that is so many times larger farther out comes from jumps of an iteration."""
VAGUE, MOST_OF_IT = 0.05, 0.75
"""If noise leaves a bound of more than the one, a derivative is only wrong that is off by more than
the other: the steps are so large that they may have crossed a kink."""
WILD, WILD_NEARBY = 0.1, 1e-3
"""Steps show nothing of an f whose noise, anywhere and nearby, is so much of all that it does."""
DOUBLE = 1e-12
"""Relative noise of more than this is worth a note."""
SATURATED = 1e-11
"""If f is known to this part of itself and yet shows no slope, it is flat, and loses no digits."""
SLIGHT = 1e-5
"""A smaller relative difference is hardly a mistake in a formula: an integral or a differential
equation may be solved to that."""
EXCUSED = 5e-3
"""Jumps of f or of its gradient excuse no larger relative difference than this."""
HIDDEN, LOOSE = 5e-4, 2e-2
"""Off the line, kinks and jumps of f excuse at most the one, and jumps of a loose solver, which are
no larger than that part of f, at most the other."""


def judged(
    problem: Problem, line: Line, k: int, claimed: float, largest: float | None = None
) -> Finding:
    """The verdict on a derivative of output k along a line.

    `largest` is the largest part that one entry has in it, by default that of the gradient.
    """
    largest = problem.largest(k) if largest is None else largest
    found = _judged(problem, line, k, claimed, largest, problem.noise(k))
    if found.verdict not in ("fail", "inconclusive"):
        return found
    if TINY <= line.size < SMALL * line.scale:  # among entries that are far larger
        near = line.rescaled(line.size)
        noise = problem.noise(k) if problem.noise_given else near.noise(k)
        again = _judged(problem, near, k, claimed, largest, noise)
        apart = abs(again.estimate.value - found.estimate.value)
        differ = apart > MARGIN * (again.estimate.bound + found.estimate.bound)
        beyond = line.scale > 1.0 / SMALL and line.steps()[-1] > line.size
        if again.verdict != "inconclusive" or differ or beyond:
            return again
    if found.verdict == "fail":
        return found
    if line.scale < SMALL:
        again = judged(problem, line.rescaled(1.0), k, claimed, largest)
        return found if again.verdict == "inconclusive" and found.note else again
    return found


def _judged(
    problem: Problem, line: Line, k: int, claimed: float, largest: float, noise: Noise
) -> Finding:
    """The verdict by steps relative to the line's scale."""
    found = _by_differences(problem, line, k, claimed, largest, noise)
    coarse = found.estimate.bound > COARSE * abs(found.estimate.value)
    if found.verdict in ("pass", "inconclusive") and coarse:
        found = _refined(found, line, k, claimed, noise)
    if found.verdict == "fail":
        doubt = other_steps_agree(line, k, claimed, found.estimate.value)
        if doubt:
            return replace(found, verdict="inconclusive", note=doubt)
        most = max(line.variation(k), abs(line.f.here[k]))
        wild = noise.size > WILD * most and noise.levels[0][1] > WILD_NEARBY * most > 0.0
        if wild and not problem.noise_given:
            note = "f varies as much between neighboring floats as farther out"
            return replace(found, verdict="inconclusive", note=note)
    return found


def _by_differences(
    problem: Problem, line: Line, k: int, claimed: float, largest: float, noise: Noise
) -> Finding:
    quick = _floored(line.quick(k, noise))
    if _tight(quick, line, k, largest):
        off = abs(claimed - quick.value)
        if off <= quick.bound:
            return Finding("pass", quick, _named(noise, line, k))
        if off > max(DECISIVE * quick.bound, PLAIN * abs(quick.value)) and math.isfinite(off):
            return Finding("fail", quick, _named(noise, line, k))
    if claimed == 0.0 == line.variation(k) and quick.bound < math.inf:
        return Finding("pass", quick)
    if not problem.noise_given:
        noise = noise.or_worse(line.noise(k))
    return _thorough(problem, line, k, claimed, noise, largest)


def _refined(found: Finding, line: Line, k: int, claimed: float, noise: Noise) -> Finding:
    """The finding with a complex step, where that contradicts no differences."""
    differences = found.estimate
    slope = line.complex_step(k, noise)
    if slope is None or abs(slope - differences.value) > MARGIN * differences.bound:
        return found
    exact = _floored(Estimate(slope, 0.0))
    if abs(slope - claimed) <= exact.bound:
        return Finding("pass", exact, found.note, "complex step")
    if found.verdict == "pass":
        return found  # the rounding that makes f noisy may shift this slope as well
    saturated = noise.size <= SATURATED * abs(line.f.here[k])
    if saturated and abs(slope - claimed) > EXCUSED * abs(slope) and line.complex_steps_agree(k):
        return Finding("fail", exact, "f is flat here, as far as floats show", "complex step")
    notes = filter(None, [found.note, f"a complex step says {slope:.10g}"])
    return replace(found, note="; ".join(notes))


def _thorough(
    problem: Problem, line: Line, k: int, claimed: float, noise: Noise, largest: float
) -> Finding:
    """The verdict from steps of every size."""
    both, above, below = (
        _floored(line.both_sides(k, noise)),
        _floored(line.one_side(k, noise, 1.0)),
        _floored(line.one_side(k, noise, -1.0)),
    )
    smallest = line.steps()[-1]
    sides = [line.at(sign * smallest) is not None for sign in (1.0, -1.0)]
    if not any(sides):
        return Finding("inconclusive", UNKNOWN, "f has no finite values nearby")
    if not all(sides):
        return _at_edge(above if sides[0] else below, claimed, "above" if sides[0] else "below")
    gap = abs(above.value - below.value)
    if gap > MARGIN * (above.bound + below.bound):
        return _at_kink(above, below, claimed)
    named = _named(noise, line, k)
    if math.isinf(both.bound):
        return Finding("inconclusive", both, named or "differences of f do not converge")
    off = abs(claimed - both.value)
    if not math.isfinite(claimed):
        verdict: Verdict = "fail" if _tight(both, line, k, largest) else "inconclusive"
        return Finding(verdict, both, f"the gradient is {claimed}")
    across = across_jumps(line, k, noise, both)
    if across is not None:
        return _at_jumps(both, across, claimed, noise)
    if off > MARGIN * both.bound:
        low = min(above.value - above.bound, below.value - below.bound)
        high = max(above.value + above.bound, below.value + below.bound)
        vague = both.bound > VAGUE * abs(both.value) and off < MOST_OF_IT * abs(both.value)
        if named and (vague or low <= claimed <= high):
            return Finding("inconclusive", both, f"{named}, which may hide a kink")
        return _contradicted(problem, line, k, both, off, noise, largest)
    if off <= both.bound and _tight(both, line, k, largest):
        return Finding("pass", both, named)
    return Finding("inconclusive", both, named or "the differences are not accurate enough")


def _contradicted(
    problem: Problem,
    line: Line,
    k: int,
    both: Estimate,
    off: float,
    noise: Noise,
    largest: float,
) -> Finding:
    """The verdict where the derivative is outside of the bound."""
    excuse = 0.0
    for distance, size in noise.levels:
        if distance > 0.0 and size > JUMPS * noise.levels[0][1]:
            excuse = max(excuse, MARGIN * size / (distance * line.scale))
            excuse = max(excuse, _root(size, abs(line.f.here[k])) * abs(both.value))
    if off <= min(excuse, EXCUSED * abs(both.value)):
        note = f"f jumps by {noise.size:.1g} nearby, so its smooth pieces have slopes of their own"
        return Finding("inconclusive", replace(both, bound=max(both.bound, off)), note)
    size, here = abs(both.value), abs(line.f.here[k])
    if off <= max(LOOSE * size, HIDDEN * largest):
        # An iteration, of f or of the gradient, may jump where this line does not lead.
        looks, jumps = problem.jumps(k)
        excuse = min(_root(looks, here), HIDDEN) * size
        if jumps < LOOSE * here:  # a larger one is meant
            excuse = max(excuse, min(_root(jumps, here), LOOSE) * size)
        if looks > JUMPS * noise.levels[0][1] and off <= excuse:
            how = "jumps by" if jumps else "has jumps or kinks of"
            note = f"f {how} {jumps or looks:.1g} nearby: say noise= if it is solved to a tolerance"
            return Finding("inconclusive", replace(both, bound=max(both.bound, off)), note)
        jumps = problem.gradient_jumps(k)
        if off <= MARGIN * jumps <= EXCUSED * largest:  # a mask of relu jumps by more
            note = f"the gradient itself jumps by {jumps:.1g} nearby"
            return Finding("inconclusive", replace(both, bound=max(both.bound, off)), note)
    if off <= SLIGHT * abs(both.value):
        note = f"off by {off / abs(both.value):.0e} of itself: an approximation, or a mistake?"
        return Finding("inconclusive", replace(both, bound=max(both.bound, off)), note)
    return Finding("fail", both, _named(noise, line, k))


def _at_jumps(between: Estimate, across: Estimate, claimed: float, noise: Noise) -> Finding:
    """The verdict where f jumps on both sides, and its slope is not that of its pieces."""
    note = (
        f"f jumps time and again, by up to {noise.size:.1g}: the slope is {between.value:.4g} "
        f"between the jumps and {across.value:.4g} across them"
    )
    if not any(abs(claimed - slope.value) <= MARGIN * slope.bound for slope in (between, across)):
        return Finding("fail", across, note)
    apart = abs(between.value - across.value)
    return Finding("inconclusive", replace(across, bound=across.bound + apart), note)


def _root(jumps: float, here: float) -> float:
    """The relative error of a gradient from an iteration whose value jumps by so much.

    It is known to the square root of f's precision, as an eigenvector is beside its eigenvalue.
    """
    return math.sqrt(jumps / here) if here else 0.0


def _at_edge(side: Estimate, claimed: float, where: str) -> Finding:
    off = abs(claimed - side.value)
    wrong = math.isfinite(claimed) and off > MARGIN * side.bound and side.bound < 1e-3 * off
    note = f"f has finite values only {where}"
    return Finding("fail" if wrong else "domain-edge", side, note)


def _at_kink(above: Estimate, below: Estimate, claimed: float) -> Finding:
    low, high = sorted([above, below], key=lambda side: side.value)
    between = low.value - low.bound <= claimed <= high.value + high.bound
    middle = (low.value + high.value) / 2.0
    note = f"the slope is {below.value:.4g} below and {above.value:.4g} above"
    return Finding(
        "kink" if between else "fail",
        Estimate(middle, high.value - middle + max(low.bound, high.bound)),
        f"{note}; {claimed:.4g} lies {'between' if between else 'outside of'} them",
    )


def _floored(estimate: Estimate) -> Estimate:
    return replace(estimate, bound=max(estimate.bound, NEGLIGIBLE * abs(estimate.value)))


def tight(estimate: Estimate, largest: float) -> bool:
    """Whether an error would show in a derivative, or in the gradient."""
    return estimate.bound <= max(TIGHT * abs(estimate.value), TIGHT_TO_LARGEST * largest)


def _tight(estimate: Estimate, line: Line, k: int, largest: float) -> bool:
    return tight(estimate, largest) or estimate.bound * line.scale <= FLAT * line.variation(k)


def _named(noise: Noise, line: Line, k: int) -> str:
    """What is to be said about f's noise, if it is more than rounding in double precision."""
    size = noise.levels[0][1]
    if noise.stairs:
        return f"f's values come in stairs: they are known to ± {size:.1g}"
    if size > DOUBLE * abs(line.f.here[k]):
        return f"f's values are known to ± {size:.1g} only"
    return ""
