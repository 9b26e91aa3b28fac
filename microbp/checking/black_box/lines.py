"""f along a line through `at`: in the direction of one entry, or of many."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

from microbp.checking.black_box.function import Function
from microbp.checking.black_box.inputs import Vector
from microbp.checking.error_model import EPS
from microbp.checking.extrapolation import UNKNOWN, Estimate, extrapolated
from microbp.checking.noise import SPACINGS, Noise, measured_noise

# Constants without a source are heuristics, held by tests/checking/black_box.

FIRST_STEP, SECOND_STEP, THIRD_STEP = 0.0137, 0.0061, 0.0027
"""Relative to the scale. No powers of 2 or 10: the period of an oscillation might be one."""
TINY_STEP = 2e-6
"""A step that sees a ripple which the larger ones step over."""
LARGEST_STEP, SMALLEST_STEP, STEP_RATIO = 0.1, 1e-11, 2.4
"""Farther out than the largest, somebody's iteration may not even end."""
APART = 1.5
"""Rounded to single precision, small steps come nearer to each other; some are left out."""
BEND = 0.5
"""The one-sided slopes of a smooth function differ in proportion to the step."""
SIGNIFICANT = 16.0
"""A difference of less than so many times the noise shows nothing."""
IMAGINARY = 1e-30
"""Its square is lost beside any number."""
ROUNDING = 4.0 * EPS
ELSEWHERE, NARROW = (-0.9, -0.75, -0.5, 0.5, 0.75, 0.9), 3e-3
"""Where a complex step is compared with a difference, and the step of that; by the scale."""
DIGITS, ALIKE = 1e3, 1e-2
"""The difference counts if it is so many times larger than rounding, and is met to this part."""

Pair: TypeAlias = tuple[float, float, float, float]
"""Steps up and down, and the values there."""


