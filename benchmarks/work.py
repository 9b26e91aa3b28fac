"""Work: a computation that all contenders do, written once over whatever numbers they use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


class Operations(Protocol):
    """What a contender gives a work, beyond Python's own operators."""

    def constant(self, x: float, /) -> Any:
        """An input, in the form in which the contender's users hand theirs over."""

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


@dataclass(frozen=True)
class Work:
    """A loss of some numbers; the step that is timed computes it and its gradient."""

    name: str
    about: str
    numbers: Callable[[], list[float]]
    """The numbers that the gradient is wanted for."""
    loss: Callable[[Any, Sequence[Any]], Any]
    """The loss, from a contender's operations and the numbers in the contender's own form."""
    nary: bool = False
    """Whether it is written with NaryOperations."""


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
