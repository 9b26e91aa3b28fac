"""A point written as text: a number, or a list, dict or tuple of them, as in Python."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from typing import Any

from microbp._support.coerce import shown

EXPECTED = "expected numbers as Python writes them, such as 0.5, [0.1, 0.2] or {'w': [1, 2]}"
DEEPEST = 30


def read_point(text: str) -> Any:
    """The point that a Python literal gives; a tuple of them is several arguments.

    >>> read_point("([1.0, 2.0], {'b': 3})")
    ([1.0, 2.0], {'b': 3})

    Raises ValueError for anything that is not made of finite numbers alone.
    """
    try:
        point = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        raise ValueError(f"{EXPECTED}; got {shown(text)}") from None
    if not _check(point, 0):
        raise ValueError(f"there is no number in {shown(text)}")
    return point


def with_arrays(point: Any, array: Callable[[Any], Any]) -> Any:
    """The point with an array in place of each list of numbers, or of equally long lists of them.

    >>> with_arrays({"W": [[1, 2], [3, 4]], "b": 0.5}, str)
    {'W': '[[1.0, 2.0], [3.0, 4.0]]', 'b': 0.5}
    """
    if isinstance(point, tuple):
        return tuple(with_arrays(part, array) for part in point)
    if isinstance(point, dict):
        return {key: with_arrays(part, array) for key, part in point.items()}
    if isinstance(point, list):
        if _shape(point) is None:
            return [with_arrays(part, array) for part in point]
        return array(_floats(point))
    return point


def _check(point: Any, depth: int) -> int:
    """How many numbers there are; ValueError for anything else, and for what nests too deeply."""
    if depth > DEEPEST:
        raise ValueError(f"expected at most {DEEPEST} lists in each other")
    if isinstance(point, dict):
        return sum(_check(part, depth + 1) for part in point.values())
    if isinstance(point, (list, tuple)):
        return sum(_check(part, depth + 1) for part in point)
    if type(point) not in (int, float) or not _is_finite(point):
        raise ValueError(f"{EXPECTED}; got {shown(point)} among them")
    return 1


def _is_finite(x: float) -> bool:
    try:
        return math.isfinite(x)
    except OverflowError:  # a whole number that no float can hold
        return False


def _shape(point: Any) -> tuple[int, ...] | None:
    """The shape of the array that a list makes; None if it makes none."""
    if type(point) in (int, float):
        return ()
    if not isinstance(point, list):
        return None
    shapes = {_shape(part) for part in point}
    if len(shapes) != 1 or None in shapes:
        return None
    (shape,) = shapes
    return None if shape is None else (len(point), *shape)


def _floats(point: Any) -> Any:
    return [_floats(part) for part in point] if isinstance(point, list) else float(point)
