"""Optimizers: descent, momentum and Adam, with schedules."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, cast

from microbp._support.arguments import check_takes, finite, named_arguments
from microbp._support.coerce import listed, number, shown, whole_number
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


def _checked_parameters(given: Any, where: str) -> list[Value]:
    if hasattr(given, "parameters"):
        raise TypeError(
            f"{where}: expected leaves, got a {type(given).__name__}: write net.parameters()"
        )
    if isinstance(given, Value):
        raise TypeError(
            f"{where}: expected a list of leaves, got {shown(given)}: write [{given.label or 'w'}]"
        )
    parameters = listed(given, where, "leaves")
    place: dict[Value, int] = {}
    for i, p in enumerate(parameters):
        if not isinstance(p, Value) or p.op is not None:
            raise TypeError(f"{where}: expected leaves, got {shown(p)}")
        if p in place:
            raise ValueError(
                f"{where}: expected each parameter once, got {shown(p)} at {place[p]} and at {i}"
            )
        place[p] = i
    return parameters


def _schedule(given: Any, where: str) -> Schedule:
    """A finite number, or a function; TypeError or ValueError for anything else."""
    if callable(given) and not isinstance(given, Value):
        check_takes(given, ("sweep",), where)
        return cast(Schedule, given)
    return _constant(given, where, "a number or a function of the sweep")


def _constant(given: Any, where: str, what: str = "a number") -> float:
    """A finite number; TypeError or ValueError for anything else."""
    if type(given) is float and math.isfinite(given):  # as nearly always, in every step
        return given
    if isinstance(given, (bool, Value)):
        raise TypeError(f"{where}: expected {what}, got {shown(given)}")
    try:
        return finite(given, where)
    except TypeError:
        raise TypeError(f"{where}: expected {what}, got {shown(given)}") from None


def _numbers(given: Any, parameters: list[Value], where: str) -> array[float]:
    numbers = [number(x, where) for x in listed(given, where, "numbers")]
    if len(numbers) != len(parameters):
        raise ValueError(
            f"{where}: expected a number for each of {len(parameters)} parameters, "
            f"got {len(numbers)}"
        )
    return array("d", numbers)


_ELSEWHERE = {
    "alpha": "lr",
    "betas": "beta1",
    "epsilon": "eps",
    "learning_rate": "lr",
    "params": "parameters",
    "weight_decay": "decay",
}
"""What other libraries call the arguments of optimizers."""


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

    fixed: ClassVar[tuple[str, ...]] = ("decay",)
    """Settings that stay for a whole run: a checkpoint of a run with others is refused."""

    @named_arguments("Descent", _ELSEWHERE)
    def __init__(
        self, parameters: Iterable[Value], lr: Schedule = 0.1, *, decay: Schedule = 0.0
    ) -> None:
        self._name = type(self).__name__
        self.parameters = _checked_parameters(parameters, self._name)
        self.lr = _schedule(lr, f"{self._name}: lr")
        self.decay = _schedule(decay, f"{self._name}: decay")
        self.steps = 0

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0."""
        optimizer_steps.zero_grads(self.parameters)

    def step(self, sweep: int | None = None) -> None:
        """Change every parameter according to its gradient. The gradients stay as they are.

        `sweep` is the argument of the schedules: by default, the number of steps so far.
        """
        if sweep is None:
            sweep = self.steps
        elif type(sweep) is not int or sweep < 0:
            sweep = whole_number(sweep, f"{self._name}.step: sweep")
        lr, decay = self.lr, self.decay
        # As nearly always, both are finite floats: asked here, as a call takes longer.
        if type(lr) is not float or lr - lr != 0.0:
            lr = self._at("lr", lr, sweep)
        if type(decay) is not float or decay - decay != 0.0:
            decay = self._at("decay", decay, sweep)
        self.change(lr, 1.0 - decay, sweep)
        self.steps += 1

    def _at(self, name: str, schedule: Schedule, sweep: int) -> float:
        """The setting of this name in this sweep; TypeError or ValueError if it is no number."""
        return _constant(at(schedule, sweep), f"{self._name}.step: {name}")

    def change(self, lr: float, shrink: float, sweep: int) -> None:
        """Make the change of one step; a subclass with another rule overrides this."""
        optimizer_steps.descend(self.parameters, lr, shrink)

    def state_dict(self) -> dict[str, Any]:
        """What the optimizer needs to continue, as plain data for JSON."""
        return {"steps": self.steps}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Continue from where `state` was taken.

        Raises TypeError or ValueError, and changes nothing, for any other state.
        """
        self.steps = whole_number(self._part(state, "steps"), f"{self._name}: steps")

    def _part(self, state: Any, name: str) -> Any:
        """One entry of a state."""
        where = f"{self._name}.load_state_dict"
        if not isinstance(state, Mapping):
            raise TypeError(f"{where}: expected what state_dict() gives, got {shown(state)}")
        if name not in state:
            raise ValueError(f"{where}: expected {name} in the state, got {shown(list(state))}")
        return state[name]

    def _numbers(self, state: Any, name: str) -> array[float]:
        """One entry of a state that is a number for each parameter."""
        return _numbers(self._part(state, name), self.parameters, f"{self._name}: {name}")


class Momentum(Descent):
    """Descent with momentum, equation (9): Δw(t) = -ε ∂E/∂w(t) + α Δw(t-1).

    The gradient changes the velocity of a point in weight space, not its position. ε is `lr`,
    and α is `momentum`, the fraction of the last change that is kept: a schedule, too.
    """

    @named_arguments("Momentum", _ELSEWHERE)
    def __init__(
        self,
        parameters: Iterable[Value],
        lr: Schedule = 0.1,
        momentum: Schedule = 0.9,
        *,
        decay: Schedule = 0.0,
    ) -> None:
        super().__init__(parameters, lr, decay=decay)
        self.momentum = _schedule(momentum, f"{self._name}: momentum")
        self.velocity = array("d", [0.0]) * len(self.parameters)

    def change(self, lr: float, shrink: float, sweep: int) -> None:
        momentum = self.momentum
        if type(momentum) is not float or momentum - momentum != 0.0:
            momentum = self._at("momentum", momentum, sweep)
        optimizer_steps.gather_momentum(self.parameters, self.velocity, lr, momentum, shrink)

    def state_dict(self) -> dict[str, Any]:
        """The number of steps and the velocities."""
        return {**super().state_dict(), "velocity": list(self.velocity)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Continue from where `state` was taken."""
        velocity = self._numbers(state, "velocity")
        super().load_state_dict(state)
        self.velocity = velocity


