"""Results that reach no input: constants, or numbers that f made of its inputs' data."""

from __future__ import annotations

from collections.abc import Callable, Sequence

NEAR, NEARER = 1e-3, 1e-4


def depends_outside(
    f: Callable[[Sequence[float]], list[float]], point: Sequence[float]
) -> list[bool]:
    """For each number that f gives, whether it changes with the point, and the less the nearer.

    What changes as much at a tenth of the way is on a stair, and has slope 0 here. Empty where f
    fails at points nearby.
    """
    try:
        here, again = f(point), f(point)
        near, nearer = f(_moved(point, NEAR)), f(_moved(point, NEARER))
    except Exception:  # outside f's domain, most likely
        return []
    if not len(here) == len(again) == len(near) == len(nearer):
        return []
    return [
        y == same and 0.0 < abs(b - y) < abs(a - y)
        for y, same, a, b in zip(here, again, near, nearer, strict=True)
    ]


def _moved(point: Sequence[float], step: float) -> list[float]:
    """Each number moved in its own proportion, so that no difference of two stays the same."""
    return [x + step * max(1.0, abs(x)) * (1.0 + 1.0 / (i + 2)) for i, x in enumerate(point)]
