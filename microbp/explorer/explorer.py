"""Write a page to step through the passes of a graph: one HTML file that holds all it needs."""

from __future__ import annotations

import copy
import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from microbp._support.arguments import named_arguments
from microbp._support.atomic_file import write_whole
from microbp._support.coerce import shortened, shown
from microbp.core.engine import Value, reverse_order, was_compared
from microbp.core.functions import total
from microbp.core.toposort import operands_first
from microbp.drawing.dot import counted, visible
from microbp.drawing.operation_names import name_operations
from microbp.drawing.roots import is_net, roots
from microbp.explorer.assemble import EMBEDDED, SCRIPTS, html_path, page
from microbp.explorer.frame import framed, still_graph
from microbp.explorer.layers_page import layers_page
from microbp.explorer.pictures import Shown, large_pictures, net_order, pictures
from microbp.explorer.unit_names import unit_names

MOST_NODES = 2000
"""The page stays fluid with this many; a larger graph is shown without its nodes."""

_STILL = 1000.0, 60_000
"""Points of width, and characters, of a picture that a notebook may keep beside the page."""


@named_arguments("explore")
def explore(
    value: Value | Sequence[Value] | Callable[..., Sequence[Value]],
    inputs: Any = None,
    path: str | os.PathLike[str] | None = None,
) -> Explorer:
    """A page that steps through the forward pass of this graph, and then its backward pass.

    Each step shows its line of code, its equation, and the edge and nodes that take part. In the
    page, leaves can be changed, results guessed before they are shown, and gradients checked.
    It is one HTML file that needs no network. A notebook shows it in a frame; with `path`, it is
    written there too. The backward pass is the page's own: the graph's gradients don't change.

    >>> x = Value(3.0, label="x")
    >>> explore(x * x + x)
    <Explorer of 12: 3 nodes, 7 steps>

    Of a list of Values, such as the outputs of a net, the sum is explored. `explore(net, x)` starts
    with the inputs x, and `explore(net)` with inputs of 0, to be changed in the page.

    A net is drawn as nets are, node by node, by unit and by layer; any other graph by Graphviz.
    A net of more than 2,000 nodes is shown by layer only, another graph in parts, one computed
    after the other. `explore(value, "page.html")` writes a page as well.

    Raises TypeError for anything but Values or a net, or for inputs without a net, ValueError for
    inputs that don't fit it or for a path that doesn't end in .html, GraphvizMissing where there
    is no Graphviz and it is needed, RuntimeError if it fails, and OSError if the file can't be
    written.
    """
    if path is None and isinstance(inputs, (str, os.PathLike)):
        inputs, path = None, inputs
    if path is not None:
        html_path(path, "explore")
    ends = roots([value] if inputs is None else _outputs(value, inputs), "explore")
    root = ends[0] if len(ends) == 1 else total(ends)
    explorer = Explorer(root)
    if path is not None:
        explorer.save(path)
    return explorer


def _outputs(net: Any, inputs: Any) -> Sequence[Value]:
    if not is_net(net):
        raise TypeError(
            f"explore: expected the name of a file, as only a net takes inputs, got {shown(inputs)}"
        )
    found: Sequence[Value] = net(inputs)
    return found


