"""What must hold for any graph and its backward pass, whatever the derivatives are."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from microbp._support.trees import flatten, unflatten
from microbp.checking.chain_rule import ChainRule
from microbp.checking.error_model import EPS, MARGIN, PARTIAL
from microbp.checking.oracles import ORACLES
from microbp.checking.report import Entry
from microbp.checking.samples import Sample, Subject, backward_pass, rounding
from microbp.core import floats, ops
from microbp.core.engine import Value
from microbp.core.functions import data_of
from microbp.core.toposort import operands_first

VANISHING = 1e-290
"""Below this, an adjoint is nearly denormal, with fewer digits."""
NEARBY = 1e-9
"""Relative to x: a number computed from x changes, and hardly ever a branch."""
FARTHER = 1e-2
"""The same for an input that the graph does not have: nothing may change."""
GOLDEN = 0.618
"""Multiples of the golden ratio's fraction are spread evenly."""
DISAGREEMENT = 2.0
"""Two ways to compute a number may each be off by its rounding."""


@dataclass(frozen=True)
class Trace:
    """The graph of one output, operands first; the leaves that are inputs, and their gradient."""

    order: list[Value]
    leaves: list[Value]
    gradient: list[float]
    _known: dict[tuple[str, float, bool], ChainRule] = field(default_factory=dict, repr=False)
    _complete: list[bool] = field(default_factory=list, repr=False)

    @property
    def constants(self) -> list[float]:
        """The leaves that are not inputs."""
        inputs = set(self.leaves)
        return [node.data for node in self.order if node.op is None and node not in inputs]

    def chain_rule(self, method: str, slack: float = 0.0, exact: bool = True) -> ChainRule:
        """The derivatives by an oracle's partials; they are kept."""
        asked = method, slack, exact
        if asked not in self._known:
            self._known[asked] = ChainRule(self.order, self.leaves, ORACLES[method], slack, exact)
        return self._known[asked]

    @property
    def operations(self) -> list[str]:
        """The names of the operations of the graph; empty for a leaf."""
        return [node.op.name if node.op else "" for node in self.order]


def trace_of(root: Value, leaves: list[Value]) -> Trace:
    """The output's graph, and its gradient from a backward pass."""
    return Trace(operands_first(root), leaves, _gradient(root, leaves, seed=1.0))


def graph_is_complete(trace: Trace, k: int, subject: Subject, i: int) -> bool:
    """Whether output k depends on input i through the graph alone, judged at nearby points.

    It does not where x.data or x.detach() made a plain number of the input, or where an `if`
    chose another graph. At the kink of an operation the graph is the same on both sides.
    """
    if trace.leaves[i] not in trace.order and _is_alike(trace, k, subject, [i], FARTHER) is False:
        return False  # cos(x.data) at 0 changes by nothing nearer
    if whole_graph_is_complete(trace, k, subject):  # as most are
        return True
    return _is_alike(trace, k, subject, [i]) is not False


def whole_graph_is_complete(trace: Trace, k: int, subject: Subject) -> bool:
    """The same for all inputs at once; it is asked once."""
    if not trace._complete:
        trace._complete.append(_is_alike(trace, k, subject, range(len(subject.point))) is True)
    return trace._complete[0]


def _is_alike(
    trace: Trace, k: int, subject: Subject, moving: Sequence[int], distance: float = NEARBY
) -> bool | None:
    """Whether the graph is the same where these inputs are moved; None if f has no value there."""
    alike = None
    for step in (distance, -distance):
        moved = list(subject.point)
        for place, i in enumerate(moving, 1):
            part = step * (1.0 + GOLDEN * place % 1.0)  # or the difference of two would stay
            moved[i] += part * (abs(moved[i]) or 1.0)
        try:
            with subject.run(moved) as (leaves, outputs):
                nearby = Trace(operands_first(outputs[k]), leaves, [])
                if nearby.constants != trace.constants or nearby.operations != trace.operations:
                    return False
                alike = True
        except (ValueError, ArithmeticError):
            continue
    return alike


