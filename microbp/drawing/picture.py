"""Draw a graph: one box for each Value, one arrow for each operand."""

from __future__ import annotations

import html
import math
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from microbp._support.arguments import named_arguments
from microbp._support.atomic_file import as_path, write_whole
from microbp._support.coerce import number, shortened, shown, whole_number
from microbp.core.engine import Value
from microbp.core.toposort import operands_first
from microbp.drawing.dot import Options, counted, diagram_text, visible
from microbp.drawing.fitting import READABLE, fitted
from microbp.drawing.grouping import Fold
from microbp.drawing.layout import Diagram
from microbp.drawing.notebook import framed
from microbp.drawing.png_text import described
from microbp.drawing.render import GraphvizMissing as GraphvizMissing
from microbp.drawing.render import rendered
from microbp.drawing.roots import is_net, roots
from microbp.drawing.shape import Rankdir, turned
from microbp.drawing.style import Theme, dark_rules

MAX_NODES = 500
"""Graphviz lays out this many in a second or two; few people can read more."""

_FOLDS: dict[str | None, tuple[Fold | None, ...]] = {
    None: (None, "unit", "layer"),
    "node": (None,),
    "unit": ("unit", "layer"),
    "layer": ("layer",),
}

_FONT = re.compile(r"[\w ,.'-]+")
_ROOTS_NAMED = 4


@named_arguments("draw")
def draw(
    *values: Value | Callable[..., Sequence[Value]] | Sequence[Any] | Mapping[str, Any],
    fold: Literal["node", "unit", "layer"] | None = None,
    max_nodes: int = MAX_NODES,
    color: Literal["gradient"] | None = None,
    rankdir: Rankdir | None = None,
    size: tuple[float, float] | None = None,
    font: str = "Helvetica",
    theme: Theme = "light",
) -> Picture:
    """A picture of the graph that these Values reach, from the leaves to the roots.

    Each of `values` is a Value, a list of them such as a net's outputs, or a net, perhaps with its
    inputs after it: `draw(net, x)` shows the units of the net for the inputs x, `draw(net)` for
    inputs of 0, and `draw(net(x))` every node.

    Each Value is one box, with its label, data and gradient, and the symbol of the operation
    that computed it. An arrow leads from each operand to the result, with the partial beside
    it; `x * x` has two. A notebook shows the picture; elsewhere, save it:
    `draw(loss).save("loss.svg")`.

    >>> x = Value(3.0, label="x")
    >>> draw(x * x + x)
    <Picture of 12: 3 nodes, 4 edges>

    The roots have a thick green border. Other boxes with round corners are operations; those with
    sharp corners are leaves. A dashed one has no label: a constant. One with a corner folded over
    is a parameter, whose label is w or b, perhaps with a number or brackets after it, such as w12
    or w[hidden1,x2]. A gradient is "none yet" where no backward pass has been: one has
    reached all nodes whose gradient is not 0, and all below them.

    `fold="unit"` shows each unit of a net as one box with a double border, its weights and bias in
    it, and `fold="layer"` each layer and each group of inputs; the same operation on every unit
    of a layer, as in an error, is one box too. Units are found by the labels that `microbp.nn`
    gives. A box of several outputs shows the range of their data and gradients. Several cases
    that go through the same units are drawn as one; the steps of a net in time are side by side.

    Without `fold`, a net whose picture would be too large to look at is folded by unit or else by
    layer; `fold="node"` shows every node. So is a graph of more than `max_nodes`, or whose edges
    would take too long to lay out; one that is still too large is cut to the part nearest to the
    roots. A note in the picture says so.

    `color="gradient"` colors the boxes by their gradients: blue below 0, orange above, the darker
    the further from 0. A new shade begins at 0.001, 0.01, 0.1 and 1, the same in all pictures.
    `rankdir` is the direction of the graph: "LR" to the right, "TB" to the bottom, "RL" or "BT". By
    default it is to the right, or to the bottom if the picture fits better on a page that way.
    `theme="dark"` has light text on dark paper; "auto" is for SVG and notebooks, and follows the
    reader's system or browser.
    `size` is the largest size, (width, height) in inches; a larger picture is scaled down. `font`
    is the name of a font, or several separated by commas; text in a font whose metrics Graphviz
    does not know may be wider than its box.

    Raises TypeError for anything but Values and nets, or none, ValueError for an unknown option,
    and either for a `max_nodes` that is no number of nodes.
    """
    ends = roots(values, "draw")
    _one_of("fold", fold, *_FOLDS)
    _one_of("color", color, None, "gradient")
    _one_of("rankdir", rankdir, None, "LR", "RL", "TB", "BT")
    _one_of("theme", theme, "light", "dark", "auto")
    max_nodes = whole_number(max_nodes, "draw: max_nodes", 1)
    if not isinstance(font, str) or not _FONT.fullmatch(font):
        raise ValueError(f"draw: font: expected the name of a font, got {shown(font)}")
    rankdirs: tuple[Rankdir, ...] = (rankdir,) if rankdir else ("LR", "TB")
    folds = _FOLDS["unit" if fold is None and any(map(is_net, values)) else fold]
    most_pages = READABLE if fold is None else math.inf
    nodes = operands_first(*ends)
    diagram, note = fitted(nodes, ends, folds, max_nodes, rankdirs, most_pages)
    options = Options(
        turned(diagram, rankdirs),
        _inches(size),
        font,
        by_gradient=color == "gradient",
        dark=theme == "dark",
    )
    source = diagram_text(diagram, ends, options=options, note=note)
    return Picture(source, _caption(diagram, ends), follows_reader=theme == "auto")


