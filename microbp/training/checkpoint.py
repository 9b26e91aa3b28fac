"""The state of a run after its last whole sweep, kept in memory or in a file."""

from __future__ import annotations

import json
import os
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
    write_whole(path, json.dumps(saved))


def resume(path: Path, net: Trainable, optimizer: Descent, history: History) -> None:
    """Set everything to where a checkpoint file left it.

    Raises FileMismatch where the file is of another net or run; nothing is changed then.
    """
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
        kind, cases = saved["optimizer"].pop("kind"), saved["cases"]
        sweeps = [Sweep(*sweep) for sweep in saved["sweeps"]]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise FileMismatch(f"{path.name} is not a checkpoint of train") from None
    if kind != type(optimizer).__name__:
        ours = type(optimizer).__name__
        raise FileMismatch(f"{path.name} holds a run of {kind} where this one has {ours}")
    if cases != history.cases:
        raise FileMismatch(f"{path.name} holds a run over {cases} cases, not {history.cases}")
    before, net_before = LastWholeSweep(optimizer, 0), net.state_dict()
    try:
        net.load_state_dict(saved["net"], path.name)
        optimizer.load_state_dict(saved["optimizer"])
    except (TypeError, KeyError):
        net.load_state_dict(net_before)
        before.restore()
        raise FileMismatch(f"{path.name} is not a checkpoint of train") from None
    history.sweeps = sweeps
