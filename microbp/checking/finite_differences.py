"""Numerical derivatives, with a bound on their error.

A difference quotient has two errors. Truncation: over a step h the central one,
(f(x + h) - f(x - h)) / 2h, is off by c h^2 + d h^4 + ... Quotients over several steps are
extrapolated to h = 0 (Richardson), and what the extrapolation still changes bounds what is left.
Rounding: f is only known to within its noise, which is divided by the step. Of all
estimates the best is the one with the smallest sum of the two bounds (`extrapolation`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from microbp.checking.extrapolation import UNKNOWN, Estimate, extrapolated
from microbp.checking.noise import SPACINGS, Noise, measured_noise
from microbp.checking.samples import Detail, Sample, Subject, sample

# Constants without a source are heuristics, held by tests/checking: right derivatives never fail
# and wrong ones never pass, over the whole table of operations and over random graphs.

NO_NOISE = 1e-300
"""Noise below this is ignored."""

# Three steps, for most functions
FIRST_STEP = 0.0137
"""Relative to x. No power of 2 or 10: the period of an oscillation might be one."""
SECOND_STEP, THIRD_STEP = 0.45, 0.2
"""Relative to the first step: far enough apart to extrapolate by, near enough for one branch."""
SHRINKING, ATTEMPTS = 16.0, 6
"""How much smaller the first step is tried where it leaves the branch, and how often."""
SMOOTH_BEND = 0.5
"""The one-sided slopes of a smooth function differ in proportion to the step: at the third
step by a fifth of what they do at the first. By more than half, it looks like a kink."""
BEND_NOISE = 16.0
"""A difference of one-sided slopes of less than this many times the noise shows nothing."""

SMALL_STEPS = (1e-2, 1e-5)
"""The part of the slope that noise may take over small steps: they show a ripple that the three
steps are too large for."""

# Steps of every size, for the others
LARGEST_STEP, STEP_RATIO, STEPS = 1.0, 2.4, 40
"""For an x of 1. 2.4 ** 39 is 7e14: down to where rounding takes all digits but one."""
STEP_GAP = 1.5
"""Of the steps on the scales of x and of 1, those nearer to each other than this are left out."""
LASTING, SAME_NOISE = 100.0, 4.0
"""Measured noise is the same, to this factor, at distances up to this many times as far."""
SIGNIFICANT = 8.0
"""A difference of more than this many times its noise is not noise."""
WINDOW = 8
"""So many steps in a row, a factor of 500 from the first to the last, show a jump or a kink."""
CONSTANT = 0.95
"""Slopes that differ by less than 5 % within a window do not depend on the step."""
JUMP = 0.1
"""Changes of f that agree to this part of the nearest, over a window, are a jump."""
NEAR, FAR = slice(-4, None), slice(-9, -5)
"""The four smallest steps, and four that are about a hundred times as large."""
CONTINUOUS = 0.2
"""Of a continuous function, changes over the near steps are below this part of the far ones'."""
STEADY_NOISE = 0.1
"""Noise that changes by less than this part over the near steps is the same there."""


@dataclass(frozen=True)
class Sides:
    """The derivative by steps to both sides, and to each alone; None where there are none.

    `jumps`: as the step shrinks, f converges to a value other than f(x). `erratic`: it does not
    converge.
    """

    both: Estimate | None
    right: Estimate | None
    left: Estimate | None
    jumps: bool
    erratic: bool


