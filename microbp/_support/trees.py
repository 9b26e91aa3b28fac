"""Trees of arguments: numbers in lists and tuples, nested as you like.

A tree is a list, a tuple or a named tuple of trees, or anything else: then it is a single item.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def flatten(tree: Any) -> Iterator[Any]:
    """The items of a tree, in order.

    >>> list(flatten([1.0, (2.0, [3.0])]))
    [1.0, 2.0, 3.0]
    """
    if isinstance(tree, (list, tuple)):
        for part in tree:
            yield from flatten(part)
    else:
        yield tree


def unflatten(tree: Any, items: Iterator[Any]) -> Any:
    """A tree nested like this one, with other items.

    >>> unflatten([1.0, (2.0, [3.0])], iter("abc"))
    ['a', ('b', ['c'])]
    """
    if not isinstance(tree, (list, tuple)):
        return next(items)
    parts = (unflatten(part, items) for part in tree)
    make = getattr(tree, "_make", type(tree))  # a named tuple takes its fields one by one
    return make(parts)


def same_structure(a: Any, b: Any) -> bool:
    """Whether two trees are nested alike, lists and tuples told apart.

    >>> same_structure([1.0, [2.0]], [3.0, [4.0]]), same_structure([1.0], (1.0,))
    (True, False)
    """
    if not isinstance(a, (list, tuple)):
        return not isinstance(b, (list, tuple))
    return type(a) is type(b) and len(a) == len(b) and all(map(same_structure, a, b))
