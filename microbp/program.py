"""Program: a graph recorded once, replayed over many cases at a time."""

from __future__ import annotations

import operator
import os
import warnings
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microbp import engine, program_files
from microbp.door import number, shown
from microbp.engine import Value
from microbp.modes import AnomalyError, mode
from microbp.recording import Recording, recorded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


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
        self._kernels: dict[tuple[bool, int], Any] = {}
        self._idle: list[Any] = []

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
        import numpy as np

        out: Array = self._replay(self._table(cases), threads=threads)
        return np.ascontiguousarray(out.T) if self._several else out[0]

    def gradient(self, cases: Any, *, threads: int = 1) -> Array:
        """d output / d input in each case, shape (n_cases, n_inputs).

        Where there are several outputs, (n_cases, n_outputs, n_inputs). Errors as for `values`.
        """
        import numpy as np

        table = self._table(cases)
        found = [np.empty(table.shape) for _ in self._recording.outputs]
        for target, by_input in enumerate(found):
            self._replay(table, by_input, target, threads=threads)
        return np.stack(found, axis=1) if self._several else found[0]

    def sweep(self, cases: Any, *, threads: int = 1) -> float:
        """Add dE/dp, summed over the cases, to the `grad` of each parameter; returns E.

        E is the output, the first one where there are several, summed over the cases. The sums
        are made in an order of their own, whatever the number of threads: the same cases give
        the same bits. Errors as for `values`; no gradient changes then.
        """
        threads = _at_least_one(threads)
        if engine.name == "compiled" and not mode.get().watching:
            idle = self._idle  # for as many threads as sweep at once
            sweeper = idle.pop() if idle else self._sweeper()
            found = sweeper.sweep(cases, threads) or sweeper.sweep(self._table(cases), threads)
            idle.append(sweeper)
            if found[1]:
                error: float = found[0]
                return error
        return self._slow_sweep(self._table(cases))

    def _sweeper(self) -> Any:
        from microbp.compiled.kernels import Sweeper

        return Sweeper(self._kernel(False), self._parameters)

    def _slow_sweep(self, table: Any) -> float:
        import numpy as np

        gradient = np.empty(len(self._parameters))
        out = np.empty((len(self._recording.outputs), len(table)))
        error = self._slowly(table, self._read(), out, gradient, None, 0)
        for p, more in zip(self._parameters, gradient.tolist(), strict=True):
            p.grad += more
        return error

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the graph, with the parameters' numbers as they are now, to a JSON file.

        The file is complete or absent, and every float keeps its bits. Operations are in it by
        name. Raises ValueError where one of them has been replaced since, OSError where the file
        can't be written.

        >>> x = Value(0.0, "x")
        >>> program = record(x * Value(0.5, "w"), inputs=[x])
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = program.save(f"{folder}/half.json")
        ...     Program.load(path).values([[3.0]]).tolist()
        [1.5]
        """
        return program_files.save(self._recording, path, several=self._several)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Program:
        """The program in a file that `save` wrote. Its parameters are new leaves.

        Nothing in the file is executed. Operations of one's own have to be defined before, by
        `microbp.operation`. Raises microbp.files.FileMismatch, naming the place, for any file
        that holds no program, OSError where it can't be read.
        """
        recording, several = program_files.load(path)
        return cls(recording, several=several)

    def source(self) -> str:
        """The graph as a Python module to read: `forward` and `gradient`, a line an operation.

        It runs as it is, on floats and on NumPy arrays with a number for each case. Variables
        have the names that the labels suggest; the parameters' numbers are those of now.

        >>> x = Value(0.0, "x")
        >>> module = {}
        >>> exec(record(x * Value(0.5, "w"), inputs=[x]).source(), module)
        >>> module["gradient"](3.0)
        (1.5, {'x': 0.5, 'w': 3.0})

        Where a node has no value, the text does what NumPy does, and Python for a division of
        floats by zero. Raises ValueError for operations of one's own, which have no text.
        """
        from microbp.source import source

        return source(self._recording, several=self._several)

    def to_jax(self) -> Callable[[Any, Any], Any]:
        """The graph as a function of JAX: f(parameters, case), one case at a time.

        Both are arrays of one dimension; the result is a number, or, where there are several
        outputs, an array of them. `jax.jit`, `grad`, `vmap` and the others take f as it is.
        Derivatives, of any order, are those of our table, at kinks and far ends too.

        >>> import jax
        >>> x = Value(0.0, "x")
        >>> f = record(x * Value(0.5, "w"), inputs=[x]).to_jax()
        >>> jax.grad(f)(jax.numpy.array([0.5]), jax.numpy.array([3.0])).tolist()
        [3.0]
        >>> jax.vmap(f, (None, 0))(jax.numpy.array([0.5]), jax.numpy.array([[3.0], [4.0]])).tolist()
        [1.5, 2.0]

        JAX computes with 32 bits unless you call `jax.config.update("jax_enable_x64", True)`. It
        takes numbers below 1e-307 for 0, it may fuse a product and a sum, and where an operation
        has no value it gives NaN or inf. A zero adjoint is multiplied by an infinite partial
        to NaN, where `gradient` passes on 0.

        Raises ImportError where there is no JAX, and TypeError where an operation of one's own is
        not written for arrays: with functions of m only, and m.where instead of a Python `if`.
        """
        from microbp.jax_program import to_jax

        return to_jax(self._recording, several=self._several)

    def _replay(
        self,
        table: Any,
        by_input: Any = None,
        target: int = 0,
        *,
        threads: int = 1,
        quiet: bool = False,
    ) -> Any:
        """The outputs, a row for each; the target's derivatives by the inputs go to `by_input`."""
        import numpy as np

        threads = _at_least_one(threads)
        weights = self._read()
        out = np.empty((len(self._recording.outputs), len(table)))
        if engine.name == "compiled" and not mode.get().watching:
            from microbp.compiled.kernels import Cases

            kernel = self._kernel(by_input is not None, target)
            packed = Cases(table, kernel.width_for(len(table)))
            if kernel.replay(packed, weights, out, None, by_input, threads)[1]:
                return out
        self._slowly(table, weights, out, None, by_input, target, quiet=quiet)
        return out

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

        An infinity on the way to finite results is no news: 1 / (1 + exp(1000)) is 0.
        """
        import numpy as np

        from microbp.replay import Replay

        of = self._recording
        replay = Replay(of, table, weights)
        for i, output in enumerate(of.outputs):
            out[i] = replay.column(output)
        story, watching = "", mode.get().watching
        found = [out]
        if watching or not np.isfinite(out).all():
            story = replay.first_not_finite() or ""
        if gradient is not None or by_input is not None:
            adjoints = replay.adjoints(of.outputs[target])
            with np.errstate(all="ignore"):
                if gradient is not None:
                    for i in range(len(weights)):
                        gradient[i] = np.sum(adjoints[of.inputs + i])
                    found.append(gradient)
            if by_input is not None:
                for i in range(of.inputs):
                    by_input[:, i] = adjoints[i]
                found.append(by_input)
            if watching or not all(np.isfinite(numbers).all() for numbers in found):
                story = story or replay.first_not_finite() or ""
                story = story or replay.first_adjoint_not_finite(adjoints) or ""
        if story and watching:
            raise AnomalyError(story)
        if story and not quiet:
            warnings.warn(f"replay: {story}", RuntimeWarning, stacklevel=4)
        with np.errstate(all="ignore"):
            return float(np.sum(out[target]))

    def _kernel(self, of_inputs: bool, target: int = 0) -> Any:
        if (of_inputs, target) not in self._kernels:
            from microbp.compiled.kernels import Kernel

            self._kernels[of_inputs, target] = Kernel(self._recording, of_inputs, target)
        return self._kernels[of_inputs, target]

    def _read(self) -> Any:
        """The parameters' numbers as they are now."""
        if engine.name == "compiled":
            from microbp.compiled import kernels

            weights = array("d", bytes(8 * len(self._parameters)))
            kernels.read(self._parameters, weights)
            return weights
        return array("d", [p.data for p in self._parameters])

    def _input_name(self, i: int) -> str:
        label = self._recording.labels.get(i)
        return f"column {i} ({label})" if label else f"column {i}"

    def _table(self, cases: Any) -> Any:
        """The cases as an array of floats; ValueError or TypeError where they are none."""
        import numpy as np

        width = self._recording.inputs
        if isinstance(cases, (str, bytes, Mapping)) or not hasattr(cases, "__iter__"):
            raise TypeError(f"cases: expected rows of numbers, got {shown(cases)}")
        plain = type(cases) is np.ndarray and cases.dtype == np.float64 and cases.ndim == 2
        if plain and cases.shape[1] == width and cases.flags.c_contiguous:
            return cases
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


def _at_least_one(threads: int) -> int:
    threads = operator.index(threads)
    if threads < 1:
        raise ValueError(f"threads: expected 1 or more, got {threads}")
    return threads
