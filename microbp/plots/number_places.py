"""Places for numbers on lines: clear of all other lines, of what is there, and of one another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, pairwise
from typing import Any, TypeAlias

import numpy as np

Place: TypeAlias = tuple[float, float]

_STEPS = 60
"""Places tried along each segment of a line."""

_PATIENCE = 4
"""Rounds without success. After each, the numbers that found no place may choose first."""

_Array: TypeAlias = Any


def number_places(
    ways: Sequence[Sequence[Place]],
    wished: Sequence[float],
    sizes: Sequence[Place],
    gap: float,
    taken: Sequence[tuple[Place, Place]] = (),
) -> list[Place | None]:
    """For each line, the middle of a box of its size on it, or None.

    The box is at least `gap` away from all other lines and from the rectangles `taken`, each two
    opposite corners, and overlaps no other box. Of such places it is the one nearest to the wished
    share of the line's first segment, or near it if all the others are to have a place, too.
    """
    halves = np.array(sizes, dtype=float).reshape(-1, 2) / 2.0
    choices = []
    for i, (way, wish) in enumerate(zip(ways, wished, strict=True)):
        middles = _along(way, wish)
        choices.append(middles[_clear(middles, ways, i, halves[i] + gap, taken)])
    order = sorted(range(len(ways)), key=lambda i: len(choices[i]))
    best: dict[int, Place] = {}
    patience = _PATIENCE
    while patience:
        found, failed = _one_by_one(order, choices, halves)
        patience -= 1
        if len(found) > len(best):
            best, patience = found, _PATIENCE
        first = [i for i in failed if len(choices[i])]
        if not first:
            break
        order = [*first, *(i for i in order if i not in first)]
    return [best.get(i) for i in range(len(ways))]


def _along(way: Sequence[Place], wish: float) -> _Array:
    """Points all along a line, those nearest to the wished one first."""
    shares = np.linspace(0.0, 1.0, _STEPS + 1)
    parts = [a + shares[:, None] * (b - a) for a, b in pairwise(np.array(way, dtype=float))]
    far = [abs(i + shares - wish) for i in range(len(parts))]
    points: _Array = np.concatenate(parts)[np.argsort(np.concatenate(far), kind="stable")]
    return points


def _one_by_one(
    order: Sequence[int], choices: Sequence[_Array], halves: _Array
) -> tuple[dict[int, Place], list[int]]:
    """Let each number take the best place that is left; and which of them found none."""
    found: dict[int, Place] = {}
    failed = []
    for i in order:
        others = np.array([*found.values()]).reshape(-1, 2)
        apart = halves[[*found]] + halves[i]
        overlap = (abs(others - choices[i][:, None]) < apart).all(axis=2).any(axis=1)
        if overlap.all():
            failed.append(i)
        else:
            x, y = choices[i][overlap.argmin()].tolist()
            found[i] = x, y
    return found, failed


def _clear(
    middles: _Array,
    ways: Sequence[Sequence[Place]],
    own: int,
    half: _Array,
    taken: Sequence[tuple[Place, Place]],
) -> _Array:
    """Which of these middles a box may have: no other line passes through it, nothing is in it."""
    others = [*ways[:own], *ways[own + 1 :]]
    lines = np.array([*chain.from_iterable(map(pairwise, others))], dtype=float).reshape(-1, 2, 2)
    low, high = middles.min(axis=0) - half, middles.max(axis=0) + half
    lines = lines[((lines.max(axis=1) >= low) & (lines.min(axis=1) <= high)).all(axis=1)]
    corners = np.sort(np.array(taken, dtype=float).reshape(-1, 2, 2), axis=1)
    crossed, met = _crossed(middles, lines, half), _met(middles, corners, half)
    return ~(crossed.any(axis=1) | met.any(axis=1))


def _crossed(middles: _Array, lines: _Array, half: _Array) -> _Array:
    """For each middle and line, whether the line passes through the box: Liang and Barsky."""
    start = lines[None, :, 0] - middles[:, None]
    way = (lines[:, 1] - lines[:, 0])[None]
    with np.errstate(divide="ignore", invalid="ignore"):
        first, second = (-half - start) / way, (half - start) / way
    level = way == 0.0  # it runs along the box, beside it or through it
    inside = abs(start) <= half
    enter = np.where(level, np.where(inside, -np.inf, np.inf), np.minimum(first, second))
    leave = np.where(level, np.where(inside, np.inf, -np.inf), np.maximum(first, second))
    return np.maximum(enter.max(axis=2), 0.0) <= np.minimum(leave.min(axis=2), 1.0)


def _met(middles: _Array, rectangles: _Array, half: _Array) -> _Array:
    """For each middle and rectangle, whether they overlap."""
    low, high = rectangles[None, :, 0] - middles[:, None], rectangles[None, :, 1] - middles[:, None]
    return ((low < half) & (high > -half)).all(axis=2)
