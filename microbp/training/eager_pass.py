"""A pass over the cases that builds the graph of each case anew."""

from __future__ import annotations

from collections.abc import Iterable

from microbp.core.grad_mode import no_grad
from microbp.training.history import Sweep
from microbp.training.task import Task, error_of, judged


class EagerPass:
    """Passes over the cases of a task, one graph for each case. A `Pass`."""

    atomic = False

    def __init__(self, task: Task, engine: str) -> None:
        self.engine = engine
        self.task = task

    def sweep(self, number: int) -> Sweep:
        """Sum the gradient over the cases, or change the weights after each batch of them."""
        task = self.task
        optimizer = task.optimizer
        optimizer.zero_grad()
        if not task.steps_in_sweep:
            return Sweep(number, *self._gradient(range(len(task.cases))))
        error, rights = 0.0, 0
        for batch in task.batches(number):
            batch_error, right = self._gradient(batch)
            error += batch_error
            rights += right
            optimizer.step(number)
            optimizer.zero_grad()
        return Sweep(number, error, rights)

    def look(self) -> tuple[float, int]:
        """The error and how many cases are right; nothing is changed."""
        task = self.task
        error, right = task.look()
        return error + (task.penalty.value() if task.penalty else 0.0), right

    def outputs(self) -> list[list[float]]:
        """The outputs of each case."""
        with no_grad():
            return [[y.data for y in self.task.net(inputs)] for inputs, _ in self.task.cases]

    def _gradient(self, batch: Iterable[int]) -> tuple[float, int]:
        """Add the gradient of these cases; their error, and how many are right."""
        task, count = self.task, 0
        net, loss, judge = task.net, task.loss, task.right
        error, rights = 0.0, 0
        for case in batch:
            inputs, targets = task.cases[case]
            outputs = net(inputs)
            case_error = error_of(loss, outputs, targets, "train")
            case_error.backward()
            error += case_error.data
            rights += judged(judge, outputs, targets, "train")
            count += 1
        if task.penalty is not None:
            error += task.penalty.add_gradient(count / len(task.cases))
        return error, rights
