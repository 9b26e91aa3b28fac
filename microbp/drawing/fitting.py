"""Choose how much of a graph fits into a picture, folded as little as it can be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from microbp.core.engine import Value
from microbp.drawing.grouping import Fold, folded
from microbp.drawing.layout import Diagram
from microbp.drawing.shape import PAGE, Rankdir, pages_across, size, turned

EDGES = 4
"""Most edges for each node of `max_nodes`: Graphviz lays out 2,000 edges in about a second."""

SPAN = 10
"""Most span for each node of `max_nodes`: an edge past n ranks of boxes costs as n more boxes."""

READABLE = 1.3
"""Most pages across for a picture that is read on a screen, in a frame that scrolls."""

_HINT = "To see more, give a larger max_nodes, or draw a Value nearer to the leaves."


def fitted(
    nodes: Sequence[Value],
    roots: Sequence[Value],
    folds: Sequence[Fold | None],
    max_nodes: int,
    rankdirs: Sequence[Rankdir] = ("LR", "TB"),
    most_pages: float = READABLE,
) -> tuple[Diagram, str]:
    """What `draw` shows of these nodes, and a note that says what is missing, if anything is.

    It is folded by the first of these folds that fits and whose picture is at most `most_pages`
    pages across; None is a box for each node. If all are larger, it is folded by the first that is
    not much larger than the smallest. If none fits, the part nearest to the roots is shown.
    """
    tried = list[Diagram]()
    fits = list[tuple[Fold | None, Diagram, float]]()
    for by in folds:
        diagram = Diagram(nodes, folded(nodes, by) if by else ())
        if tried and not diagram.groups:
            break
        tried.append(diagram)
        if diagram.size <= max_nodes:
            diagram = _merged(diagram, max_nodes)
            if _fits(diagram, max_nodes):
                pages = _pages(diagram, rankdirs, most_pages)
                fits.append((by, diagram, pages))
                if pages <= most_pages:
                    break
    if not fits:
        return _cut(tried, roots, max_nodes)
    enough = max(most_pages, 1.5 * min(pages for _, _, pages in fits))
    by, diagram, _ = next(found for found in fits if found[2] <= enough)
    if by == folds[0]:
        return diagram, ""
    finest = fits[0][0]
    every = finest or "node"
    hint = _HINT if by == finest else f'To see every {every}, draw it with fold="{every}".'
    return diagram, f"{len(nodes):,} nodes, folded by {by}.\n{hint}\n"


def _pages(diagram: Diagram, rankdirs: Sequence[Rankdir], most_pages: float) -> float:
    """How much larger than a page it is; on a screen, steps side by side may go on and on."""
    if diagram.has_steps and most_pages > 1.0:
        return min(size(diagram, "LR")[1] / PAGE[0], 1.0)
    return pages_across(diagram, turned(diagram, rankdirs))


def _cut(tried: Sequence[Diagram], roots: Sequence[Value], max_nodes: int) -> tuple[Diagram, str]:
    """The part that is nearest to the roots, and a note about it."""
    diagram = tried[-1] if 2 * tried[-1].size <= tried[0].size else tried[0]
    nodes = diagram.nodes
    order = [*islice(diagram.nearest(roots), max_nodes)]
    while True:
        cut = _merged(replace(diagram, shown=frozenset(order)), max_nodes)
        if len(order) == 1 or _fits(cut, max_nodes):
            what = "nodes" if not cut.groups else "boxes"
            shown = f"The {len(order):,} {what} nearest to the root, of {len(nodes):,} nodes."
            return cut, f"{shown}\n{_HINT}\n"
        order = order[: len(order) * 3 // 4]


def _fits(diagram: Diagram, max_nodes: int) -> bool:
    """Whether Graphviz lays this out in a second or two, for a max_nodes of a few hundred."""
    return (
        diagram.size <= max_nodes
        and len(diagram.edges) <= EDGES * max_nodes
        and diagram.span <= SPAN * max_nodes
    )


def _merged(diagram: Diagram, max_nodes: int) -> Diagram:
    """The same, with at most one edge from box to box if there are too many.

    There are at most three where edges are straight, which have that many corners to end at.
    """
    if len(diagram.edges) > EDGES * max_nodes:
        return replace(diagram, most_parallel=1)
    return replace(diagram, most_parallel=3) if diagram.straight else diagram
