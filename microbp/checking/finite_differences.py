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

from microbp.checking.samples import Detail, Sample, Subject, sample

ORDERS = 5
LEAST = 1e-300  # noise below this is none
LARGEST, RATIO, RUNGS = 1.0, 2.4, 40  # the steps of a whole ladder, for an x of 1


@dataclass(frozen=True)
class Estimate:
    """A derivative, how far off it may be, and how steep f is around there, if that was seen."""

    value: float
    bound: float
    steepest: float = 0.0


UNKNOWN = Estimate(math.nan, math.inf)


@dataclass(frozen=True)
class Sides:
    """The derivative by steps to both sides, and to each alone; None where there are none.

    `jumps` where f does not come back to f(x) as the step shrinks, but to some other value;
    `erratic` where it comes to none.
    """

    both: Estimate | None
    right: Estimate | None
    left: Estimate | None
    jumps: bool
    erratic: bool


def extrapolated(
    steps: Sequence[float], quotients: Sequence[float], noises: Sequence[float], power: int
) -> Estimate:
    """The best estimate from quotients over shrinking steps, that err by powers of h**power.

    Only what every smaller step confirms counts: but for its noise, its quotient is as near the
    estimate as those that this is made of. At large steps the quotients of a fast oscillation
    may agree with one another by accident, and then the smaller ones go far from them.

    >>> steps = [0.4, 0.2, 0.1]
    >>> quotients = [math.sin(h) / h for h in steps]
    >>> estimate = extrapolated(steps, quotients, [2e-16 / h for h in steps], 2)
    >>> abs(estimate.value - 1.0) < estimate.bound < 1e-3
    True
    """
    best, row = UNKNOWN, [(quotients[0], noises[0])]
    low, high = _smaller_steps(quotients, noises)

    def confirmed(i: int, value: float, bound: float) -> bool:
        reach = bound + max(abs(quotients[i] - value), abs(quotients[i - 1] - value))
        return low[i] - reach <= value <= high[i] + reach

    for i in range(1, len(steps)):
        last = abs(quotients[i] - quotients[i - 1])
        before = abs(quotients[i - 1] - quotients[max(i - 2, 0)])
        as_expected = before * (steps[i] / steps[i - 1]) ** (0.6 * power)
        closes_in = last <= as_expected + 2.0 * (noises[i] + noises[i - 1])
        if not closes_in and last < 0.95 * before:
            # Like those of x ** 1.1 at 0: slowly, so that there is no power to extrapolate by,
            # but a geometric series of the moves to come has a sum.
            bound = noises[i] + 2.0 * last / (1.0 - last / before)
            if bound < best.bound and confirmed(i, quotients[i], bound):
                best = Estimate(quotients[i], bound)
        above, row = row, [(quotients[i], noises[i])]
        for k in range(1, min(len(above), ORDERS) + 1):
            # Neville's rule: the line through two estimates of order k - 1, read at step 0.
            ratio = min(steps[i - k] / steps[i], 1e9)
            weight = 1.0 / (ratio**power - 1.0)
            (value, noise), (coarser, coarser_noise) = row[k - 1], above[k - 1]
            better = value + weight * (value - coarser)
            better_noise = (1.0 + weight) * noise + weight * coarser_noise
            row.append((better, better_noise))
            bound = better_noise + 2.0 * max(abs(better - value), abs(better - coarser))
            if closes_in and bound < best.bound and confirmed(i, better, bound):
                best = Estimate(better, bound)
    return best


def _smaller_steps(
    quotients: Sequence[float], noises: Sequence[float]
) -> tuple[list[float], list[float]]:
    """For each step, the ends between which all smaller ones would put the derivative."""
    low, high = [-math.inf], [math.inf]
    for quotient, noise in zip(reversed(quotients[1:]), reversed(noises[1:]), strict=True):
        low.append(max(low[-1], quotient - noise))
        high.append(min(high[-1], quotient + noise))
    return low[::-1], high[::-1]


