"""Run a recording, by the compiled interpreter or, without it, by the one in NumPy."""

from __future__ import annotations

import warnings
from array import array
from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from microbp.core.anomaly import AnomalyError
from microbp.core.grad_mode import current, unusual
from microbp.replay.compiled import extension
from microbp.replay.numpy_interpreter import NumpyReplay
from microbp.replay.recording import Recording

MOST_NUMBERS = 1 << 24
"""How many numbers the NumPy interpreter holds at a time: values, and as many adjoints."""


class Executor:
    """A recording, and the compiled kernels made for it so far.

    Where something is infinite, NaN or has no value, and under detect_anomaly, the NumPy
    interpreter runs instead, or again: it can tell at which node and case that began.
    """

    def __init__(self, recording: Recording, *, several: bool = True) -> None:
        self.recording = recording
        self.several = several
        self.parameters = list(recording.parameters)
        self._kernels: dict[tuple[bool, int, bool], Any] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Everything but the kernels, to copy or pickle: they are made again when needed."""
        compiled = ("compiled_backward", "compiled_forward", "compiled_input_gradient")
        kept = {name: x for name, x in self.__dict__.items() if name not in compiled}
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
        """The outputs, a row for each.

        The derivatives of output `target` with respect to the inputs go to `by_input`, if given.
        """
        weights = array("d", [p.data for p in self.parameters])
        out = np.empty((len(self.recording.outputs), len(table)))
        interpreter = extension("interpreter")
        if interpreter is not None and not (unusual and current().watching):
            kernel = self.kernel(by_input is not None, target)
            cases = interpreter.Cases(table, kernel.width_for(len(table)))
            if kernel.replay(cases, weights, out, None, by_input, threads)[1]:
                return out
        self.through_numpy(table, out, by_input=by_input, target=target, quiet=quiet)
        return out

    @cached_property
    def compiled_backward(self) -> Callable[[Any, int], float | None]:
        """A function of cases and threads that returns E and adds dE/dp to the gradients.

        It returns None, and adds nothing, where only the NumPy interpreter can tell what is
        wrong, or where the cases are not an array of the kernel's layout.
        """
        interpreter = extension("interpreter")
        if interpreter is None:
            return lambda cases, threads: None
        pool = interpreter.RunnerPool(self.kernel(), self.parameters)
        backward: Callable[[Any, int], float | None] = pool.backward
        return backward

    @cached_property
    def compiled_forward(self) -> Callable[[Any, int], Any]:
        """A function of cases and threads that returns the outputs, as `Program.forward` does.

        It returns None where `compiled_backward` does, for anything but NumPy's own arrays, and
        for several threads.
        """
        return self._by_case(forward_only=True)

    @cached_property
    def compiled_input_gradient(self) -> Callable[[Any, int], Any]:
        """The same for the first output's derivatives with respect to the inputs."""
        return self._by_case(of_inputs=True)

    def _by_case(
        self, *, of_inputs: bool = False, forward_only: bool = False
    ) -> Callable[[Any, int], Any]:
        interpreter = extension("interpreter")
        if interpreter is None:
            return lambda cases, threads: None
        kernel = self.kernel(of_inputs, forward_only=forward_only)
        pool = interpreter.RunnerPool(kernel, self.parameters, self.several)
        by_case: Callable[[Any, int], Any] = pool.by_case
        return by_case

    def numpy_backward(self, table: Any) -> float:
        """The same by the NumPy interpreter, for an array of cases."""
        gradient = np.empty(len(self.parameters))
        out = np.empty((len(self.recording.outputs), len(table)))
        error = self.through_numpy(table, out, gradient=gradient)
        for p, more in zip(self.parameters, gradient.tolist(), strict=True):
            p.grad += more
        return error

    def kernel(
        self, of_inputs: bool = False, target: int = 0, *, forward_only: bool = False
    ) -> Any:
        """The kernel for derivatives of output `target`: of_inputs, or else of parameters.

        One that is `forward_only` finds none, and needs less memory.
        """
        key = of_inputs, target, forward_only
        if key not in self._kernels:
            self._kernels[key] = extension("interpreter").Kernel(self.recording, *key)
        return self._kernels[key]

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
        """The sum of output `target`, by the NumPy interpreter; results go to the arrays given.

        Warns, unless `quiet`, of a result that is not finite, and names the node where that
        began. An infinity on the way to finite results is fine: 1 / (1 + exp(1000)) is 0. Every
        node of every case is held in memory, so it takes only as many cases at a time as fit.
        """
        of = self.recording
        at_once = max(1, MOST_NUMBERS // (of.leaves + len(of.code)))
        error, trouble = 0.0, ""
        if gradient is not None:
            gradient[:] = 0.0
        with np.errstate(all="ignore"):
            for start in range(0, len(table) or 1, at_once):
                part = slice(start, start + at_once)
                replay = NumpyReplay(of, table[part], [p.data for p in self.parameters], start)
                by = None if by_input is None else by_input[part]
                found = self._part(replay, out[:, part], gradient, by, target)
                error += float(np.sum(out[target, part]))
                trouble = trouble or found
        if gradient is not None and not trouble and not np.isfinite([error, *gradient]).all():
            trouble = "the sum over the cases is not finite"
        if trouble and not quiet:
            warnings.warn(f"replay: {trouble}", RuntimeWarning, stacklevel=4)
        return error

    def _part(
        self, replay: NumpyReplay, out: Any, gradient: Any, by_input: Any, target: int
    ) -> str:
        """Run some of the cases; returns the warning text, "" if all is finite.

        Raises AnomalyError instead under detect_anomaly.
        """
        of, watching = self.recording, bool(unusual) and current().watching
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
        trouble = replay.first_not_finite()
        if trouble is None and adjoints is not None:
            trouble = replay.first_adjoint_not_finite(adjoints)
        if trouble is not None and watching:
            raise AnomalyError(trouble)
        return trouble or ""
