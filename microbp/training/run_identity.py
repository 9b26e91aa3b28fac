"""What makes a training another run than the one in a checkpoint."""

from __future__ import annotations

import hashlib
import random
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from microbp._support.identity import Identity
from microbp.core.engine import Value
from microbp.core.functions import data_of
from microbp.training.cases import ArrayCases
from microbp.training.task import Task

CHANGING = (Value, random.Random)
"""What a loss may hold that has other numbers after a while: its class counts alone."""


class RunIdentity:
    """A run by what must not change while it goes on: a text for each, by name.

    The cases, the loss and the other functions, whether the weights change after each case, the
    penalty, and what the optimizer calls its `fixed` settings. Not the step size, the momentum,
    the number of sweeps or when to stop: who continues a run may want others.
    """

    def __init__(
        self, task: Task, validation: Task | None, metrics: Mapping[str, Callable[..., Any]]
    ) -> None:
        optimizer, fixed = task.optimizer, getattr(task.optimizer, "fixed", ())
        functions = {"loss": task.loss, "right": task.right}
        functions |= {f"metric {name!r}": metric for name, metric in metrics.items()}
        functions |= {f"optimizer's {name}": getattr(optimizer, name) for name in fixed}
        found = {name: Identity(each, CHANGING) for name, each in functions.items()}
        self.parts = {
            "net": Identity(type(task.net)).text,
            "trained parameters": _places(task),
            "cases": _cases(task.cases),
            "changes of the weights": _changes(task),
            "penalty": "none" if task.penalty is None else str(task.penalty),
            "validation cases": "none" if validation is None else _cases(validation.cases),
            **{name: each.text for name, each in found.items()},
        }
        """A text for each."""
        self.codes = {name: each.code for name, each in found.items()}
        """The hash of each function's code."""
        self.unknown = {name: each.unknown[0] for name, each in found.items() if each.unknown}
        """What can't be looked into, by the function that holds it."""


def _changes(task: Task) -> str:
    if task.change_per_case:
        return "after each case"
    if task.batch is None:
        return "after all cases"
    return f"after {task.batch} cases, in the order of seed {task.seed}"


def _places(task: Task) -> str:
    """Which of the net's parameters the optimizer has, in its order."""
    place = {p: i for i, p in enumerate(task.net.parameters())}
    places = [place.get(p, -1) for p in task.optimizer.parameters]
    return "all" if places == [*range(len(place))] else _hash(places, [], len(places))


def _cases(cases: Sequence[Any]) -> str:
    """How many there are, and a hash of their numbers: the same for arrays and for lists."""
    if isinstance(cases, ArrayCases):
        sizes = [[cases.inputs.shape[1], cases.targets.shape[1]]]
        rows = zip(cases.inputs, cases.targets, strict=True)
        return _hash(sizes, (part.tobytes() for row in rows for part in row), len(cases))
    sizes, numbers = [], []
    for inputs, targets in cases:
        groups = inputs if isinstance(inputs, Mapping) else {"": inputs}
        named = [[name, len(group)] for name, group in groups.items()]
        size = [*(named if isinstance(inputs, Mapping) else [len(inputs)]), len(targets)]
        sizes.append(size)
        numbers += [_bytes(x) for group in [*groups.values(), targets] for x in group]
    same = all(size == sizes[0] for size in sizes)
    return _hash(sizes[:1] if same else sizes, numbers, len(cases))


def _bytes(x: Any) -> bytes:
    try:
        return struct.pack("d", data_of(x))
    except (TypeError, ValueError):  # of a net that takes something else
        return Identity(x).text.encode("utf-8", "surrogatepass")


def _hash(sizes: Sequence[Any], parts: Any, count: int) -> str:
    found = hashlib.sha256(repr(sizes).encode())
    for part in parts:
        found.update(part)
    return f"{count} of hash {found.hexdigest()[:16]}"
