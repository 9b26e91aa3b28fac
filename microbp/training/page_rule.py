"""How an optimizer changes the weights, as settings that the page of a training understands."""

from __future__ import annotations

from typing import Any

from microbp.optim import Adam, Descent, Momentum, Schedule, at


class NoRule(ValueError):
    """The page doesn't know what such an optimizer does."""


def page_rule(optimizer: Descent, sweeps: int) -> dict[str, Any]:
    """The settings of an optimizer; schedules are asked for the values of so many sweeps.

    A class with a rule of its own has a method `page_rule`, which gives what to add to the
    settings of a `Momentum`: the parameters that are `decaying`, or of how many `copies` the
    gradient of each is averaged. Raises NoRule for other classes.
    """
    own = getattr(optimizer, "page_rule", None)
    kind = Momentum if own is not None else type(optimizer)
    if kind not in (Descent, Momentum, Adam):
        raise NoRule(f"the page doesn't know what {type(optimizer).__name__} does")
    found: dict[str, Any] = {
        "optimizer": kind.__name__.lower(),
        "lr": _schedule(optimizer.lr, sweeps),
        "momentum": _schedule(getattr(optimizer, "momentum", 0.0), sweeps),
        "decay": _schedule(optimizer.decay, sweeps),
        "beta1": getattr(optimizer, "beta1", 0.9),
        "beta2": getattr(optimizer, "beta2", 0.999),
        "eps": getattr(optimizer, "eps", 1e-8),
        "decaying": None,
        "copies": None,
    }
    return found | (own() if own is not None else {})


def _schedule(schedule: Schedule, sweeps: int) -> float | list[list[float]]:
    """A number, or a number from each of some sweeps on."""
    if not callable(schedule):
        return schedule
    steps: list[list[float]] = []
    for sweep in range(max(1, sweeps)):
        x = float(at(schedule, sweep))
        if not steps or steps[-1][1] != x:
            steps.append([sweep, x])
    return steps if len(steps) > 1 else steps[0][1]
