"""The state of a run after its last whole sweep, kept in memory or in a file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from microbp._support.atomic_file import FileMismatch, write_whole
from microbp.optim import Descent
from microbp.training.history import History, Sweep
from microbp.training.task import Trainable


class LastWholeSweep:
    """The weights and the optimizer as they were after the last whole sweep.

    Where sweeps are atomic there is nothing to keep but their number: one that is cut short has
    changed nothing.
    """

    def __init__(self, optimizer: Descent, sweeps: int, *, atomic: bool = False) -> None:
        self._optimizer = optimizer
        self._atomic = atomic
        self._begun = sweeps, [p.grad for p in optimizer.parameters]
        self.keep(sweeps)

    @property
    def sweeps(self) -> int:
        """How many whole sweeps there were."""
        return self._kept[0]

    def keep(self, sweeps: int) -> None:
        """Keep the state as it is now, after so many sweeps."""
        weights: list[float] = []
        state: dict[str, Any] = {}
        if not self._atomic:
            weights = [p.data for p in self._optimizer.parameters]
            state = self._optimizer.state_dict()
        # One assignment: Ctrl-C may come between any two, and they belong together.
        self._kept = sweeps, weights, state

    def undo(self) -> None:
        """After an error: restore; before the first whole sweep, the gradients too."""
        self.restore()
        sweeps, grads = self._begun
        if self.sweeps == sweeps:
            for p, grad in zip(self._optimizer.parameters, grads, strict=True):
                p.grad = grad

    def restore(self) -> None:
        """Go back to the state that was kept."""
        if not self._atomic:
            _, weights, state = self._kept
            for p, data in zip(self._optimizer.parameters, weights, strict=True):
                p.data = data
            self._optimizer.load_state_dict(state)


def write_checkpoint(
    path: str | os.PathLike[str],
    net: Trainable,
    optimizer: Descent,
    history: History,
    sweeps: int,
) -> None:
    """Write the run to a file, as it is after so many whole sweeps; complete or not at all."""
    saved = {
        "net": net.state_dict(),
        "optimizer": {"kind": type(optimizer).__name__, **optimizer.state_dict()},
        "cases": history.cases,
        "sweeps": history.sweeps[:sweeps],
    }
    if history.validation:
        saved["validation"] = history.validation[:sweeps]
    if history.metrics:
        saved["metrics"] = {name: column[:sweeps] for name, column in history.metrics.items()}
    if history.weights:
        saved["weights"] = [pair for pair in history.weights.items() if pair[0] < sweeps]
    write_whole(path, json.dumps(saved))


def resume(
    path: Path,
    net: Trainable,
    optimizer: Descent,
    history: History,
    *,
    validated: bool = False,
    measured: Iterable[str] = (),
) -> None:
    """Set everything to where a checkpoint file left it.

    `validated` and `measured` say whether this run has validation cases, and which metrics.

    Raises FileMismatch where the file is of another net or run; nothing is changed then.
    """
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
        kind, cases = saved["optimizer"].pop("kind"), saved["cases"]
        sweeps = [Sweep(*sweep) for sweep in saved["sweeps"]]
        validation = [Sweep(*sweep) for sweep in saved.get("validation", [])]
        metrics, weights = dict(saved.get("metrics", {})), dict(saved.get("weights", []))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise FileMismatch(f"{path.name} is not a checkpoint of train") from None
    if kind != type(optimizer).__name__:
        ours = type(optimizer).__name__
        raise FileMismatch(f"{path.name} holds a run of {kind} where this one has {ours}")
    if cases != history.cases:
        raise FileMismatch(f"{path.name} holds a run over {cases} cases, not {history.cases}")
    if sweeps and (bool(validation) != validated or metrics.keys() != set(measured)):
        raise FileMismatch(f"{path.name} holds a run with other validation cases or metrics")
    before, net_before = LastWholeSweep(optimizer, 0), net.state_dict()
    try:
        net.load_state_dict(saved["net"], path.name)
        optimizer.load_state_dict(saved["optimizer"])
    except FileMismatch:
        raise
    except (TypeError, KeyError, ValueError):
        net.load_state_dict(net_before)
        before.restore()
        raise FileMismatch(f"{path.name} is not a checkpoint of train") from None
    history.sweeps, history.validation = sweeps, validation
    history.metrics, history.weights = metrics, weights