class Explorer:
    """What `explore` returns. `html` is the whole page; equal graphs give equal pages."""

    def __init__(self, value: Value) -> None:
        nodes = operands_first(value)
        size = len(nodes)
        root = copy.deepcopy(value)  # so that the gradients and the names are the page's own
        nodes = operands_first(root)
        given = dict(zip(nodes, operands_first(value), strict=True))
        names = unit_names({node.label for node in nodes})
        for node in nodes:
            node.label = names.get(node.label, node.label)
        for node in nodes:
            node.grad = 0.0
        root.backward()
        self._name = visible(shortened(root.label)) or "a graph"
        self._title = f"{self._name} = {value.data:.4g}" if root.label else f"{value.data:.4g}"
        if size > MOST_NODES:
            drawn = large_pictures(nodes)
            self._caption = counted(size, "node")
            self._still = still_graph(_readable(drawn).picture.svg)
            self._drawn: Sequence[Shown] = []
            self._leaves: list[Value] = []
            self.html = layers_page(self._title, nodes, drawn)
            return
        nodes = net_order(nodes)
        self._leaves = [given[node] for node in nodes if node.op is None]
        drawn = pictures(nodes)  # before there are new names, as folding goes by names
        self._still = still_graph(_readable(drawn).picture.svg)
        backwards = reverse_order(root)
        name_operations(reversed(backwards), nodes)
        edges = sum(len(node.operands) for node in nodes)
        steps = len(backwards) + 1 + edges
        self._caption = f"{counted(size, 'node')}, {counted(steps, 'step')}"
        self._recorded = _recorded(nodes, backwards) | {
            "title": self._title,
            "compared": _warning(value, root),
        }
        self._drawn = drawn
        self.html = self._page(drawn)

    def embedded(self, leaves: Iterable[Value]) -> Iterator[str]:
        """The page as part of another, which sends it the numbers of these leaves, in this order.

        First with all pictures, then without the finest, and so on, for where there is little room.
        Of a net that is shown by layer only there is none.
        """
        place = {leaf: i for i, leaf in enumerate(leaves)}
        given = [place.get(leaf) for leaf in self._leaves]
        for first in range(len(self._drawn)):
            yield self._page(self._drawn[first:], EMBEDDED, given=given)

    def _page(self, drawn: Sequence[Shown], scripts: Sequence[str] = SCRIPTS, **more: Any) -> str:
        recorded = self._recorded | {
            "fold_names": [each.fold for each in drawn],
            "folds": {
                each.fold: [
                    {"name": g.name, "kind": g.kind, "members": g.members, "outputs": g.outputs}
                    for g in each.groups
                ]
                for each in drawn
            },
            **more,
        }
        svgs, choices = [each.picture.svg for each in drawn], [each.choice for each in drawn]
        return page(self._title, self._caption, svgs, choices, recorded, scripts)

    def __repr__(self) -> str:
        return f"<Explorer of {self._title}: {self._caption}>"

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page to a file whose name ends in .html, completely or not at all.

        Raises ValueError for another ending, OSError if the file can't be written.
        """
        return write_whole(html_path(path, "save"), self.html)

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> dict[str, str]:
        """The page for a notebook, in a sandboxed frame, and a still picture in its place."""
        title = f"Explorer of {self._name}"
        frame = framed(self.html, title, self._still, "to step through it")
        return {"text/html": frame, "text/plain": repr(self)}


def _recorded(nodes: Sequence[Value], backwards: Iterable[Value]) -> dict[str, Any]:
    """The graph as plain data, for the page's scripts."""
    number = {node: i for i, node in enumerate(nodes)}
    used = dict.fromkeys(node.op for node in nodes if node.op is not None)
    return {
        "nodes": [
            {"name": shortened(node.label), "data": _plain(node.data)} | _computed(node, number)
            for node in nodes
        ],
        "backward_order": [number[node] for node in backwards],
        "custom": [op.name for op in used if not op.builtin],
    }


def _computed(node: Value, number: Mapping[Value, int]) -> dict[str, Any]:
    """How a node was computed; nothing for a leaf, as a net has so many."""
    if node.op is None:
        return {}
    return {
        "op": node.op.name,
        "operands": [number[operand] for operand in node.operands],
        "partials": [_plain(partial) for partial in node.partials],
    }


def _plain(x: float) -> float | str:
    """A number for JSON, which has no inf and nan."""
    return x if math.isfinite(x) else str(x)


def _warning(value: Value, root: Value) -> str:
    """What to say if the program chose by a number; with the node's name on the page."""
    both = zip(operands_first(value), operands_first(root), strict=True)
    compared = next((ours for node, ours in both if was_compared(node)), None)
    if compared is None:
        return ""
    name = shortened(compared.label) or f"{compared.data:.4g}"
    return (
        f"The program compared {name} with something, or asked whether it is 0, and may have "
        "chosen by it what to compute. Other numbers go through this graph all the same."
    )


def _readable(drawn: Sequence[Shown]) -> Shown:
    """The finest picture that a notebook shows at a readable size, or else the coarsest."""
    width, characters = _STILL
    fitting = (
        each for each in drawn if each.picture.width <= width and len(each.picture.svg) < characters
    )
    return next(fitting, drawn[-1])
