"""What each sweep of a training saw, and why it stopped."""

from __future__ import annotations

import copy
import enum
import operator
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from microbp import plots
from microbp._support.atomic_file import as_path, write_whole
from microbp._support.coerce import shown, whole_number
from microbp._support.missing_names import missing_attribute
from microbp._support.packages import require
from microbp._support.suggest import did_you_mean
from microbp.core.functions import data_of
from microbp.plots.style import check_axes
from microbp.training.judges import EDGES, right_side

if TYPE_CHECKING:
    import pandas

    from microbp.explorer.training_page import TrainingPage
    from microbp.training.passes import Pass


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
    PATIENCE = "the error did not fall any more"
    NOT_FINITE = "the error is not finite"
    INTERRUPTED = "interrupted"

    __str__ = str.__str__


_ELSEWHERE = {
    "error": "history.errors, or history[-1].error for the last",
    "epochs": "len(history)",
    "history": "history.errors, history.accuracy or history.validation",
    "loss": "history.errors, or history[-1].error for the last",
    "losses": "history.errors",
    "val_loss": "[seen.error for seen in history.validation]",
}


class History(Sequence[Sweep]):
    """A training run, indexed by sweep: `history[376].right`, `history[-1].error`.

    The last entry shows the net as training left it. `stopped` says why the run ended, `engine`
    how the sweeps were made: "replay", or "eager" and the reason. `unsaved` says why the
    checkpoint could not be written, and is "" if it was, or if there is none.

    What was asked for, each with the net as the entry of the same sweep has it: `validation`, a
    list of entries like those of the history itself; `metrics`, a list of numbers by name;
    `weights`, a dict from the sweep to the numbers of the optimizer's parameters.
    """

    unsaved = ""  # also of pickles that were made before it
    _page: Callable[..., TrainingPage] | None = None

    def __init__(self, cases: int) -> None:
        self.cases = whole_number(cases, "History: cases")
        self.sweeps: list[Sweep] = []
        self.stopped = Stopped.NOT_RUN
        self.engine = ""
        self.validation: list[Sweep] = []
        self.metrics: dict[str, list[float]] = {}
        self.weights: dict[int, list[float]] = {}
        self._training: Pass | None = None
        self._page = None

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            raise missing_attribute(self, name, _ELSEWHERE)

    def __getstate__(self) -> dict[str, Any]:
        """Everything but the net and the cases, to copy or pickle."""
        return {**self.__dict__, "_training": None, "_page": None}

    @overload
    def __getitem__(self, index: int) -> Sweep: ...
    @overload
    def __getitem__(self, index: slice) -> list[Sweep]: ...
    def __getitem__(self, index: int | slice) -> Sweep | list[Sweep]:
        if not isinstance(index, slice):
            try:
                index = operator.index(index)
            except TypeError:
                columns = ["errors", "accuracy", "validation", "metrics", "weights"]
                meant = did_you_mean(index, columns, {"loss": "errors", "val_loss": "validation"})
                raise TypeError(
                    f"History: expected the number of a sweep, got {shown(index)}{meant}"
                ) from None
        return self.sweeps[index]

    def __len__(self) -> int:
        return len(self.sweeps)

    def __iter__(self) -> Iterator[Sweep]:
        return iter(self.sweeps)

    def __repr__(self) -> str:
        latest = f", error {self.sweeps[-1].error:.4g}" if self.sweeps else ""
        unsaved = f"; not saved: {self.unsaved}" if self.unsaved else ""
        return f"<history of {max(len(self) - 1, 0)} sweeps{latest}: {self.stopped}{unsaved}>"

    @property
    def errors(self) -> list[float]:
        """E of each sweep."""
        return [sweep.error for sweep in self.sweeps]

    @property
    def accuracy(self) -> list[float]:
        """The share of the cases that came out right, of each sweep."""
        return [sweep.right / self.cases for sweep in self.sweeps]

    def confusion_matrix(self) -> list[list[int]]:
        """How many cases of each class the net, as it is now, takes for which.

        Rows are the classes by the targets, columns those by the outputs. Of several outputs the
        largest counts; a single one tells class 1 from class 0 by its side, as for `right`.

        Raises ValueError for a history that was not made by `train` in this process.
        """
        if self._training is None:
            raise ValueError("confusion_matrix: a copy of a history has no net and no cases")
        return confusion(self._training)

    def watch(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        title: str = "",
        notes: str = "",
        case_names: Sequence[str] | None = None,
    ) -> TrainingPage:
        """A page in which this training runs again, from its first weights on: `microbp.watch`.

        What a callback changed is not repeated. Raises ValueError for a history that was not made
        by `train` in this process, or that goes on from a checkpoint.
        """
        if self._page is None:
            raise ValueError(
                "watch: a copy of a history, or one that goes on from a checkpoint, doesn't know "
                "how its training began: write microbp.watch(net, cases, optimizer)"
            )
        return self._page(path, title=title, notes=notes, case_names=case_names)

    def first_all_right(self) -> int | None:
        """The first sweep that saw every case right; None if none did."""
        return next((s.sweep for s in self.sweeps if s.right == self.cases), None)

    def to_csv(self, path: str | os.PathLike[str]) -> Path:
        """Write a table of sweep, error and right, complete or not at all.

        And of the same of the validation cases, and of the metrics, where there are any.
        """
        names, rows = self._table()
        lines = [",".join(names), *(",".join(map(repr, row)) for row in rows)]
        return write_whole(as_path(path, "to_csv"), "\n".join(lines) + "\n")

    def to_pandas(self) -> pandas.DataFrame:
        """The same table as a pandas frame, with the sweep as its index; needs pandas."""
        require("pandas", "to_pandas")
        import pandas

        names, rows = self._table()
        return pandas.DataFrame(rows, columns=names).set_index("sweep")

    def _table(self) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The names of the columns, and a row for each sweep."""
        names, columns = list(Sweep._fields), [*zip(*self.sweeps, strict=True)] or [(), (), ()]
        if self.validation:
            names += ["validation_error", "validation_right"]
            columns += [*zip(*self.validation, strict=True)][1:]
        names += self.metrics
        columns += [tuple(column) for column in self.metrics.values()]
        return names, [*zip(*columns, strict=True)]

    def plot(self, ax: Any = None) -> Any:
        """The learning curve on Matplotlib axes (new ones by default), which it returns."""
        check_axes(ax, "plot")
        return plots.learning_curve(self, ax=ax)

    def animate(self, path: str | os.PathLike[str], *, frames: int = 40) -> Path:
        """Write the training as a moving picture, "xor.gif" or "xor.mp4", whole or not at all.

        It shows at up to `frames` sweeps, evenly spread, the net with its weights, the weights as
        squares, for a net of two inputs and one output the decision regions, and the error. A
        .mp4 file needs ffmpeg. The weights are those that `train(..., keep="weights")` kept; the
        net itself stays as it is. Eight frames are a second.

        Raises ValueError for a history without weights, or one that was not made by `train` in
        this process, and for a path that ends otherwise; RuntimeError, with what to install,
        where ffmpeg is missing.
        """
        from microbp.plots.movie import movie_path
        from microbp.plots.training_movie import animate_training

        frames = whole_number(frames, "animate: frames", 1)
        path = movie_path(path, "animate")
        if not self.weights:
            raise ValueError(
                'animate: this history has no weights: train(..., keep="weights") keeps them'
            )
        if self._training is None:
            raise ValueError("animate: a copy of a history has no net and no cases")
        task = self._training.task
        net, parameters = copy.deepcopy((task.net, task.optimizer.parameters))
        kept = evenly(sorted(self.weights), frames)
        weights = {sweep: self.weights[sweep] for sweep in kept}
        return animate_training(path, self, net, parameters, weights, task.cases)


def evenly(sweeps: Sequence[int], most: int) -> list[int]:
    """The first and the last of these sweeps, and as many between as make up to `most`.

    >>> evenly(range(10), 4)
    [0, 3, 6, 9]
    """
    last = len(sweeps) - 1
    steps = min(most - 1, last)
    return [sweeps[-1]] if steps < 1 else [sweeps[i * last // steps] for i in range(steps + 1)]


def confusion(training: Pass) -> list[list[int]]:
    """For each class by the targets, how many cases the outputs put into which."""
    task = training.task
    by_output, by_target = EDGES.get(task.right, EDGES[right_side])
    outputs = training.outputs()
    classes = max(2, len(outputs[0]))
    matrix = [[0] * classes for _ in range(classes)]
    for ys, (_, targets) in zip(outputs, task.cases, strict=True):
        matrix[_class(targets, by_target)][_class(ys, by_output)] += 1
    return matrix


def _class(numbers: Any, edge: float) -> int:
    found = [data_of(x) for x in numbers]
    return found.index(max(found)) if len(found) > 1 else int(found[0] > edge)
