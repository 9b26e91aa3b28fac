"""Write a graph in DOT, the language of Graphviz: a box for each node or group of nodes."""

from __future__ import annotations

import html
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set
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
"""Up to this many edges, each says how many it stands for; more would hide which says what.

Straight lines between units cross, and a number on a crossing could be of either.
"""

_SIDES = {"LR": ("e", "w"), "RL": ("w", "e"), "TB": ("s", "n"), "BT": ("n", "s")}
"""Where straight lines leave a box and enter one, so that they don't cross its text."""


@dataclass(frozen=True)
class Options:
    """The options of `draw` for the picture as a whole."""

    rankdir: str = "LR"
    size: tuple[float, float] | None = None
    font: str = "Helvetica"  # Graphviz knows its metrics everywhere
    by_gradient: bool = False
    dark: bool = False
    number_width: float = 0.0  # at least so many points for the numbers of a box


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
    marked: Mapping[str, dict[str, str]] = {},
) -> str:
    """The DOT text for a diagram, with ids as in `dot_text`, and a note above it.

    `marked` has further attributes for boxes and edges, by their ids without the prefix.
    """
    reached = reached_by_backward(diagram.nodes) if reached is None else reached
    outputs_of_all = set(roots)
    graph = _empty(options, diagram, note, prefix)
    for name in diagram.members:
        outputs, title, look = _described(name, diagram)
        if not outputs_of_all.isdisjoint(outputs):
            look = look | style.OUTPUT
        grads = [output.grad for output in outputs if output in reached]
        if options.by_gradient:
            look = look | {"fillcolor": style.color(grads)}
        inside = _box(title, outputs, grads, options.number_width)
        graph.node(name, inside, id=prefix + name, **look | marked.get(name, {}))
    parallels = Counter((edge.start, edge.end) for edge in diagram.edges)
    counts = len(diagram.edges) <= _COUNTS and not diagram.has_units
    drawn = Counter[tuple[str, str]]()
    for edge in diagram.edges:
        ends = edge.start, edge.end
        look = marked.get(edge.id, {})
        if diagram.straight and parallels[ends] > 1:
            look = look | _ports(options.rankdir, drawn[ends], parallels[ends])
            drawn[ends] += 1
        label = numeral(edge.partial) if edge.id[0] == "e" else ""
        if edge.number > 1 and (counts or edge.start[0] == edge.end[0] == "n"):
            label = counted(edge.number, "edge")
        if options.rankdir in ("TB", "BT"):
            label = f" {label} "  # or it touches the arrow, which it stands beside
        graph.edge(*ends, label if label.strip() else None, id=prefix + edge.id, **look)
    source = str(graph.source)
    return style.darkened(source) if options.dark else source


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


def _empty(options: Options, diagram: Diagram, note: str, prefix: str) -> Any:
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
    edge = {"fontname": options.font, "fontsize": "10", "fontcolor": style.SMALL}
    edge |= {"color": style.EDGE, "arrowsize": "0.7"}
    if diagram.has_units:  # in order, and far enough apart to tell the lines between them
        graph |= {"ordering": "in", "ranksep": "1.5" if options.rankdir in ("LR", "RL") else "0.8"}
    if diagram.span > _LONG or len(diagram.edges) > 2 * _LONG:
        graph["nslimit"] = "1"
    if diagram.straight:
        graph["splines"] = "line"
        edge |= _ports(options.rankdir)
    if options.size:
        graph["size"] = ",".join(f"{inches:g}" for inches in options.size)
    above = _small(note).replace("<BR/>", '<BR ALIGN="LEFT"/>') if note else ""
    if options.by_gradient:
        above = _legend(above)
    if above:
        graph |= {"label": f"<{above}>", "labelloc": "t", "labeljust": "l", "fontsize": "10"}
    node = {"fontname": options.font, "shape": "box", "fontsize": "12", "margin": "0.08,0.04"}
    if options.dark:
        graph |= {"bgcolor": style.DARK_PAPER, "fontcolor": style.DARK_INK}
        node["fontcolor"] = style.DARK_INK
    return graphviz.Digraph("microbp", graph_attr=graph, node_attr=node, edge_attr=edge)


