"""What the worker calls, and the implementation that most contenders share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from benchmarks.workload import Workload


class Prepared(Protocol):
    """A prepared replay workload: every step computes the same thing again.

    Where `values` is there, it is the loss alone; where `copies` is, it copies a row for each node
    of a replay; where `sweeps` is, that many sweeps of a training are one step.
    """

    def step(self) -> None:
        """The loss and its gradient; in training, change the numbers too."""

    def loss(self) -> float:
        """What the step found; in training, the first."""

    def gradient(self) -> Sequence[float]:
        """The same, of the gradient."""


class BaseAdapter:
    """A contender whose numbers keep the graph themselves, with data, grad and backward.

    The worker calls `prepare`, and then for every step `forward`, `backward` and `drop`, which
    it times; `loss` and `gradient` tell in between what came out. Contenders of another kind
    write their own.
    """

    parts: tuple[str, ...] = ("forward", "backward")
    """The parts of a step that are timed separately."""
    nary = False
    """Whether there are NaryOperations."""
    leaf: Callable[[float], Any]
    constant: Callable[[float], Any]

    def prepare(self, workload: Workload) -> None:
        self.write: Callable[[Any, Sequence[Any]], Any] = workload.loss
        self.leaves = [self.leaf(x) for x in workload.numbers()]

    def forward(self) -> None:
        self.root = self.write(self, self.leaves)

    def backward(self) -> None:
        self.root.backward()

    def drop(self) -> None:
        del self.root

    def loss(self) -> float:
        return float(self.root.data)

    def gradient(self) -> list[float]:
        return [float(leaf.grad) for leaf in self.leaves]

    def prepared(self, workload: Workload) -> Prepared:
        return Rebuilt(self, workload)


class Rebuilt:
    """A replay workload for a contender that can't replay: each case's graph is rebuilt."""

    def __init__(self, adapter: BaseAdapter, workload: Workload) -> None:
        assert workload.replay is not None
        self.adapter, self.replay = adapter, workload.replay
        self.leaves = [adapter.leaf(x) for x in workload.numbers()]
        self.cases = [[adapter.constant(x) for x in case] for case in workload.replay.cases()]
        self.velocity = [0.0] * len(self.leaves)

    def step(self) -> None:
        for leaf in self.leaves:
            leaf.grad = 0.0
        self.error = 0.0
        for case in self.cases:
            error = self.replay.error(self.adapter, self.leaves, case)
            error.backward()
            self.error += error.data
        if self.replay.training is not None:
            _, lr, momentum = self.replay.training
            for i, leaf in enumerate(self.leaves):
                self.velocity[i] = momentum * self.velocity[i] - lr * leaf.grad
                leaf.data += self.velocity[i]

    def loss(self) -> float:
        return float(self.error)

    def gradient(self) -> list[float]:
        return [float(leaf.grad) for leaf in self.leaves]


def composed_sigmoid(exp: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The sigmoid, for contenders that have none."""

    def sigmoid(x: Any) -> Any:
        return 1.0 / (1.0 + exp(-x))

    return sigmoid
