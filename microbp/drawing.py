"""The graph as a picture, drawn by Graphviz: one box for each Value, one arrow for each operand.

All that is known of a node here is its public face; the layout is left to Graphviz.
"""

from __future__ import annotations

import base64
import html
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from microbp.door import shown
from microbp.engine import Value
from microbp.files import write_whole
from microbp.graph import operands_first

MOST_NODES = 1000
"""Graphviz lays out this many in 0.3 to 3 seconds, twice as many in up to 45."""

PATIENCE = 60.0
"""Seconds until a rendering is given up: a leaf used at each of 40 steps takes about as long."""

_INSTALL = "from your system's package manager (for example: apt install graphviz)"

_GRAPH = {
    "rankdir": "LR",
    # Few rounds of untangling: more would save a crossing here and there, and shuffle the
    # weights and activities of a unit out of the order in which they were written.
    "mclimit": "0.01",
}
_TEXT = {"fontname": "Helvetica"}  # one that Graphviz has the measures of, wherever it runs
_NODE = _TEXT | {"shape": "box", "fontsize": "12", "margin": "0.08,0.04"}
_ARROW = {"color": "#808080", "arrowsize": "0.7"}
_EDGE = _TEXT | _ARROW | {"fontsize": "10", "fontcolor": "#4d4d4d"}
# Blue, orange and green of Okabe and Ito, told apart by the colour-blind; corners and border tell
# the same once more. Dark text on the pale fills has a contrast above 7 : 1.
_LEAF = {"style": "filled", "fillcolor": "#e3f0fa", "color": "#0072b2"}
_OPERATION = {"style": "rounded,filled", "fillcolor": "#fff4dd", "color": "#b87700"}
_ROOT = {"fillcolor": "#dcf2ea", "color": "#00664b", "penwidth": "2.5"}

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class GraphvizMissing(RuntimeError):
    """There is no Graphviz to draw with; the message says how to get one."""


def draw(*values: Value) -> Drawing:
    """A picture of the graph that these Values reach, from the leaves on the left to the roots.

    Each Value is one box, with its label, data and gradient, and the symbol of the operation
    that computed it. An arrow leads from each operand to the result, with the partial beside
    it; `x * x` has two. A notebook shows the picture; elsewhere, save it:
    `draw(loss).save("loss.svg")`.

    >>> x = Value(3.0, label="x")
    >>> draw(x * x + x)
    <Drawing of 12: 3 nodes, 4 edges>

    Raises TypeError for no Value at all or anything else, ValueError for a graph of more than
    1,000 nodes, of which nobody could make out anything.
    """
    if not values:
        raise TypeError("draw: expected one or more Values, got none")
    for value in values:
        if not isinstance(value, Value):
            raise TypeError(f"draw: expected Values, got {shown(value)}")
    nodes = operands_first(*values)
    if len(nodes) > MOST_NODES:
        raise ValueError(
            f"draw: expected a graph of at most {MOST_NODES:,} nodes, got one of {len(nodes):,}: "
            "draw a Value nearer to the leaves, or a smaller case"
        )
    titles = [f"{_visible(v.label)} = {v.data:.4g}" if v.label else f"{v.data:.4g}" for v in values]
    edges = sum(len(node.operands) for node in nodes)
    caption = f"{', '.join(titles)}: {_counted(len(nodes), 'node')}, {_counted(edges, 'edge')}"
    return Drawing(_dot(nodes, values), caption)


