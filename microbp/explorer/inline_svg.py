"""Prepare Graphviz's SVG of a graph for the page, which styles it and fills it in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from microbp.core.engine import Value
from microbp.drawing.dot import dot_text
from microbp.drawing.grouping import Group
from microbp.drawing.render import rendered
from microbp.explorer.looks import ROOM, kind_of, tint

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_NAMESPACE = "http://www.w3.org/2000/svg"
_SVG = f"{{{_NAMESPACE}}}"
_STYLING = ("fill", "stroke", "stroke-width", "font-family", "style")


BUDGET = 5.0
"""Seconds that Graphviz may take for a picture."""


def inline_svg(nodes: Sequence[Value], groups: Sequence[Group] = (), prefix: str = "") -> str:
    """The picture of a graph, nodes in the order of `operands_first`, as an <svg> element.

    Raises LayoutTimeout if it takes Graphviz longer than BUDGET.

    Its parts have the ids that `dot_text` gives them, and classes in place of colors.
    """
    from xml.etree import ElementTree  # imported lazily: slow

    root = nodes[-1]
    source = dot_text(nodes, [root], groups, prefix=prefix)
    # Labels hold no "<" there, so this finds cells of numbers only.
    source = re.sub(
        '<TD ALIGN="RIGHT">(?=[^<]*(…)?)',
        lambda cell: f'<TD ALIGN="RIGHT" WIDTH="{ROOM["range" if cell[1] else "number"]}">',
        source,
    )
    svg = ElementTree.fromstring(rendered(source, "svg", BUDGET))
    graph = svg.find(f"{_SVG}g")
    assert graph is not None
    for background in graph.findall(f"{_SVG}polygon"):
        graph.remove(background)
    for group in graph.findall(f"{_SVG}g"):
        if group.get("class") == "node":
            name = group.get("id", "").removeprefix(prefix)
            place = int(name[1:])
            outputs = [place] if name.startswith("n") else groups[place].outputs
            kind = kind_of(nodes[place]) if name.startswith("n") else "group"
            names = ["node", kind, tint([nodes[i].grad for i in outputs])]
            group.set("class", " ".join(names + ["root"] * (len(nodes) - 1 in outputs)))
            _ready(group, ROOM["number" if len(outputs) == 1 else "range"])
    for element in list(svg.iter()):
        for title in element.findall(f"{_SVG}title"):
            element.remove(title)
        for styling in _STYLING:
            element.attrib.pop(styling, None)
    svg.set("data-prefix", prefix)
    svg.set("data-box", svg.get("viewBox", ""))
    svg.set("role", "presentation")
    ElementTree.register_namespace("", _NAMESPACE)
    return re.sub(r"\n+", "\n", ElementTree.tostring(svg, encoding="unicode"))


def _ready(box: Element, room: int) -> None:
    """Give a node's shapes and texts their classes, and align its numbers on the right."""
    right = 0.0
    for element in box.iter():
        if element.tag in (f"{_SVG}polygon", f"{_SVG}path"):
            element.set("class", "rim" if element.get("fill") == "none" else "box")
            points = f"{element.get('points', '')} {element.get('d', '')}"
            right = right or max(map(float, re.findall(r"(-?[0-9.]+),", points)))
        elif element.tag == f"{_SVG}polyline":
            element.set("class", "rim")
    texts = [element for element in box.iter() if element.tag == f"{_SVG}text"]
    for text, name in zip(texts[-4:], ("key", "data", "key", "grad"), strict=True):
        text.set("class", name)
        if name != "key":
            text.set("x", f"{right - 10:g}")
            text.set("text-anchor", "end")
            text.set("data-room", str(room))
