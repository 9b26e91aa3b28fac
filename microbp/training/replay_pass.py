"""A pass over the cases by replay: the net and its loss are recorded once for all cases."""

from __future__ import annotations

from typing import Any

import numpy as np

from microbp.core.engine import Value, reverse_order
from microbp.core.grad_mode import comparisons_noted, no_grad
from microbp.core.toposort import operands_first
from microbp.replay.compiled import extension
from microbp.replay.executor import Executor
from microbp.replay.recording import Recording, first_that_varies, recorded
from microbp.training.case_table import case_table, shaped_like
from microbp.training.history import Sweep
from microbp.training.judges import EDGES, right_class
from microbp.training.task import NotReplayable, Task

SAMPLE = 32
"""For how many cases the graph is built as well, to see that replay finds the same."""


class ReplayPass:
    """Passes over the cases of a task by replay. A `Pass`.

    Raises NotReplayable where the graph, as far as can be seen, is not the same in every case.
    """

    engine = "replay"

    def __init__(self, task: Task) -> None:
        self.atomic = not task.steps_in_sweep
        self.task = task
        self._parameters = task.optimizer.parameters
        self._edges = EDGES.get(task.right, (0.5, 0.5))
        self._by_class = task.right is right_class
        self._counted = self._by_class or task.right in EDGES
        self._table = case_table(task.cases)
        self._out = np.empty((0, 0))  # a column for each case: its error, then its outputs
        self._record()

    def sweep(self, number: int) -> Sweep:
        """Sum the gradient over the cases, or change the weights after each batch of them."""
        if self.task.steps_in_sweep:
            return self._sweep_by_batch(number)
        error, rights = self._gradient()
        if self.task.penalty is not None:
            error += self.task.penalty.add_gradient()
        return Sweep(number, error, rights if self._counted else self._count_judged())

    def look(self) -> tuple[float, int]:
        """The error and how many cases are right; nothing is changed."""
        task = self.task
        penalty = task.penalty.value() if task.penalty else 0.0
        if task.change_per_case:
            error, right = task.look()
            return error + penalty, right
        self._record_again_if_changed()
        self._out[:] = self._executor.outputs(self._table, quiet=True)
        error = sum(self._out[0].tolist()) + penalty
        if not self._counted:
            return error, self._count_judged()
        return error, self._count(self._out, self._targets)

    @property
    def recording(self) -> Recording:
        """Error and outputs of a case: its inputs are the case's, then its targets."""
        return self._executor.recording

    @property
    def rows(self) -> list[list[float]]:
        """Each case's inputs and targets."""
        found: list[list[float]] = self._table.tolist()
        return found

    def outputs(self) -> list[list[float]]:
        """The outputs of each case."""
        self._record_again_if_changed()
        found: list[list[float]] = self._executor.outputs(self._table, quiet=True)[1:].T.tolist()
        return found

    def _sweep_by_batch(self, number: int) -> Sweep:
        task = self.task
        error, rights = 0.0, 0
        for batch in task.batches(number):
            if task.change_per_case:
                batch_error, right = self._gradient_of(batch[0])
            else:
                batch_error, right = self._gradient_of_batch(batch)
            error += batch_error
            rights += right if self._counted else sum(map(self._judged, batch))
            if task.penalty is not None:
                error += task.penalty.add_gradient(len(batch) / len(self._table))
            task.optimizer.step(number)
            task.optimizer.zero_grad()
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

    def _gradient_of_batch(self, batch: list[int]) -> tuple[float, int]:
        """The same for some of the cases."""
        self._record_again_if_changed()
        if self._compiled is not None:
            table, targets, out, training = self._batch_of_size(len(batch))
            np.take(self._table, batch, axis=0, out=table)
            np.take(self._targets.T, batch, axis=1, out=targets)
            training.refill()
            error, right, well = training.sweep()
            if well:
                if not self._counted:
                    self._out[:, batch] = out
                return error, right
        return self._gradient_by_numpy(batch)

    def _batch_of_size(self, size: int) -> Any:
        """Room for so many cases, and their sweep in C."""
        if size not in self._batches:
            table = np.zeros((size, self._table.shape[1]))
            targets = np.zeros((self._targets.shape[1], size))
            out = np.empty((len(self._out), size))
            self._batches[size] = table, targets, out, self._training(table, out, targets)
        return self._batches[size]

    def _gradient_by_numpy(self, which: slice | list[int]) -> tuple[float, int]:
        table = self._table[which]
        gradient, out = np.empty(len(self._parameters)), np.empty((len(self._out), len(table)))
        error = self._executor.through_numpy(table, out, gradient=gradient, quiet=True)
        for p, grad in zip(self._parameters, gradient.tolist(), strict=True):
            p.grad = grad
        self._out[:, which] = out
        return error, self._count(out, self._targets[which])

    def _count_judged(self) -> int:
        return sum(self._judged(case) for case in range(len(self._table)))

    def _judged(self, case: int) -> bool:
        """The user's own verdict on a case."""
        outputs = [Value(y) for y in self._out[1:, case]]
        return self.task.judged(outputs, self.task.cases[case][1])

    def _record(self) -> None:
        """Record the graph of the first case, and check that it serves the others."""
        task = self.task
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
        if self._counted and len(outputs) != len(targets):
            raise NotReplayable(f"{len(outputs)} outputs but {len(targets)} targets")
        trap = first_that_varies(compared, operands_first(*compared), leaves)
        if trap is not None:
            raise NotReplayable(f"Python compares what depends on the case: {trap!r}")
        given = {*leaves, *self._parameters}
        used = (x for node in reverse_order(error, *outputs) for x in node.operands)
        nodes = dict.fromkeys((error, *outputs, *used))
        self._constants = [node for node in nodes if node.op is None and node not in given]
        self._recorded_with = [leaf.data for leaf in self._constants]
        self._executor = Executor(recording)
        self._targets = self._table[:, of_inputs if self._counted else len(leaves) :]
        self._compare_with_eager()
        if len(self._out) != len(recording.outputs):
            self._out = np.empty((len(recording.outputs), len(task.cases)))
        self._batches: dict[int, Any] = {}  # by their size
        self._compiled: Any = None
        if extension("interpreter") is not None:
            columns = np.ascontiguousarray(self._targets.T)
            self._compiled = self._training(self._table, self._out, columns)

    def _record_again_if_changed(self) -> None:
        """Record once more where someone has changed a leaf that is not a parameter."""
        if [leaf.data for leaf in self._constants] != self._recorded_with:
            self._record()

    def _compare_with_eager(self) -> None:
        """Build the graph of a sample of the cases; NotReplayable where replay differs."""
        task = self.task
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

    def _training(self, table: Any, out: Any, targets: Any) -> Any:
        """The sweep in C over the cases of a table."""
        kernel = self._executor.kernel()
        rule = (*self._edges, self._by_class)
        return extension("interpreter").Training(
            kernel, self._parameters, table, out, targets, *rule
        )

    def _count(self, out: Any, targets: Any) -> int:
        """How many cases are right, by a judge that needs no Values."""
        outputs = out[1 : 1 + targets.shape[1]].T
        if not self._by_class:
            of_output, of_target = self._edges
            return int(((outputs - of_output) * (targets - of_target) > 0.0).all(axis=1).sum())
        best = targets.argmax(axis=1)
        below = outputs < np.take_along_axis(outputs, best[:, None], axis=1)
        return int((below.sum(axis=1) == targets.shape[1] - 1).sum())
