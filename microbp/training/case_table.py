"""The cases of a training as an array, with a row for each, and which shape they have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np

from microbp._support.coerce import number
from microbp.core.engine import Value
from microbp.training.cases import ArrayCases
from microbp.training.task import NotReplayable


def case_table(cases: Sequence[Any]) -> Any:
    """The cases as an array; a row holds the inputs, then the targets.

    Raises NotReplayable where they aren't numbers, or not all of one shape.
    """
    if isinstance(cases, ArrayCases):
        return np.hstack([cases.inputs, cases.targets])
    try:
        shapes = [_shape(*case) for case in cases]
        if any(shape != shapes[0] for shape in shapes):
            raise NotReplayable("the cases are not of the same size")
        rows = [_flat(inputs, targets, shapes[0][0]) for inputs, targets in cases]
        kinds = {*map(type, chain.from_iterable(rows))}
        if any(issubclass(kind, Value) for kind in kinds):
            raise NotReplayable("the cases hold Values")
        if kinds != {float}:
            rows = [[number(x, "cases") for x in row] for row in rows]
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(rows[0]))
    except (TypeError, ValueError) as problem:
        if isinstance(problem, NotReplayable):
            raise
        raise NotReplayable(f"{type(problem).__name__}: {problem}") from problem


def shaped_like(inputs: Any, leaves: list[Value]) -> Any:
    """The leaves by group, if the inputs are; otherwise as they are."""
    if not isinstance(inputs, Mapping):
        return leaves
    rest = iter(leaves)
    return {name: [next(rest) for _ in group] for name, group in inputs.items()}


def _shape(inputs: Any, targets: Any) -> Any:
    """What must be the same in every case: the sizes of the groups of inputs and of the targets."""
    groups = {name: len(group) for name, group in _groups(inputs).items()}
    return groups, isinstance(inputs, Mapping), len(targets)


def _flat(inputs: Any, targets: Any, names: Iterable[str]) -> list[Any]:
    groups = _groups(inputs)
    return [x for group in [*(groups[name] for name in names), targets] for x in group]


def _groups(inputs: Any) -> Mapping[str, Any]:
    return inputs if isinstance(inputs, Mapping) else {"": inputs}