class Line:
    """Output k of f along a line, with the values that were already computed.

    `moved(t)` gives the vector and the step that was really taken, which may be rounded. `scale`
    is the size of a large step. `size` is that of the entry which moves alone, or else 0.
    """

    def __init__(
        self,
        f: Function,
        moved: Callable[[float], tuple[Vector, float]],
        scale: float,
        direction: Callable[[], Vector],
        size: float = 0.0,
    ) -> None:
        self.f, self.scale, self._direction, self.size = f, scale, direction, size
        self._moved = moved
        self._seen: dict[float, tuple[float, list[float]] | None] = {0.0: (0.0, f.here)}

    def at(self, t: float) -> tuple[float, list[float]] | None:
        """The step and f's outputs there; None where it has none."""
        if t not in self._seen:
            vector, step = self._moved(t)
            ys = self.f(vector) if math.isfinite(step) else None
            self._seen[t] = None if ys is None else (step, ys)
        return self._seen[t]

    def rescaled(self, scale: float) -> Line:
        """The same line, with another scale, which is no other entry's."""
        return Line(self.f, self._moved, scale, self._direction)

    def value(self, t: float, k: int) -> float | None:
        found = self.at(t)
        return None if found is None else found[1][k]

    def pair(self, t: float, k: int) -> Pair | None:
        """Both neighbors at this distance; None where one is missing, or is no neighbor."""
        up, down = self.at(t), self.at(-t)
        if up is None or down is None or not up[0] > 0.0 > down[0]:
            return None
        return up[0], down[0], up[1][k], down[1][k]

    def noise(self, k: int, spacings: tuple[float, ...] = SPACINGS) -> Noise:
        """The measured noise along this line, by distances relative to the scale."""
        return measured_noise(lambda t: self.value(t * self.scale, k), 0.0, 1.0, spacings)

    def quick(self, k: int, noise: Noise) -> Estimate:
        """The derivative by three steps, which a tiny one must confirm: eight values of f.

        Unknown at what may be a kink, or an edge of the domain.
        """
        here = self.f.here[k]
        pairs = [
            self.pair(relative * self.scale, k)
            for relative in (FIRST_STEP, SECOND_STEP, THIRD_STEP, TINY_STEP)
        ]
        widths, quotients, noises, bends = [], [], [], []
        for pair in pairs:
            if pair is None:
                return UNKNOWN
            up, down, above, below = pair
            widths.append(up - down)
            quotients.append((above - below) / (up - down))
            noises.append(2.0 * self._noise(noise, up, above, below) / (up - down))
            bends.append(abs((above - here) / up - (here - below) / -down))
        if bends[2] > BEND * bends[0] and bends[2] > SIGNIFICANT * noises[2]:
            return UNKNOWN
        estimate = extrapolated(widths[:3], quotients[:3], noises[:3], 2)
        off = abs(quotients[3] - estimate.value)
        curved = bends[0] * widths[3] / widths[0]
        return estimate if off <= estimate.bound + noises[3] + curved else UNKNOWN

    def steps(self) -> list[float]:
        """Steps from the largest to the smallest."""
        t, found = LARGEST_STEP * self.scale, []
        while t > SMALLEST_STEP * self.scale:
            found.append(t)
            t /= STEP_RATIO
        return found

    def both_sides(self, k: int, noise: Noise) -> Estimate:
        """The derivative by central differences over steps of every size."""
        widths: list[float] = []
        quotients, noises = [], []
        for t in reversed(self.steps()):
            pair = self.pair(t, k)
            if pair is None:
                if self.at(t) is None or self.at(-t) is None:
                    break
                continue
            up, down, above, below = pair
            if widths and up - down < APART * widths[-1]:
                continue
            uneven = abs(up + down)  # rounded steps
            bend = abs((above - self.f.here[k]) / up - (self.f.here[k] - below) / -down)
            widths.append(up - down)
            quotients.append((above - below) / (up - down))
            error = 2.0 * self._noise(noise, up, above, below) + bend * uneven
            noises.append(error / (up - down))
        return _extrapolated(widths, quotients, noises, 2)

    def one_side(self, k: int, noise: Noise, sign: float) -> Estimate:
        """The derivative by differences to one side."""
        here, quotients, noises = self.f.here[k], [], []
        widths: list[float] = []
        for t in reversed(self.steps()):
            found = self.at(sign * t)
            if found is None:
                break
            step, ys = found
            if abs(step) > (APART * widths[-1] if widths else 0.0):
                widths.append(abs(step))
                quotients.append((ys[k] - here) / step)
                noises.append(2.0 * self._noise(noise, abs(step), ys[k], here) / abs(step))
        return _extrapolated(widths, quotients, noises, 1)

    def complex_step(self, k: int, noise: Noise) -> float | None:
        """The derivative from an imaginary step, which loses no digits; None if f takes none.

        f(x + ih) is f(x) + ih f'(x), to terms of h²: W. Squire and G. Trapp, "Using complex
        variables to estimate derivatives of real functions", SIAM Review 40 (1998). It is not to
        be trusted alone: abs, comparisons and real parts make it wrong.
        """
        return self._complex_step(0.0, k, noise.size)

    def complex_steps_agree(self, k: int) -> bool:
        """Whether complex steps agree with differences farther away, where these have digits."""
        agreed = 0
        for place in ELSEWHERE:
            t, h = place * self.scale, NARROW * self.scale
            found = [self.value(s, k) for s in (t - h, t, t + h)]
            below, here, above = found
            if below is None or here is None or above is None:
                continue
            if abs(above - below) < DIGITS * ROUNDING * abs(here):
                continue
            slope, exact = (above - below) / (2.0 * h), self._complex_step(t, k, 0.0)
            if exact is None or abs(exact - slope) > ALIKE * abs(slope):
                return False
            agreed += 1
        return agreed > 1

    def _complex_step(self, t: float, k: int, noise: float) -> float | None:
        step, here = IMAGINARY * self.scale, self.value(t, k)
        if step == 0.0 or here is None:
            return None
        vector = self.f.inputs.imaginary(self._moved(t)[0], self._direction(), step)
        ys = self.f.complex_at(vector)
        if ys is None or not isinstance(ys[k], complex):
            return None
        off = abs(ys[k].real - here)
        return float(ys[k].imag / step) if off <= noise + ROUNDING * abs(here) else None

    def variation(self, k: int) -> float:
        """By how much the output varied along the line."""
        ys = [found[1][k] for found in self._seen.values() if found is not None]
        return max(ys) - min(ys)

    def _noise(self, noise: Noise, step: float, *ys: float) -> float:
        return max(noise.within(step / self.scale), ROUNDING * max(map(abs, ys)))


def _extrapolated(
    widths: list[float], quotients: list[float], noises: list[float], power: int
) -> Estimate:
    """The estimate from these quotients, the smallest step first."""
    if len(widths) < 2:
        return UNKNOWN
    return extrapolated(widths[::-1], quotients[::-1], noises[::-1], power)


def entry_line(f: Function, i: int) -> Line:
    """The line along which entry i moves alone."""
    inputs = f.inputs

    def moved(t: float) -> tuple[Vector, float]:
        return inputs.moved(i, t), inputs.step(i, t)

    def direction() -> Vector:
        return inputs.vector([float(i == j) for j in range(len(inputs))])

    return Line(f, moved, inputs.scales[i], direction, abs(float(inputs.x[i])))


def direction_line(f: Function, direction: Vector) -> Line:
    """The line in a direction, in which several entries move."""

    def moved(t: float) -> tuple[Vector, float]:
        return f.inputs.along(direction, t), t

    return Line(f, moved, 1.0, lambda: direction)
