"""A pass over the cases by replay: the net and its loss are recorded once for all cases."""

from __future__ import annotations

from typing import Any

import numpy as np

from microbp.core import engine
from microbp.core.engine import Value
from microbp.core.grad_mode import comparisons_noted, no_grad
from microbp.core.toposort import operands_first
from microbp.replay.executor import Executor
from microbp.replay.recording import first_that_varies, recorded
from microbp.training.case_table import NotReplayable, case_table, shaped_like
from microbp.training.history import Sweep
from microbp.training.task import Task, evaluate, right_side

SAMPLE = 32
"""For how many cases the graph is built as well, to see that replay finds the same."""


class ReplayPass:
    """Passes over the cases of a task by replay. A `Pass`.

    Raises NotReplayable where the graph, as far as can be seen, is not the same in every case.
    """

    engine = "replay"

    def __init__(self, task: Task) -> None:
        self.atomic = not task.change_per_case
        self._task = task
        self._parameters = task.optimizer.parameters
        self._by_side = task.right is right_side
        self._table = case_table(task.cases)
        self._out = np.empty((0, 0))  # a column for each case: its error, then its outputs
        self._record()

    def sweep(self, number: int) -> Sweep:
        """Sum the gradient over the cases, or change the weights after each."""
        if self._task.change_per_case:
            return self._sweep_case_by_case(number)
        error, rights = self._gradient()
        return Sweep(number, error, rights if self._by_side else self._count_judged())

    def look(self) -> tuple[float, int]:
        """The error and how many cases are right; nothing is changed."""
        task = self._task
        if task.change_per_case:
            return evaluate(task.net, task.cases, loss=task.loss, right=task.right)
        self._record_again_if_changed()
        self._out[:] = self._executor.outputs(self._table, quiet=True)
        error = sum(self._out[0].tolist())
        if not self._by_side:
            return error, self._count_judged()
        return error, _count_by_side(self._out, self._targets)

    def _sweep_case_by_case(self, number: int) -> Sweep:
        optimizer = self._task.optimizer
        error, rights = 0.0, 0
        for case in range(len(self._table)):
            case_error, right = self._gradient_of(case)
            error += case_error
            rights += right if self._by_side else self._judged(case)
            optimizer.step(number)
            optimizer.zero_grad()
        return Sweep(number, error, rights)

    def _gradient(self) -> tuple[float, int]:
        """Set the gradients, summed over the cases; the error, and how many cases are right."""
        self._record_again_if_changed()
        if self._compiled is not None:
            error, right, well = self._compiled.sweep()
            if well:
                return error, right
        return self._gradient_by_numpy(slice(None))

    def _gradient_of(self, case: int) -> tuple[float, int]:
        """The same for one case alone."""
        self._record_again_if_changed()
        if self._compiled is not None:
            error, right, well = self._compiled.sweep_of(case)
            if well:
                return error, right
        return self._gradient_by_numpy(slice(case, case + 1))

    def _gradient_by_numpy(self, which: slice) -> tuple[float, int]:
        gradient, out = np.empty(len(self._parameters)), self._out[:, which]
        error = self._executor.through_numpy(self._table[which], out, gradient=gradient, quiet=True)
        for p, grad in zip(self._parameters, gradient.tolist(), strict=True):
            p.grad = grad
        return error, _count_by_side(out, self._targets[which])

    def _count_judged(self) -> int:
        return sum(self._judged(case) for case in range(len(self._table)))

    def _judged(self, case: int) -> bool:
        """The user's own verdict on a case."""
        outputs = [Value(y) for y in self._out[1:, case]]
        return self._task.right(outputs, self._task.cases[case][1])

    def _record(self) -> None:
        """Record the graph of the first case, and check that it serves the others."""
        task = self._task
        inputs, targets = task.cases[0]
        leaves = [Value(x) for x in self._table[0].tolist()]
        of_inputs = len(leaves) - len(targets)
        try:
            with comparisons_noted() as compared:
                outputs = task.net(shaped_like(inputs, leaves[:of_inputs]))
                target_leaves: Any = leaves[of_inputs:]
                error = task.loss(outputs, target_leaves)
            recording = recorded([error, *outputs], leaves, self._parameters)
        except Exception as problem:
            raise NotReplayable(f"{type(problem).__name__}: {problem}") from problem
        if self._by_side and len(outputs) != len(targets):
            raise NotReplayable(f"{len(outputs)} outputs but {len(targets)} targets")
        trap = first_that_varies(compared, operands_first(*compared), leaves)
        if trap is not None:
            raise NotReplayable(f"Python compares what depends on the case: {trap!r}")
        given = {*leaves, *self._parameters}
        below = operands_first(error, *outputs)
        self._constants = [node for node in below if node.op is None and node not in given]
        self._recorded_with = [leaf.data for leaf in self._constants]
        self._executor = Executor(recording)
        self._targets = self._table[:, of_inputs if self._by_side else len(leaves) :]
        self._compare_with_eager()
        if len(self._out) != len(recording.outputs):
            self._out = np.empty((len(recording.outputs), len(task.cases)))
        self._compiled = self._make_compiled()

    def _record_again_if_changed(self) -> None:
        """Record once more where someone has changed a leaf that is not a parameter."""
        if [leaf.data for leaf in self._constants] != self._recorded_with:
            self._record()

    def _compare_with_eager(self) -> None:
        """Build the graph of a sample of the cases; NotReplayable where replay differs."""
        task = self._task
        step = -(-len(task.cases) // SAMPLE)
        sample = range(0, len(task.cases), step)
        built = []
        with no_grad():
            for inputs, targets in (task.cases[case] for case in sample):
                outputs = task.net(inputs)
                built.append([task.loss(outputs, targets).data, *(y.data for y in outputs)])
        table = np.ascontiguousarray(self._table[::step])
        replayed = self._executor.outputs(table, quiet=True).T
        if np.shape(built) != replayed.shape:
            raise NotReplayable("the outputs are not as many in every case")
        other = ~np.isclose(replayed, built, rtol=1e-9, atol=1e-12, equal_nan=True).all(axis=1)
        if other.any():
            case = int(np.argmax(other))
            raise NotReplayable(
                f"in case {sample[case]} error and outputs are {built[case]}, replayed "
                f"{replayed[case].tolist()}"
            )

    def _make_compiled(self) -> Any:
        """The sweep in C; None where the interpreter isn't compiled."""
        if engine.name != "compiled":
            return None
        from microbp.replay.compiled.interpreter import Training

        targets = np.ascontiguousarray(self._targets.T)
        return Training(self._executor.kernel(), self._parameters, self._table, self._out, targets)


def _count_by_side(out: Any, targets: Any) -> int:
    """How many cases have every output on its target's side of 0.5."""
    outputs = out[1 : 1 + targets.shape[1]].T
    return int(((outputs - 0.5) * (targets - 0.5) > 0.0).all(axis=1).sum())
