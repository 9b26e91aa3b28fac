"""What each sweep of a training saw, and why it stopped."""

from __future__ import annotations

import enum
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from microbp import plots
from microbp._support.atomic_file import write_whole

if TYPE_CHECKING:
    import pandas


class Sweep(NamedTuple):
    """What one sweep over all cases saw: how the net did after `sweep` changes of its weights.

    Where the weights change after each case, each case is seen with the weights it met.
    """

    sweep: int
    """How many sweeps had changed the weights before this one; 0 for the first."""
    error: float
    """E, summed over the cases."""
    right: int
    """How many cases came out right."""


class Stopped(str, enum.Enum):
    """Why a training ended; it prints, and compares, as its text."""

    NOT_RUN = "not run"
    DONE = "all sweeps done"
    CONDITION = "the stop condition came true"
    NOT_FINITE = "the error is not finite"
    INTERRUPTED = "interrupted"

    __str__ = str.__str__


class History(Sequence[Sweep]):
    """A training run, indexed by sweep: `history[376].right`, `history[-1].error`.

    The last entry shows the net as training left it. `stopped` says why the run ended, `engine`
    how the sweeps were made: "replay", or "eager" and the reason.
    """

    def __init__(self, cases: int) -> None:
        self.cases = cases
        self.sweeps: list[Sweep] = []
        self.stopped = Stopped.NOT_RUN
        self.engine = ""

    @overload
    def __getitem__(self, index: int) -> Sweep: ...
    @overload
    def __getitem__(self, index: slice) -> list[Sweep]: ...
    def __getitem__(self, index: int | slice) -> Sweep | list[Sweep]:
        return self.sweeps[index]

    def __len__(self) -> int:
        return len(self.sweeps)

    def __iter__(self) -> Iterator[Sweep]:
        return iter(self.sweeps)

    def __repr__(self) -> str:
        latest = f", error {self.sweeps[-1].error:.4g}" if self.sweeps else ""
        return f"<history of {max(len(self) - 1, 0)} sweeps{latest}: {self.stopped}>"

    @property
    def errors(self) -> list[float]:
        """E of each sweep."""
        return [sweep.error for sweep in self.sweeps]

    def first_all_right(self) -> int | None:
        """The first sweep that saw every case right; None if none did."""
        return next((s.sweep for s in self.sweeps if s.right == self.cases), None)

    def to_csv(self, path: str | os.PathLike[str]) -> Path:
        """Write a table of sweep, error and right, complete or not at all."""
        rows = [",".join(Sweep._fields), *(f"{s},{error!r},{n}" for s, error, n in self.sweeps)]
        return write_whole(path, "\n".join(rows) + "\n")

    def to_pandas(self) -> pandas.DataFrame:
        """The same table as a pandas frame, with the sweep as its index; needs pandas."""
        import pandas

        return pandas.DataFrame(self.sweeps, columns=Sweep._fields).set_index("sweep")

    def plot(self, ax: Any = None) -> Any:
        """The learning curve on Matplotlib axes (new ones by default), which it returns."""
        return plots.learning_curve(self.errors, ax=ax)
