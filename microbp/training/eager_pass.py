"""A pass over the cases that builds the graph of each case anew."""

from __future__ import annotations

from microbp.training.history import Sweep
from microbp.training.task import Task, evaluate


class EagerPass:
    """Passes over the cases of a task, one graph for each case. A `Pass`."""

    atomic = False

    def __init__(self, task: Task, engine: str) -> None:
        self.engine = engine
        self._task = task

    def sweep(self, number: int) -> Sweep:
        """Sum the gradient over the cases, or change the weights after each."""
        task = self._task
        optimizer = task.optimizer
        error, rights = 0.0, 0
        optimizer.zero_grad()
        for inputs, targets in task.cases:
            outputs = task.net(inputs)
            case_error = task.loss(outputs, targets)
            case_error.backward()
            error += case_error.data
            rights += task.right(outputs, targets)
            if task.change_per_case:
                optimizer.step(number)
                optimizer.zero_grad()
        return Sweep(number, error, rights)

    def look(self) -> tuple[float, int]:
        """The error and how many cases are right; nothing is changed."""
        task = self._task
        return evaluate(task.net, task.cases, loss=task.loss, right=task.right)
