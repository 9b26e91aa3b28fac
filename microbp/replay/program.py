"""Program: a graph recorded once, replayed over many cases at a time."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microbp._support.coerce import listed, shown, whole_number
from microbp._support.packages import require
from microbp.core.engine import Value
from microbp.replay.export import json_file
from microbp.replay.recording import Recording, recorded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from microbp.replay.executor import Executor

    Array = NDArray[np.float64]

MOST_THREADS = 10**9
"""Of these, only as many start as there are blocks of cases."""


def record(
    outputs: Value | Sequence[Value],
    inputs: Iterable[Value],
    parameters: Iterable[Value] | None = None,
) -> Program:
    """Record the graph below `outputs`, to replay it with other numbers for its inputs.

    Inputs are leaves that get new numbers in each case. All other leaves are parameters: their
    data is read anew at each replay, and `backward` finds their derivatives. Where `parameters`
    are named, leaves that are neither inputs nor parameters are constants: they keep the numbers
    they have now.

    >>> w, x, d = Value(0.5, "w"), Value(0.0, "x"), Value(0.0, "d")
    >>> error = (w * x - d) ** 2
    >>> program = record(error, inputs=[x, d])
    >>> program.forward([[1.0, 1.0], [2.0, 1.0]]).tolist()
    [0.25, 0.0]
    >>> program.backward([[1.0, 1.0], [2.0, 1.0]]), w.grad
    (0.25, -1.0)

    A replay of one case has the bits that building the graph and its backward pass have, except
    where `exp`, `sigmoid` or `logsumexp` is computed, or equal operations were merged.
    docs/replay.md says what else may differ without the compiled engine, and over several cases.

    Replay follows the graph as it is: a Python `if` on an input was decided when the graph was
    made. So record warns where a Value below the outputs that depends on the inputs was compared
    or used as a bool. It also warns of inputs on which no output depends.

    Raises TypeError for anything but Values, ValueError for inputs or parameters that are not
    leaves or are given twice.
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
            f"record: {program._recording.compared} depends on the inputs, and Python compared "
            f"it or used it as a bool. A replay doesn't repeat that decision: if the graph depends "
            f"on it, use microbp.where_positive, maximum or relu instead",
            stacklevel=2,
        )
    for i in program.unused_inputs:
        warnings.warn(f"record: no output depends on {program._columns()[i]}", stacklevel=2)
    return program


def _listed(values: Iterable[Value], what: str) -> list[Value]:
    """The Values as a list; raises TypeError for anything else."""
    if isinstance(values, Value):
        name = values.label if values.label.isidentifier() else "x"
        raise TypeError(
            f"record: expected a list of Values as {what}, got one Value: write {what}=[{name}]"
        )
    found = listed(values, "record", f"Values as {what}")
    for value in found:
        if type(value) is not Value:  # isinstance would believe its __class__
            raise TypeError(f"record: expected Values as {what}, got {shown(value)}")
    return found


