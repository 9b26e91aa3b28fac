"""Estimate how large a picture will be, to turn or fold it before Graphviz lays it out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Literal, TypeAlias

from microbp._support.coerce import shortened
from microbp.drawing.layout import Diagram

Rankdir: TypeAlias = Literal["LR", "RL", "TB", "BT"]

PAGE = (870.0, 1200.0)
"""Points across and along a sheet of A4 or Letter on which 10-point type is printed in 6 points."""

COLUMN = 750.0
"""Points across the output of a notebook, at the size at which a picture is shown there."""

_HEIGHT, _FOLDED_HEIGHT = 47.0, 60.0
_BESIDE, _BETWEEN = 18.0, 50.0
_DIGIT, _LETTER, _SYMBOL, _SMALL = 6.7, 7.0, 11.0, 5.3  # how wide they are, in their type
_CELLS = 50.0  # what a box has beside its title and its numbers


def turned(diagram: Diagram, rankdirs: Sequence[Rankdir] = ("LR", "TB")) -> Rankdir:
    """The first of these directions in which the picture fits on a page and into a notebook.

    If there is none, the first in which it fits on a page, or comes nearest to that. The steps of
    a net in time are side by side.
    """
    if diagram.has_steps:
        return rankdirs[0]
    pages = {rankdir: max(pages_across(diagram, rankdir), 1.0) for rankdir in rankdirs}
    least = min(pages.values())
    ways = [rankdir for rankdir in rankdirs if pages[rankdir] == least]
    slim = (way for way in ways if least == 1.0 and size(diagram, way)[0] <= COLUMN)
    return next(slim, ways[0])


def pages_across(diagram: Diagram, rankdir: Rankdir) -> float:
    """How many times larger than a page, upright or on its side, the picture is about to be."""
    width, height = size(diagram, rankdir)
    short, long = PAGE
    return min(max(width / short, height / long), max(width / long, height / short))


def size(diagram: Diagram, rankdir: Rankdir) -> tuple[float, float]:
    """About the width and the height that Graphviz will find, in points."""
    rank = diagram.ranks
    flat = rankdir in ("LR", "RL")
    between = 108.0 if diagram.has_units and flat else _BETWEEN
    along: dict[int, float] = {}
    across: dict[int, float] = defaultdict(float)
    for name in diagram.members:
        width, height = _box(name, diagram)
        deep, wide = (width, height) if flat else (height, width)
        along[rank[name]] = max(along.get(rank[name], 0.0), deep)
        across[rank[name]] += wide + _BESIDE
    for start, end in {(edge.start, edge.end) for edge in diagram.edges}:
        for passed in range(rank[start] + 1, rank[end]):
            across[passed] += _BESIDE
    length = sum(along.values()) + between * (len(along) - 1)
    breadth = max(across.values(), default=0)
    return (length, breadth) if flat else (breadth, length)


def _box(name: str, diagram: Diagram) -> tuple[float, float]:
    place = int(name[1:])
    group = diagram.groups[place] if name[0] == "u" else None
    outputs = [diagram.nodes[i] for i in (group.outputs if group else [place])]
    label = shortened(group.name if group else outputs[0].label)
    title = _LETTER * max(map(len, label.split("\n")))
    if outputs[0].op is not None:
        title = max(title, _SYMBOL * len(outputs[0].op.symbol))
    grads = [output.grad for output in outputs]
    grad = _range(grads) if any(grads) else "none yet"
    digits = max(len(_range([output.data for output in outputs])), len(grad))
    if group is None:
        return title + _DIGIT * digits + _CELLS, _HEIGHT
    return max(title, _SMALL * 13) + _DIGIT * digits + _CELLS + 8.0, _FOLDED_HEIGHT


def _range(numbers: Sequence[float]) -> str:
    return " … ".join({f"{x:.4g}" for x in (min(numbers), max(numbers))})
