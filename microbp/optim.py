"""How weights change, given their gradients: descent, momentum, Adam, and schedules for each."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from microbp.engine import Value

Schedule: TypeAlias = float | Callable[[int], float]
"""A number, or a function of the sweep (0, 1, 2, ...) that gives one."""


def at(schedule: Schedule, sweep: int) -> float:
    """What a schedule says for this sweep.

    >>> at(0.1, 7), at(lambda sweep: 0.5 if sweep < 20 else 0.9, 20)
    (0.1, 0.9)
    """
    return schedule(sweep) if callable(schedule) else schedule


class Descent:
    """Simple descent, equation (8): dw = -eps dE/dw.

    After each change every weight shrinks by the fraction `decay`: the paper's family trees
    use 0.002. `eps` and `decay` are schedules: numbers, or functions of the sweep.

    >>> w = Value(1.0)
    >>> (w * w).backward()
    >>> Descent([w], eps=0.1).step()
    >>> w.data
    0.8
    """

    def __init__(
        self, parameters: Iterable[Value], eps: Schedule = 0.1, *, decay: Schedule = 0.0
    ) -> None:
        self.parameters = list(parameters)
        self.eps = eps
        self.decay = decay
        self.steps = 0

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0."""
        for p in self.parameters:
            p.grad = 0.0

    def step(self, sweep: int | None = None) -> None:
        """Change every parameter by its gradient, which stays as it is.

        `sweep` is what the schedules are asked for: by default, the number of steps so far.
        """
        sweep = self.steps if sweep is None else sweep
        self.steps += 1
        shrink = 1.0 - at(self.decay, sweep)
        for p, change in zip(self.parameters, self._changes(sweep), strict=True):
            p.data = (p.data + change) * shrink

    def _changes(self, sweep: int) -> list[float]:
        eps = at(self.eps, sweep)
        return [-eps * p.grad for p in self.parameters]

    def state(self) -> dict[str, Any]:
        """What this optimiser remembers of its steps, as plain data for JSON."""
        return {"steps": self.steps}

    def load_state(self, state: Mapping[str, Any]) -> None:
        """Go on from where `state` was taken."""
        self.steps = state["steps"]


class Momentum(Descent):
    """Descent with momentum, equation (9): dw(t) = -eps dE/dw(t) + alpha dw(t-1).

    The gradient changes the velocity of the point in weight space, not its position. `alpha`
    is a schedule like `eps`.
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        eps: Schedule = 0.1,
        alpha: Schedule = 0.9,
        *,
        decay: Schedule = 0.0,
    ) -> None:
        super().__init__(parameters, eps, decay=decay)
        self.alpha = alpha
        self.velocity = [0.0] * len(self.parameters)

    def _changes(self, sweep: int) -> list[float]:
        alpha = at(self.alpha, sweep)
        self.velocity = [
            slope + alpha * v
            for slope, v in zip(super()._changes(sweep), self.velocity, strict=True)
        ]
        return self.velocity

    def state(self) -> dict[str, Any]:
        """The number of steps and the velocities."""
        return {**super().state(), "velocity": list(self.velocity)}

    def load_state(self, state: Mapping[str, Any]) -> None:
        """Go on from where `state` was taken."""
        super().load_state(state)
        self.velocity = list(state["velocity"])


class Adam(Descent):
    """Adam (Kingma & Ba, 2015): each step measured against the gradient's own usual size.

    dw = -eps m' / (sqrt(v') + tiny), with m' and v' the running means of the gradient and of
    its square, each corrected for having begun at 0.
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        eps: Schedule = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        tiny: float = 1e-8,
        *,
        decay: Schedule = 0.0,
    ) -> None:
        super().__init__(parameters, eps, decay=decay)
        self.beta1, self.beta2, self.tiny = beta1, beta2, tiny
        self.mean = [0.0] * len(self.parameters)
        self.square = [0.0] * len(self.parameters)

    def _changes(self, sweep: int) -> list[float]:
        grads = [p.grad for p in self.parameters]
        b1, b2 = self.beta1, self.beta2
        self.mean = [b1 * m + (1.0 - b1) * g for m, g in zip(self.mean, grads, strict=True)]
        self.square = [b2 * v + (1.0 - b2) * g * g for v, g in zip(self.square, grads, strict=True)]
        eps = at(self.eps, sweep) / (1.0 - b1**self.steps)
        unbiased = 1.0 - b2**self.steps
        return [
            -eps * m / (math.sqrt(v / unbiased) + self.tiny)
            for m, v in zip(self.mean, self.square, strict=True)
        ]

    def state(self) -> dict[str, Any]:
        """The number of steps and the running means."""
        return {**super().state(), "mean": list(self.mean), "square": list(self.square)}

    def load_state(self, state: Mapping[str, Any]) -> None:
        """Go on from where `state` was taken."""
        super().load_state(state)
        self.mean, self.square = list(state["mean"]), list(state["square"])
