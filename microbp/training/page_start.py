"""How a training begins: what a page of it starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from microbp.training.task import Task


@dataclass
class Start:
    """How a training began: the parameters' numbers, and the state of the optimizer."""

    parameters: list[float]
    optimizer: Mapping[str, Any]

    @classmethod
    def of(cls, task: Task) -> Start:
        """As it is now."""
        numbers = [p.data for p in task.optimizer.parameters]
        return cls(numbers, task.optimizer.state_dict())