class Line:
    """The function along one of its inputs, with a sample at each place asked for."""

    def __init__(self, subject: Subject, i: int, here: Sample) -> None:
        self.subject, self.i, self.here = subject, i, here
        self.x = subject.at[i]
        self._samples: dict[float, tuple[Detail, Sample | None]] = {}

    def at(self, x: float, detail: Detail) -> Sample | None:
        """The sample with this input at x and all others where they are; None for none."""
        if math.isinf(x):
            return None
        known = self._samples.get(x)
        if known is None or known[0] < detail:
            at = self.subject.at
            moved = [*at[: self.i], x, *at[self.i + 1 :]]
            known = self._samples[x] = detail, sample(self.subject, moved, detail)
        return known[1]

    def quick(self, k: int) -> Estimate | None:
        """The derivative of output k from three steps, each a few thousandths of x.

        None where they leave the domain or the branch, seem to span a kink, or see only noise.
        """
        first = 0.0137 * (abs(self.x) or 1.0)  # no power of 2, nor 10: some period might be one
        for _ in range(6):
            first = _exact(self.x, first)
            ends = [self.at(x, Detail.BRANCHES) for x in (self.x + first, self.x - first)]
            if all(end and end.branches[k] == self.here.branches[k] for end in ends):
                break
            first /= 16.0
        else:
            return None
        steps = [first, _exact(self.x, 0.45 * first), _exact(self.x, 0.2 * first)]
        places = [(self.x + h, self.x - h) for h in steps]
        if not places[-1][0] > self.x > places[-1][1]:
            return None
        noise = self.here.noises[k]
        widths = [above - below for above, below in places]
        quotients, bends, steepest = [], [], 0.0
        for (above, below), width in zip(places, widths, strict=True):
            up, down = self.at(above, Detail.VALUES), self.at(below, Detail.VALUES)
            if up is None or down is None:
                return None
            right = (up.ys[k] - self.here.ys[k]) / (above - self.x)
            left = (self.here.ys[k] - down.ys[k]) / (self.x - below)
            quotients.append((up.ys[k] - down.ys[k]) / width)
            bends.append(abs(right - left))
            steepest = max(steepest, abs(right), abs(left))
        if bends[2] > 0.5 * bends[0] and bends[2] > 16.0 * noise / widths[2]:
            return None  # of a smooth function, a fifth of the step has a fifth of the bend
        if noise > max(LEAST, abs(self.here.ys[k]), steepest * first):
            return None
        estimate = extrapolated(widths, quotients, [2.0 * noise / w for w in widths], 2)
        return Estimate(estimate.value, estimate.bound, steepest)

    def thorough(self, k: int) -> Sides:
        """The derivative of output k from steps of every size, and that of each side alone."""
        steps = _ladder(self.x)
        ups = _one_branch([(self.x + h, self.at(self.x + h, Detail.ALL)) for h in steps], k)
        downs = _one_branch([(self.x - h, self.at(self.x - h, Detail.ALL)) for h in steps], k)
        pairs = [
            (above, ups[above], below, downs[below])
            for above, below in ((self.x + h, self.x - h) for h in steps)
            if above in ups and below in downs
        ]
        seen = [self.here, *ups.values(), *downs.values()]
        if self.here.noises[k] > max(LEAST, *(abs(s.ys[k]) for s in seen)):
            return Sides(UNKNOWN, UNKNOWN, UNKNOWN, jumps=False, erratic=True)
        smooth = pairs and pairs[-1][1].branches[k] == pairs[-1][3].branches[k]
        both = self._central(pairs, k) if smooth else None
        right, left = self._one_sided(ups, k), self._one_sided(downs, k)
        moves = [self._moves(side, k) for side in (ups, downs)]
        noises = [[s.noises[k] for s in side.values()] for side in (ups, downs)]
        erratic = any(map(_erratic, moves)) or any(map(_trembling, noises))
        return Sides(both, right, left, any(map(_jumps, moves)), erratic)

    def _central(self, pairs: list[tuple[float, Sample, float, Sample]], k: int) -> Estimate:
        x, y = self.x, self.here.ys[k]
        widths, rises, noises, bends = [], [], [], []
        for above, up, below, down in pairs:
            widths.append(above - below)
            rises.append(up.ys[k] - down.ys[k])
            noises.append(up.noises[k] + down.noises[k])
            bend = abs((up.ys[k] - y) / (above - x) - (y - down.ys[k]) / (x - below))
            noise = noises[-1] + 2.0 * self.here.noises[k]
            bends.append(bend if bend > 8.0 * noise / widths[-1] else 0.0)
        # What is exact for x is not for x + h if x is much smaller: then the middle is not at x.
        shifts = [
            abs(4.0 * math.fsum([above / 4.0, below / 4.0, -x / 2.0]))
            for above, _, below, _ in pairs
        ]
        curved = max(bend / width for bend, width in zip(bends, widths, strict=True))
        noises = [
            noise + curved * shift * width
            for noise, shift, width in zip(noises, shifts, widths, strict=True)
        ]
        start = _past_a_bend(bends)
        return _estimate(widths[start:], rises[start:], noises[start:], power=2)

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

    def _moves(self, side: dict[float, Sample], k: int) -> list[float]:
        """By how much the samples differ from f(x), less its noise, the nearest last."""
        here = self.here
        return [
            math.copysign(
                max(abs(s.ys[k] - here.ys[k]) - 8.0 * s.noises[k], 0.0), s.ys[k] - here.ys[k]
            )
            for s in side.values()
        ]


