"""Program: a graph recorded once, replayed over many cases at a time."""

from __future__ import annotations

import math
import operator
import warnings
from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from microbp import engine
from microbp.door import number, shown
from microbp.engine import Value
from microbp.modes import AnomalyError, mode
from microbp.recording import Recording, recorded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


ROOM = 1 << 24
"""How many numbers the way through NumPy holds at a time, once for values and once for adjoints."""


def record(
    outputs: Value | Sequence[Value],
    inputs: Iterable[Value],
    parameters: Iterable[Value] | None = None,
) -> Program:
    """Freeze the graph below `outputs`, to replay it with other numbers for its inputs.

    Inputs are leaves whose numbers each case brings along. All other leaves are parameters:
    their data is read afresh at each replay, and `sweep` finds their derivatives. Where
    `parameters` are named, the leaves that are neither are constants instead: they keep the
    numbers they have now.

    >>> w, x, d = Value(0.5, "w"), Value(0.0, "x"), Value(0.0, "d")
    >>> error = (w * x - d) ** 2
    >>> program = record(error, inputs=[x, d])
    >>> program.values([[1.0, 1.0], [2.0, 1.0]]).tolist()
    [0.25, 0.0]
    >>> program.sweep([[1.0, 1.0], [2.0, 1.0]]), w.grad
    (0.25, -1.0)

    Replay follows the graph as it is: a Python `if` on an input's number has already been decided
    when the graph was made. Where Values below the outputs that depend on the inputs were
    compared, or asked for their truth, record warns of that; it also warns of inputs on which
    nothing depends.

    Raises TypeError for what is no Value, ValueError for inputs or parameters that are no leaves,
    or appear twice.
    """
    roots = [outputs] if isinstance(outputs, Value) else _listed(outputs, "outputs")
    ins = _listed(inputs, "inputs")
    given = None if parameters is None else _listed(parameters, "parameters")
    if not roots:
        raise ValueError("record: expected at least one output, got none")
    taken: set[Value] = set()
    for what, leaves in (("inputs", ins), ("parameters", given or [])):
        for leaf in leaves:
            if leaf.op is not None:
                raise ValueError(f"record: expected leaves as {what}, got {leaf!r}")
            if leaf in taken:
                raise ValueError(f"record: {leaf!r} is given twice as an input or parameter")
            taken.add(leaf)
    program = Program(recorded(roots, ins, given), several=not isinstance(outputs, Value))
    if program._recording.compared:
        warnings.warn(
            f"record: {program._recording.compared} depends on the inputs, and was compared, or "
            f"asked for its truth, in Python. Replay can't decide anew what that decided: if the "
            f"graph depends on it, choose by microbp.where, maximum or relu instead",
            stacklevel=2,
        )
    for i in program.unused_inputs:
        warnings.warn(f"record: no output depends on {program._input_name(i)}", stacklevel=2)
    return program


def _listed(values: Iterable[Value], what: str) -> list[Value]:
    """These as a list; TypeError where they are not Values."""
    if isinstance(values, Value) or not isinstance(values, Iterable):
        raise TypeError(f"record: expected several Values as {what}, got {shown(values)}")
    listed = list(values)
    for value in listed:
        if not isinstance(value, Value):
            raise TypeError(f"record: expected Values as {what}, got {shown(value)}")
    return listed