class Drawing:
    """What `draw` returns: a graph in Graphviz's language, rendered when a picture is asked for.

    `source` is the text in that language, DOT; equal graphs give equal texts.
    """

    def __init__(self, source: str, caption: str) -> None:
        self.source = source
        self._caption = caption
        self._svg: str | None = None

    def __repr__(self) -> str:
        return f"<Drawing of {self._caption}>"

    def svg(self) -> str:
        """The picture as SVG, rendered once and kept.

        Raises GraphvizMissing where there is no Graphviz, RuntimeError where it fails.
        """
        if self._svg is None:
            self._svg = _rendered(self.source, "svg").decode()
        return self._svg

    def png(self) -> bytes:
        """The picture as PNG, scaled down where a side would exceed 9,600 pixels.

        Raises GraphvizMissing where there is no Graphviz, RuntimeError where it fails.
        """
        return _rendered(self.source, "png")

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write a file in the format of its suffix: .svg, .png, .pdf, or .dot and .gv for DOT.

        The file is written whole or not at all: an older one stays until the new one is ready.

        Raises ValueError for any other suffix, GraphvizMissing where there is no Graphviz,
        RuntimeError where it fails, and OSError where the file cannot be written.
        """
        path = Path(path)
        suffix = path.suffix.lower()
        content: str | bytes
        if suffix == ".svg":
            content = self.svg()
        elif suffix == ".png":
            content = self.png()
        elif suffix == ".pdf":
            content = _rendered(self.source, "pdf")
        elif suffix in (".dot", ".gv"):
            content = self.source
        else:
            raise ValueError(
                f"save: expected a file name in .svg, .png, .pdf, .dot or .gv, got {path.name!r}"
            )
        return write_whole(path, content)

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> dict[str, str]:
        """The picture for a notebook, which picks the richest form that it may show.

        Where there is no Graphviz, that is the text saying so.
        """
        try:
            svg = self.svg()
        except GraphvizMissing as error:
            return {"text/plain": str(error)}
        # A notebook that is not trusted hides SVG, which can hold scripts, but not an image.
        data = base64.b64encode(svg.encode()).decode()
        image = (
            f'<img alt="Graph of {html.escape(self._caption)}" '
            f'src="data:image/svg+xml;base64,{data}">'
        )
        return {"text/html": image, "image/svg+xml": svg, "text/plain": repr(self)}


def _dot(nodes: Iterable[Value], roots: Iterable[Value]) -> str:
    import graphviz  # type: ignore[import-untyped, unused-ignore]  # here: it takes a while

    names = {node: f"n{i}" for i, node in enumerate(nodes)}
    graph = graphviz.Digraph(graph_attr=_GRAPH, node_attr=_NODE, edge_attr=_EDGE)
    for node, name in names.items():
        look = _LEAF if node.op is None else _OPERATION
        graph.node(name, _box(node), **(look | _ROOT if node in roots else look))
    for node, name in names.items():
        for operand, partial in zip(node.operands, node.partials, strict=True):
            graph.edge(names[operand], name, label=f"{partial:.4g}")
    return str(graph.source)


def _box(node: Value) -> str:
    """The inside of a node: its symbol and label on the left, its data and gradient beside."""
    title = [] if node.op is None else [f'<FONT POINT-SIZE="18">{_escaped(node.op.symbol)}</FONT>']
    if node.label:
        title.append(_escaped(node.label))
    left = f'<TD ROWSPAN="2"><B>{"<BR/>".join(title)}</B></TD>' if title else ""
    return (
        '<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3">'
        f"<TR>{left}{_cells('data', node.data)}</TR><TR>{_cells('grad', node.grad)}</TR></TABLE>>"
    )


def _cells(name: str, number: float) -> str:
    return (
        f'<TD ALIGN="LEFT"><FONT POINT-SIZE="10" COLOR="#4d4d4d">{name}</FONT></TD>'
        f'<TD ALIGN="RIGHT">{number:.4g}</TD>'
    )


def _escaped(text: str) -> str:
    """Any text, to be shown as it is; Graphviz puts names for backslash and N, G, ... even here."""
    plain = html.escape(_visible(text).expandtabs(4))
    return plain.replace("\\", "\\\\").replace("\n", "<BR/>")


def _visible(text: str) -> str:
    """The text with what no picture can hold spelt out: control characters, lone surrogates."""
    return _UNPRINTABLE.sub(lambda character: repr(character[0])[1:-1], text)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"


def _rendered(source: str, format: str) -> bytes:
    program = _program()
    # A larger bitmap takes minutes, and an even larger one crashes graphviz-pure.
    size = ["-Gsize=100"] if format == "png" else []
    try:
        run = subprocess.run(
            [program, f"-T{format}", *size],
            input=source.encode(),
            capture_output=True,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        raise RuntimeError(
            f"{program} found no layout in {PATIENCE:.0f} seconds: draw a smaller part of the graph"
        ) from None
    if run.returncode != 0 or not run.stdout:
        message = run.stderr.decode(errors="replace").strip()
        hint = "" if Path(program).stem == "dot" else f"; Graphviz itself, {_INSTALL}, may do it"
        raise RuntimeError(f"{program} wrote no {format}: {message}{hint}")
    return run.stdout


def _program() -> str:
    """The system's Graphviz, or else the one that `pip install 'microbp[dot]'` brings."""
    program = shutil.which("dot") or _packaged() or shutil.which("graphviz-pure")
    if program is None:
        raise GraphvizMissing(
            f"a picture needs Graphviz: install it {_INSTALL}, or run: pip install 'microbp[dot]'"
        )
    return program


def _packaged() -> str | None:
    """The program of the package graphviz-pure: on no PATH where its environment is not active."""
    import importlib.metadata  # here, for it takes as long to import as all of microbp

    try:
        files: Iterable[Any] = importlib.metadata.files("graphviz-pure") or ()
    except importlib.metadata.PackageNotFoundError:
        return None
    programs = (Path(file.locate()).resolve() for file in files if file.stem == "graphviz-pure")
    return next((str(program) for program in programs if program.is_file()), None)
