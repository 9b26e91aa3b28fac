"""How weights change, given their gradients: descent, momentum, Adam, and schedules for each."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from microbp.core.engine import Value, optimizer_steps

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

    Raises TypeError for parameters that are not leaves.

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
        for p in self.parameters:
            if not isinstance(p, Value) or p.op is not None:
                raise TypeError(f"parameters: expected leaves, got {p!r}")
        self.eps = eps
        self.decay = decay
        self.steps = 0

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0."""
        optimizer_steps.zero_grads(self.parameters)

    def step(self, sweep: int | None = None) -> None:
        """Change every parameter by its gradient, which stays as it is.

        `sweep` is what the schedules are asked for: by default, the number of steps so far.
        """
        sweep = self.steps if sweep is None else sweep
        self._change(at(self.eps, sweep), 1.0 - at(self.decay, sweep), sweep)
        self.steps += 1

    def _change(self, eps: float, shrink: float, sweep: int) -> None:
        optimizer_steps.descend(self.parameters, eps, shrink)

    def state(self) -> dict[str, Any]:
        """What this optimizer remembers of its steps, as plain data for JSON."""
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
        self.velocity = array("d", [0.0]) * len(self.parameters)

    def _change(self, eps: float, shrink: float, sweep: int) -> None:
        alpha = at(self.alpha, sweep)
        optimizer_steps.gather_momentum(self.parameters, self.velocity, eps, alpha, shrink)

    def state(self) -> dict[str, Any]:
        """The number of steps and the velocities."""
        return {**super().state(), "velocity": list(self.velocity)}

    def load_state(self, state: Mapping[str, Any]) -> None:
        """Go on from where `state` was taken."""
        super().load_state(state)
        self.velocity = array("d", state["velocity"])


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
        self.mean = array("d", [0.0]) * len(self.parameters)
        self.square = array("d", [0.0]) * len(self.parameters)

    def _change(self, eps: float, shrink: float, sweep: int) -> None:
        optimizer_steps.adapt(
            self.parameters,
            self.mean,
            self.square,
            self.steps + 1,
            eps,
            self.beta1,
            self.beta2,
            self.tiny,
            shrink,
        )

    def state(self) -> dict[str, Any]:
        """The number of steps and the running means."""
        return {**super().state(), "mean": list(self.mean), "square": list(self.square)}

    def load_state(self, state: Mapping[str, Any]) -> None:
        """Go on from where `state` was taken."""
        super().load_state(state)
        self.mean, self.square = array("d", state["mean"]), array("d", state["square"])