class Program:
    """A recorded graph: its outputs as a function of the cases. Made by `microbp.record`.

    Cases are an array of shape (n_cases, n_inputs), or anything that NumPy converts to one.
    """

    def __init__(self, recording: Recording, *, several: bool) -> None:
        self._recording = recording
        self._several = several
        self._backward: Callable[[Any, int], float | None] | None = None
        self._forward: Callable[[Any, int], Any] | None = None
        self._input_gradient: Callable[[Any, int], Any] | None = None

    def __getstate__(self) -> dict[str, Any]:
        """Everything but the executor's functions, to copy or pickle."""
        return {**self.__dict__, "_backward": None, "_forward": None, "_input_gradient": None}

    @cached_property
    def _executor(self) -> Executor:
        require("numpy", "a replay")
        from microbp.replay.executor import Executor

        return Executor(self._recording, several=self._several)

    @property
    def parameters(self) -> list[Value]:
        """The leaves whose derivatives `backward` finds, in order of first use."""
        return list(self._recording.parameters)

    @property
    def unused_inputs(self) -> list[int]:
        """The columns of the cases on which no output depends."""
        return self._recording.unused_inputs()

    def __repr__(self) -> str:
        of = self._recording
        return (
            f"<program of {of.inputs} inputs, {len(self._recording.parameters)} parameters, "
            f"{len(of.code)} operations, {len(of.outputs)} outputs>"
        )

    def forward(self, cases: Any, *, threads: int = 1) -> Array:
        """The output in each case, of shape (n_cases,); (n_cases, n_outputs) for several outputs.

        Infinities and NaN pass through as in IEEE arithmetic, and a warning names the first node
        that made one, and its case. Raises DomainError where an operation has no value in some
        case, ValueError or TypeError for cases of another shape or kind.

        >>> x = Value(0.0, "x")
        >>> record(x * x, inputs=[x]).forward([[2.0], [3.0]]).tolist()
        [4.0, 9.0]
        """
        if self._forward is None:
            require("numpy", "forward")
            self._forward = self._executor.compiled_forward
        found: Array | None = self._forward(cases, threads)
        if found is not None:
            return found
        import numpy as np

        table, number = self._table(cases, "forward"), _some(threads, "forward")
        if table is not cases or number is not threads:
            found = self._forward(table, number)
            if found is not None:
                return found
        out: Array = self._executor.outputs(table, threads=number)
        return np.ascontiguousarray(out.T) if self._several else out[0]

    def input_gradient(self, cases: Any, *, threads: int = 1) -> Array:
        """d output / d input in each case, of shape (n_cases, n_inputs).

        For several outputs the shape is (n_cases, n_outputs, n_inputs). Each case has the bits of
        its own backward pass, as far as `record` says. Errors as for `forward`.

        >>> x = Value(0.0, "x")
        >>> record(x * x, inputs=[x]).input_gradient([[2.0], [3.0]]).tolist()
        [[4.0], [6.0]]
        """
        if self._input_gradient is None:
            require("numpy", "input_gradient")
            self._input_gradient = self._executor.compiled_input_gradient
        only: Array | None = None if self._several else self._input_gradient(cases, threads)
        if only is not None:
            return only
        import numpy as np

        table, threads = self._table(cases, "input_gradient"), _some(threads, "input_gradient")
        found = [np.empty(table.shape) for _ in self._recording.outputs]
        for target, by_input in enumerate(found):
            self._executor.outputs(table, by_input, target, threads=threads)
        return np.stack(found, axis=1) if self._several else found[0]

    def backward(self, cases: Any, *, threads: int = 1) -> float:
        """Add dE/dp, summed over the cases, to the `grad` of each parameter, and return E.

        E is the output, or the first of several, summed over the cases. One case adds what its
        own backward pass would add to a gradient of 0, as far as `record` says to the last bit.
        The order of a sum over several does not depend on the number of threads: the same cases
        give the same bits. Errors as for `forward`; after one, no gradient has changed.

        >>> x, w = Value(0.0, "x"), Value(0.5, "w")
        >>> record(w * x, inputs=[x]).backward([[2.0], [3.0]]), w.grad
        (2.5, 5.0)
        """
        if self._backward is None:
            self._backward = self._executor.compiled_backward
        error = self._backward(cases, threads)
        if error is not None:
            return error
        number, table = _some(threads, "backward"), self._table(cases, "backward")
        if table is not cases or number is not threads:
            error = self._backward(table, number)
        return self._executor.numpy_backward(table) if error is None else error

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the graph, with the parameters' numbers as they are now, to a JSON file.

        The file is written completely or not at all, and every float keeps its bits. Operations
        are stored by name. Raises ValueError if a custom operation has been redefined since,
        OSError if the file can't be written.

        >>> x = Value(0.0, "x")
        >>> program = record(x * Value(0.5, "w"), inputs=[x])
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = program.save(f"{folder}/half.json")
        ...     Program.load(path).forward([[3.0]]).tolist()
        [1.5]
        """
        return json_file.save(self._recording, path, several=self._several)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Program:
        """The program in a file that `save` wrote. Its parameters are new leaves.

        Nothing in the file is executed. Custom operations must be defined first, by
        `microbp.operation`. Raises microbp.FileMismatch, naming the place, for a file that holds
        no program, is damaged or larger than 256 MiB; OSError if it can't be read.
        """
        recording, several = json_file.load(path)
        return cls(recording, several=several)

    def source(self) -> str:
        """The graph as the text of a Python module: `forward` and `backward`, a line an operation.

        It runs as it is, on floats and on NumPy arrays with a number for each case. Variables are
        named after labels; parameters default to their present numbers.

        >>> x = Value(0.0, "x")
        >>> module = {}
        >>> exec(record(x * Value(0.5, "w"), inputs=[x]).source(), module)
        >>> module["backward"](3.0)
        (1.5, {'x': 0.5, 'w': 3.0})

        Where a node has no value, the module does what NumPy does, and Python for a division of
        floats by zero. Raises ValueError for custom operations, whose formulas can't be printed.
        """
        from microbp.replay.export.python_source import source

        return source(self._recording, several=self._several)

    def to_jax(self) -> Callable[[Any, Any], Any]:
        """The graph as a JAX function f(parameters, case), for one case.

        Both are one-dimensional arrays; the result is a number, or an array for several outputs.
        f works with `jax.jit`, `grad`, `vmap` and the others. Its derivatives, of any order, are
        microbp's own, at kinks and far ends too.

        >>> import jax
        >>> x = Value(0.0, "x")
        >>> f = record(x * Value(0.5, "w"), inputs=[x]).to_jax()
        >>> jax.grad(f)(jax.numpy.array([0.5]), jax.numpy.array([3.0])).tolist()
        [3.0]
        >>> jax.vmap(f, (None, 0))(jax.numpy.array([0.5]), jax.numpy.array([[3.0], [4.0]])).tolist()
        [1.5, 2.0]

        JAX computes with 32 bits unless you call `jax.config.update("jax_enable_x64", True)`. It
        takes numbers below 1e-307 for 0, it may fuse a product and a sum, and where an operation
        has no value it gives NaN or inf. A zero adjoint times an infinite partial is NaN there,
        where `input_gradient` passes on 0.

        Raises ImportError if JAX is not installed, and TypeError for a custom operation that is
        not written for arrays, with functions of m only and m.where instead of a Python `if`.
        """
        from microbp.replay.export.jax_function import to_jax

        return to_jax(self._recording, several=self._several)

    def _table(self, cases: Any, where: str) -> Any:
        from microbp.replay.case_table import as_table

        return as_table(cases, self._columns(), where)

    def _columns(self) -> list[str]:
        """What to call each column of the cases."""
        labels = self._recording.labels
        inputs = range(self._recording.inputs)
        return [f"column {i} ({labels[i]})" if i in labels else f"column {i}" for i in inputs]


def _some(threads: int, where: str) -> int:
    return whole_number(threads, f"{where}: threads", 1, MOST_THREADS)