def _jumps(moves: Sequence[float]) -> bool:
    """Whether the nearest eight all lie as far off as the very nearest."""
    near, nearest = moves[-8:], abs(moves[-1]) if moves else 0.0
    alike = all(abs(move - moves[-1]) < 0.1 * nearest for move in near)
    return len(near) == 8 and nearest > 0.0 and alike


def _erratic(moves: Sequence[float]) -> bool:
    """Whether the nearest four are not much nearer to f(x) than those a hundred times as far."""
    near, far = moves[-4:], moves[-9:-5]
    return bool(far) and max(map(abs, near)) > 0.2 * max(map(abs, far))


def _past_a_bend(bends: Sequence[float]) -> int:
    """The first step past any eight whose slopes to both sides differ all by the same.

    Of a smooth function they differ by the less, the smaller the step. While they don't, all
    there is to see is a kink, or what looks like one from afar, and their mean tells nothing.
    """
    eights = [bends[i : i + 8] for i in range(len(bends) - 7)]
    steady = [i for i, eight in enumerate(eights) if min(eight) > 0.95 * max(eight)]
    return steady[-1] + 8 if steady else 0


def _trembling(noises: Sequence[float]) -> bool:
    """Whether not even the noise is the same nearby.

    Most of it may be what the rounding of x does, by the slope at each sample. Where that
    changes from one float to the next, it bounds nothing.
    """
    if len(noises) < 9:
        return False
    changes = [abs(noise - noises[-1]) for noise in noises]
    near, far = changes[-4:], changes[-9:-5]
    return max(near) > max(min(far), 0.1 * noises[-1])


def _estimate(steps: list[float], rises: list[float], noises: list[float], power: int) -> Estimate:
    if len(steps) < 2:
        return UNKNOWN
    quotients = [rise / step for rise, step in zip(rises, steps, strict=True)]
    noises = [noise / abs(step) for noise, step in zip(noises, steps, strict=True)]
    return extrapolated([abs(step) for step in steps], quotients, noises, power)


def _ladder(x: float) -> list[float]:
    """Steps from the largest to the smallest, on the scale of x and on that of 1."""
    scales = {abs(x), 1.0} - {0.0}
    steps = sorted((LARGEST * s / RATIO**j for s in scales for j in range(RUNGS)), reverse=True)
    apart = [h for h, next_ in zip(steps, [*steps[1:], 0.0], strict=True) if h > 1.5 * next_]
    return [_exact(x, h) for h in apart if h > 2.0 * math.ulp(x)]


def _exact(x: float, h: float) -> float:
    """A step of about h to numbers as far above x as below, but where x is much smaller."""
    return (abs(x) + h) - abs(x)


def _one_branch(side: list[tuple[float, Sample | None]], k: int) -> dict[float, Sample]:
    """The samples of one side as far as all are there and on the branch of the nearest."""
    found: list[tuple[float, Sample]] = []
    for x, s in reversed(side):
        if s is None or (found and s.branches[k] != found[0][1].branches[k]):
            break
        found.append((x, s))
    return dict(reversed(found))
