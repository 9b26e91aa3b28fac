"""Trees of arguments: numbers in arrays, lists, tuples and dicts, nested as you like.

A tree is a NumPy array, a list, a tuple, a named tuple or a dict of trees, or anything else: then
it is a single item, and so are an array without axes and any array that does not hold numbers.

NumPy is never imported here: whoever has an array has imported it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from itertools import islice
from typing import Any, TypeAlias

from microbp._support.coerce import shown

Shape: TypeAlias = tuple[int, ...]

DEEPEST = 100
"""How many lists, tuples and dicts may be inside one another."""

NUMBERS = "biufO"
"""The kinds of NumPy's dtypes that may hold real numbers, Values among them."""


def is_array(x: Any) -> bool:
    """Whether x is an array that is a tree of its entries."""
    return _is_ndarray(x) and x.ndim > 0 and x.dtype.kind in NUMBERS


def is_item(tree: Any) -> bool:
    """Whether a tree is a single item.

    >>> is_item(2.0), is_item([2.0])
    (True, False)
    """
    return not isinstance(tree, (list, tuple, dict)) and not is_array(tree)


def flatten(tree: Any, depth: int = 0) -> Iterator[Any]:
    """The items of a tree, in order; ValueError where it is too deep.

    >>> list(flatten([1.0, (2.0, {"a": 3.0})]))
    [1.0, 2.0, 3.0]
    """
    if isinstance(tree, (list, tuple, dict)):
        check_depth(tree, depth)
        for part in tree.values() if isinstance(tree, dict) else tree:
            yield from flatten(part, depth + 1)
    elif is_array(tree):
        yield from tree.ravel().tolist()
    else:
        yield tree.item() if _is_ndarray(tree) and tree.ndim == 0 else tree


def check_depth(tree: Any, depth: int) -> None:
    """Raise ValueError for a part of a tree at this depth, if there are too many around it."""
    if depth > DEEPEST:
        raise ValueError(
            f"expected numbers in lists and dicts nested at most {DEEPEST} deep, got "
            f"{shown(tree)} inside as many: does a {type(tree).__name__} hold itself?"
        )


def mapped(function: Callable[[Any], Any], tree: Any, depth: int = 0) -> Any:
    """A tree nested like this one, of what the function gives for each item and each array.

    >>> mapped(str, [1.0, (2.0, {"a": 3.0})])
    ['1.0', ('2.0', {'a': '3.0'})]

    Raises ValueError where it is too deep.
    """
    if isinstance(tree, (list, tuple)):
        check_depth(tree, depth)
        parts = [
            mapped(function, part, depth + 1)
            if isinstance(part, (list, tuple, dict))
            else function(part)
            for part in tree
        ]
        make = getattr(tree, "_make", type(tree))  # a named tuple takes its fields one by one
        return make(parts)
    if isinstance(tree, dict):
        check_depth(tree, depth)
        again = copy(tree)  # the constructor of a defaultdict takes something else first
        for key, part in tree.items():
            again[key] = mapped(function, part, depth + 1)
        return again
    return function(tree)


def unflatten(tree: Any, items: Iterator[Any], outer: Shape = ()) -> Any:
    """A tree nested like this one, with other items. Floats make an array of floats.

    If the items are arrays themselves, of the shape `outer`, then an array of them has this
    shape and its own.

    >>> unflatten([1.0, (2.0, {"a": 3.0})], iter("xyz"))
    ['x', ('y', {'a': 'z'})]
    """

    def leaf(part: Any) -> Any:
        if type(part) is float:  # most are
            return next(items)
        return array(islice(items, part.size), part.shape, outer) if is_array(part) else next(items)

    return mapped(leaf, tree)


def array(items: Iterable[Any], shape: Shape, outer: Shape = ()) -> Any:
    """An array of floats, or of objects if not all items are floats.

    For items that are arrays of the shape `outer`, one of all their entries.
    """
    numpy, entries = sys.modules["numpy"], list(items)
    if outer:
        columns = numpy.stack(entries, axis=-1) if entries else numpy.empty(0)
        return columns.reshape(*outer, *shape)
    kind = float if all(type(x) is float for x in entries) else object
    return numpy.fromiter(entries, kind, len(entries)).reshape(shape)


def same_structure(a: Any, b: Any) -> bool:
    """Whether two trees are nested alike: lists, tuples and arrays told apart, keys in any order.

    >>> same_structure([1.0, [2.0]], [3.0, [4.0]]), same_structure([1.0], (1.0,))
    (True, False)
    """
    if is_array(a):
        return is_array(b) and a.shape == b.shape
    if is_item(a) or type(a) is not type(b):
        return is_item(a) and is_item(b)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same_structure(a[key], b[key]) for key in a)
    return len(a) == len(b) and all(map(same_structure, a, b))


def in_order_of(pattern: Any, tree: Any) -> Any:
    """The tree with the keys of its dicts in the pattern's order; they have the same structure.

    >>> in_order_of([{"b": 0.0, "a": 0.0}], [{"a": 1.0, "b": 2.0}])
    [{'b': 2.0, 'a': 1.0}]
    """
    if isinstance(pattern, dict):
        return {key: in_order_of(part, tree[key]) for key, part in pattern.items()}
    if isinstance(pattern, (list, tuple)):
        return [in_order_of(*pair) for pair in zip(pattern, tree, strict=True)]
    return tree


def names(name: str, tree: Any) -> Iterator[str]:
    """How to write each item of a tree with this name.

    >>> list(names("w", [1.0, {"a": 2.0, "b": (3.0,)}]))
    ['w[0]', "w[1]['a']", "w[1]['b'][0]"]
    """
    if isinstance(tree, (list, tuple)):
        for i, part in enumerate(tree):
            yield from names(f"{name}[{i}]", part)
    elif isinstance(tree, dict):
        for key, part in tree.items():
            yield from names(f"{name}[{key!r}]", part)
    elif is_array(tree):
        for place in sys.modules["numpy"].ndindex(tree.shape):
            yield f"{name}[{', '.join(map(str, place))}]"
    else:
        yield name


def _is_ndarray(x: Any) -> bool:
    """Whether x is a plain array; masked ones, matrices and those with units have other rules."""
    if type(x).__module__ != "numpy":
        return False
    numpy = sys.modules["numpy"]
    return type(x) in (numpy.ndarray, numpy.memmap)
