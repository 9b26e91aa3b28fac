"""The cases a user gives, as pairs, arrays or frames, as a sequence of pairs."""

from __future__ import annotations

import numbers
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import Any, TypeAlias, overload

from microbp import losses
from microbp._support.coerce import is_masked, number, shown
from microbp._support.packages import require
from microbp.core.engine import Value
from microbp.core.grad_mode import no_grad
from microbp.training.task import Case

NetFunction: TypeAlias = Callable[[Any], Sequence[Value]]

_EXAMPLES = {
    "train": "train(net, (X, y), ...)",
    "train: validation": "validation=(X, y)",
    "evaluate": "evaluate(net, (X, y))",
}
"""How to give arrays, by the name of the function in errors."""


def _write(where: str) -> str:
    return f"write {_EXAMPLES[where]}, or a list of pairs (inputs, targets)"


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
    given: Any,
    net: NetFunction,
    loss: Callable[..., Value],
    where: str,
) -> Sequence[Case]:
    """The cases as a sequence of pairs (inputs, targets).

    `given` is one already, or (X, y): arrays, frames, nested lists, or for X a dict of them by
    group. A number among the targets, of a loss that this package has, stands for a list of one;
    or, for `cross_entropy` and a net with several outputs, for the class of that number.
    """
    if _is_x_and_y(given):
        X, y = given
        cases = _from_arrays(X, y, where)
    else:
        cases = _from_pairs(given, where)
    if not len(cases):
        raise ValueError(f"{where}: expected at least one case, got none")
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
        cases = _with_classes(cases, net, where)
    if loss is losses.binary_cross_entropy:
        for i, (_, targets) in enumerate(cases):
            if any(not 0.0 <= _plain(d) <= 1.0 for d in targets if _plain(d) == _plain(d)):
                raise ValueError(
                    f"{where}: binary_cross_entropy expected targets from 0 to 1, got "
                    f"{shown(list(targets))} in case {i}: write (y + 1) / 2 for targets of -1 and 1"
                )
    if loss is losses.hinge:
        for i, (_, targets) in enumerate(cases):
            if any(_plain(d) == 0.0 for d in targets):
                raise ValueError(
                    f"{where}: hinge expected targets of -1 and 1, got 0 in case {i}: "
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


def _from_arrays(inputs: Any, targets: Any, where: str) -> Sequence[Case]:
    if isinstance(inputs, Mapping):
        groups = {name: _table(x, f"group {name!r} of X", where) for name, x in inputs.items()}
        ys = _table(targets, "y", where)
        for name, x in groups.items():
            _check_lengths(x, ys, f"group {name!r} of X", where)
        return [
            ({name: x[i].tolist() for name, x in groups.items()}, ys[i].tolist())
            for i in range(len(ys))
        ]
    xs, ys = _table(inputs, "X", where), _table(targets, "y", where)
    _check_lengths(xs, ys, "X", where)
    return ArrayCases(xs, ys)


def _table(given: Any, name: str, where: str) -> Any:
    """An array of floats with a row for each case; a plain column may be one-dimensional."""
    instead = "write pairs of inputs and targets, as in [([0, 1], [1]), ...]"
    require("numpy", f"{where}: a pair of tables (X, y)", instead)
    import numpy as np  # imported lazily: slow

    if not (hasattr(given, "__len__") or hasattr(given, "__array__")) or isinstance(
        given, (str, bytes, Set, Mapping)
    ):
        raise TypeError(
            f"{where}: expected {name} to be an array or a list, got {shown(given)}: "
            f"{_write(where)}"
        )
    if is_masked(given):
        raise TypeError(
            f"{where}: expected {name} to have a number everywhere, got a masked array: leave out "
            f"the cases that are masked, or write {name}.filled(0.0)"
        )
    try:
        array = np.asarray(given)
    except ValueError:
        raise ValueError(f"{where}: expected the rows of {name} to be equally long") from None
    if array.dtype.kind not in "biuf":
        rows = array[:, None] if array.ndim == 1 else array
        array = np.array([[_number_in(name, x, where) for x in _entries(row)] for row in rows])
    array = array.astype(np.float64)
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim != 2:
        raise ValueError(
            f"{where}: expected {name} to have a row of numbers for each case, got an array of "
            f"shape {array.shape}"
        )
    return np.ascontiguousarray(array)


def _number_in(name: str, x: Any, where: str) -> float:
    try:
        return number(x, f"{where}: an entry of {name}")
    except TypeError as error:
        write = ": number the classes, from 0 on" if name == "y" and isinstance(x, str) else ""
        raise TypeError(f"{error}{write}") from None


def _entries(row: Any) -> Any:
    return row if getattr(row, "ndim", 0) else [row]


def _check_lengths(xs: Any, ys: Any, name: str, where: str) -> None:
    if len(xs) != len(ys):
        raise ValueError(f"{where}: {name} has {len(xs)} cases but y has {len(ys)}")


def _from_pairs(given: Any, where: str) -> Sequence[Case]:
    if isinstance(given, ArrayCases):
        return given
    if hasattr(given, "shape") and hasattr(given, "ndim"):
        raise TypeError(
            f"{where}: expected cases as pairs (inputs, targets), or as (X, y), got an array or "
            f"frame of shape {tuple(given.shape)}: {_write(where)}"
        )
    if hasattr(given, "__next__"):
        raise TypeError(
            f"{where}: expected cases that can be gone over once a sweep, got a "
            f"{type(given).__name__}, which ends after the first: write list(...) around it"
        )
    if not (hasattr(given, "__len__") and hasattr(given, "__getitem__")) or isinstance(
        given, (str, bytes, Mapping)
    ):
        raise TypeError(
            f"{where}: expected cases as a list of pairs (inputs, targets), or as (X, y), "
            f"got {shown(given)}"
        )
    for i, case in enumerate(given):
        if not isinstance(case, (tuple, list)) or len(case) != 2:
            raise TypeError(
                f"{where}: expected case {i} to be a pair (inputs, targets), got {shown(case)}: "
                f"{_write(where)}"
            )
        inputs, targets = case
        if not isinstance(inputs, Mapping) and not _is_list(inputs):
            raise TypeError(
                f"{where}: expected the inputs of case {i} to be a list of numbers, got "
                f"{shown(inputs)}: {_write(where)}"
            )
        if not (_is_number(targets) or _is_list(targets)):
            raise TypeError(
                f"{where}: expected the targets of case {i} to be numbers, got {shown(targets)}"
            )
    cases: Sequence[Case] = given
    return cases


def _is_number(x: Any) -> bool:
    return isinstance(x, (numbers.Number, Value)) or getattr(x, "ndim", None) == 0


def _is_list(x: Any) -> bool:
    """Whether it may hold the numbers of a case, in their order and each of them."""
    if isinstance(x, (list, tuple)):
        return True
    if _is_number(x) or isinstance(x, (str, bytes, Mapping, Set)):
        return False
    return hasattr(x, "__len__") and not (hasattr(x, "compressed") and x.mask.any())


def _plain(x: Any) -> Any:
    return x.data if isinstance(x, Value) else x


def _with_classes(cases: Sequence[Case], net: NetFunction, where: str) -> Sequence[Case]:
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
                f"{where}: expected case {i} to have a class from 0 to {outputs - 1}, as the net "
                f"has {outputs} outputs, got {shown(named)}"
            )
        found.append((inputs, [float(j == named) for j in range(outputs)]))
    return found
