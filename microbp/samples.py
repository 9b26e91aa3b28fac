"""The function under check at one point: its values, the branch it took, its rounding error."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

from microbp import floats
from microbp.derivatives import _flat as flat
from microbp.derivatives import _like as nested_like
from microbp.derivatives import jacobian
from microbp.door import number
from microbp.duals import EPS, TINY
from microbp.engine import Value
from microbp.functions import as_value

Run: TypeAlias = Callable[[Sequence[float]], AbstractContextManager[tuple[list[Value], list[Value]]]]


@dataclass(frozen=True)
class Subject:
    """A function to check, of a flat list of numbers.

    `run(xs)` is a context in which it has been called there: the leaves and its outputs.
    """

    names: list[str]
    at: list[float]
    run: Run


@dataclass(frozen=True)
class Sample:
    """What one call gave: for each output its value, its branch and, if asked for, its noise."""

    ys: list[float]
    branches: list[list[Any]]
    noises: list[float]


def of_arguments(f: Callable[..., Any], at: Sequence[Any], order: int) -> Subject:
    """f of Values nested as `at`; for order 2 its gradient, as graphs of their own."""
    given = list(flat(at))
    xs = [number(x, "gradcheck") for x in given]
    names = [
        getattr(x, "label", "") or name
        for x, name in zip(given, _names(f, at), strict=True)
    ]
    g = f if order == 1 else jacobian(f)

    @contextmanager
    def run(xs: Sequence[float]) -> Iterator[tuple[list[Value], list[Value]]]:
        leaves = [Value(x, name) for x, name in zip(xs, names, strict=True)]
        outputs = g(*nested_like(at, iter(leaves)))
        yield leaves, [as_value(y, "gradcheck") for y in flat(outputs)]

    return Subject(names, xs, run)


def of_parameters(f: Callable[[], Any], parameters: Sequence[Value]) -> Subject:
    """f of the data of these leaves, which are moved and, whatever happens, put back."""
    leaves = list(parameters)
    at = [p.data for p in leaves]
    names = [p.label or f"parameters[{i}]" for i, p in enumerate(leaves)]

    @contextmanager
    def run(xs: Sequence[float]) -> Iterator[tuple[list[Value], list[Value]]]:
        try:
            for leaf, x in zip(leaves, xs, strict=True):
                leaf.data = x
            yield leaves, [as_value(y, "gradcheck") for y in flat(f())]
        finally:
            for leaf, x in zip(leaves, at, strict=True):
                leaf.data = x

    return Subject(names, at, run)


def sample(subject: Subject, xs: Sequence[float], noisy: bool = True) -> Sample | None:
    """The function at xs; None outside its domain, or where it is not finite."""
    try:
        with subject.run(xs) as (_, outputs):
            ys = [y.data for y in outputs]
            if not all(map(math.isfinite, ys)):
                return None
            branches = [branch(below(y)) for y in outputs]
            noises = [noise(y) for y in outputs] if noisy else []
    except (ValueError, ArithmeticError):
        return None
    return Sample(ys, branches, noises)


def below(root: Value) -> list[Value]:
    """All that the root reaches, in an order that only the graph's shape determines."""
    nodes, seen = [root], {root}
    for node in nodes:  # it grows meanwhile
        for operand in node.operands:
            if operand not in seen:
                seen.add(operand)
                nodes.append(operand)
    return nodes


def branch(nodes: Sequence[Value]) -> list[Any]:
    """The operations of a graph, and for each that has kinks the side of them it is on.

    Where this differs between two points, the function is not the same formula at both.
    """
    sides = []
    for node in nodes:
        op = node.op
        sides.append(op)
        if op is not None and op.kinks is not None:
            kinks = op.kinks(floats, *(operand.data for operand in node.operands))
            sides.append(floats.sign(kinks))
    return sides


@contextmanager
def swept(root: Value, seed: float = 1.0) -> Iterator[list[Value]]:
    """What the root reaches, each with the gradient of one sweep; leaves get their own back."""
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
    """How far rounding may have put the root off."""
    with swept(root) as nodes:
        return noise_of(nodes)


def noise_of(nodes: Sequence[Value]) -> float:
    """The same for a graph whose gradients are a sweep's.

    Each node is a unit in its last place off, and its adjoint times that reaches the root. The
    errors of many nodes, in sign as good as independent, add up as squares; twice that is more
    than four standard deviations.
    """
    squares = 0.0
    for node in nodes:
        if node.op is not None and node.grad:
            error = EPS * abs(node.data) + TINY
            operands = node.operands
            if len(operands) > 2:
                sizes = (abs(p * x.data) for p, x in zip(node.partials, operands, strict=True))
                error += EPS * math.sqrt(len(operands)) * sum(sizes)
            error *= node.grad
            squares += error * error
    return math.inf if math.isnan(squares) else 2.0 * math.sqrt(squares) + TINY


def _names(f: Callable[..., Any], at: Sequence[Any]) -> Iterator[str]:
    """What f calls its arguments: x, w[0], w[1]."""
    try:
        parameters = list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    plain = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    for i, argument in enumerate(at):
        yield from _named(plain[i] if i < len(plain) else f"x{i + 1}", argument)


def _named(name: str, nested: Any) -> Iterator[str]:
    if isinstance(nested, (list, tuple)):
        for i, part in enumerate(nested):
            yield from _named(f"{name}[{i}]", part)
    else:
        yield name
