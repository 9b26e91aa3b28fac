"""How a sweep of training is made: the graph of each case built anew, or recorded and replayed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from microbp.core.engine import Value
from microbp.core.engine import name as engine_in_use
from microbp.core.grad_mode import no_grad
from microbp.losses import Loss, squared_error
from microbp.nn.layers import Inputs
from microbp.optim import Descent
from microbp.training.history import Sweep

if TYPE_CHECKING:
    from microbp.training.replay_pass import Replayed

Case: TypeAlias = tuple[Inputs, Sequence[float]]
Judge: TypeAlias = Callable[[Sequence[Value], Sequence[float]], bool]


class Trainable(Protocol):
    """What `train` asks of a net."""

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
    """The error summed over the cases, and how many come out right, without any change."""
    with no_grad():
        seen = [(net(inputs), targets) for inputs, targets in cases]
        return sum(loss(*case).data for case in seen), sum(right(*case) for case in seen)


class Way(NamedTuple):
    """A way to make sweeps."""

    sweep: Callable[[int], Sweep]
    """Makes the sweep of a number: leaves the gradients behind, or, case by case, has used them."""
    engine: str
    """For the history: "replay", or "eager" and why."""
    seen: Callable[[], tuple[float, int]]
    """What a sweep would see, the error and how many cases are right, without any change."""
    atomic: bool
    """Whether nothing but gradients has changed if a sweep raises."""


def way(
    net: Trainable,
    cases: Sequence[Case],
    optimizer: Descent,
    loss: Loss,
    right: Judge,
    change_per_case: bool,
    engine: str,
) -> Way:
    """The way that `train` takes; ValueError where replay was asked for and can't be had."""
    eager = partial(_sweep, net, cases, optimizer, loss, right, change_per_case)
    look = partial(evaluate, net, cases, loss=loss, right=right)
    if engine == "eager":
        return Way(eager, "eager, as asked", look, False)
    from microbp.training.replay_pass import NotTheSame, Replayed

    try:
        sides = right is right_side
        replayed = Replayed(net, cases, optimizer.parameters, loss, sides=sides)
    except NotTheSame as problem:
        if engine == "replay":
            raise ValueError(f"train: can't replay this net: {problem}") from problem
        return Way(eager, f"eager: {problem}", look, False)
    if change_per_case and engine == "auto" and engine_in_use != "compiled":
        return Way(eager, "eager: in plain Python, single cases are built faster", look, False)
    if change_per_case:
        case_by_case = partial(_replayed_case_by_case, replayed, cases, optimizer, right)
        return Way(case_by_case, "replay", look, False)
    look = partial(_judged_all, replayed.seen, replayed, cases, right)
    sweep = partial(_judged_all, replayed.sweep, replayed, cases, right)
    return Way(lambda number: Sweep(number, *sweep()), "replay", look, True)


def _sweep(
    net: Trainable,
    cases: Sequence[Case],
    optimizer: Descent,
    loss: Loss,
    right: Judge,
    change_per_case: bool,
    sweep: int,
) -> Sweep:
    """One sweep: it leaves the gradient summed over the cases, or has used it up case by case."""
    error, rights = 0.0, 0
    optimizer.zero_grad()
    for inputs, targets in cases:
        outputs = net(inputs)
        case_error = loss(outputs, targets)
        case_error.backward()
        error += case_error.data
        rights += right(outputs, targets)
        if change_per_case:
            optimizer.step(sweep)
            optimizer.zero_grad()
    return Sweep(sweep, error, rights)


def _judged_all(
    sweep: Callable[[], tuple[float, int]], replayed: Replayed, cases: Sequence[Case], right: Judge
) -> tuple[float, int]:
    """What the sweep saw, with the user's own verdicts if there are any."""
    error, rights = sweep()
    if right is not right_side:
        rights = sum(_judged(replayed, cases, case, right) for case in range(len(cases)))
    return error, rights


def _replayed_case_by_case(
    replayed: Replayed, cases: Sequence[Case], optimizer: Descent, right: Judge, sweep: int
) -> Sweep:
    error, rights = 0.0, 0
    for case in range(len(cases)):
        case_error, case_right = replayed.sweep_of(case)
        error += case_error
        rights += case_right if right is right_side else _judged(replayed, cases, case, right)
        optimizer.step(sweep)
        optimizer.zero_grad()
    return Sweep(sweep, error, rights)


def _judged(replayed: Replayed, cases: Sequence[Case], case: int, right: Judge) -> bool:
    """The user's own verdict on a case's outputs."""
    outputs = [Value(y) for y in replayed.out[1:, case]]
    return right(outputs, cases[case][1])
