"""Whether f and its gradient are functions at all: the same input gives the same output."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

from microbp.checking.black_box.function import Function
from microbp.checking.black_box.inputs import Vector

CALLS, FEW_CALLS, FEWEST_CALLS, SECONDS = 100, 10, 8, 0.5
"""100 calls find one in 20 that differs with a probability of 99 %; slow functions get fewer."""
ROUNDING = 1e-12
"""Calls that differ by a smaller relative amount add up in another order, as in threads."""


def unequal_calls(f: Function, calls: int = CALLS) -> tuple[float, str]:
    """By how much calls of f at `at` differ, and what to say if that is more than rounding."""
    start, results = time.perf_counter(), [f.here]
    for made in range(1, calls):
        if made >= FEWEST_CALLS and time.perf_counter() - start > SECONDS:
            break
        results.append(f(f.inputs.x.copy()) or [math.nan])
    different = sum(ys != f.here for ys in results)
    if not different:
        return 0.0, ""
    off = max(_distance(ys, f.here) for ys in results)
    if off <= ROUNDING * max(map(abs, f.here)):
        return off, ""
    low, high = min(ys[0] for ys in results), max(ys[0] for ys in results)
    return off, (
        f"f is not deterministic: {different} of {len(results)} calls at this very point return "
        f"something else ({low:.6g} to {high:.6g}). Does it draw random numbers, or keep state? "
        "Set the seed within f, or pass the numbers in"
    )


def leftovers(f: Function, first: Sequence[Sequence[float]]) -> str:
    """What a second call of the gradient shows: gradients that are not reset, or old state."""
    second = f.rows()
    if _same(first, second):
        return ""
    name = f.program.name
    if _same([[2.0 * g for g in row] for row in first], second):
        return (
            f"{name}: a second call returns twice as much: the gradients are not reset, and add up"
        )
    return f"{name}: a second call at this very point returns other numbers: it keeps state"


def memory(f: Function, first: Sequence[Sequence[float]], elsewhere: Vector) -> str:
    """Whether the gradient uses what the last call of f left behind, as of another point."""
    try:
        f.program.f(*f.inputs.arguments(elsewhere))
        found = f.rows(call_f=False)
    except Exception:  # whatever f raises there
        return ""
    finally:
        f.program.f(*f.inputs.arguments(f.inputs.x.copy()))
    if _same(first, found):
        return ""
    return (
        f"{f.program.name} depends on the call of f before it, which was always at the same point "
        "here: elsewhere it is stale"
    )


def _same(a: Sequence[Sequence[float]], b: Sequence[Sequence[float]]) -> bool:
    if a == b:
        return True
    pairs = [pair for rows in zip(a, b, strict=True) for pair in zip(*rows, strict=True)]
    return all(
        abs(x - y) <= ROUNDING * (abs(x) + abs(y)) or (x != x and y != y) or x == y
        for x, y in pairs
    )


def _distance(ys: Sequence[float], here: Sequence[float]) -> float:
    if len(ys) != len(here):
        return math.inf
    return max(
        abs(y - y0) if math.isfinite(y) else math.inf for y, y0 in zip(ys, here, strict=True)
    )