class Adam(Descent):
    """Adam (Kingma & Ba, 2015): the size of a step doesn't depend on the gradient's size.

    Δw = -lr m' / (sqrt(v') + eps), with m' and v' the running means of the gradient and of
    its square, each corrected for its start at 0. `eps` only avoids a division by 0.
    """

    fixed = ("decay", "beta1", "beta2", "eps")

    @named_arguments("Adam", _ELSEWHERE)
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
        self.beta1, self.beta2, self.eps = beta1, beta2, eps
        self._checked = self._constants()
        self.mean = array("d", [0.0]) * len(self.parameters)
        self.square = array("d", [0.0]) * len(self.parameters)

    def _constants(self) -> tuple[float, float, float]:
        """beta1, beta2 and eps; TypeError or ValueError for what they can't be."""
        found = {}
        for name in ("beta1", "beta2", "eps"):
            x = found[name] = _constant(getattr(self, name), f"{self._name}: {name}")
            if not (x > 0.0 if name == "eps" else 0.0 <= x < 1.0):
                bounds = "above 0" if name == "eps" else "from 0 to below 1"
                raise ValueError(f"{self._name}: {name}: expected a number {bounds}, got {x!r}")
        self.beta1, self.beta2, self.eps = found["beta1"], found["beta2"], found["eps"]
        return self.beta1, self.beta2, self.eps

    def change(self, lr: float, shrink: float, sweep: int) -> None:
        beta1, beta2, eps = self._checked
        if self.beta1 is not beta1 or self.beta2 is not beta2 or self.eps is not eps:
            beta1, beta2, eps = self._checked = self._constants()
        mean, square, steps = self.mean, self.square, self.steps + 1
        optimizer_steps.adapt(self.parameters, mean, square, steps, lr, beta1, beta2, eps, shrink)

    def state_dict(self) -> dict[str, Any]:
        """The number of steps and the running means."""
        return {**super().state_dict(), "mean": list(self.mean), "square": list(self.square)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Continue from where `state` was taken."""
        mean, square = self._numbers(state, "mean"), self._numbers(state, "square")
        super().load_state_dict(state)
        self.mean, self.square = mean, square
