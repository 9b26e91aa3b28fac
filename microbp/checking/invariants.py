"""What must hold of any graph and its sweep, whatever the derivatives are."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from microbp._support.trees import flatten, unflatten
from microbp.checking.duals import EPS, LOST
from microbp.checking.report import Entry
from microbp.checking.samples import Sample, Subject, branch, rounding, swept
from microbp.core import floats
from microbp.core.engine import Value
from microbp.core.toposort import operands_first

VANISHING = 1e-290  # below, an adjoint on the way may have lost its digits


@dataclass(frozen=True)
class Trace:
    """The graph of one output, operands first, its leaves that are inputs, and their gradient."""

    order: list[Value]
    leaves: list[Value]
    gradient: list[float]

    @property
    def constants(self) -> list[float]:
        """The numbers in the graph that are no inputs."""
        inputs = set(self.leaves)
        return [node.data for node in self.order if node.op is None and node not in inputs]

    @property
    def branch(self) -> list[Any]:
        """The operations of the graph, and the sides of their kinks."""
        return branch(self.order)


def traced(root: Value, leaves: list[Value]) -> Trace:
    """The output's graph, and its gradient by the sweep."""
    return Trace(operands_first(root), leaves, _gradient(root, leaves, seed=1.0))


def whole(trace: Trace, k: int, subject: Subject, i: int) -> bool:
    """Whether output k depends on input i through the graph alone, as seen from close by.

    It does not where float(x), x.data or `math` made a plain number of the input, or where
    an `if` chose another graph.
    """
    x = subject.at[i]
    for step in (1e-9, -1e-9):
        moved = [*subject.at[:i], x + step * (abs(x) or 1.0), *subject.at[i + 1 :]]
        try:
            with subject.run(moved) as (leaves, outputs):
                there = Trace(operands_first(outputs[k]), leaves, [])
                if there.constants != trace.constants or there.branch != trace.branch:
                    return False
        except (ValueError, ArithmeticError):
            continue
    return True


def sweep_faults(trace: Trace) -> Iterator[str]:
    """A sweep repeated gives the same, and with half the seed half as much."""
    root = trace.order[-1]
    if not _same(_gradient(root, trace.leaves, seed=1.0), trace.gradient):
        yield "the sweep gives another gradient when it is repeated"
    halved = _gradient(root, trace.leaves, seed=0.5)
    for once, half in zip(trace.gradient, halved, strict=True):
        if abs(once) > VANISHING and abs(2.0 * half - once) > LOST * abs(once):
            yield "the sweep with seed 0.5 does not give half the gradient"
            return


def value_faults(trace: Trace) -> Iterator[str]:
    """Every node holds its operation's value."""
    for node in trace.order:
        if node.op is not None:
            data = [operand.data for operand in node.operands]
            value = float(node.op.value(floats, *data))
            if not (abs(node.data - value) <= 2.0 * rounding(node) or _same([node.data], [value])):
                yield f"{node!r} should be {value!r} by its operation, of {data}"
                return


def float_faults(
    f: Callable[..., Any], at: Sequence[Any], subject: Subject, here: Sample
) -> Iterator[str]:
    """Plain floats give the same values, and where they raise, so do Values."""
    try:
        outputs = list(flatten(f(*unflatten(at, iter(subject.at)))))
        ys = [float(y) for y in outputs]
    except (TypeError, AttributeError, OverflowError):
        return  # f needs Values; or a result is too large for Python, and inf for IEEE and us
    except (ValueError, ArithmeticError) as error:
        yield f"plain floats raise {type(error).__name__} ({error}), and Values do not"
        return
    for y, value, noise in zip(ys, here.ys, here.noises, strict=True):
        if not abs(y - value) <= 2.0 * noise + 4.0 * EPS * abs(y):
            yield f"plain floats give {y!r} where Values give {value!r}"


def again_faults(subject: Subject, here: Sample) -> Iterator[str]:
    """The function gives the same when it is called again."""
    with subject.run(subject.at) as (_, outputs):
        if not _same([y.data for y in outputs], here.ys):
            yield "the function gives another value when it is called again"


def symmetry_faults(entries: Sequence[Entry], n: int) -> Iterator[str]:
    """The Hessian of each output is symmetric, as far as its entries are known."""
    for start in range(0, len(entries), n * n):
        for i in range(n):
            for j in range(i):
                a, b = entries[start + i * n + j], entries[start + j * n + i]
                known = a.bound + b.bound + 8.0 * EPS * (abs(a.sweep) + abs(b.sweep))
                if known < math.inf and abs(a.sweep - b.sweep) > known:
                    yield (
                        f"the Hessian is not symmetric: {a.name} has {a.sweep!r}, "
                        f"{b.name} has {b.sweep!r}"
                    )


def _gradient(root: Value, leaves: Sequence[Value], seed: float) -> list[float]:
    with swept(root, seed) as nodes:
        reached = set(nodes)
        return [leaf.grad if leaf in reached else 0.0 for leaf in leaves]


def _same(a: Sequence[float], b: Sequence[float]) -> bool:
    return all(x == y or (x != x and y != y) for x, y in zip(a, b, strict=True))
