"""Write a graph in DOT, the language of Graphviz: a box for each node or group of nodes."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any

from microbp._support.coerce import shortened
from microbp.core.engine import Value
from microbp.core.toposort import reached_by_backward
from microbp.drawing import style
from microbp.drawing.grouping import Group
from microbp.drawing.layout import Diagram

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_LONG = 500
"""From this many edges, or ranks that edges pass, Graphviz is told to spend less time on each."""

_COUNTS = 60
"""Up to this many edges, each says how many it stands for; more would hide which says what."""

_PORTS = {
    rankdir: {"tailport": tail, "headport": head}
    for rankdir, tail, head in (("LR", *"ew"), ("RL", *"we"), ("TB", *"sn"), ("BT", *"ns"))
}
"""Where straight lines leave and enter a box, so that they don't cross its text."""


@dataclass(frozen=True)
class Options:
    """The options of `draw` for the picture as a whole."""

    rankdir: str = "LR"
    size: tuple[float, float] | None = None
    font: str = "Helvetica"  # Graphviz knows its metrics everywhere
    by_gradient: bool = False


def dot_text(
    nodes: Sequence[Value],
    roots: Sequence[Value],
    groups: Sequence[Group] = (),
    *,
    reached: Set[Value] | None = None,
    prefix: str = "",
) -> str:
    """The DOT text for all these nodes, which come in the order of `operands_first`.

    The elements of its SVG have ids, each after the prefix: n0, n1, ... for the nodes; e5_0 for
    the edge to node 5 from its first operand; u0, u1, ... for the groups, which are shown in
    place of their members; fu0_u1 or fn3_u1 for all edges from one box to another where one of
    the two is a group's. The last four texts of a node are `data`, its number, `grad`, and its
    number or "none yet"; a group of several outputs has the least and the largest number. The
    text of an edge is its partial, or how many edges it stands for if these are more than one
    and the picture is not crowded.

    `reached` are the nodes whose gradients are shown: by default, those that a backward pass has
    reached.
    """
    return diagram_text(Diagram(nodes, groups), roots, reached=reached, prefix=prefix)


def diagram_text(
    diagram: Diagram,
    roots: Sequence[Value],
    *,
    options: Options = Options(),
    note: str = "",
    reached: Set[Value] | None = None,
    prefix: str = "",
) -> str:
    """The DOT text for a diagram, with ids as in `dot_text`; the note gets a box of its own."""
    reached = reached_by_backward(diagram.nodes) if reached is None else reached
    ends = set(roots)
    graph = _empty(options, diagram, prefix)
    if note:
        graph.node("note", f"<{_small(*note.splitlines())}>", id=f"{prefix}note", **style.NOTE)
    for name in diagram.members:
        outputs, title, look = _described(name, diagram)
        if not ends.isdisjoint(outputs):
            look = look | style.OUTPUT
        grads = [output.grad for output in outputs if output in reached]
        if options.by_gradient:
            look = look | {"fillcolor": style.color(grads)}
        graph.node(name, _box(title, outputs, grads), id=prefix + name, **look)
    few = len(diagram.edges) <= _COUNTS
    for edge in diagram.edges:
        label = f"{edge.partial:.4g}" if edge.id[0] == "e" else ""
        if edge.number > 1 and (few or edge.start[0] == edge.end[0] == "n"):
            label = counted(edge.number, "edge")
        if options.rankdir in ("TB", "BT"):
            label = f" {label} "  # or it touches the arrow, which it stands beside
        graph.edge(edge.start, edge.end, label if label.strip() else None, id=prefix + edge.id)
    return str(graph.source)


def _described(name: str, diagram: Diagram) -> tuple[list[Value], str, dict[str, str]]:
    """A box's outputs, its title, and its attributes."""
    number = int(name[1:])
    if name[0] == "n":
        node = diagram.nodes[number]
        return [node], _title(node, diagram), style.box_style(node)
    group = diagram.groups[number]
    look = style.INPUT if group.kind == "inputs" else style.OPERATION
    outputs = [diagram.nodes[i] for i in group.outputs]
    return outputs, _group_title(group, outputs), look | style.FOLDED


def _empty(options: Options, diagram: Diagram, prefix: str) -> Any:
    """A `graphviz.Digraph` without nodes, with the attributes of the whole picture."""
    import graphviz  # type: ignore[import-untyped, unused-ignore]  # imported lazily: slow

    graph = {
        "id": f"{prefix}graph",
        "rankdir": options.rankdir,
        "fontname": options.font,
        # Few rounds of untangling: more would save some crossings, but shuffle the weights and
        # activities of a unit out of the order in which they were written.
        "mclimit": "0.01",
    }
    units = any(group.kind == "unit" for group in diagram.groups)
    edge = {"fontname": options.font, "fontsize": "10", "fontcolor": style.SMALL}
    edge |= {"color": "#808080", "arrowsize": "0.7"}
    if units:  # as nets are drawn: straight lines from layer to layer, units in order
        graph |= {"ordering": "in", "ranksep": "1.5"}
    if diagram.span > _LONG or len(diagram.edges) > 2 * _LONG:
        graph["nslimit"] = "1"
    if units or diagram.span > 2 * _LONG:  # curves would take too long as well
        graph["splines"] = "line"
        edge |= _PORTS[options.rankdir]
    if options.size:
        graph["size"] = ",".join(f"{inches:g}" for inches in options.size)
    if options.by_gradient:
        graph |= {"label": f"<{_legend()}>", "labelloc": "b", "labeljust": "l", "fontsize": "10"}
    node = {"fontname": options.font, "shape": "box", "fontsize": "12", "margin": "0.08,0.04"}
    return graphviz.Digraph("microbp", graph_attr=graph, node_attr=node, edge_attr=edge)


