"""Numerical derivatives that know how far off they may be.

A difference quotient errs in two ways. Truncation: over a step h the central one,
(f(x + h) - f(x - h)) / 2h, is off by c h^2 + d h^4 + ...; quotients over several steps are
extrapolated to h = 0 (Richardson), and where extrapolation changes nothing any more, little is
left. Rounding: f is known to within its noise only, which is divided by the step. Of all
estimates the best is the one whose two bounds have the smallest sum.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from microbp.samples import Sample, Subject, sample

ORDERS = 5
FINEST, RATIO = 40, 2.4  # how many steps a whole ladder has, and how many times each is the next


@dataclass(frozen=True)
class Estimate:
    """A derivative, how far off it may be, and how steep f was found to be around there."""

    value: float
    bound: float
    steepest: float = 0.0


UNKNOWN = Estimate(math.nan, math.inf)


@dataclass(frozen=True)
class Sides:
    """The derivative by steps to both sides, and to each alone; None where there are none.

    `jumps` where f itself does not come back to f(x) as the step shrinks.
    """

    both: Estimate | None
    right: Estimate | None
    left: Estimate | None
    jumps: bool


def extrapolated(
    steps: Sequence[float], quotients: Sequence[float], noises: Sequence[float], power: int
) -> Estimate:
    """The best estimate from quotients over shrinking steps, that err by powers of h**power.

    Only what agrees with every smaller step counts: at large steps the quotients of
    a fast oscillation may agree with one another by accident.

    >>> steps = [0.4, 0.2, 0.1]
    >>> quotients = [math.sin(h) / h for h in steps]
    >>> estimate = extrapolated(steps, quotients, [2e-16 / h for h in steps], 2)
    >>> abs(estimate.value - 1.0) < estimate.bound < 1e-5
    True
    """
    best, row = UNKNOWN, [(quotients[0], noises[0])]
    low, high = _smaller_agree(quotients, noises)
    for i in range(1, len(steps)):
        above, row = row, [(quotients[i], noises[i])]
        for k in range(1, min(len(above), ORDERS) + 1):
            # Neville's rule: the line through two estimates of order k - 1, read at step 0.
            weight = 1.0 / ((steps[i - k] / steps[i]) ** power - 1.0)
            (value, noise), (coarser, coarser_noise) = row[k - 1], above[k - 1]
            better = value + weight * (value - coarser)
            better_noise = (1.0 + weight) * noise + weight * coarser_noise
            row.append((better, better_noise))
            bound = better_noise + 2.0 * max(abs(better - value), abs(better - coarser))
            if bound < best.bound and better - bound <= high[i] and better + bound >= low[i]:
                best = Estimate(better, bound)
    return best


def _smaller_agree(
    quotients: Sequence[float], noises: Sequence[float]
) -> tuple[list[float], list[float]]:
    """For each step, the ends between which all smaller steps put the derivative."""
    low, high = [-math.inf], [math.inf]
    for j in range(len(quotients) - 1, 0, -1):
        neighbour = quotients[j + 1] if j + 1 < len(quotients) else quotients[j - 1]
        reach = 2.0 * noises[j] + 2.0 * abs(quotients[j] - neighbour)
        low.append(max(low[-1], quotients[j] - reach))
        high.append(min(high[-1], quotients[j] + reach))
    return low[::-1], high[::-1]


class Line:
    """The function along one of its inputs, with a sample at each place asked for."""

    def __init__(self, subject: Subject, i: int, here: Sample) -> None:
        self.subject, self.i, self.here = subject, i, here
        self.x = subject.at[i]
        self._samples: dict[tuple[float, bool], Sample | None] = {}

    def at(self, x: float, noisy: bool) -> Sample | None:
        """The sample with this input at x and all others where they are."""
        key = x, noisy
        if key not in self._samples:
            at = self.subject.at
            moved = sample(self.subject, [*at[: self.i], x, *at[self.i + 1 :]], noisy)
            self._samples[key] = moved
        return self._samples[key]

    def quick(self, k: int) -> Estimate | None:
        """The derivative of output k from three steps, each a few thousandths of x.

        None where they leave the domain or the branch, or seem to span a kink.
        """
        first = 0.0137 * (abs(self.x) or 1.0)  # no power of 2, nor 10: some period might be one
        for _ in range(6):
            steps = [first, first * 0.45, first * 0.2]
            rungs = [self._pair(h, k, noisy=False) for h in steps]
            if all(self._same_branch(rung, k) for rung in rungs):
                break
            first /= 16.0
        else:
            return None
        noise = self.here.noises[k]
        widths, quotients, steepest, bends = [], [], 0.0, []
        for (above, up), (below, down) in filter(None, rungs):
            widths.append(above - below)
            if not above > self.x > below:
                return None
            quotients.append((up.ys[k] - down.ys[k]) / widths[-1])
            right = (up.ys[k] - self.here.ys[k]) / (above - self.x)
            left = (self.here.ys[k] - down.ys[k]) / (self.x - below)
            steepest = max(steepest, abs(right), abs(left))
            bends.append(abs(right - left))
        if bends[2] > 0.5 * bends[0] and bends[2] > 16.0 * noise / widths[2]:
            return None  # of a smooth function, a fifth of the step has a fifth of the bend
        estimate = extrapolated(widths, quotients, [2.0 * noise / w for w in widths], 2)
        return Estimate(estimate.value, estimate.bound, steepest)

    def thorough(self, k: int) -> Sides:
        """The derivative of output k from steps of every size, and that of each side alone."""
        rungs = []
        for h in _ladder(self.x):
            up, down = self.at(self.x + h, True), self.at(self.x - h, True)
            rungs.append((self.x + h, up, self.x - h, down))
        ups = _one_branch([(x, s) for x, s, _, _ in rungs], k)
        downs = _one_branch([(x, s) for _, _, x, s in rungs], k)
        pairs = [
            (above, up, below, down)
            for above, up, below, down in rungs
            if up is not None and down is not None and above in ups and below in downs
        ]
        smooth = pairs and pairs[-1][1].branches[k] == pairs[-1][3].branches[k]
        both = (
            _estimate(
                [above - below for above, _, below, _ in pairs],
                [up.ys[k] - down.ys[k] for _, up, _, down in pairs],
                [up.noises[k] + down.noises[k] for _, up, _, down in pairs],
                power=2,
            )
            if smooth
            else None
        )
        right, left = self._one_sided(ups, k), self._one_sided(downs, k)
        return Sides(both, right, left, self._jumps(ups, k) or self._jumps(downs, k))

    def _pair(
        self, h: float, k: int, noisy: bool
    ) -> tuple[tuple[float, Sample], tuple[float, Sample]] | None:
        above, below = self.x + h, self.x - h
        up, down = self.at(above, noisy), self.at(below, noisy)
        return None if up is None or down is None else ((above, up), (below, down))

    def _same_branch(
        self, rung: tuple[tuple[float, Sample], tuple[float, Sample]] | None, k: int
    ) -> bool:
        return rung is not None and all(s.branches[k] == self.here.branches[k] for _, s in rung)

    def _one_sided(self, side: dict[float, Sample], k: int) -> Estimate | None:
        if not side:
            return None
        here = self.here
        return _estimate(
            [x - self.x for x in side],
            [s.ys[k] - here.ys[k] for s in side.values()],
            [s.noises[k] + here.noises[k] for s in side.values()],
            power=1,
        )

    def _jumps(self, side: dict[float, Sample], k: int) -> bool:
        """Whether the nearest samples are as far from f(x) as others a thousand times as far."""
        moves = [abs(s.ys[k] - self.here.ys[k]) for s in side.values()]
        noise = max((s.noises[k] for s in side.values()), default=0.0)
        return len(moves) > 8 and moves[-1] > max(0.5 * moves[-9], 16.0 * noise)


def _estimate(
    steps: list[float], rises: list[float], noises: list[float], power: int
) -> Estimate:
    if len(steps) < 2:
        return UNKNOWN
    quotients = [rise / step for rise, step in zip(rises, steps, strict=True)]
    noises = [noise / abs(step) for noise, step in zip(noises, steps, strict=True)]
    estimate = extrapolated([abs(step) for step in steps], quotients, noises, power)
    return Estimate(estimate.value, estimate.bound, max(map(abs, quotients)))


def _ladder(x: float) -> list[float]:
    """Steps from the largest to the smallest, on the scale of x and on that of 1."""
    scales = {abs(x), 1.0} - {0.0}
    steps = sorted((8.0 * s / RATIO**j for s in scales for j in range(FINEST)), reverse=True)
    apart = [h for h, next_ in zip(steps, [*steps[1:], 0.0], strict=True) if h > 1.5 * next_]
    return [h for h in apart if h > 8.0 * math.ulp(x)]


def _one_branch(side: list[tuple[float, Sample | None]], k: int) -> dict[float, Sample]:
    """The samples of one side that are on the branch of the nearest, by their places."""
    there = [(x, s) for x, s in side if s is not None]
    return {x: s for x, s in there if s.branches[k] == there[-1][1].branches[k]}
