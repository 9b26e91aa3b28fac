"""What the worker asks of a contender, and how most of them answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.work import Work


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


def composed_sigmoid(exp: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The sigmoid, for contenders that have none."""

    def sigmoid(x: Any) -> Any:
        return 1.0 / (1.0 + exp(-x))

    return sigmoid
