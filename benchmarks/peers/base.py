"""What the worker asks of a contender, and how most of them answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from benchmarks.work import Work


class Prepared(Protocol):
    """A replay work that a contender is ready to do: every step computes the same once more.

    Where `values` is there, it is the loss alone; where `sweeps` is, that many sweeps of a
    training are one step.
    """

    def step(self) -> None:
        """The loss and its gradient; in training, change the numbers too."""

    def loss(self) -> float:
        """What the step found; in training, the first."""

    def gradient(self) -> Sequence[float]:
        """The same, of the gradient."""


class BasePeer:
    """A contender whose numbers keep the graph themselves, with data, grad and backward.

    The worker calls `prepare`, and then for every step `forward`, `backward` and `drop`, which
    it times; `loss` and `gradient` tell in between what came out. Contenders of another kind
    write their own.
    """

    parts: tuple[str, ...] = ("forward", "backward")
    """What of a step is worth a time of its own."""
    nary = False
    """Whether there are NaryOperations."""
    leaf: Callable[[float], Any]
    constant: Callable[[float], Any]

    def prepare(self, work: Work) -> None:
        self.write: Callable[[Any, Sequence[Any]], Any] = work.loss
        self.leaves = [self.leaf(x) for x in work.numbers()]

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

    def prepared(self, work: Work) -> Prepared:
        return Anew(self, work)


class Anew:
    """A replay work by a contender that can't replay: each case's graph is made anew."""

    def __init__(self, peer: BasePeer, work: Work) -> None:
        assert work.replay is not None
        self.peer, self.replay = peer, work.replay
        self.leaves = [peer.leaf(x) for x in work.numbers()]
        self.cases = [[peer.constant(x) for x in case] for case in work.replay.cases()]
        self.velocity = [0.0] * len(self.leaves)

    def step(self) -> None:
        for leaf in self.leaves:
            leaf.grad = 0.0
        self.error = 0.0
        for case in self.cases:
            error = self.replay.error(self.peer, self.leaves, case)
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
