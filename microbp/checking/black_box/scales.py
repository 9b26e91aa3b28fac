"""Whether some steps speak for a derivative that the best steps contradict.

Where a formula loses its digits, as (exp(x) - 1) / x does at x = 1e-9, its values in floats jump
from one short smooth piece to the next. The slopes of the pieces have nothing to do with the
function's, which only steps across many of them show. A fast ripple looks alike, but is
continuous: there the slope is that of small steps.
"""

from __future__ import annotations

import math

from microbp.checking.black_box.lines import Line

AGREEMENT, CONTRADICTION = 1e-3, 1e-2
"""A difference quotient agrees with a derivative to this part of it, and contradicts it from that
part on."""
IN_A_ROW = 3
"""So many neighboring steps agree: one alone may by accident."""
HALVINGS = 80
JUMP = 1e3
"""In units of the last place of f: neighboring floats of a continuous f differ by less."""


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


def _jumps(line: Line, k: int, t: float, slope: float) -> bool:
    """Whether f jumps on the way to t, found by halving where it differs most from the slope."""
    near, far = 0.0, t
    for _ in range(HALVINGS):
        found = [line.at(s) for s in (near, (near + far) / 2.0, far)]
        if None in found:
            return False
        (a, ya), (b, yb), (c, yc) = ((step, ys[k]) for step, ys in filter(None, found))
        if b in (a, c):  # neighboring floats
            break
        left, right = abs(yb - ya - slope * (b - a)), abs(yc - yb - slope * (c - b))
        near, far = (near, (near + far) / 2.0) if left > right else ((near + far) / 2.0, far)
    return abs(yc - ya - slope * (c - a)) > JUMP * math.ulp(max(abs(ya), abs(yc)))
