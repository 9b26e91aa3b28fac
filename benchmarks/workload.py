"""A workload: what all contenders compute, written once over whatever numbers they use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol


class Operations(Protocol):
    """What a contender gives a workload, beyond Python's own operators."""

    def constant(self, x: float, /) -> Any:
        """An input, in the form in which the contender's users pass theirs."""

    def exp(self, x: Any, /) -> Any: ...
    def log(self, x: Any, /) -> Any: ...
    def tanh(self, x: Any, /) -> Any: ...
    def sigmoid(self, x: Any, /) -> Any: ...
    def relu(self, x: Any, /) -> Any: ...


class NaryOperations(Operations, Protocol):
    """The same, of a contender that has operations of many operands."""

    def dot(self, weights: Sequence[Any], activities: Sequence[Any], bias: Any, /) -> Any: ...
    def total(self, terms: Sequence[Any], /) -> Any: ...
    def logsumexp(self, terms: Sequence[Any], /) -> Any: ...


class Training(NamedTuple):
    """Descent with momentum, equation (9)."""

    sweeps: int
    lr: float
    momentum: float


@dataclass(frozen=True)
class Replay:
    """A loss that is a sum over cases, where the graph stays the same and only the numbers change.

    Its contenders prepare once, each in its own best way; only what is repeated is timed.
    """

    cases: Callable[[], list[list[float]]]
    """The inputs of each case, with its targets if it has any: all equally many."""
    error: Callable[[Any, Sequence[Any], Sequence[Any]], Any]
    """The error of one case, from a contender's operations, the numbers and the inputs."""
    contenders: tuple[str, ...]
    """The contenders that run it: some by hand, some only for comparison."""
    training: Training | None = None
    """Where there is one, the step is a sweep of it, which also changes the numbers."""


@dataclass(frozen=True)
class Workload:
    """A loss of some numbers; the step that is timed computes it and its gradient."""

    name: str
    about: str
    numbers: Callable[[], list[float]]
    """The numbers that the gradient is taken with respect to."""
    loss: Callable[[Any, Sequence[Any]], Any]
    """The loss, from a contender's operations and the numbers in the contender's own form."""
    nary: bool = False
    """Whether it is written with NaryOperations."""
    replay: Replay | None = None
    """How the same loss is computed again and again, where the graph stays the same."""


def replay_workload(
    name: str, about: str, numbers: Callable[[], list[float]], replay: Replay
) -> Workload:
    """The sum over the cases as an ordinary loss, for contenders that rebuild its graph."""

    def loss(ops: Operations, numbers: Sequence[Any]) -> Any:
        cases = ([ops.constant(x) for x in case] for case in replay.cases())
        return sums(ops).total([replay.error(ops, numbers, case) for case in cases])

    return Workload(name, about, numbers, loss, replay=replay)


class Sums(Protocol):
    """The two ways to write a sum: one node for each + and *, or one for the whole."""

    def dot(self, weights: Sequence[Any], activities: Sequence[Any], bias: Any = 0.0) -> Any: ...
    def total(self, terms: Sequence[Any]) -> Any: ...
    def cross_entropy(self, logits: Sequence[Any], target: int) -> Any: ...


class Pairwise:
    """Sums through Python's own `sum`, as micrograd's demo and microgpt write them."""

    def __init__(self, operations: Operations) -> None:
        self.operations = operations

    def dot(self, weights: Sequence[Any], activities: Sequence[Any], bias: Any = 0.0) -> Any:
        return sum((w * x for w, x in zip(weights, activities, strict=True)), bias)

    def total(self, terms: Sequence[Any]) -> Any:
        return sum(terms)

    def cross_entropy(self, logits: Sequence[Any], target: int) -> Any:
        # Without the usual shift by the largest: a symbolic contender can't tell which that is,
        # and the logits of an untrained net are small.
        exps = [self.operations.exp(logit) for logit in logits]
        whole = sum(exps)
        probabilities = [e / whole for e in exps]
        return -self.operations.log(probabilities[target])


class Nary:
    """Sums as single nodes, where the contender has them."""

    def __init__(self, operations: NaryOperations) -> None:
        self.operations = operations
        self.total = operations.total

    def dot(self, weights: Sequence[Any], activities: Sequence[Any], bias: Any = 0.0) -> Any:
        return self.operations.dot(weights, activities, bias)

    def cross_entropy(self, logits: Sequence[Any], target: int) -> Any:
        return self.operations.logsumexp(logits) - logits[target]


def sums(operations: Any) -> Sums:
    """Sums as single nodes where the contender has them, else through Python's own `sum`."""
    return Nary(operations) if getattr(operations, "nary", False) else Pairwise(operations)
