"""Write a page to step through the passes of a graph: one HTML file that holds all it needs."""

from __future__ import annotations

import copy
import html
import math
import os
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from microbp._support.arguments import named_arguments
from microbp._support.atomic_file import write_whole
from microbp._support.coerce import shortened
from microbp.core.engine import Value, reverse_order, was_compared
from microbp.core.functions import total
from microbp.core.toposort import operands_first
from microbp.drawing.dot import counted, visible
from microbp.drawing.grouping import Fold, Group, folded
from microbp.drawing.roots import roots
from microbp.explorer.assemble import html_path, page
from microbp.explorer.inline_svg import inline_svg

MOST_NODES = 2000
"""The page stays fluid with this many, and nobody could read a picture of more."""

FOLDS: tuple[Fold, ...] = ("unit", "layer")


@named_arguments("explore")
def explore(
    value: Value | Sequence[Value] | Callable[..., Sequence[Value]],
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

    Of a list of Values, such as the outputs of a net, the sum is explored. `explore(net(x))` starts
    with the inputs x, and `explore(net)` with inputs of 0, to be changed in the page.

    Raises TypeError for anything but Values or a net, ValueError for a graph of more than 2,000
    nodes or a path that doesn't end in .html, GraphvizMissing where there is no Graphviz,
    RuntimeError if it fails, and OSError if the file can't be written.
    """
    ends = roots([value], "explore")
    root = ends[0] if len(ends) == 1 else total(ends)
    if path is not None:
        html_path(path, "explore")
    nodes = operands_first(root)
    if len(nodes) > MOST_NODES:
        raise ValueError(
            f"explore: expected a graph of at most {MOST_NODES:,} nodes, got one of "
            f"{len(nodes):,}: explore a Value nearer to the leaves, or a smaller case"
        )
    explorer = Explorer(root)
    if path is not None:
        explorer.save(path)
    return explorer


class Explorer:
    """What `explore` returns. `html` is the whole page; equal graphs give equal pages."""

    def __init__(self, value: Value) -> None:
        root = copy.deepcopy(value)  # so that the gradients and the names are the page's own
        nodes = operands_first(root)
        for node in nodes:
            node.grad = 0.0
        root.backward()
        backwards = reverse_order(root)
        folds = _folds(nodes)  # before there are new names, as folding goes by names
        _name(reversed(backwards), nodes)
        edges = sum(len(node.operands) for node in nodes)
        steps = len(backwards) + 1 + edges
        label = f"{visible(shortened(value.label))} = " if value.label else ""
        self._title = f"{label}{value.data:.4g}"
        self._caption = f"{counted(len(nodes), 'node')}, {counted(steps, 'step')}"
        compared = next((node for node in operands_first(value) if was_compared(node)), None)
        recorded = _recorded(nodes, backwards) | {
            "title": self._title,
            "compared": _warning(compared),
            "fold_names": list(folds),
            "folds": [
                [
                    {"name": g.name, "kind": g.kind, "members": g.members, "outputs": g.outputs}
                    for g in groups
                ]
                for groups in folds.values()
            ],
        }
        pictures = [
            inline_svg(nodes, groups, prefix=f"fold{k}-" if k else "")
            for k, groups in enumerate(folds.values())
        ]
        self.html = page(self._title, self._caption, pictures, list(folds), recorded)

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
        """The page for a notebook, in a sandboxed frame."""
        frame = (
            f'<iframe title="Explorer of {html.escape(self._title)}" sandbox="allow-scripts" '
            f'width="100%" height="760" frameborder="0" srcdoc="{html.escape(self.html)}"></iframe>'
        )
        return {"text/html": frame, "text/plain": repr(self)}


def _name(operations: Iterable[Value], nodes: Iterable[Value]) -> None:
    """Label each operation that has no label v1, v2, ..., in the order they were computed."""
    taken = {node.label for node in nodes}
    free = (name for name in map("v{}".format, count(1)) if name not in taken)
    for node in operations:
        node.label = node.label or next(free)


def _folds(nodes: Sequence[Value]) -> dict[str, list[Group]]:
    """What the picture can show, and the groups of nodes that it then shows as a box each."""
    folds: dict[str, list[Group]] = {"every node": []}
    for by in FOLDS:
        groups = folded(nodes, by)
        if groups:
            folds[f"{by}s"] = groups
    return folds


def _recorded(nodes: Sequence[Value], backwards: Iterable[Value]) -> dict[str, Any]:
    """The graph as plain data, for the page's scripts."""
    number = {node: i for i, node in enumerate(nodes)}
    used = dict.fromkeys(node.op for node in nodes if node.op is not None)
    return {
        "nodes": [
            {
                "op": node.op.name if node.op else "",
                "name": shortened(node.label),
                "operands": [number[operand] for operand in node.operands],
                "data": _plain(node.data),
                "partials": [_plain(partial) for partial in node.partials],
                "grad": _plain(node.grad),
            }
            for node in nodes
        ],
        "backward_order": [number[node] for node in backwards],
        "custom": [op.name for op in used if not op.builtin],
    }


def _plain(x: float) -> float | str:
    """A number for JSON, which has no inf and nan."""
    return x if math.isfinite(x) else str(x)


def _warning(compared: Value | None) -> str:
    if compared is None:
        return ""
    name = shortened(compared.label) or f"{compared.data:.4g}"
    return (
        f"The program compared {name} with something, or asked whether it is 0, and may have "
        "chosen by it what to compute. Other numbers go through this graph all the same."
    )
