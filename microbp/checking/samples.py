"""The function under check at one point: its values, the branch it took, its rounding error."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, TypeAlias

from microbp._support.trees import flatten, names, unflatten
from microbp.autodiff.arguments import argument_names, data, described, outputs
from microbp.autodiff.call import Call
from microbp.autodiff.function import called
from microbp.autodiff.reverse import gradient
from microbp.checking.error_model import EPS, TINY
from microbp.core import floats, ops
from microbp.core.engine import Value

ROUNDED_ONCE = {ops.ADD, ops.SUB, ops.MUL, ops.DIV} | {op for op in ops.BUILTINS if op.arity == 1}
"""Operations whose result is within a unit in the last place: arithmetic, and functions of one
number, which the C library computes as well."""
NOISE_MARGIN = 2.0
"""Rounding errors are spread within half a unit, with a deviation of 0.29 units; twice the root
of the sum of squares is more than four deviations (Higham, Accuracy and Stability of Numerical
Algorithms, 2.8)."""

Run: TypeAlias = Callable[
    [Sequence[float]], AbstractContextManager[tuple[list[Value], list[Value]]]
]


@dataclass(frozen=True)
class Subject:
    """A function to check, of a flat list of numbers, and the point to check it at.

    `run(xs)` is a context in which it has been called with xs; it gives the leaves and outputs.
    """

    names: list[str]
    point: list[float]
    run: Run


class Detail(IntEnum):
    """How much of a sample is computed; more costs more."""

    VALUES, BRANCHES, ALL = range(3)


@dataclass(frozen=True)
class Sample:
    """The result of one call: each output's value and, if asked for, its branch and its noise."""

    ys: list[float]
    branches: list[list[Any]]
    noises: list[float]


def of_arguments(f: Callable[..., Any], point: Sequence[Any], order: int) -> Subject:
    """f of Values nested as `point`; for order 2 its gradient, as a graph for each entry."""
    xs = data("gradcheck", point, lambda: argument_names(f, point))
    labels = [
        getattr(x, "label", "") or name
        for x, name in zip(flatten(point), argument_names(f, point), strict=True)
    ]

    @contextmanager
    def run(xs: Sequence[float]) -> Iterator[tuple[list[Value], list[Value]]]:
        leaves = [Value(x, name) for x, name in zip(xs, labels, strict=True)]
        arguments = unflatten(point, iter(leaves))
        if order == 1:
            yield leaves, outputs("gradcheck", called("gradcheck", f, arguments))
        else:
            call = Call("gradcheck", f, arguments)
            yield leaves, [dy for y in call.outputs for dy in gradient(call, [y], [1.0])]

    return Subject(labels, xs, run)


def of_parameters(f: Callable[[], Any], parameters: Any) -> Subject:
    """f of the data of these leaves, which are restored after each call, whatever happens."""
    leaves = list(flatten(parameters))
    for p in leaves:
        if not isinstance(p, Value) or p.op is not None:
            raise TypeError(
                f"gradcheck: expected parameters to be leaves, got {described(p)}: write "
                "parameters=net.parameters(), or a list of Values that you made from numbers"
            )
    point = [p.data for p in leaves]
    named = zip(leaves, names("parameters", parameters), strict=True)
    labels = [p.label or name for p, name in named]

    @contextmanager
    def run(xs: Sequence[float]) -> Iterator[tuple[list[Value], list[Value]]]:
        try:
            for leaf, x in zip(leaves, xs, strict=True):
                leaf.data = x
            yield leaves, outputs("gradcheck", f())
        finally:
            for leaf, x in zip(leaves, point, strict=True):
                leaf.data = x

    return Subject(labels, point, run)


def sample(subject: Subject, xs: Sequence[float], detail: Detail = Detail.ALL) -> Sample | None:
    """The function at xs; None outside its domain, or where it is not finite."""
    try:
        with subject.run(xs) as (_, outputs):
            return sampled(outputs, detail)
    except (ValueError, ArithmeticError):
        return None


def sampled(outputs: Sequence[Value], detail: Detail = Detail.ALL) -> Sample | None:
    """The sample of these outputs; None where one is not finite."""
    ys = [y.data for y in outputs]
    if not all(map(math.isfinite, ys)):
        return None
    branches = [branch(below(y)) for y in outputs] if detail >= Detail.BRANCHES else []
    noises = [noise(y) for y in outputs] if detail >= Detail.ALL else []
    return Sample(ys, branches, noises)


def below(root: Value) -> list[Value]:
    """Every node that the root reaches, in an order that depends only on the graph's shape.

    Not a topological order, which takes twice the time.
    """
    nodes, seen = [root], {root}
    for node in nodes:  # the list grows meanwhile
        for operand in node.operands:
            if operand not in seen:
                seen.add(operand)
                nodes.append(operand)
    return nodes


def branch(nodes: Sequence[Value]) -> list[Any]:
    """The operations of a graph, and the side of its kink for each that has one.

    Where this differs between two points, the function is not the same formula at both.
    """
    sides: list[Any] = []
    for node in nodes:
        op = node.op
        sides.append(op and op.name)
        if op is not None and op.kinks is not None:
            kinks = op.kinks(floats, *(operand.data for operand in node.operands))
            sides.append(floats.sign(kinks))
    return sides


@contextmanager
def backward_pass(root: Value, seed: float = 1.0) -> Iterator[list[Value]]:
    """The nodes that the root reaches, after one backward pass; the leaves' grad is restored."""
    nodes = below(root)
    leaves = [node for node in nodes if node.op is None]
    before = [leaf.grad for leaf in leaves]
    for leaf in leaves:
        leaf.grad = 0.0
    try:
        root.backward(seed)
        yield nodes
    finally:
        for leaf, grad in zip(leaves, before, strict=True):
            leaf.grad = grad


def noise(root: Value) -> float:
    """A bound on the rounding error of the root."""
    with backward_pass(root) as nodes:
        return noise_of(nodes)


def noise_of(nodes: Sequence[Value]) -> float:
    """The same, for a graph after its backward pass.

    The rounding of each node, times its adjoint, is an error of the root. The errors of many
    nodes are as good as independent: their squares add up.
    """
    active = [n for n in nodes if n.op is not None and n.grad and math.isfinite(n.grad)]
    size = math.hypot(*(rounding(node) * node.grad for node in active))
    return math.inf if math.isnan(size) else NOISE_MARGIN * size + TINY


def rounding(node: Value) -> float:
    """The rounding error of one node: a unit in its last place, or one in each operand's too.

    The latter for operations of several steps: log(exp(a) + exp(b)) may be near 0 while both
    operands are far from it.
    """
    error = EPS * abs(node.data) + TINY
    if node.op not in ROUNDED_ONCE:
        pairs = list(zip(node.partials, node.operands, strict=True))
        size = sum(abs(partial * x.data) for partial, x in pairs if math.isfinite(partial))
        error += EPS * math.sqrt(len(pairs)) * size
    return error
