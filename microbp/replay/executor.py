"""Executor: how a recording is replayed, by compiled kernels or, without them, through NumPy."""

from __future__ import annotations

import warnings
from array import array
from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from microbp.core import engine
from microbp.core.anomaly import AnomalyError
from microbp.core.grad_mode import mode
from microbp.replay.numpy_interpreter import Replay
from microbp.replay.recording import Recording

COMPILED = engine.name == "compiled"
if COMPILED:
    from microbp.replay.compiled import interpreter


ROOM = 1 << 24
"""How many numbers the way through NumPy holds at a time, once for values and once for adjoints."""


class Executor:
    """A recording and the kernels made for it so far.

    Where something is infinite, NaN or has no value, and under detect_anomaly, kernels leave the
    work to NumPy, which can tell where it began.
    """

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.parameters = list(recording.parameters)
        self._kernels: dict[tuple[bool, int], Any] = {}

    def __getstate__(self) -> dict[str, Any]:
        """To copy or pickle: kernels are made anew where they are wanted."""
        kept = {name: x for name, x in self.__dict__.items() if name != "compiled_backward"}
        return {**kept, "_kernels": {}}

    def outputs(
        self,
        table: Any,
        by_input: Any = None,
        target: int = 0,
        *,
        threads: int = 1,
        quiet: bool = False,
    ) -> Any:
        """The outputs, a row for each; the target's derivatives by the inputs go to `by_input`."""
        weights = array("d", [p.data for p in self.parameters])
        out = np.empty((len(self.recording.outputs), len(table)))
        if COMPILED and not mode.get().watching:
            kernel = self.kernel(by_input is not None, target)
            cases = interpreter.Cases(table, kernel.width_for(len(table)))
            if kernel.replay(cases, weights, out, None, by_input, threads)[1]:
                return out
        self.through_numpy(table, out, by_input=by_input, target=target, quiet=quiet)
        return out

    @cached_property
    def compiled_backward(self) -> Callable[[Any, int], float | None]:
        """A function of cases and threads: E, with its derivatives added to the gradients.

        None where it takes the slow way, or where the cases are no array that kernels can read.
        """
        if not COMPILED:
            return lambda cases, threads: None
        return interpreter.RunnerPool(self.kernel(), self.parameters).backward

    def numpy_backward(self, table: Any) -> float:
        """The same through NumPy."""
        gradient = np.empty(len(self.parameters))
        out = np.empty((len(self.recording.outputs), len(table)))
        error = self.through_numpy(table, out, gradient=gradient)
        for p, more in zip(self.parameters, gradient.tolist(), strict=True):
            p.grad += more
        return error

    def kernel(self, of_inputs: bool = False, target: int = 0) -> Any:
        """The kernel that finds the derivatives of an output by inputs or parameters."""
        if (of_inputs, target) not in self._kernels:
            made = interpreter.Kernel(self.recording, of_inputs, target)
            self._kernels[of_inputs, target] = made
        return self._kernels[of_inputs, target]

    def through_numpy(
        self,
        table: Any,
        out: Any,
        *,
        gradient: Any = None,
        by_input: Any = None,
        target: int = 0,
        quiet: bool = False,
    ) -> float:
        """The target's sum, through NumPy; `out` and, where given, the others take the rest.

        Warns, unless `quiet`, of a result that is not finite: of the node where that began, and
        not of an infinity on the way to finite results, for 1 / (1 + exp(1000)) is 0. As every
        node of every case is held in memory, it is so many cases at a time as have room.
        """
        of = self.recording
        at_once = max(1, ROOM // (of.leaves + len(of.code)))
        error, story = 0.0, ""
        if gradient is not None:
            gradient[:] = 0.0
        with np.errstate(all="ignore"):
            for start in range(0, len(table) or 1, at_once):
                part = slice(start, start + at_once)
                replay = Replay(of, table[part], [p.data for p in self.parameters], start)
                by = None if by_input is None else by_input[part]
                found = self._part(replay, out[:, part], gradient, by, target)
                error += float(np.sum(out[target, part]))
                story = story or found
        if gradient is not None and not story and not np.isfinite([error, *gradient]).all():
            story = "the sum over the cases is not finite"
        if story and not quiet:
            warnings.warn(f"replay: {story}", RuntimeWarning, stacklevel=4)
        return error

    def _part(self, replay: Replay, out: Any, gradient: Any, by_input: Any, target: int) -> str:
        """Some of the cases; returns what is to be told of them. AnomalyError under watch."""
        of, watching = self.recording, mode.get().watching
        for i, output in enumerate(of.outputs):
            out[i] = replay.column(output)
        fine, adjoints = bool(np.isfinite(out).all()), None
        if gradient is not None or by_input is not None:
            adjoints = replay.adjoints(of.outputs[target])
            if gradient is not None:
                for i in range(len(gradient)):
                    gradient[i] += np.sum(adjoints[of.inputs + i])
                fine = fine and bool(np.isfinite(gradient).all())
            if by_input is not None:
                for i in range(of.inputs):
                    by_input[:, i] = adjoints[i]
                fine = fine and bool(np.isfinite(by_input).all())
        if fine and not watching:
            return ""
        story = replay.first_not_finite()
        if story is None and adjoints is not None:
            story = replay.first_adjoint_not_finite(adjoints)
        if story is not None and watching:
            raise AnomalyError(story)
        return story or ""
