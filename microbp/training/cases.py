"""The cases a user gives, as pairs, arrays or frames, as a sequence of pairs."""

from __future__ import annotations

import numbers
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import Any, overload

from microbp import losses
from microbp._support.coerce import shown
from microbp.core.engine import Value
from microbp.core.grad_mode import no_grad
from microbp.training.task import Case, Trainable

WRITE = "write train(net, (X, y), ...), or a list of pairs (inputs, targets)"


class ArrayCases(Sequence[Case]):
    """Rows of two arrays as pairs of lists."""

    def __init__(self, inputs: Any, targets: Any) -> None:
        self.inputs, self.targets = inputs, targets

    @overload
    def __getitem__(self, index: int) -> Case: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Case]: ...
    def __getitem__(self, index: int | slice) -> Case | Sequence[Case]:
        if isinstance(index, slice):
            return ArrayCases(self.inputs[index], self.targets[index])
        return self.inputs[index].tolist(), self.targets[index].tolist()

    def __len__(self) -> int:
        return len(self.inputs)

    def __iter__(self) -> Iterator[Case]:
        for i in range(len(self)):
            yield self[i]


def as_cases(
    given: Any, net: Trainable, loss: Callable[..., Value], where: str = "cases"
) -> Sequence[Case]:
    """The cases as a sequence of pairs (inputs, targets).

    `given` is one already, or (X, y): arrays, frames, nested lists, or for X a dict of them by
    group. A number among the targets, of a loss that this package has, stands for a list of one;
    or, for `cross_entropy` and a net with several outputs, for the class of that number.
    """
    cases = _from_arrays(*given) if _is_x_and_y(given) else _from_pairs(given, where)
    if not len(cases):
        raise ValueError("train: expected at least one case, got none")
    if getattr(loss, "__module__", "") != losses.__name__:
        return cases
    if isinstance(cases, ArrayCases):
        single = cases.targets.shape[1] == 1
    else:
        single = any(_is_number(targets) for _, targets in cases)
        if single:
            pairs: list[Any] = [(xs, [ds] if _is_number(ds) else ds) for xs, ds in cases]
            cases = pairs
    if single and loss is losses.cross_entropy:
        cases = _with_classes(cases, net)
    if loss is losses.hinge:
        for i, (_, targets) in enumerate(cases):
            if any(_plain(d) == 0.0 for d in targets):
                raise ValueError(
                    f"train: hinge expected targets of -1 and 1, got 0 in case {i}: "
                    f"write 2 * y - 1 for targets of 0 and 1"
                )
    return cases


def _is_x_and_y(given: Any) -> bool:
    """Whether it is a tuple (X, y), and not one of two pairs."""
    return (
        isinstance(given, tuple)
        and len(given) == 2
        and not any(isinstance(part, tuple) for part in given)
    )


def _from_arrays(inputs: Any, targets: Any) -> Sequence[Case]:
    if isinstance(inputs, Mapping):
        groups = {name: _table(x, f"group {name!r} of X") for name, x in inputs.items()}
        ys = _table(targets, "y")
        for name, x in groups.items():
            _check_lengths(x, ys, f"group {name!r} of X")
        return [
            ({name: x[i].tolist() for name, x in groups.items()}, ys[i].tolist())
            for i in range(len(ys))
        ]
    xs, ys = _table(inputs, "X"), _table(targets, "y")
    _check_lengths(xs, ys, "X")
    return ArrayCases(xs, ys)


def _table(given: Any, name: str) -> Any:
    """An array of floats with a row for each case; a plain column may be one-dimensional."""
    import numpy as np  # imported lazily: slow

    if not (hasattr(given, "__len__") or hasattr(given, "__array__")) or isinstance(
        given, (str, bytes, Set, Mapping)
    ):
        raise TypeError(
            f"train: expected {name} to be an array or a list, got {shown(given)}: {WRITE}"
        )
    try:
        array = np.asarray(given)
        if array.dtype.kind not in "biuf":
            array = np.array([[_number_in(x) for x in row] for row in _rows(array)])
        array = array.astype(np.float64)
    except (TypeError, ValueError) as problem:
        raise type(problem)(f"train: expected {name} to hold numbers only: {problem}") from None
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim != 2:
        raise ValueError(
            f"train: expected {name} to have a row of numbers for each case, got an array of "
            f"shape {array.shape}"
        )
    return np.ascontiguousarray(array)


def _rows(array: Any) -> Any:
    return array[:, None] if array.ndim == 1 else array


def _number_in(x: Any) -> float:
    from microbp._support.coerce import number

    return number(x, "cases")


def _check_lengths(xs: Any, ys: Any, name: str) -> None:
    if len(xs) != len(ys):
        raise ValueError(f"train: {name} has {len(xs)} cases but y has {len(ys)}")


def _from_pairs(given: Any, where: str) -> Sequence[Case]:
    if isinstance(given, ArrayCases):
        return given
    if hasattr(given, "shape") and hasattr(given, "ndim"):
        raise TypeError(
            f"train: expected {where} as pairs (inputs, targets), or as (X, y), got an array or "
            f"frame of shape {tuple(given.shape)}: {WRITE}"
        )
    if hasattr(given, "__next__"):
        raise TypeError(
            f"train: expected {where} that can be gone over once a sweep, got a "
            f"{type(given).__name__}, which ends after the first: write list(...) around it"
        )
    if not (hasattr(given, "__len__") and hasattr(given, "__getitem__")) or isinstance(
        given, (str, bytes, Mapping)
    ):
        raise TypeError(
            f"train: expected {where} as a list of pairs (inputs, targets), or as (X, y), "
            f"got {shown(given)}"
        )
    for i, case in enumerate(given):
        if not isinstance(case, (tuple, list)) or len(case) != 2:
            raise TypeError(
                f"train: expected case {i} to be a pair (inputs, targets), got {shown(case)}: "
                f"{WRITE}"
            )
        if _is_number(case[0]) or not hasattr(case[0], "__len__"):
            raise TypeError(
                f"train: expected the inputs of case {i} to be a list of numbers, got "
                f"{shown(case[0])}: {WRITE}"
            )
        if not (_is_number(case[1]) or hasattr(case[1], "__len__")):
            raise TypeError(
                f"train: expected the targets of case {i} to be numbers, got {shown(case[1])}"
            )
    cases: Sequence[Case] = given
    return cases


def _is_number(x: Any) -> bool:
    return isinstance(x, (numbers.Number, Value)) or getattr(x, "ndim", None) == 0


def _plain(x: Any) -> Any:
    return x.data if isinstance(x, Value) else x


def _with_classes(cases: Sequence[Case], net: Trainable) -> Sequence[Case]:
    """For a net with several outputs, a target of 1 at the class that each case names."""
    with no_grad():
        outputs = len(net(cases[0][0]))
    if outputs == 1:
        return cases
    found = []
    for i, (inputs, targets) in enumerate(cases):
        named = _plain(targets[0]) if len(targets) == 1 else None
        if named not in range(outputs):
            raise ValueError(
                f"train: expected case {i} to have a class from 0 to {outputs - 1}, as the net has "
                f"{outputs} outputs, got {shown(named)}"
            )
        found.append((inputs, [float(j == named) for j in range(outputs)]))
    return found