def _legend() -> str:
    """A table of the colors of gradients, from negative to positive."""
    less = [f"≤ -{step:g}" for step in reversed(style.STEPS)]
    more = [f"≥ {step:g}" for step in style.STEPS]
    colors = [*reversed(style.NEGATIVE), style.ZERO, *style.POSITIVE]
    cells = "".join(
        f'<TD BGCOLOR="{color}">{escaped(text)}</TD>'
        for color, text in zip(colors, [*less, "< 0", "0", "> 0", *more], strict=True)
    )
    return (
        '<TABLE BORDER="0" CELLBORDER="1" CELLSPACING="0" CELLPADDING="3" COLOR="#808080">'
        f'<TR><TD BORDER="0">grad</TD>{cells}</TR></TABLE>'
    )


def _title(node: Value, diagram: Diagram) -> str:
    """The left side of a box: symbol, label, and how many operands are not in the picture."""
    lines = [] if node.op is None else [f'<FONT POINT-SIZE="18">{escaped(node.op.symbol)}</FONT>']
    if node.label:
        lines.append(escaped(shortened(node.label)))
    title = f"<B>{'<BR/>'.join(lines)}</B>" if lines else ""
    missing = sum(diagram.hides(operand) for operand in node.operands)
    if missing:
        title += "<BR/>" + _small(f"{counted(missing, 'operand')} not shown")
    return title


def _group_title(group: Group, outputs: Sequence[Value]) -> str:
    """The same for a group: its name, and what it stands for."""
    ops = {output.op for output in outputs}
    op = ops.pop() if group.kind in ("unit", "layer") and len(ops) == 1 else None
    lines = [] if op is None else [f'<FONT POINT-SIZE="18">{escaped(op.symbol)}</FONT>']
    if group.kind == "operations":
        lines.append(f'<FONT POINT-SIZE="18">{escaped(shortened(group.name))}</FONT>')
    elif group.name:
        lines.append(escaped(shortened(group.name)))
    notes = []
    if group.kind != "unit":
        noun = {"layer": "unit", "inputs": "input", "operations": "operation"}[group.kind]
        notes.append(counted(group.count, noun))
    if group.parameters:
        notes.append(counted(len(group.parameters), "parameter"))
    if group.kind != "operations" and len(group.outputs) > group.count:
        notes.append(f"{len(group.outputs):,} values")
    return f"<B>{'<BR/>'.join(lines)}</B><BR/>{_small(*notes)}"


def _box(title: str, outputs: Sequence[Value], grads: Sequence[float]) -> str:
    """The inside of a box: its title on the left, data and gradient beside."""
    left = f'<TD ROWSPAN="2">{title}</TD>' if title else ""
    data = _range([output.data for output in outputs])
    return (
        '<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3">'
        f"<TR>{left}{_cells('data', data)}</TR>"
        f"<TR>{_cells('grad', _range(grads) if grads else 'none yet')}</TR></TABLE>>"
    )


def _cells(name: str, number: str) -> str:
    return f'<TD ALIGN="LEFT">{_small(name)}</TD><TD ALIGN="RIGHT">{number}</TD>'


def _range(numbers: Sequence[float]) -> str:
    """One number, or the least and the largest, to four digits."""
    known = [number for number in numbers if not math.isnan(number)]
    ends = [f"{pick(known):.4g}" for pick in (min, max)] if known else []
    shown = " … ".join(dict.fromkeys(ends))
    return shown if len(known) == len(numbers) else ", ".join(filter(None, [shown, "nan"]))


def _small(*lines: str) -> str:
    text = "<BR/>".join(escaped(line) for line in lines)
    return f'<FONT POINT-SIZE="10" COLOR="{style.SMALL}">{text}</FONT>'


def escaped(text: str) -> str:
    """Any text as HTML for DOT. Graphviz expands backslashes even there."""
    plain = html.escape(visible(text).expandtabs(4))
    if not plain.strip("]"):  # Graphviz would take it for an end
        plain = plain.replace("]", "&#93;")
    return plain.replace("\\", "\\\\").replace("\n", "<BR/>")


def visible(text: str) -> str:
    """The text with escapes for what no picture can hold: control characters, lone surrogates."""
    return _UNPRINTABLE.sub(lambda character: repr(character[0])[1:-1], text)


def counted(number: int, noun: str) -> str:
    plural = f"{noun}es" if noun.endswith("x") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"
