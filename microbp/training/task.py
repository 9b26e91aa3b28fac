"""What a training is of: a net to fit, cases to fit it to, and a judge of what comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from microbp.core.engine import Value
from microbp.core.grad_mode import no_grad
from microbp.losses import Loss, squared_error
from microbp.nn import Inputs
from microbp.optim import Descent

Case: TypeAlias = tuple[Inputs, Sequence[float]]
"""Inputs and targets."""

Judge: TypeAlias = Callable[[Sequence[Value], Sequence[float]], bool]
"""Whether these outputs are right for these targets."""


class Trainable(Protocol):
    """What `train` needs of a net, such as `microbp.nn.Net`.

    Called with a case's inputs it gives the outputs; `parameters()` are the leaves that the
    optimizer changes; `state_dict` and `load_state_dict` are for checkpoints.
    """

    def __call__(self, inputs: Any) -> list[Value]: ...
    def parameters(self) -> list[Value]: ...
    def state_dict(self) -> dict[str, Any]: ...
    def load_state_dict(self, state: Mapping[str, Any], where: str = "state") -> None: ...


def right_side(outputs: Sequence[Value], targets: Sequence[float]) -> bool:
    """Whether every output is on its target's side of 0.5; 0.5 itself is on neither.

    >>> right_side([Value(0.51), Value(0.4)], [1, 0])
    True
    """
    pairs = zip(outputs, targets, strict=True)
    return all((float(y) - 0.5) * (float(d) - 0.5) > 0.0 for y, d in pairs)


def evaluate(
    net: Trainable, cases: Sequence[Case], *, loss: Loss = squared_error, right: Judge = right_side
) -> tuple[float, int]:
    """The error summed over the cases, and how many come out right; nothing is changed."""
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
    change_per_case: bool