class Program:
    """A recorded graph: its outputs as a function of the cases. Made by `microbp.record`.

    Cases are an array (n_cases, n_inputs), or whatever NumPy makes one of without loss.
    """

    def __init__(self, recording: Recording, *, several: bool) -> None:
        self._recording = recording
        self._several = several
        self._parameters = list(recording.parameters)
        self._kernels: dict[bool, Any] = {}

    @property
    def parameters(self) -> list[Value]:
        """The leaves whose derivatives `sweep` finds, in the order of their first use."""
        return list(self._parameters)

    @property
    def unused_inputs(self) -> list[int]:
        """The columns of the cases on which no output depends."""
        return self._recording.unused_inputs()

    def __getstate__(self) -> dict[str, Any]:
        """To copy or pickle: the kernels are made anew where they are wanted."""
        return {**self.__dict__, "_kernels": {}}

    def __repr__(self) -> str:
        of = self._recording
        return (
            f"<program of {of.inputs} inputs, {len(self._parameters)} parameters, "
            f"{len(of.code)} operations, {len(of.outputs)} outputs>"
        )

    def values(self, cases: Any, *, threads: int = 1) -> Array:
        """The output in each case, shape (n_cases,); where there are several, (n_cases, n_outputs).

        Infinities and NaN are computed with as IEEE arithmetic has it; a warning names the
        first node that made one, and its case. Raises DomainError where an operation has no
        value in some case, ValueError or TypeError where the cases don't fit.
        """
        out: Array = self._replay(self._table(cases), threads=threads)[0]
        return out if self._several else out[:, 0]

    def gradient(self, cases: Any, *, threads: int = 1) -> Array:
        """d output / d input in each case, shape (n_cases, n_inputs).

        Where there are several outputs, (n_cases, n_outputs, n_inputs). Errors as for `values`.
        """
        import numpy as np

        table = self._table(cases)
        outputs = len(self._recording.outputs)
        found = np.empty((len(table), outputs, self._recording.inputs))
        for target in range(outputs):
            _, _, by_input, _ = self._replay(table, of_inputs=True, target=target, threads=threads)
            found[:, target] = by_input
        return found if self._several else found[:, 0]

    def sweep(self, cases: Any, *, threads: int = 1) -> float:
        """Add dE/dp, summed over the cases, to the `grad` of each parameter; returns E.

        E is the output, the first one where there are several, summed over the cases. The sums
        are made in an order of their own, whatever the number of threads: the same cases give
        the same bits. Errors as for `values`; no gradient changes then.
        """
        _, error, _, gradient = self._replay(self._table(cases), summed=True, threads=threads)
        self._add(gradient)
        return error

    def _replay(
        self,
        table: Any,
        *,
        summed: bool = False,
        of_inputs: bool = False,
        target: int = 0,
        threads: int = 1,
        quiet: bool = False,
    ) -> tuple[Any, float, Any, Any]:
        """Each case's outputs, the target's sum, and its derivatives as they are asked for."""
        import numpy as np

        threads = operator.index(threads)
        if threads < 1:
            raise ValueError(f"threads: expected 1 or more, got {threads}")
        of = self._recording
        weights = self._read()
        out = np.empty((len(table), len(of.outputs)))
        gradient = np.empty(len(weights)) if summed else None
        by_input = np.empty((len(table), of.inputs)) if of_inputs else None
        if engine.name == "compiled" and not mode.get().watching:
            from microbp.compiled import kernels

            kernel = self._kernel(of_inputs)
            packed = kernels.Cases(table, kernel.width_for(len(table)))
            error, well = kernel.replay(packed, weights, out, gradient, by_input, target, threads)
            if well and (math.isfinite(error) or not summed):
                return out, error, by_input, gradient
        error = self._slowly(table, weights, out, gradient, by_input, target, quiet=quiet)
        return out, error, by_input, gradient

    def _slowly(
        self,
        table: Any,
        weights: Any,
        out: Any,
        gradient: Any,
        by_input: Any,
        target: int,
        *,
        quiet: bool = False,
    ) -> float:
        """The same through NumPy, which can tell what is not finite, and why.

        An infinity on the way to finite results is no news: 1 / (1 + exp(1000)) is 0. As every
        node of every case is held in memory, it is so many cases at a time as have room.
        """
        import numpy as np

        from microbp.replay import Replay

        of = self._recording
        at_once = max(1, ROOM // (of.leaves + len(of.code)))
        error, story = 0.0, ""
        if gradient is not None:
            gradient[:] = 0.0
        with np.errstate(all="ignore"):
            for start in range(0, len(table) or 1, at_once):
                part = slice(start, start + at_once)
                replay = Replay(of, table[part], weights, start)
                by = None if by_input is None else by_input[part]
                more, found = self._part(replay, out[part], gradient, by, target)
                error += more
                story = story or found
        if gradient is not None and not story and not np.isfinite([error, *gradient]).all():
            story = "the sum over the cases is not finite"
        if story and not quiet:
            warnings.warn(f"replay: {story}", RuntimeWarning, stacklevel=4)
        return error

    def _part(
        self, replay: Any, out: Any, gradient: Any, by_input: Any, target: int
    ) -> tuple[float, str]:
        """What some of the cases give, and what is to be told of them; AnomalyError under watch."""
        import numpy as np

        of, watching = self._recording, mode.get().watching
        for i, output in enumerate(of.outputs):
            out[:, i] = replay.column(output)
        fine, story = bool(np.isfinite(out).all()), ""
        if watching or not fine:
            story = replay.first_not_finite() or ""
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
            if watching or not fine:
                story = story or replay.first_not_finite() or ""
                story = story or replay.first_adjoint_not_finite(adjoints) or ""
        if story and watching:
            raise AnomalyError(story)
        return float(np.sum(out[:, target])), story

    def _kernel(self, of_inputs: bool) -> Any:
        if of_inputs not in self._kernels:
            from microbp.compiled.kernels import Kernel

            self._kernels[of_inputs] = Kernel(self._recording, of_inputs)
        return self._kernels[of_inputs]

    def _read(self) -> Any:
        """The parameters' numbers as they are now."""
        if engine.name == "compiled":
            from microbp.compiled import kernels

            weights = array("d", bytes(8 * len(self._parameters)))
            kernels.read(self._parameters, weights)
            return weights
        return array("d", [p.data for p in self._parameters])

    def _add(self, gradient: Any) -> None:
        if engine.name == "compiled":
            from microbp.compiled import kernels

            kernels.add_gradient(self._parameters, gradient)
        else:
            for p, more in zip(self._parameters, gradient.tolist(), strict=True):
                p.grad += more

    def _input_name(self, i: int) -> str:
        label = self._recording.labels.get(i)
        return f"column {i} ({label})" if label else f"column {i}"

    def _table(self, cases: Any) -> Any:
        """The cases as an array of floats; ValueError or TypeError where they are none."""
        import numpy as np

        width = self._recording.inputs
        if isinstance(cases, (str, bytes, Mapping)) or not hasattr(cases, "__iter__"):
            raise TypeError(f"cases: expected rows of numbers, got {shown(cases)}")
        try:
            given = np.asarray(cases)
        except ValueError:  # rows of different lengths
            given = np.empty(0, dtype=object)
        if given.dtype.kind not in "biuf":
            whole = (
                given.dtype == object and given.ndim == 2
            )  # a frame's rows are not what it yields
            given = self._converted(given if whole else cases)
        if given.ndim != 2 or given.shape[1] != width:
            raise ValueError(
                f"cases: expected an array of shape (n_cases, {width}), got shape {given.shape}"
            )
        table = np.ascontiguousarray(given, dtype=np.float64)
        if given.dtype != np.float64 and given.dtype.kind != "b":
            with np.errstate(invalid="ignore"):
                back = table.astype(given.dtype)
            # What is too large for the type comes back as anything at all, even as what was given.
            beyond = {"i": 2.0**63, "u": 2.0**64}.get(given.dtype.kind, np.nan)
            lost = np.argwhere(((back != given) & (given == given)) | (table >= beyond))
            if len(lost):
                case, column = lost[0]
                raise ValueError(
                    f"cases: no float can hold {given[case, column]!r} in case {case}, "
                    f"{self._input_name(column)}"
                )
        return table

    def _converted(self, cases: Any) -> Any:
        """Rows of anything that `microbp.Value` takes, number by number."""
        import numpy as np

        width = self._recording.inputs
        rows = []
        for case, row in enumerate(cases):
            if isinstance(row, (str, bytes, Mapping)) or not hasattr(row, "__iter__"):
                raise TypeError(
                    f"cases: expected a row of numbers as case {case}, got {shown(row)}"
                )
            xs = list(row)
            if len(xs) != width:
                raise ValueError(f"cases: expected {width} columns, got {len(xs)} in case {case}")
            rows.append(
                [number(x, f"cases: case {case}, {self._input_name(i)}") for i, x in enumerate(xs)]
            )
        return np.array(rows, dtype=np.float64).reshape(len(rows), width)
