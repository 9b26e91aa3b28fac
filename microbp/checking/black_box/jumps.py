"""Jumps of f nearby, as of an iteration that takes one step more, and kinks, which look alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from microbp.checking.noise import jumps_of

HALVINGS = 34
POINTS = 3
"""So many values on each side say where f would go on."""
LEFT = 0.2
"""A jump keeps its size in an interval that shrinks; at a kink, the difference goes to 0."""


def largest_jump(
    f: Callable[[float], float | None], places: Sequence[float]
) -> tuple[float, float]:
    """The largest jump among these places, equally spaced: what looks like one, and what is one.

    >>> places = [0.01 * i for i in range(24)]
    >>> looks, jump = largest_jump(lambda t: abs(t - 0.111), places)
    >>> looks > 1e-3, jump
    (True, 0.0)
    >>> round(largest_jump(lambda t: t * t + 1e-5 * (t > 0.111), places)[1], 9)
    1e-05
    """
    values = [f(t) for t in places]
    ys = [y for y in values if y is not None]
    suspected = jumps_of(ys) if len(ys) == len(places) else 0.0
    if not suspected:
        return 0.0, 0.0
    differences = [_fourth(ys, j) for j in range(POINTS - 1, len(ys) - POINTS)]
    j = POINTS - 1 + max(range(len(differences)), key=differences.__getitem__)
    left, right = j - POINTS + 1, j + POINTS + 1
    near, far = (places[left : j + 1], ys[left : j + 1]), (places[j + 1 : right], ys[j + 1 : right])
    (a, ya), (b, yb) = (places[j], ys[j]), (places[j + 1], ys[j + 1])
    for _ in range(HALVINGS):
        t = (a + b) / 2.0
        y = f(t)
        if y is None:
            return suspected, 0.0
        if abs(y - _continued(*near, t)) < abs(y - _continued(*far, t)):
            a, ya = t, y
        else:
            b, yb = t, y
    return suspected, suspected if abs(yb - ya) > LEFT * suspected else 0.0


def _fourth(ys: Sequence[float], j: int) -> float:
    """How far a jump between j and j + 1 stands out: fourth differences of 1, -3, 3 and -1."""
    a, b, c, d, e, f = ys[j - 2 : j + 4]
    return min(abs(a - 4 * b + 6 * c - 4 * d + e), abs(b - 4 * c + 6 * d - 4 * e + f))


def _continued(places: Sequence[float], ys: Sequence[float], t: float) -> float:
    """The parabola through three values, there."""
    (a, b, c), (ya, yb, yc) = places, ys
    return (
        ya * (t - b) * (t - c) / ((a - b) * (a - c))
        + yb * (t - a) * (t - c) / ((b - a) * (b - c))
        + yc * (t - a) * (t - b) / ((c - a) * (c - b))
    )
