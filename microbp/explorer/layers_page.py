"""A page of a graph too large to step through node by node: layers or parts, one step each."""

from __future__ import annotations

import html
from collections.abc import Sequence
from string import Template

from microbp._support.version import __version__
from microbp.core.engine import Value
from microbp.drawing.dot import counted, number_range, visible
from microbp.explorer.assemble import part, policy, script
from microbp.explorer.pictures import Shown

_NOUNS = {"layer": "unit", "part": "operation"}
_COLUMNS = {
    "layers": {
        "few": "parameters",
        "results": "activities",
        "leaves": "weights and biases",
        "which": "a layer",
    },
    "parts": {
        "few": "leaves",
        "results": "results",
        "leaves": "leaves",
        "which": "a part, which is a stretch of the operations in the order in which they ran",
    },
}


def layers_page(title: str, nodes: Sequence[Value], drawn: Sequence[Shown]) -> str:
    """The whole page: the pictures of the layers, and what each of them is in a table."""
    style = part("base.css") + part("page.css") + part("layers/layers.css")
    what = drawn[0].fold
    program = '"use strict";\n' + script("layers/layers")
    return Template(part("layers/layers.html")).substitute(
        policy=policy([style], [program]),
        version=__version__,
        title=html.escape(title),
        size=counted(len(nodes), "node"),
        style=style,
        pictures="\n".join(each.picture.svg for each in drawn),
        what=what,
        one=what.removesuffix("s"),
        **_COLUMNS[what],
        rows="\n".join(_rows(nodes, drawn[0])),
        script=program,
    )


def _rows(nodes: Sequence[Value], shown: Shown) -> list[str]:
    """A row for each group: its name, how many units and parameters, and its numbers."""
    rows = []
    for j, group in enumerate(shown.groups):
        outputs = [nodes[i] for i in group.outputs]
        parameters = [nodes[i] for i in group.parameters]
        cells = [
            counted(group.count, _NOUNS.get(group.kind, "value")),
            f"{len(parameters):,}" if parameters else "",
            number_range([node.data for node in outputs]),
            number_range([node.grad for node in outputs]),
            number_range([node.data for node in parameters]),
            number_range([node.grad for node in parameters]),
        ]
        name = html.escape(visible(group.name))
        leaf = " data-leaf" if group.kind in ("inputs", "leaves") else ""
        texts = "".join(f"<td>{cell}</td>" for cell in cells)
        rows.append(f'<tr data-box="u{j}"{leaf}><th scope="row">{name}</th>{texts}</tr>')
    return rows