class Line:
    """The function of one of its inputs, the others fixed; its samples are kept."""

    def __init__(self, subject: Subject, i: int, here: Sample) -> None:
        self.subject, self.i, self.here = subject, i, here
        self.x = subject.point[i]
        self._samples: dict[float, tuple[Detail, Sample | None]] = {}
        self.measured: dict[int, float] = {}

    def at(self, x: float, detail: Detail) -> Sample | None:
        """The sample with this input at x; None outside the domain."""
        if math.isinf(x):
            return None
        known = self._samples.get(x)
        if known is None or known[0] < detail:
            point = self.subject.point
            moved = [*point[: self.i], x, *point[self.i + 1 :]]
            found = sample(self.subject, moved, detail)
            known = self._samples[x] = detail, found and self._with_measured_noise(found)
        return known[1]

    def measure_noise(self, k: int, margin: float, lasting: bool) -> float:
        """Measure the noise of output k; this many times it counts from now on, if that is more.

        With `lasting`, noise that grows with the distance is not taken for one.

        What is known without is the rounding of the operations, not what a custom operation
        leaves off: the tolerance of an iteration, or float32. A kink nearby is no noise either.
        """
        branch = self.here.branches[k]
        at_kink = any(side == 0.0 for side in branch)

        def value(x: float) -> float | None:
            found = self.at(x, Detail.BRANCHES)
            return found.ys[k] if found and (at_kink or found.branches[k] == branch) else None

        # Its size at any distance: between two stairs a function looks smooth.
        noise = measured_noise(value, self.x)
        size = margin * (_lasting(noise, self._scale) if lasting else noise.size)
        self.measured[k] = size
        self._samples.clear()
        self.here = self._with_measured_noise(self.here)
        return size

    def _with_measured_noise(self, found: Sample) -> Sample:
        noises = [max(noise, self.measured.get(k, 0.0)) for k, noise in enumerate(found.noises)]
        return replace(found, noises=noises)

    def quick(self, k: int, one_branch: bool = True) -> Estimate | None:
        """The derivative of output k from three steps, each a few thousandths of x.

        None where they leave the domain, seem to span a kink, or show only noise, and with
        `one_branch` where they leave the branch.
        """
        first = self._first_step(k) if one_branch else _exact(self.x, FIRST_STEP * self._scale)
        if first is None:
            return None
        steps = [first, _exact(self.x, SECOND_STEP * first), _exact(self.x, THIRD_STEP * first)]
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
        if bends[2] > SMOOTH_BEND * bends[0] and bends[2] > BEND_NOISE * noise / widths[2]:
            return None
        if noise > max(NO_NOISE, abs(self.here.ys[k]), steepest * first):
            return None
        estimate = extrapolated(widths, quotients, [2.0 * noise / w for w in widths], 2)
        return Estimate(estimate.value, estimate.bound, steepest)

    @property
    def _scale(self) -> float:
        return abs(self.x) or 1.0

    def _first_step(self, k: int) -> float | None:
        """The largest of a few steps that stay on the branch."""
        first = FIRST_STEP * self._scale
        for _ in range(ATTEMPTS):
            first = _exact(self.x, first)
            ends = [self.at(x, Detail.BRANCHES) for x in (self.x + first, self.x - first)]
            if all(end and end.branches[k] == self.here.branches[k] for end in ends):
                return first
            first /= SHRINKING
        return None

    def small_steps(self, k: int, slope: float) -> Iterator[Estimate]:
        """The slope over steps just large enough that noise leaves some digits of it."""
        noise = self.here.noises[k] + math.ulp(self.here.ys[k])
        for part in SMALL_STEPS:
            above, below = (self.x + way * noise / (part * slope or 1.0) for way in (1.0, -1.0))
            up, down = self.at(above, Detail.VALUES), self.at(below, Detail.VALUES)
            if up and down and above > self.x > below:
                width = above - below
                yield Estimate((up.ys[k] - down.ys[k]) / width, 2.0 * noise / width)

    def thorough(self, k: int) -> Sides:
        """The derivative of output k from steps of every size, and that of each side alone."""
        steps = _step_sizes(self.x)
        ups = _one_branch([(self.x + h, self.at(self.x + h, Detail.ALL)) for h in steps], k)
        downs = _one_branch([(self.x - h, self.at(self.x - h, Detail.ALL)) for h in steps], k)
        pairs = [
            (above, ups[above], below, downs[below])
            for above, below in ((self.x + h, self.x - h) for h in steps)
            if above in ups and below in downs
        ]
        seen = [self.here, *ups.values(), *downs.values()]
        if self.here.noises[k] > max(NO_NOISE, *(abs(s.ys[k]) for s in seen)):
            return Sides(UNKNOWN, UNKNOWN, UNKNOWN, jumps=False, erratic=True)
        smooth = pairs and pairs[-1][1].branches[k] == pairs[-1][3].branches[k]
        both = self._central(pairs, k) if smooth else None
        right, left = self._one_sided(ups, k), self._one_sided(downs, k)
        moves = [self._moves(side, k) for side in (ups, downs)]
        noises = [[s.noises[k] for s in side.values()] for side in (ups, downs)]
        erratic = any(map(_erratic, moves)) or any(map(_noise_varies, noises))
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
            bends.append(bend if bend > SIGNIFICANT * noise / widths[-1] else 0.0)
        # If x is much smaller than h, x + h and x - h are rounded, and their middle is not x.
        shifts = [
            abs(4.0 * math.fsum([above / 4.0, below / 4.0, -x / 2.0]))  # quarters cannot overflow
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
        """By how much the samples differ from f(x), minus the noise; the nearest last."""
        here = self.here
        moves = []
        for s in side.values():
            move = s.ys[k] - here.ys[k]
            moves.append(math.copysign(max(abs(move) - SIGNIFICANT * s.noises[k], 0.0), move))
        return moves


def _lasting(noise: Noise, reach: float) -> float:
    """The largest noise that is the same over distances a hundred times as far; 0 without any.

    What grows with the distance is no noise: a kink looks like that.
    """
    least = max(reach * SPACINGS[0], LASTING * noise.stairs)
    levels = [(max(start, least), size) for start, size in noise.levels]
    lasting = [
        size
        for start, size in levels
        if LASTING * start <= reach
        and all(other > LASTING * start or more <= SAME_NOISE * size for other, more in levels)
    ]
    return max(lasting, default=0.0)


def _jumps(moves: Sequence[float]) -> bool:
    """Whether the nearest all differ from f(x) by as much as the very nearest."""
    near, nearest = moves[-WINDOW:], abs(moves[-1]) if moves else 0.0
    alike = all(abs(move - moves[-1]) < JUMP * nearest for move in near)
    return len(near) == WINDOW and nearest > 0.0 and alike


def _erratic(moves: Sequence[float]) -> bool:
    """Whether the samples nearest to x are not nearer to f(x) than those farther away."""
    near, far = moves[NEAR], moves[FAR]
    return bool(far) and max(map(abs, near)) > CONTINUOUS * max(map(abs, far))


def _past_a_bend(bends: Sequence[float]) -> int:
    """The first step past any window in which the one-sided slopes differ by a constant.

    For a smooth function they differ less, the smaller the step. While they don't, the steps see
    a kink, or what looks like one from afar, and the mean of the slopes says nothing.
    """
    windows = [bends[i : i + WINDOW] for i in range(len(bends) - WINDOW + 1)]
    steady = [i for i, window in enumerate(windows) if min(window) > CONSTANT * max(window)]
    return steady[-1] + WINDOW if steady else 0


def _noise_varies(noises: Sequence[float]) -> bool:
    """Whether not even the noise is the same nearby.

    Most of it may be the rounding of x, times the slope at each sample. Where that changes from
    one float to the next, it is not a bound.
    """
    if len(noises[FAR]) < 4:
        return False
    changes = [abs(noise - noises[-1]) for noise in noises]
    return max(changes[NEAR]) > max(min(changes[FAR]), STEADY_NOISE * noises[-1])


def _estimate(steps: list[float], rises: list[float], noises: list[float], power: int) -> Estimate:
    if len(steps) < 2:
        return UNKNOWN
    quotients = [rise / step for rise, step in zip(rises, steps, strict=True)]
    noises = [noise / abs(step) for noise, step in zip(noises, steps, strict=True)]
    found = extrapolated([abs(step) for step in steps], quotients, noises, power)
    sizes = (abs(q) - SIGNIFICANT * noise for q, noise in zip(quotients, noises, strict=True))
    return Estimate(found.value, found.bound, max(0.0, *sizes))


def _step_sizes(x: float) -> list[float]:
    """Steps from the largest to the smallest, on the scale of x and on that of 1."""
    scales = {abs(x), 1.0} - {0.0}
    sizes = (LARGEST_STEP * scale / STEP_RATIO**j for scale in scales for j in range(STEPS))
    steps = sorted(sizes, reverse=True)
    apart = [h for h, next_ in zip(steps, [*steps[1:], 0.0], strict=True) if h > STEP_GAP * next_]
    return [_exact(x, h) for h in apart if h > 2.0 * math.ulp(x)]


def _exact(x: float, h: float) -> float:
    """A step of about h such that x + h and x - h are not rounded, unless x is much smaller."""
    return (abs(x) + h) - abs(x)


def _one_branch(side: list[tuple[float, Sample | None]], k: int) -> dict[float, Sample]:
    """The samples of one side, up to the first that is missing or on another branch."""
    found: list[tuple[float, Sample]] = []
    for x, s in reversed(side):
        if s is None or (found and s.branches[k] != found[0][1].branches[k]):
            break
        found.append((x, s))
    return dict(reversed(found))