def backward_faults(trace: Trace) -> Iterator[str]:
    """A repeated backward pass gives the same gradient, and half the seed gives half of it."""
    root = trace.order[-1]
    if not _same(_gradient(root, trace.leaves, seed=1.0), trace.gradient):
        yield "a second backward pass gives another gradient"
    if _underflows(root):
        return
    halved = _gradient(root, trace.leaves, seed=0.5)
    for once, half in zip(trace.gradient, halved, strict=True):
        if abs(2.0 * half - once) > PARTIAL * abs(once):
            yield "backward(0.5) does not give half the gradient"
            return


def value_faults(trace: Trace) -> Iterator[str]:
    """Every node's data is its operation's value."""
    for node in trace.order:
        if node.op is not None and node.op is not ops.CUSTOM:
            data = [operand.data for operand in node.operands]
            value = float(node.op.value(floats, *data))
            if not (
                abs(node.data - value) <= DISAGREEMENT * rounding(node)
                or _same([node.data], [value])
            ):
                yield f"{node!r} should be {value!r}, its operation's value for {data}"
                return


def float_faults(
    f: Callable[..., Any], point: Sequence[Any], subject: Subject, here: Sample
) -> Iterator[str]:
    """Plain floats give the same results, and where they raise an error, so do Values."""
    try:
        ys = _plain(f, point, subject.point)
    except (TypeError, AttributeError, OverflowError):
        return  # f needs Values; or Python raises OverflowError where Values give inf
    except (ValueError, ArithmeticError) as error:
        yield f"plain floats raise {type(error).__name__} ({error}), and Values do not"
        return
    if not all(_agreements(ys, here)):
        ys = _in_double_precision(f, point, subject.point) or ys
    for y, value, agrees in zip(ys, here.ys, _agreements(ys, here), strict=True):
        if not agrees:
            yield f"plain floats give {y!r} where Values give {value!r}"


def _plain(f: Callable[..., Any], point: Sequence[Any], xs: Sequence[Any]) -> list[float]:
    return [float(data_of(y)) for y in flatten(f(*unflatten(point, iter(xs))))]


def _agreements(ys: Sequence[float], here: Sample) -> list[bool]:
    return [
        abs(y - value) <= DISAGREEMENT * noise + MARGIN * EPS * abs(y)
        for y, value, noise in zip(ys, here.ys, here.noises, strict=True)
    ]


def _in_double_precision(
    f: Callable[..., Any], point: Sequence[Any], xs: Sequence[float]
) -> list[float] | None:
    """The same for NumPy's own doubles, which do not become float32 beside one, as Python's do."""
    numpy = sys.modules.get("numpy")
    try:
        return _plain(f, point, [numpy.float64(x) for x in xs]) if numpy else None
    except (TypeError, AttributeError, ValueError, ArithmeticError):
        return None


def repeat_faults(subject: Subject, here: Sample) -> Iterator[str]:
    """The function gives the same result when it is called again."""
    with subject.run(subject.point) as (_, outputs):
        if not _same([y.data for y in outputs], here.ys):
            yield "the function gives another result when it is called again"


def symmetry_faults(entries: Sequence[Entry], n: int) -> Iterator[str]:
    """The Hessian of each output is symmetric, as far as its entries are known."""
    for start in range(0, len(entries), n * n):
        for i in range(n):
            for j in range(i):
                a, b = entries[start + i * n + j], entries[start + j * n + i]
                known = a.bound + b.bound + 2.0 * MARGIN * EPS * (abs(a.backward) + abs(b.backward))
                if known < math.inf and abs(a.backward - b.backward) > known:
                    yield (
                        f"the Hessian is not symmetric: {a.name} has {a.backward!r}, "
                        f"{b.name} has {b.backward!r}"
                    )


def _gradient(root: Value, leaves: Sequence[Value], seed: float) -> list[float]:
    with backward_pass(root, seed) as nodes:
        reached = set(nodes)
        return [leaf.grad if leaf in reached else 0.0 for leaf in leaves]


def _underflows(root: Value) -> bool:
    """Whether an adjoint has too few digits to be halved."""
    with backward_pass(root) as nodes:
        return any(0.0 < abs(node.grad) < VANISHING for node in nodes)


def _same(a: Sequence[float], b: Sequence[float]) -> bool:
    return all(x == y or (x != x and y != y) for x, y in zip(a, b, strict=True))
