"""Whether some steps speak for a derivative that the best steps contradict.

Where a formula loses its digits, as (exp(x) - 1) / x does at x = 1e-9, its values in floats jump
from one short smooth piece to the next. The slopes of the pieces have nothing to do with the
function's, which only steps across many of them show. So have those of x**2 * ((x + 1e8) - 1e8),
or of what is rounded to four decimals on the way. A fast ripple looks alike, but is continuous:
there the slope is that of small steps.
"""

from __future__ import annotations

import math

from microbp.checking.black_box.lines import Line
from microbp.checking.extrapolation import Estimate
from microbp.checking.noise import Noise

AGREEMENT, CONTRADICTION = 1e-3, 1e-2
"""A difference quotient agrees with a derivative to this part of it, and contradicts it from that
part on."""
IN_A_ROW = 3
"""So many neighboring steps agree: one alone may by accident."""
HALVINGS = 80
JUMP = 1e3
"""In units of the last place of f: neighboring floats of a continuous f differ by less."""
STEEP = 8.0
"""A jump is so many times larger than what f does from float to float beside it."""
JUMPS = 10.0
"""Noise that is so many times larger farther out may come from jumps."""


def other_steps_agree(line: Line, k: int, claimed: float, found: float) -> str:
    """Why a derivative may be right though the best steps found another; empty if nothing says so.

    Smaller steps may agree with it, or larger ones, among which f jumps.
    """
    if not abs(found - claimed) > CONTRADICTION * abs(claimed) > 0.0:
        return ""
    step, best = _agreeing_step(line, k, claimed), _agreeing_step(line, k, found)
    if step is not None and best is not None and step < best:
        return "small steps agree with it, and larger ones do not"
    if step is None and _agreeing_step(line.rescaled(1.0), k, claimed) is None:
        return ""
    if any(_jumps(line, k, step, claimed) for step in reversed(line.steps())):
        return "f jumps from float to float, as a formula that loses its digits; large steps agree"
    return ""


def _agreeing_step(line: Line, k: int, claimed: float) -> float | None:
    """A step over which, as over the next larger ones, differences agree with the derivative."""
    agreeing = 0
    for t in line.steps():
        pair = line.pair(t, k)
        if pair is None:
            agreeing = 0
            continue
        up, down, above, below = pair
        off = abs((above - below) / (up - down) - claimed)
        agreeing = agreeing + 1 if off <= AGREEMENT * abs(claimed) else 0
        if agreeing == IN_A_ROW:
            return t
    return None


def across_jumps(line: Line, k: int, noise: Noise, between: Estimate) -> Estimate | None:
    """The slope across f's jumps, where that is another than the one between them; or None.

    Values that are rounded on the way jump on both sides, again and again, as those of
    x**2 * ((x + 1e8) - 1e8) do: between jumps the slope is 2x of a product of three factors.
    """
    if noise.size <= JUMPS * noise.levels[0][1]:
        return None
    across = line.both_sides(k, Noise([(0.0, noise.size)]))
    if across.bound > CONTRADICTION * abs(across.value):
        across = _by_large_steps(line.rescaled(1.0), k) or across
    apart = abs(across.value - between.value)
    if not apart > across.bound + between.bound:
        return None
    both_sides = all(
        any(_jumps(line, k, sign * step, between.value) for step in line.steps())
        for sign in (1.0, -1.0)
    )
    return across if both_sides else None


def _by_large_steps(line: Line, k: int) -> Estimate | None:
    """The slope that the largest steps agree on, if they do."""
    pairs = [line.pair(t, k) for t in line.steps()[:IN_A_ROW]]
    slopes = [(above - below) / (up - down) for up, down, above, below in filter(None, pairs)]
    bound = 2.0 * AGREEMENT * abs(slopes[0]) if slopes else 0.0
    if len(slopes) < IN_A_ROW or max(slopes) - min(slopes) > bound:
        return None
    return Estimate(slopes[0], bound)


def _jumps(line: Line, k: int, t: float, slope: float) -> bool:
    """Whether f jumps on the way to t, found by halving where it differs most from a parabola."""
    near, far, bend = 0.0, t, _bend(line, k)

    def off(a: float, b: float, rise: float) -> float:
        return abs(rise - slope * (b - a) - 0.5 * bend * (b - a) * (b + a))

    for _ in range(HALVINGS):
        found = [line.at(s) for s in (near, (near + far) / 2.0, far)]
        if None in found:
            return False
        (a, ya), (b, yb), (c, yc) = ((step, ys[k]) for step, ys in filter(None, found))
        if b in (a, c):  # neighboring floats
            break
        in_first_half = off(a, b, yb - ya) > off(b, c, yc - yb)
        near, far = (near, (near + far) / 2.0) if in_first_half else ((near + far) / 2.0, far)
    if not off(a, c, yc - ya) > JUMP * math.ulp(max(abs(ya), abs(yc))):
        return False
    beside = [line.value(s, k) for s in (near - (far - near), far + (far - near))]
    return all(
        y is not None and abs(yc - ya) > STEEP * abs(y - end)
        for y, end in zip(beside, (ya, yc), strict=True)
    )


def _bend(line: Line, k: int) -> float:
    """The second derivative by the largest step."""
    largest = line.steps()[0]
    pair, here = line.pair(largest, k), line.value(0.0, k)
    return 0.0 if pair is None or here is None else (pair[2] - 2.0 * here + pair[3]) / largest**2
