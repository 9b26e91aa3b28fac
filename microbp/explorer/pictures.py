"""The pictures of a page: the graph node by node, by unit, and by layer, from the finest on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from microbp.core.engine import Value
from microbp.drawing.grouping import Group, folded
from microbp.drawing.layout import Diagram
from microbp.drawing.render import LayoutTimeout
from microbp.explorer.inline_svg import inline_svg
from microbp.explorer.net_blocks import Unit, units_of
from microbp.explorer.net_layout import SIZE
from microbp.explorer.net_svg import DrawnNet, drawn_net
from microbp.explorer.parts import MOST, parts
from microbp.explorer.step_groups import step_groups
from microbp.explorer.unit_names import without_mark

MOST_PARTS = 4_000
"""Boxes and lines of a picture, so that a page opens at once."""

NARROW = 480.0, 370.0
"""Points that a telephone shows at a readable size."""

_PARTED = 40, 100
"""Operations from which on a graph that can't be read as a whole has parts, and small parts."""

_LARGE = 8
"""Most parts on a page that has nothing else."""


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

    Where Graphviz takes too long, the graph is in columns as a net is. One that is no net has
    pictures of its parts where it can't be read as a whole.
    """
    units = units_in(nodes)
    found = [Shown("every node", "every node", [], _every_node(nodes, units))]
    if not units:
        width, height, (some, many) = *found[0].picture[1:], _PARTED
        operations = sum(node.op is not None for node in nodes)
        if operations >= some and (width > SIZE[0] or height > SIZE[1]):
            if operations >= many:
                small = parts(nodes, MOST, MOST)
                drawn = drawn_net(Diagram(nodes, small), prefix="fold1-")
                found.append(Shown("small parts", "small parts", small, drawn))
            found += group_pictures(nodes, "parts", parts(nodes), len(found))
        return found
    by_unit = Diagram(nodes, folded(nodes, "unit"))
    if by_unit.size + len(by_unit.edges) <= MOST_PARTS:
        drawn = drawn_net(by_unit, prefix="fold1-")
        found.append(Shown("units", "units", list(by_unit.groups), drawn))
    steps = step_groups(nodes, by_unit.groups)
    if steps:
        found += group_pictures(nodes, "time steps", steps, len(found))
    return found + group_pictures(nodes, "layers", _layers(nodes), len(found))


def large_pictures(nodes: Sequence[Value]) -> list[Shown]:
    """The pictures of a graph with so many nodes that a page can't show them: layers, or parts."""
    layers = _layers(nodes)
    found = group_pictures(nodes, "layers", layers) if layers else []
    return found or group_pictures(nodes, "parts", parts(nodes, _LARGE))


def _layers(nodes: Sequence[Value]) -> list[Group]:
    return [replace(group, name=without_mark(group.name)) for group in folded(nodes, "layer")]


def group_pictures(
    nodes: Sequence[Value], name: str, groups: list[Group], before: int = 0
) -> list[Shown]:
    """The pictures of layers or parts, after so many others: in a line, and in rows if it is long.

    None if there are too many boxes for a page to open at once.
    """
    diagram = Diagram(nodes, groups)
    if diagram.size > MOST_PARTS or len(diagram.edges) > MOST_PARTS:
        return []
    drawn = drawn_net(diagram, prefix=f"fold{before}-")
    found = [Shown(name, name, groups, drawn)]
    if drawn.width > NARROW[0]:
        rows = drawn_net(diagram, prefix=f"fold{before + 1}-", size=NARROW)
        found.append(Shown(name, f"{name}, in rows", groups, rows))
    return found


def units_in(nodes: Sequence[Value]) -> list[Unit]:
    """The units of the net that these nodes are, layer by layer; none if they are no net."""
    found = units_of(Diagram(nodes), folded(nodes, "unit"))
    return sorted(found, key=lambda unit: unit.total)


def _every_node(nodes: Sequence[Value], units: Sequence[Unit]) -> DrawnNet:
    diagram = Diagram(nodes)
    if units or (len(nodes) > _PARTED[0] and _is_chain(nodes)):
        return drawn_net(diagram, units)
    try:
        svg = inline_svg(nodes)
    except LayoutTimeout:
        return drawn_net(diagram)
    (box,) = re.findall(r' data-box="0(?:\.0+)? 0(?:\.0+)? ([\d.]+) ([\d.]+)"', svg)
    return DrawnNet(svg, *map(float, box))


def _is_chain(nodes: Sequence[Value]) -> bool:
    """Whether one operation follows another, so that rows of them are read like a text."""
    operations = [node for node in nodes if node.op is not None]
    return all(
        any(a is operand for operand in b.operands) for a, b in pairwise(operations)
    ) and all(sum(o.op is not None for o in node.operands) <= 1 for node in operations)
