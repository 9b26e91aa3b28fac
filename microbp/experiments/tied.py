"""Tied weights: one weight used in several places of a net."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from microbp._support.atomic_file import FileMismatch
from microbp._support.coerce import number
from microbp.core.engine import Value
from microbp.optim import Momentum


class TiedNet:
    """A net of a few weights, some of which are used in several places.

    A subclass sets `weights`, in the order in which they are drawn, and `copies`: the number of
    places of the graph that use each. Then `train` can keep checkpoints of it.
    """

    weights: list[Value]
    copies: list[int]

    def parameters(self) -> list[Value]:
        """The weights, each once."""
        return self.weights

    def ranges(self) -> list[float | None]:
        """How far from 0 each weight was drawn; None where it just is 0."""
        raise NotImplementedError

    def state_dict(self) -> dict[str, Any]:
        """The weights by their labels, as plain data for JSON."""
        return {"weights": {w.label: w.data for w in self.weights}}

    def load_state_dict(self, state: Mapping[str, Any], where: str = "state") -> None:
        """Load weights that `state_dict` returned; FileMismatch if they are of another net."""
        try:
            found = {label: number(data, label) for label, data in state["weights"].items()}
        except (TypeError, KeyError, AttributeError, ValueError):
            raise FileMismatch(f"{where} does not hold the state of a net") from None
        if [*found] != [w.label for w in self.weights]:
            raise FileMismatch(f"{where} holds weights of other names than this net has")
        for w, data in zip(self.weights, found.values(), strict=True):
            w.data = data


class AveragedMomentum(Momentum):
    """Momentum by the paper's rule for tied weights: dE/dw is averaged over a weight's copies.

    The gradient in a graph is summed over them; here it is divided by how many there are.

    >>> w = Value(1.0)
    >>> (w * w * w).backward()
    >>> AveragedMomentum([w], [3], lr=0.1).step()
    >>> w.data
    0.9
    """

    fixed = ("decay", "_copies")

    def __init__(
        self, parameters: Sequence[Value], copies: Sequence[int], lr: float, momentum: float = 0.9
    ) -> None:
        super().__init__(parameters, lr, momentum)
        self._copies = list(copies)

    def page_rule(self) -> dict[str, Any]:
        """For the page of a training: by how many copies to divide."""
        return {"copies": self._copies}

    def change(self, lr: float, shrink: float, sweep: int) -> None:
        summed = [p.grad for p in self.parameters]
        for p, copies in zip(self.parameters, self._copies, strict=True):
            p.grad /= copies
        super().change(lr, shrink, sweep)
        for p, grad in zip(self.parameters, summed, strict=True):
            p.grad = grad


def momentum_for(net: TiedNet, rule: str, lr: float, momentum: float) -> Momentum:
    """Momentum with the gradient "averaged" over the copies or "summed"; ValueError for others."""
    if rule == "averaged":
        return AveragedMomentum(net.parameters(), net.copies, lr, momentum)
    if rule == "summed":
        return Momentum(net.parameters(), lr, momentum)
    raise ValueError(f"rule: expected averaged or summed, got {rule!r}")
