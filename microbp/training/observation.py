"""What is looked at beside the training: validation cases, metrics, weights; early stopping."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from microbp.core.engine import Value
from microbp.core.functions import data_of
from microbp.training.history import History, Sweep
from microbp.training.passes import Pass


class Watch:
    """Notes in a history, before each sweep and at the end, what a user asked to see.

    validation: a pass over other cases, or None. metrics: functions of outputs and targets, of
    the validation cases if there are any. every: how many sweeps lie between the weights kept,
    or None to keep none.
    """

    def __init__(
        self,
        history: History,
        training: Pass,
        validation: Pass | None,
        metrics: Mapping[str, Callable[..., Any]],
        every: int | None,
        parameters: Sequence[Value],
    ) -> None:
        self._history, self._validation = history, validation
        self._measured = validation or training
        self._metrics, self._every, self._parameters = metrics, every, parameters
        self._idle = validation is None and not metrics and every is None
        for name in metrics:
            history.metrics.setdefault(name, [])

    def note(self, sweep: int, *, last: bool = False) -> None:
        """Look at the net as it is after so many sweeps."""
        if self._idle:
            return
        history = self._history
        if self._validation is not None:
            history.validation.append(Sweep(sweep, *self._validation.look()))
        if self._metrics:
            cases = self._measured.task.cases
            outputs = self._measured.outputs()
            for name, metric in self._metrics.items():
                where = f"train: what metric {name!r} gives"
                pairs = zip(outputs, cases, strict=True)
                found = [data_of(metric(ys, ds), where) for ys, (_, ds) in pairs]
                history.metrics[name].append(sum(found) / len(found))
        if self._every is not None and (last or sweep % self._every == 0):
            history.weights[sweep] = [p.data for p in self._parameters]

    def forget_after(self, sweeps: int) -> None:
        """Drop what was noted of sweeps that are taken back."""
        history = self._history
        del history.validation[sweeps:]
        for column in history.metrics.values():
            del column[sweeps:]
        for sweep in [sweep for sweep in history.weights if sweep >= sweeps]:
            del history.weights[sweep]


class Patience:
    """Whether the error has not been lower than before for so many sweeps."""

    def __init__(self, sweeps: int) -> None:
        self._sweeps = sweeps
        self._best = float("inf")
        self._best_at = self._seen = 0

    def is_out(self, entries: Sequence[Sweep]) -> bool:
        """After one more entry: whether it is time to stop."""
        for i in range(self._seen, len(entries)):
            if entries[i].error < self._best:
                self._best, self._best_at = entries[i].error, i
        self._seen = len(entries)
        return self._seen - 1 - self._best_at >= self._sweeps