def _ports(rankdir: str, k: int = 0, parallels: int = 1) -> dict[str, str]:
    """Where the k-th of a few parallel straight lines leaves one box and enters the other."""
    tail, head = _SIDES[rankdir]
    corner = {1: ("",), 2: ("n", "s")}.get(parallels, ("n", "", "s"))[k % 3]
    if rankdir in ("TB", "BT"):
        across = {"n": "w", "": "", "s": "e"}[corner]
        return {"tailport": tail + across, "headport": head + across}
    return {"tailport": corner + tail, "headport": corner + head}


def _legend(note: str) -> str:
    """A table of the colors of gradients, from negative to positive, below the note."""
    less = [f"≤ {numeral(-step)}" for step in reversed(style.STEPS)]
    more = [f"≥ {numeral(step)}" for step in style.STEPS]
    colors = [*reversed(style.NEGATIVE), style.ZERO, *style.POSITIVE]
    cells = "".join(
        f'<TD BGCOLOR="{color}">{escaped(text)}</TD>'
        for color, text in zip(colors, [*less, "< 0", "0", "> 0", *more], strict=True)
    )
    first = f'<TR><TD BORDER="0" COLSPAN="12" ALIGN="LEFT">{note}</TD></TR>' if note else ""
    return (
        '<TABLE BORDER="0" CELLBORDER="1" CELLSPACING="0" CELLPADDING="3" COLOR="#808080">'
        f'{first}<TR><TD BORDER="0">grad</TD>{cells}</TR></TABLE>'
    )


def _title(node: Value, diagram: Diagram) -> str:
    """The left side of a box: symbol, label, and how many operands are not in the picture."""
    lines = [] if node.op is None else [_symbol(node.op.symbol)]
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
    lines = [] if op is None else [_symbol(op.symbol)]
    if group.kind == "operations":
        lines.append(_symbol(group.name))
    elif group.name:
        lines.append(escaped(shortened(group.name)))
    notes = [f"step {group.step}"] if group.step else []
    if group.kind != "unit":
        noun = {"layer": "unit", "inputs": "input", "operations": "operation"}[group.kind]
        notes.append(counted(group.count, noun))
    if group.parameters:
        notes.append(counted(len(group.parameters), "parameter"))
    if group.tied:
        notes.append(f"the same {counted(len(group.tied), 'parameter')}")
    if group.kind != "operations" and len(group.outputs) > group.count:
        notes.append(f"{len(group.outputs):,} values")
    return f"<B>{'<BR/>'.join(lines)}</B><BR/>{_small(*notes)}"


def _symbol(symbol: str) -> str:
    text = "−" if symbol == "-" else escaped(shortened(symbol))
    return f'<FONT POINT-SIZE="18">{text}</FONT>'


def _box(title: str, outputs: Sequence[Value], grads: Sequence[float], width: float) -> str:
    """The inside of a box: its title on the left, data and gradient beside."""
    left = f'<TD ROWSPAN="2">{title}</TD>' if title else ""
    data = number_range([output.data for output in outputs])
    return (
        '<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3">'
        f"<TR>{left}{_cells('data', data, width)}</TR>"
        f"<TR>{_cells('grad', number_range(grads) if grads else 'none yet', width)}</TR></TABLE>>"
    )


def _cells(name: str, number: str, width: float) -> str:
    least = f' WIDTH="{width:.0f}"' if width else ""
    return f'<TD ALIGN="LEFT">{_small(name)}</TD><TD ALIGN="RIGHT"{least}>{number}</TD>'


def number_range(numbers: Sequence[float]) -> str:
    """One number, or the least and the largest, to four digits."""
    known = [number for number in numbers if not math.isnan(number)]
    ends = [numeral(pick(known)) for pick in (min, max)] if known else []
    shown = " … ".join(dict.fromkeys(ends))
    return shown if len(known) == len(numbers) else ", ".join(filter(None, [shown, "nan"]))


def numeral(x: float) -> str:
    """A number to four digits, with the minus sign that Matplotlib writes too."""
    return f"{x:.4g}".replace("-", "−")


def _small(*lines: str) -> str:
    text = "<BR/>".join(map(escaped, lines))
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
    plural = {"box": "boxes", "leaf": "leaves"}.get(noun, f"{noun}s")
    return f"{number:,} {noun if number == 1 else plural}"
