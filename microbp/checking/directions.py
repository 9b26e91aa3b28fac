"""Many inputs at once: random directions, and the search for the inputs that are wrong.

Along a direction u, in which every input moves, the derivative is the sum of u_i times the
derivative with respect to input i: a few values of the function check all inputs together. If the
sum is wrong, halving finds whose fault it is.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence

DIRECTIONS = 2
"""Two mistakes may cancel along one random direction, and hardly along another."""
SHORTEST = 0.5
"""A random direction moves each input by at least this part of the most, with either sign."""


def random_direction(scales: Sequence[float], seed: int, number: int) -> list[float]:
    """A direction in which each input moves by about its scale.

    >>> random_direction([1.0, 1000.0, 0.001], seed=0, number=0)
    [0.7407223496304529, 915.3853609484541, 0.0006996286383574489]
    """
    rng = random.Random(f"{seed}/{number}")
    return [rng.choice((-1.0, 1.0)) * rng.uniform(SHORTEST, 1.0) * scale for scale in scales]


def scale_of(x: float) -> float:
    """How far an input moves along a direction, at a step of 1: as far as it is from 0, or 1."""
    return abs(x) if x and math.isfinite(x) else 1.0


def wrong_ones(is_wrong: Callable[[Sequence[int]], bool], places: Sequence[int]) -> Iterator[int]:
    """The single places that are wrong, of places that are wrong together, found by halving.

    Lazily: whoever needs only the first asks for no more.

    >>> asked = []
    >>> def holds_7_or_40(group):
    ...     asked.append(len(group))
    ...     return 7 in group or 40 in group
    >>> list(wrong_ones(holds_7_or_40, range(64)))
    [7, 40]
    >>> len(asked)
    18
    """
    if len(places) == 1:
        yield places[0]
        return
    middle = len(places) // 2
    left, right = places[:middle], places[middle:]
    left_is_wrong = is_wrong(left)
    if left_is_wrong:
        yield from wrong_ones(is_wrong, left)
    if not left_is_wrong or is_wrong(right):
        yield from wrong_ones(is_wrong, right)
