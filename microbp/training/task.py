"""What a training is of: a net to fit, cases to fit it to, and a judge of what comes out."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from microbp._support.arguments import flag
from microbp._support.coerce import shown
from microbp.core.engine import Value
from microbp.core.grad_mode import no_grad
from microbp.losses import Loss
from microbp.nn import Inputs
from microbp.optim import Descent
from microbp.training.judges import Judge
from microbp.training.penalty import Penalty

Case: TypeAlias = tuple[Inputs, Sequence[float]]
"""Inputs and targets."""


class NotReplayable(ValueError):
    """A net, its loss or its cases can't be recorded once for all cases; the message says why."""


class Trainable(Protocol):
    """What `train` needs of a net, such as `microbp.nn.Net`.

    Called with a case's inputs it gives the outputs; `parameters()` are the leaves that the
    optimizer changes; `state_dict` and `load_state_dict` are for checkpoints.
    """

    def __call__(self, inputs: Any) -> list[Value]: ...
    def parameters(self) -> list[Value]: ...
    def state_dict(self) -> dict[str, Any]: ...
    def load_state_dict(self, state: Mapping[str, Any], where: str = "state") -> None: ...


def error_of(loss: Loss, outputs: Sequence[Value], targets: Sequence[float], where: str) -> Value:
    """The loss of a case; TypeError, naming the function `where`, if it is no Value."""
    error = loss(outputs, targets)
    if not isinstance(error, Value):
        raise TypeError(f"{where}: expected the loss to give a Value, got {shown(error)}")
    return error


def judged(right: Judge, outputs: Sequence[Value], targets: Sequence[float], where: str) -> bool:
    """Whether the case is right; TypeError where the judge doesn't say."""
    verdict = right(outputs, targets)
    return verdict if type(verdict) is bool else flag(verdict, f"{where}: what right gives")


@dataclass(frozen=True)
class Task:
    """What a pass over the cases needs to know."""

    net: Trainable
    cases: Sequence[Case]
    optimizer: Descent
    loss: Loss
    right: Judge
    change_per_case: bool = False
    batch: int | None = None
    seed: int = 0
    penalty: Penalty | None = None

    @property
    def steps_in_sweep(self) -> bool:
        """Whether the weights change within a sweep, and not once after it."""
        return self.change_per_case or self.batch is not None

    def judged(self, outputs: Sequence[Value], targets: Sequence[float]) -> bool:
        """Whether the case is right; TypeError where the judge doesn't say."""
        return judged(self.right, outputs, targets, "train")

    def error_of(self, outputs: Sequence[Value], targets: Sequence[float]) -> Value:
        """The loss of a case; TypeError where it is no Value."""
        return error_of(self.loss, outputs, targets, "train")

    def look(self) -> tuple[float, int]:
        """The error summed over the cases, and how many come out right; nothing is changed."""
        with no_grad():
            seen = [(self.net(inputs), targets) for inputs, targets in self.cases]
            errors = sum(self.error_of(*case).data for case in seen)
            return errors, sum(self.judged(*case) for case in seen)

    def batches(self, sweep: int) -> Iterator[list[int]]:
        """Which cases go together in this sweep: in an order of its own, from the seed."""
        order = list(range(len(self.cases)))
        size = 1
        if not self.change_per_case and self.batch is not None:
            random.Random(f"{self.seed} {sweep}").shuffle(order)  # a resumed run goes on alike
            size = self.batch
        for start in range(0, len(order), size):
            yield order[start : start + size]
