"""What a training is of: a net to fit, cases to fit it to, and a judge of what comes out."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from microbp.core.engine import Value
from microbp.core.grad_mode import no_grad
from microbp.losses import Loss, squared_error
from microbp.nn import Inputs
from microbp.optim import Descent
from microbp.training.judges import Judge, judge_for
from microbp.training.penalty import Penalty

Case: TypeAlias = tuple[Inputs, Sequence[float]]
"""Inputs and targets."""


class Trainable(Protocol):
    """What `train` needs of a net, such as `microbp.nn.Net`.

    Called with a case's inputs it gives the outputs; `parameters()` are the leaves that the
    optimizer changes; `state_dict` and `load_state_dict` are for checkpoints.
    """

    def __call__(self, inputs: Any) -> list[Value]: ...
    def parameters(self) -> list[Value]: ...
    def state_dict(self) -> dict[str, Any]: ...
    def load_state_dict(self, state: Mapping[str, Any], where: str = "state") -> None: ...


def evaluate(
    net: Trainable,
    cases: Sequence[Case],
    *,
    loss: Loss = squared_error,
    right: Judge | None = None,
) -> tuple[float, int]:
    """The error summed over the cases, and how many come out right; nothing is changed.

    `right` is by default the judge that `train` has for the loss.
    """
    right = right or judge_for(loss)
    with no_grad():
        seen = [(net(inputs), targets) for inputs, targets in cases]
        return sum(loss(*case).data for case in seen), sum(right(*case) for case in seen)


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

    def batches(self, sweep: int) -> Iterator[list[int]]:
        """Which cases go together in this sweep: in an order of its own, from the seed."""
        order = list(range(len(self.cases)))
        size = 1
        if not self.change_per_case and self.batch is not None:
            random.Random(f"{self.seed} {sweep}").shuffle(order)  # a resumed run goes on alike
            size = self.batch
        for start in range(0, len(order), size):
            yield order[start : start + size]
