"""The graph as text in Graphviz's language, DOT: one box for each node or group of nodes.

All that is known of a node here is its public face; the layout is left to Graphviz.
"""

from __future__ import annotations

import html
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from microbp import looks
from microbp.engine import Value
from microbp.folding import Group
from microbp.graph import swept

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Style:
    """How the whole of a picture looks: what `draw` was asked for."""

    rankdir: str = "LR"
    size: tuple[float, float] | None = None
    font: str = "Helvetica"  # one that Graphviz has the measures of, wherever it runs
    by_gradient: bool = False


def dot_text(
    nodes: Sequence[Value],
    roots: Sequence[Value],
    groups: Sequence[Group] = (),
    *,
    reached: Set[Value] | None = None,
    note: str = "",
    style: Style = Style(),
    prefix: str = "",
) -> str:
    """The text for these nodes, which come in the order of `operands_first`.

    The elements of its SVG have ids, each after the prefix: n0, n1, ... for the nodes; e5_0 for
    the edge to node 5 from its first operand; u0, u1, ... for the groups, which are shown in
    place of their members; fu0_u1 or fn3_u1 for all edges from one box to another where one of
    the two is a group's. The last four texts of a node are `data`, its number, `grad`, and its
    number or "not swept"; a group of several outputs has the least and the largest number.

    `reached` are the nodes that a sweep has reached, if more is known than these nodes tell. An
    operand that is not among the nodes is counted in the box. The note gets a box of its own.
    """
    reached = swept(nodes) if reached is None else reached
    place = {node: i for i, node in enumerate(nodes)}
    names = [f"n{i}" for i in range(len(nodes))]
    for j, group in enumerate(groups):
        for i in group.members:
            names[i] = f"u{j}"
    ends = set(roots)
    lines = [*_settings(style, prefix)]
    if note:
        lines.append(_node("note", prefix, f"<{_small(*note.split(chr(10)))}>", looks.NOTE))
    for name in dict.fromkeys(names):
        number = int(name[1:])
        if name.startswith("n"):
            node = nodes[number]
            outputs, title, look = [node], _title(node, place), looks.look(node)
        else:
            group = groups[number]
            outputs, title = [nodes[i] for i in group.outputs], _group_title(group, nodes)
            look = (looks.INPUT if group.kind == "inputs" else looks.OPERATION) | looks.FOLDED
        if not ends.isdisjoint(outputs):
            look = look | looks.OUTPUT
        grads = [output.grad for output in outputs if output in reached]
        if style.by_gradient:
            look = look | {"fillcolor": looks.colour(grads)}
        lines.append(_node(name, prefix, _box(title, outputs, grads), look))
    lines += _edges(nodes, names, place, groups, prefix)
    return "\n".join(["digraph microbp {", *(f"\t{line}" for line in lines), "}", ""])


def _settings(style: Style, prefix: str) -> Iterator[str]:
    graph = {
        "id": f"{prefix}graph",
        "rankdir": style.rankdir,
        "fontname": style.font,
        # Few rounds of untangling: more would save a crossing here and there, and shuffle the
        # weights and activities of a unit out of the order in which they were written.
        "mclimit": "0.01",
    }
    if style.size:
        graph["size"] = ",".join(f"{inches:g}" for inches in style.size)
    text = {"fontname": style.font}
    node = text | {"shape": "box", "fontsize": "12", "margin": "0.08,0.04"}
    edge = text | {"fontsize": "10", "fontcolor": "#4d4d4d", "color": "#808080", "arrowsize": "0.7"}
    yield f"graph [{_attributes(graph)}]"
    yield f"node [{_attributes(node)}]"
    yield f"edge [{_attributes(edge)}]"


def _attributes(given: dict[str, str]) -> str:
    return " ".join(f'{name}="{value}"' for name, value in given.items())


def _node(name: str, prefix: str, label: str, look: dict[str, str]) -> str:
    return f"{name} [label={label} {_attributes({'id': prefix + name} | look)}]"


def _edges(
    nodes: Sequence[Value],
    names: Sequence[str],
    place: dict[Value, int],
    groups: Sequence[Group],
    prefix: str,
) -> Iterator[str]:
    recurrent = {i for g in groups if g.kind in ("unit", "layer") for i in g.outputs}
    counts = Counter[tuple[str, str]]()
    for i, node in enumerate(nodes):
        for k, (operand, partial) in enumerate(zip(node.operands, node.partials, strict=True)):
            j = place.get(operand)
            if j is None:
                continue
            ends = names[j], names[i]
            if ends[0].startswith("n") and ends[1].startswith("n"):
                yield _edge(ends, f"{prefix}e{i}_{k}", f"{partial:.4g}")
            elif ends[0] != ends[1] or j in recurrent:
                counts[ends] += 1
    for ends, count in counts.items():
        yield _edge(ends, f"{prefix}f{ends[0]}_{ends[1]}", counted(count, "edge"))


def _edge(ends: tuple[str, str], id: str, label: str) -> str:
    return f'{ends[0]} -> {ends[1]} [label="{label}" id="{id}"]'


def _title(node: Value, place: Mapping[Value, int]) -> str:
    """The left side of a box: symbol, label, and how many operands are not in the picture."""
    lines = [] if node.op is None else [f'<FONT POINT-SIZE="18">{escaped(node.op.symbol)}</FONT>']
    if node.label:
        lines.append(escaped(node.label))
    title = f"<B>{'<BR/>'.join(lines)}</B>" if lines else ""
    missing = sum(operand not in place for operand in node.operands)
    if missing:
        title += "<BR/>" + _small(f"{counted(missing, 'operand')} not shown")
    return title


def _group_title(group: Group, nodes: Sequence[Value]) -> str:
    """The same for a group: its name, and what it stands for."""
    ops = {nodes[i].op for i in group.outputs}
    op = ops.pop() if group.kind in ("unit", "layer") and len(ops) == 1 else None
    lines = [] if op is None else [f'<FONT POINT-SIZE="18">{escaped(op.symbol)}</FONT>']
    if group.kind == "operations":
        lines.append(f'<FONT POINT-SIZE="18">{escaped(group.name)}</FONT>')
    elif group.name:
        lines.append(escaped(group.name))
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
        f"<TR>{_cells('grad', _range(grads) if grads else 'not swept')}</TR></TABLE>>"
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
    return f'<FONT POINT-SIZE="10" COLOR="#4d4d4d">{text}</FONT>'


def escaped(text: str) -> str:
    """Any text, to be shown as it is; Graphviz puts names for backslash and N, G, ... even here."""
    plain = html.escape(visible(text).expandtabs(4))
    if not plain.strip("]"):  # Graphviz takes it for the end of something
        plain = plain.replace("]", "&#93;")
    return plain.replace("\\", "\\\\").replace("\n", "<BR/>")


def visible(text: str) -> str:
    """The text with what no picture can hold spelt out: control characters, lone surrogates."""
    return _UNPRINTABLE.sub(lambda character: repr(character[0])[1:-1], text)


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