def draw_for_print(value: Value) -> Picture:
    """A picture of the graph that this Value reaches, for one page of A4 or Letter."""
    nodes = operands_first(value)
    diagram, note = fitted(nodes, [value], _FOLDS[None], MAX_NODES, most_pages=1.0)
    options = Options(turned(diagram))
    return Picture(
        diagram_text(diagram, [value], options=options, note=note), _caption(diagram, [value])
    )


def _one_of(option: str, given: object, *known: object) -> None:
    if not isinstance(given, (str, type(None))) or given not in known:
        names = ", ".join(map(repr, known))
        raise ValueError(f"draw: {option}: expected one of {names}; got {shown(given)}")


def _inches(size: object) -> tuple[float, float] | None:
    if size is None:
        return None
    try:
        width, height = (number(side, "size") for side in size)  # type: ignore[attr-defined]  # caught
    except (TypeError, ValueError):
        width = height = math.nan
    if not (0 < width <= 100 and 0 < height <= 100):
        raise ValueError(
            f"draw: size: expected a width and a height, up to 100 inches, got {shown(size)}"
        )
    return width, height


def _caption(diagram: Diagram, values: Sequence[Value]) -> str:
    named = values[:_ROOTS_NAMED]
    titles = [
        f"{visible(shortened(v.label))} = {v.data:.4g}" if v.label else f"{v.data:.4g}"
        for v in named
    ]
    if len(values) > len(named):
        titles.append(f"{len(values) - len(named):,} more")
    edges = sum(len(node.operands) for node in diagram.nodes)
    parts = [counted(len(diagram.nodes), "node"), counted(edges, "edge")]
    if diagram.size < len(diagram.nodes):
        parts.append(f"{counted(diagram.size, 'box')} shown")
    return f"{', '.join(titles)}: {', '.join(parts)}"


class Picture:
    """What `draw` returns: a graph in DOT, rendered when needed.

    `source` is the DOT text; equal graphs give equal texts. SVG, PNG and a notebook's output hold
    the caption as alternative text; PDF has no room for it that Graphviz would fill.
    """

    def __init__(self, source: str, caption: str, follows_reader: bool = False) -> None:
        self.source = source
        self._caption = caption
        self._follows_reader = follows_reader
        self._svg: str | None = None

    def __repr__(self) -> str:
        return f"<Picture of {self._caption}>"

    def svg(self) -> str:
        """The picture as SVG, rendered once and kept.

        Raises GraphvizMissing where there is no Graphviz, RuntimeError where it fails.
        """
        if self._svg is None:
            title = f"Graph of {html.escape(self._caption)}"  # read aloud, and shown as a tooltip
            svg = rendered(self.source, "svg")
            rules = dark_rules() if self._follows_reader else ""
            svg = svg.replace("<svg ", '<svg role="img" ', 1)
            self._svg = svg.replace("<title>microbp</title>", f"<title>{title}</title>{rules}", 1)
        return self._svg

    def png(self) -> bytes:
        """The picture as PNG, scaled down where a side would exceed 9,600 pixels.

        Raises GraphvizMissing where there is no Graphviz, RuntimeError where it fails.
        """
        return described(rendered(self.source, "png"), f"Graph of {self._caption}")

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write a file in the format of its suffix: .svg, .png, .pdf, or .dot and .gv for DOT.

        PDF needs Graphviz itself: the package that `pip install 'microbp[dot]'` brings has none.
        The file is written completely or not at all: an older one stays until the new one is ready.

        Raises ValueError for any other suffix, GraphvizMissing where there is no Graphviz,
        RuntimeError where it fails, and OSError where the file cannot be written.
        """
        path = as_path(path, "save")
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
        """The picture for a notebook, once: as an image in HTML, which may always be shown.

        Where there is no picture: the reason, how to get Graphviz, and the DOT text.
        """
        try:
            svg = self.svg()
        except RuntimeError as error:
            told, source = html.escape(str(error)), html.escape(self.source)
            return {
                "text/html": f"<p>{told}</p><p>The graph in DOT:</p><pre>{source}</pre>",
                "text/plain": f"{error}\n\n{self.source}",
            }
        shown = framed(svg, f"Graph of {self._caption}")
        return {"text/html": shown, "text/plain": repr(self)}
