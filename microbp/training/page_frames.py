"""A training made in Python and kept as frames, for a page that can't make it itself."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from microbp.training.page_start import Start
from microbp.training.passes import make_pass
from microbp.training.task import Task

MOST_NUMBERS = 12_000
"""Numbers in all frames: some 250 kB of text."""


def frames(task: Task, start: Start, sweeps: int) -> dict[str, Any]:
    """The weights and outputs of some sweeps, and the error of each, from the start on."""
    outputs = sum(len(targets) for _, targets in task.cases)
    each = len(task.optimizer.parameters) + outputs
    every = math.ceil(sweeps / max(1, MOST_NUMBERS // each - 1)) or 1
    found: dict[str, Any] = {
        "every": every, "sweeps": [], "weights": [], "outputs": [], "errors": [], "right": []
    }  # fmt: skip
    with _as_at(start, task):
        passes = make_pass(task, "auto")
        for sweep in range(sweeps + 1):
            if sweep % every == 0 or sweep == sweeps:
                found["sweeps"].append(sweep)
                found["weights"].append([p.data for p in task.optimizer.parameters])
                found["outputs"].append(passes.outputs())
            seen = passes.look() if sweep == sweeps else passes.sweep(sweep)[1:]
            if not math.isfinite(seen[0]):
                break
            found["errors"].append(seen[0])
            found["right"].append(seen[1])
            if sweep < sweeps and not task.steps_in_sweep:
                task.optimizer.step(sweep)
    return found


@contextmanager
def _as_at(start: Start, task: Task) -> Iterator[None]:
    """Net and optimizer as at the start; afterwards as they were."""
    parameters = task.optimizer.parameters
    before = [(p.data, p.grad) for p in parameters], task.optimizer.state_dict()
    try:
        for p, x in zip(parameters, start.parameters, strict=True):
            p.data = x
        task.optimizer.load_state_dict(start.optimizer)
        yield
    finally:
        for p, (x, grad) in zip(parameters, before[0], strict=True):
            p.data, p.grad = x, grad
        task.optimizer.load_state_dict(before[1])
