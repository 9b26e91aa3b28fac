"""Training by replay: a net and its loss recorded once, where that is the same in every case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from microbp._support.coerce import number
from microbp.core.engine import Value
from microbp.core.grad_mode import comparisons_noted, no_grad
from microbp.core.toposort import operands_first
from microbp.replay.executor import COMPILED, Executor
from microbp.replay.recording import first_that_varies, recorded

SAMPLE = 32
"""In how many cases, spread over all, the net is built as well, to see that replay is the same."""


class NotTheSame(ValueError):
    """The graph can't be recorded once for all cases; the message says why."""


class Replayed:
    """A net with its loss over the given cases, for one sweep after the other.

    parameters: the leaves that change, and get gradients. sides: whether to count as right the
    cases whose outputs are on their targets' side of 0.5. Raises NotTheSame where the graph, by
    all that can be seen, is not the same in every case.
    """

    def __init__(
        self,
        net: Callable[[Any], Sequence[Value]],
        cases: Sequence[Any],
        parameters: list[Value],
        loss: Callable[[Any, Any], Value],
        *,
        sides: bool = True,
    ) -> None:
        self._again = (net, cases, loss, sides)
        self.parameters = parameters
        self.table = _table(cases)
        self.out = np.empty((0, 0))
        self._record()

    def _record(self) -> None:
        """Record the net from the first case, and see that it is the same in others."""
        net, cases, loss, sides = self._again
        inputs, targets = cases[0]
        leaves = [Value(x) for x in self.table[0].tolist()]
        of_inputs = len(leaves) - len(targets)
        try:
            with comparisons_noted() as compared:
                outputs = net(_shaped_like(inputs, leaves[:of_inputs]))
                error = loss(outputs, leaves[of_inputs:])
            recording = recorded([error, *outputs], leaves, self.parameters)
        except Exception as problem:
            raise NotTheSame(f"{type(problem).__name__}: {problem}") from problem
        if sides and len(outputs) != len(targets):
            raise NotTheSame(f"{len(outputs)} outputs but {len(targets)} targets")
        trap = first_that_varies(compared, operands_first(*compared), leaves)
        if trap is not None:
            raise NotTheSame(f"Python compares what depends on the case: {trap!r}")
        given = {*leaves, *self.parameters}
        below = operands_first(error, *outputs)
        self._others = [node for node in below if node.op is None and node not in given]
        self._numbers = [leaf.data for leaf in self._others]
        self.executor = Executor(recording)
        self.targets = self.table[:, of_inputs if sides else len(leaves) :]
        self._compare(net, cases, loss)
        if len(self.out) != len(recording.outputs):
            self.out = np.empty((len(recording.outputs), len(cases)))
        self._sweeper = self._made_sweeper()

    def _up_to_date(self) -> None:
        """Record once more if someone has changed a leaf that is no parameter."""
        if [leaf.data for leaf in self._others] != self._numbers:
            self._record()

    def _compare(self, net: Any, cases: Sequence[Any], loss: Any) -> None:
        """Build the net in a sample of the cases; NotTheSame where replay finds other numbers."""
        step = -(-len(cases) // SAMPLE)
        sample = range(0, len(cases), step)
        built = []
        with no_grad():
            for inputs, targets in (cases[case] for case in sample):
                outputs = net(inputs)
                built.append([loss(outputs, targets).data, *(y.data for y in outputs)])
        table = np.ascontiguousarray(self.table[::step])
        replayed = self.executor.outputs(table, quiet=True).T
        if np.shape(built) != replayed.shape:
            raise NotTheSame("the outputs are not as many in every case")
        other = ~np.isclose(replayed, built, rtol=1e-9, atol=1e-12, equal_nan=True).all(axis=1)
        if other.any():
            case = int(np.argmax(other))
            raise NotTheSame(
                f"in case {sample[case]} error and outputs are {built[case]}, replayed "
                f"{replayed[case].tolist()}"
            )

    def sweep(self) -> tuple[float, int]:
        """Set the gradients, summed over the cases; the error, and how many cases are right."""
        self._up_to_date()
        if self._sweeper is not None:
            error, right, well = self._sweeper.sweep()
            if well:
                return error, right
        return self._slow_sweep(slice(None))

    def sweep_of(self, case: int) -> tuple[float, int]:
        """The same for one case alone."""
        self._up_to_date()
        if self._sweeper is not None:
            error, right, well = self._sweeper.sweep_of(case)
            if well:
                return error, right
        return self._slow_sweep(slice(case, case + 1))

    def seen(self) -> tuple[float, int]:
        """What a sweep would see, without any change."""
        self._up_to_date()
        self.out[:] = self.executor.outputs(self.table, quiet=True)
        return sum(self.out[0].tolist()), _on_their_side(self.out, self.targets)

    def _made_sweeper(self) -> Any:
        """What sweeps in C, if there is a compiler's work to do that."""
        if not COMPILED:
            return None
        from microbp.replay.compiled.interpreter import Training

        targets = np.ascontiguousarray(self.targets.T)
        return Training(self.executor.kernel(), self.parameters, self.table, self.out, targets)

    def _slow_sweep(self, which: slice) -> tuple[float, int]:
        gradient, out = np.empty(len(self.parameters)), self.out[:, which]
        error = self.executor.through_numpy(self.table[which], out, gradient=gradient, quiet=True)
        for p, grad in zip(self.parameters, gradient.tolist(), strict=True):
            p.grad = grad
        return error, _on_their_side(out, self.targets[which])


def _on_their_side(out: Any, targets: Any) -> int:
    """How many cases have every output on its target's side of 0.5."""
    outputs = out[1 : 1 + targets.shape[1]].T
    return int(((outputs - 0.5) * (targets - 0.5) > 0.0).all(axis=1).sum())


def _shape(inputs: Any, targets: Any) -> Any:
    """What has to be the same in every case: the inputs' groups, and how many numbers there are."""
    groups = {name: len(group) for name, group in _groups(inputs).items()}
    return groups, isinstance(inputs, Mapping), len(targets)


def _groups(inputs: Any) -> Mapping[str, Any]:
    return inputs if isinstance(inputs, Mapping) else {"": inputs}


def _flat(inputs: Any, targets: Any, names: Iterable[str]) -> list[Any]:
    """The numbers of a case in a row: the inputs, group by group, then the targets."""
    groups = _groups(inputs)
    return [x for group in [*(groups[name] for name in names), targets] for x in group]


def _shaped_like(inputs: Any, leaves: list[Value]) -> Any:
    """The leaves in groups, if the inputs are."""
    if not isinstance(inputs, Mapping):
        return leaves
    rest = iter(leaves)
    return {name: [next(rest) for _ in group] for name, group in inputs.items()}


def _table(cases: Sequence[Any]) -> Any:
    """The cases as an array; NotTheSame where they are no rows of numbers, all of one shape."""
    try:
        shapes = [_shape(*case) for case in cases]
        if any(shape != shapes[0] for shape in shapes):
            raise NotTheSame("the cases are not of the same size")
        rows = [_flat(inputs, targets, shapes[0][0]) for inputs, targets in cases]
        if any(isinstance(x, Value) for row in rows for x in row):
            raise NotTheSame("the cases hold Values")
        table = np.array([[number(x, "cases") for x in row] for row in rows], dtype=np.float64)
        return table.reshape(len(rows), len(rows[0]))
    except (TypeError, ValueError) as problem:
        if isinstance(problem, NotTheSame):
            raise
        raise NotTheSame(f"{type(problem).__name__}: {problem}") from problem
