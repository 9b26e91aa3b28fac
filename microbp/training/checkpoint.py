"""The state of a run after its last whole sweep, kept in memory or in a file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from microbp._support.atomic_file import FileMismatch, check_writable, write_whole
from microbp._support.json_state import read_state_file, with_checksum
from microbp.optim import Descent
from microbp.training.history import History
from microbp.training.run_identity import RunIdentity
from microbp.training.saved_run import VERSION, SavedRun
from microbp.training.task import Trainable

BYTES = 2**26, 64
"""How many bytes a checkpoint may have: room for a longer run, and for each number of this one."""


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


class Checkpoint:
    """The file of a run: written as the run goes on, and read to continue it."""

    def __init__(
        self, path: Path, net: Trainable, optimizer: Descent, history: History, run: RunIdentity
    ) -> None:
        self._path, self._net, self._optimizer, self._history = path, net, optimizer, history
        self._run = run

    def check_writable(self) -> None:
        """OSError if the file can't be written now, as the disk is full or the folder read-only."""
        check_writable(self._path, len(self._text(0)))

    def write(self, sweeps: int) -> None:
        """Write the run as it is after so many whole sweeps; complete or not at all.

        A file that can't be written ends no training: `history.unsaved` has the reason until a
        later write succeeds.
        """
        try:
            write_whole(self._path, self._text(sweeps))
            self._history.unsaved = ""
        except OSError as error:
            self._history.unsaved = str(error)

    def _text(self, sweeps: int) -> str:
        history, optimizer = self._history, self._optimizer
        saved = {
            "checkpoint": VERSION,
            "net": self._net.state_dict(),
            "optimizer": {"kind": type(optimizer).__name__, **optimizer.state_dict()},
            "cases": history.cases,
            "run": {"parts": self._run.parts, "codes": self._run.codes},
            "sweeps": history.sweeps[:sweeps],
        }
        if history.validation:
            saved["validation"] = history.validation[:sweeps]
        if history.metrics:
            saved["metrics"] = {name: column[:sweeps] for name, column in history.metrics.items()}
        if history.weights:
            saved["weights"] = [pair for pair in history.weights.items() if pair[0] < sweeps]
        return with_checksum(saved)

    def resume(self, sweeps: int, *, validated: bool, measured: Iterable[str], kept: bool) -> None:
        """Set everything to where the file left it, for a run of so many sweeps.

        `validated`, `measured` and `kept` say whether the run has validation cases, which metrics,
        and whether it keeps weights. Raises FileMismatch where the file is of another net or run,
        or is damaged; nothing is changed then. Warns where it can't be known.
        """
        net, optimizer, name = self._net, self._optimizer, self._path.name
        most = self._most_bytes(sweeps, validated + len([*measured]), kept)
        file = read_state_file(self._path, most, what="checkpoint of this run")
        found = SavedRun(name, file.state, self._history.cases, len(optimizer.parameters))
        found.check_run(type(optimizer).__name__, self._run, validated, set(measured))
        before, net_before = LastWholeSweep(optimizer, 0), net.state_dict()
        try:
            net.load_state_dict(found.net, name)
            optimizer.load_state_dict(found.optimizer)
            file.check_intact()
        except BaseException as problem:
            net.load_state_dict(net_before)
            before.restore()
            if isinstance(problem, FileMismatch) or not isinstance(problem, Exception):
                raise
            raise FileMismatch(f"{name}: {problem}") from None
        found.copy_into(self._history)
        found.warn_of_the_unknown(self._run)

    def _most_bytes(self, sweeps: int, columns: int, kept: bool) -> int:
        """How many bytes a file of this run can have."""
        parameters = len(self._optimizer.parameters)
        numbers = 3 * len(self._net.parameters()) + sweeps * (3 + 3 * columns)
        return BYTES[0] + BYTES[1] * (numbers + kept * (sweeps + 1) * (parameters + 1))
