"""The pictures of a page: the graph node by node, by unit, and by layer, from the finest on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from microbp.core.engine import Value
from microbp.drawing.grouping import Group, folded
from microbp.drawing.layout import Diagram
from microbp.drawing.render import LayoutTimeout
from microbp.explorer.inline_svg import inline_svg
from microbp.explorer.net_blocks import Unit, units_of
from microbp.explorer.net_svg import DrawnNet, drawn_net

MOST_PARTS = 4_000
"""Boxes and lines of a picture, so that a page opens at once."""

NARROW = 480.0, 370.0
"""Points that a telephone shows at a readable size."""


class Shown(NamedTuple):
    """One picture: the fold that it shows, its name in a list of choices, its boxes' groups."""

    fold: str
    choice: str
    groups: list[Group]
    picture: DrawnNet


def net_order(nodes: Sequence[Value]) -> list[Value]:
    """The nodes of a net with its inputs first, then its parameters by layer, then other leaves.

    They stay operands first, and any graph that is no net stays as it is.
    """
    units = units_in(nodes)
    if not units:
        return list(nodes)
    parameters = dict.fromkeys(p for unit in units for p in unit.parameters)
    inputs = dict.fromkeys(
        i for unit in units for i in unit.activities if nodes[i].op is None and i not in parameters
    )
    rest = dict.fromkeys(i for i, node in enumerate(nodes) if node.op is None)
    order = [*dict.fromkeys([*inputs, *parameters, *rest])]
    return [nodes[i] for i in order] + [node for node in nodes if node.op is not None]


def pictures(nodes: Sequence[Value]) -> list[Shown]:
    """The pictures of a graph: of a net as nets are drawn, of any other by Graphviz.

    Where Graphviz takes too long, the graph is in columns as a net is.
    """
    units = units_in(nodes)
    found = [Shown("every node", "every node", [], _every_node(nodes, units))]
    if not units:
        return found
    by_unit = Diagram(nodes, folded(nodes, "unit"))
    if by_unit.size + len(by_unit.edges) <= MOST_PARTS:
        drawn = drawn_net(by_unit, prefix="fold1-")
        found.append(Shown("units", "units", list(by_unit.groups), drawn))
    return found + layer_pictures(nodes, folded(nodes, "layer"), len(found))


def layer_pictures(nodes: Sequence[Value], groups: list[Group], before: int = 0) -> list[Shown]:
    """The pictures of layers, after so many others: in a line, and in rows if that is long.

    None if there are too many boxes for a page to open at once.
    """
    diagram = Diagram(nodes, groups)
    if diagram.size > MOST_PARTS or len(diagram.edges) > MOST_PARTS:
        return []
    drawn = drawn_net(diagram, prefix=f"fold{before}-")
    found = [Shown("layers", "layers", groups, drawn)]
    if drawn.width > NARROW[0]:
        rows = drawn_net(diagram, prefix=f"fold{before + 1}-", size=NARROW)
        found.append(Shown("layers", "layers, in rows", groups, rows))
    return found


def units_in(nodes: Sequence[Value]) -> list[Unit]:
    """The units of the net that these nodes are, layer by layer; none if they are no net."""
    found = units_of(Diagram(nodes), folded(nodes, "unit"))
    return sorted(found, key=lambda unit: unit.total)


def _every_node(nodes: Sequence[Value], units: Sequence[Unit]) -> DrawnNet:
    diagram = Diagram(nodes)
    if units:
        return drawn_net(diagram, units)
    try:
        svg = inline_svg(nodes)
    except LayoutTimeout:
        return drawn_net(diagram)
    (box,) = re.findall(r' data-box="0(?:\.0+)? 0(?:\.0+)? ([\d.]+) ([\d.]+)"', svg)
    return DrawnNet(svg, *map(float, box))
