"""The two kinds of pass over the cases, and which one a training takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from microbp._support.packages import require
from microbp.replay.compiled import extension
from microbp.training.eager_pass import EagerPass
from microbp.training.history import Sweep
from microbp.training.task import NotReplayable, Task

if TYPE_CHECKING:
    from microbp.training.replay_pass import ReplayPass


class Pass(Protocol):
    """How `train` goes over the cases."""

    @property
    def engine(self) -> str:
        """For the history: "replay", or "eager" and the reason."""

    @property
    def atomic(self) -> bool:
        """Whether nothing but gradients has changed where a sweep raises."""

    @property
    def task(self) -> Task:
        """What it is over."""

    def sweep(self, number: int) -> Sweep:
        """Go over all cases once, as sweep `number`, and say what came out.

        The parameters then have the gradient summed over the cases; or, where the weights
        change after each batch, they have been changed.
        """

    def look(self) -> tuple[float, int]:
        """The error and how many cases are right, as `sweep` finds them; nothing is changed."""

    def outputs(self) -> list[list[float]]:
        """The outputs of each case; nothing is changed."""


def replay_pass(task: Task) -> ReplayPass:
    """A pass by replay; NotReplayable where there can be none, or where NumPy is missing."""
    try:
        require("numpy", "a replay")
    except ModuleNotFoundError as problem:
        raise NotReplayable(str(problem)) from None
    from microbp.training.replay_pass import ReplayPass  # imported lazily: it imports NumPy

    return ReplayPass(task)


def make_pass(task: Task, engine: str) -> Pass:
    """The pass for an engine "auto", "replay" or "eager".

    Raises ValueError where replay was asked for and the net can't be replayed.
    """
    if engine == "eager":
        return EagerPass(task, "eager, as asked")
    try:
        replayed = replay_pass(task)
    except NotReplayable as problem:
        if engine == "replay":
            raise ValueError(f"train: can't replay this net: {problem}") from problem
        return EagerPass(task, f"eager: {problem}")
    if task.change_per_case and engine == "auto" and extension("interpreter") is None:
        return EagerPass(task, "eager: in plain Python, single cases are built faster")
    return replayed
