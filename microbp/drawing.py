"""The graph as a picture, drawn by Graphviz: one box for each Value, one arrow for each operand."""

from __future__ import annotations

import base64
import html
import os
from collections.abc import Iterable
from pathlib import Path

from microbp.door import shown
from microbp.dottext import counted, dot_text, visible
from microbp.engine import Value
from microbp.files import write_whole
from microbp.graph import operands_first
from microbp.renderer import GraphvizMissing as GraphvizMissing
from microbp.renderer import rendered

MOST_NODES = 1000
"""Graphviz lays out this many in 0.3 to 3 seconds, twice as many in up to 45."""


def draw(*values: Value) -> Picture:
    """A picture of the graph that these Values reach, from the leaves on the left to the roots.

    Each Value is one box, with its label, data and gradient, and the symbol of the operation
    that computed it. An arrow leads from each operand to the result, with the partial beside
    it; `x * x` has two. A notebook shows the picture; elsewhere, save it:
    `draw(loss).save("loss.svg")`.

    >>> x = Value(3.0, label="x")
    >>> draw(x * x + x)
    <Picture of 12: 3 nodes, 4 edges>

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
    titles = [f"{visible(v.label)} = {v.data:.4g}" if v.label else f"{v.data:.4g}" for v in values]
    edges = sum(len(node.operands) for node in nodes)
    caption = f"{', '.join(titles)}: {counted(len(nodes), 'node')}, {counted(edges, 'edge')}"
    return Picture(dot_text(nodes, values), caption)


class Picture:
    """What `draw` returns: a graph in Graphviz's language, rendered when a picture is asked for.

    `source` is the text in that language, DOT; equal graphs give equal texts.
    """

    def __init__(self, source: str, caption: str) -> None:
        self.source = source
        self._caption = caption
        self._svg: str | None = None

    def __repr__(self) -> str:
        return f"<Picture of {self._caption}>"

    def svg(self) -> str:
        """The picture as SVG, rendered once and kept.

        Raises GraphvizMissing where there is no Graphviz, RuntimeError where it fails.
        """
        if self._svg is None:
            self._svg = rendered(self.source, "svg")
        return self._svg

    def png(self) -> bytes:
        """The picture as PNG, scaled down where a side would exceed 9,600 pixels.

        Raises GraphvizMissing where there is no Graphviz, RuntimeError where it fails.
        """
        return rendered(self.source, "png")

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
            content = rendered(self.source, "pdf")
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
