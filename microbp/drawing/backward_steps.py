"""The backward pass of a graph, a node a step: the graph's picture, and each sum in words."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from microbp.core.engine import Value, reverse_order
from microbp.core.toposort import operands_first
from microbp.drawing.dot import Options, diagram_text, numeral, visible
from microbp.drawing.layout import Diagram
from microbp.drawing.operation_names import name_operations
from microbp.drawing.shape import turned

Marks: TypeAlias = Mapping[str, dict[str, str]]

_INCHES = 14.0, 12.0
"""Larger pictures are scaled down to this size."""

_MOST_LETTERS = 30
"""Of a longer label, only so much is in the words; the picture has all of it."""

_NONE = len("none yet")

_DIGIT = 8.4
"""Points for a digit in a wide font, so that no number that comes later widens its box."""

_ACCENT = "#5b2fc4"
_AT_WORK = {"color": _ACCENT, "fillcolor": "#efe8ff", "penwidth": "4"}
_ADDED_TO = {"color": _ACCENT, "penwidth": "3"}
_FLOWING = {"color": _ACCENT, "fontcolor": _ACCENT, "penwidth": "3", "dir": "back"}


@dataclass(frozen=True)
class Step:
    """The graph in DOT after a step of its backward pass, a title, and a line for each sum."""

    source: str
    title: str
    lines: Sequence[str] = ()


class _Sum(NamedTuple):
    """What an operand's gradient was, and what it is with adjoint times partial added."""

    operand: Value
    before: float
    adjoint: float
    partial: float
    after: float


def backward_steps(value: Value) -> Iterator[Step]:
    """The graph before its backward pass, at its start, after each node's step, and at the end.

    All pictures have their boxes in the same places. The graph itself stays as it is.
    """
    root = copy.deepcopy(value)
    nodes = operands_first(root)
    order = reverse_order(root)
    name_operations(reversed(order), nodes)
    diagram = Diagram(nodes)
    sums = (added for _, found in _backward(root, nodes, order) for added in found)
    longest = max([_NONE, *(len(numeral(added.after)) for added in sums)])
    options = Options(turned(diagram), _INCHES, number_width=_DIGIT * longest)
    reached: set[Value] = set()

    def picture(marked: Marks) -> str:
        return diagram_text(diagram, [root], options=options, reached=reached, marked=marked)

    name = _name(root)
    yield Step(
        picture({}), "The forward pass is done: every node has its data, and no gradient yet."
    )
    for number, (node, found) in enumerate(_backward(root, nodes, order)):
        if number == 0:
            reached.add(root)
            title = f"The start: the derivative of {name} with respect to itself is 1."
        else:
            reached.update(node.operands)
            back = f"passes back its gradient {numeral(node.grad)}"
            rest = ", times each partial" if found else ": nothing to add"
            title = f"Step {number} of {len(order)}: {_name(node)} {back}{rest}"
        marked = _marks(node, diagram.place, passes_back=number > 0)
        yield Step(picture(marked), title, [_words(added) for added in found])
    end = f"Done: each gradient is the derivative of {name} with respect to that node."
    yield Step(picture({}), end)


def _backward(
    root: Value, nodes: Iterable[Value], order: Iterable[Value]
) -> Iterator[tuple[Value, list[_Sum]]]:
    """`Value.backward`, node by node: the root before it begins, then each with what it added."""
    for node in nodes:
        node.grad = 0.0
    root.grad = 1.0
    yield root, []
    for node in order:
        yield node, [*_passed_back(node)] if node.grad else []


def _passed_back(node: Value) -> Iterator[_Sum]:
    for operand, partial in zip(node.operands, node.partials, strict=True):
        before = operand.grad
        operand.grad += node.grad * partial if partial else 0.0
        yield _Sum(operand, before, node.grad, partial, operand.grad)


def _marks(node: Value, place: Mapping[Value, int], passes_back: bool) -> Marks:
    """The node, and perhaps the edges and operands it passes back to, in the color of a step."""
    i = place[node]
    if not passes_back:
        return {f"n{i}": _AT_WORK}
    operands: Marks = {f"n{place[operand]}": _ADDED_TO for operand in node.operands}
    edges: Marks = {f"e{i}_{k}": _FLOWING for k in range(len(node.operands))}
    return {**operands, **edges, f"n{i}": _AT_WORK}


def _words(added: _Sum) -> str:
    before = f"{numeral(added.before)} + " if added.before else ""
    partial = numeral(added.partial)
    factor = partial if added.partial >= 0.0 else f"({partial})"
    share = f"{numeral(added.adjoint)} × {factor}"
    return f"to {_name(added.operand)}: {before}{share} = {numeral(added.after)}"


def _name(node: Value) -> str:
    label = " ".join(visible(node.label).split()) or f"the constant {numeral(node.data)}"
    return label if len(label) <= _MOST_LETTERS else f"{label[: _MOST_LETTERS - 1]}…"
