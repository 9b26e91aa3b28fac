"""Optimizers: descent, momentum and Adam, with schedules."""

from __future__ import annotations

import math
import operator
from array import array
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from microbp._support.coerce import number, shown
from microbp._support.missing_names import refusing
from microbp.core.engine import Value, optimizer_steps

if not TYPE_CHECKING:
    __getattr__ = refusing(__name__)

Schedule: TypeAlias = float | Callable[[int], float]
"""A number, or a function of the sweep (0, 1, 2, ...) that gives one."""


def at(schedule: Schedule, sweep: int) -> float:
    """The value of a schedule in this sweep.

    >>> at(0.1, 7), at(lambda sweep: 0.5 if sweep < 20 else 0.9, 20)
    (0.1, 0.9)
    """
    return schedule(sweep) if callable(schedule) else schedule


def _checked_parameters(given: Any) -> list[Value]:
    if hasattr(given, "parameters"):
        raise TypeError(
            f"parameters: expected leaves, got a {type(given).__name__}: write net.parameters()"
        )
    if isinstance(given, Value) or not hasattr(given, "__iter__"):
        write = f": write [{given.label or 'w'}]" if isinstance(given, Value) else ""
        raise TypeError(f"parameters: expected a list of leaves, got {shown(given)}{write}")
    parameters = list(given)
    place: dict[Value, int] = {}
    for i, p in enumerate(parameters):
        if not isinstance(p, Value) or p.op is not None:
            raise TypeError(f"parameters: expected leaves, got {p!r}")
        if p in place:
            raise ValueError(
                f"parameters: expected each once, got {shown(p)} at {place[p]} and at {i}"
            )
        place[p] = i
    return parameters


def _check_schedules(*, constant: bool = False, **given: Any) -> None:
    """TypeError or ValueError for what is neither a finite number nor a function."""
    for name, x in given.items():
        if callable(x) and not constant and not isinstance(x, Value):
            continue
        if isinstance(x, (bool, Value)) or not hasattr(x, "__float__"):
            kind = "a number" if constant else "a number or a function of the sweep"
            raise TypeError(f"{name}: expected {kind}, got {shown(x)}")
        if not math.isfinite(number(x, name)):
            raise ValueError(f"{name}: expected a finite number, got {shown(x)}")


def _numbers(given: Any, parameters: list[Value], name: str) -> array[float]:
    numbers = array("d", given)
    if len(numbers) != len(parameters):
        raise ValueError(
            f"{name}: expected a number for each of {len(parameters)} parameters, "
            f"got {len(numbers)}"
        )
    return numbers


class Descent:
    """Gradient descent, equation (8): Δw = -ε ∂E/∂w, where ε is `lr`, the learning rate.

    After each change every weight shrinks by the fraction `decay` (weight decay; the paper's
    family trees use 0.002). `lr` and `decay` are schedules: numbers, or functions of the sweep.

    Raises TypeError for parameters that are not leaves, ValueError if one is given twice; either
    for schedules that are no finite numbers.

    >>> w = Value(1.0)
    >>> (w * w).backward()
    >>> Descent([w], lr=0.1).step()
    >>> w.data
    0.8
    """

    def __init__(
        self, parameters: Iterable[Value], lr: Schedule = 0.1, *, decay: Schedule = 0.0
    ) -> None:
        self.parameters = _checked_parameters(parameters)
        _check_schedules(lr=lr, decay=decay)
        self.lr = lr
        self.decay = decay
        self.steps = 0

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0."""
        optimizer_steps.zero_grads(self.parameters)

    def step(self, sweep: int | None = None) -> None:
        """Change every parameter according to its gradient. The gradients stay as they are.

        `sweep` is the argument of the schedules: by default, the number of steps so far.
        """
        sweep = self.steps if sweep is None else sweep
        self.change(at(self.lr, sweep), 1.0 - at(self.decay, sweep), sweep)
        self.steps += 1

    def change(self, lr: float, shrink: float, sweep: int) -> None:
        """Make the change of one step; a subclass with another rule overrides this."""
        optimizer_steps.descend(self.parameters, lr, shrink)

    def state_dict(self) -> dict[str, Any]:
        """What the optimizer needs to continue, as plain data for JSON."""
        return {"steps": self.steps}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Continue from where `state` was taken.

        Raises KeyError, TypeError or ValueError, and changes nothing, for any other state.
        """
        self.steps = operator.index(state["steps"])


class Momentum(Descent):
    """Descent with momentum, equation (9): Δw(t) = -ε ∂E/∂w(t) + α Δw(t-1).

    The gradient changes the velocity of a point in weight space, not its position. ε is `lr`,
    and α is `momentum`, the fraction of the last change that is kept: a schedule, too.
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: Schedule = 0.1,
        momentum: Schedule = 0.9,
        *,
        decay: Schedule = 0.0,
    ) -> None:
        super().__init__(parameters, lr, decay=decay)
        _check_schedules(momentum=momentum)
        self.momentum = momentum
        self.velocity = array("d", [0.0]) * len(self.parameters)

    def change(self, lr: float, shrink: float, sweep: int) -> None:
        momentum = at(self.momentum, sweep)
        optimizer_steps.gather_momentum(self.parameters, self.velocity, lr, momentum, shrink)

    def state_dict(self) -> dict[str, Any]:
        """The number of steps and the velocities."""
        return {**super().state_dict(), "velocity": list(self.velocity)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Continue from where `state` was taken."""
        velocity = _numbers(state["velocity"], self.parameters, "velocity")
        super().load_state_dict(state)
        self.velocity = velocity


class Adam(Descent):
    """Adam (Kingma & Ba, 2015): the size of a step doesn't depend on the gradient's size.

    Δw = -lr m' / (sqrt(v') + eps), with m' and v' the running means of the gradient and of
    its square, each corrected for its start at 0. `eps` only avoids a division by 0.
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: Schedule = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
        *,
        decay: Schedule = 0.0,
    ) -> None:
        super().__init__(parameters, lr, decay=decay)
        _check_schedules(beta1=beta1, beta2=beta2, eps=eps, constant=True)
        self.beta1, self.beta2, self.eps = beta1, beta2, eps
        self.mean = array("d", [0.0]) * len(self.parameters)
        self.square = array("d", [0.0]) * len(self.parameters)

    def change(self, lr: float, shrink: float, sweep: int) -> None:
        optimizer_steps.adapt(
            self.parameters,
            self.mean,
            self.square,
            self.steps + 1,
            lr,
            self.beta1,
            self.beta2,
            self.eps,
            shrink,
        )

    def state_dict(self) -> dict[str, Any]:
        """The number of steps and the running means."""
        return {**super().state_dict(), "mean": list(self.mean), "square": list(self.square)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Continue from where `state` was taken."""
        mean = _numbers(state["mean"], self.parameters, "mean")
        square = _numbers(state["square"], self.parameters, "square")
        super().load_state_dict(state)
        self.mean, self.square = mean, square
