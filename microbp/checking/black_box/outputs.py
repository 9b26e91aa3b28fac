"""The numbers that f and its gradient return; what is wrong with them, in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from microbp.autodiff.arguments import described
from microbp.checking.black_box.inputs import WHERE, Group, Inputs, list_shape, under
from microbp.core.engine import Value


class Fault(Exception):
    """A gradient that cannot be compared, since it has another shape, or holds no numbers."""


def plain(result: Any) -> Any:
    """A result with its arrays, of any library, as lists."""
    if isinstance(result, (list, tuple)):
        return [plain(part) for part in result]
    if isinstance(result, dict):
        return {key: plain(part) for key, part in result.items()}
    if hasattr(result, "tolist"):
        return (result.detach() if hasattr(result, "detach") else result).tolist()
    return result


def flat(result: Any) -> Iterator[Any]:
    """The items of a plain result, in order."""
    if isinstance(result, list):
        for part in result:
            yield from flat(part)
    elif isinstance(result, dict):
        for part in result.values():
            yield from flat(part)
    else:
        yield result.data if isinstance(result, Value) else result


def values_of(result: Any) -> list[float]:
    """The numbers that f returned; TypeError if it returned anything else."""
    if isinstance(result, float):  # NumPy's too
        return [float(result)]
    values = list(flat(plain(result)))
    for y in values:
        if isinstance(y, complex) or not hasattr(y, "__float__"):
            instead = "is a return missing?" if y is None else "it returns real numbers"
            raise TypeError(f"{WHERE}: expected a number from f, got {described(y)}: {instead}")
    if not values:
        raise TypeError(f"{WHERE}: expected a number from f, got {described(result)}")
    return [float(y) for y in values]


def shape_of(result: Any) -> tuple[int, ...]:
    """The shape of an array, of a number, or of lists of them."""
    if isinstance(getattr(result, "shape", None), tuple):
        return tuple(result.shape)
    if isinstance(result, (list, tuple)) and result:
        return (len(result), *shape_of(result[0]))
    return (0,) if isinstance(result, (list, tuple)) else ()


def gradient_of(result: Any, inputs: Inputs, what: str) -> list[float]:
    """A gradient as numbers in the order of the inputs.

    Raises Fault if it does not have the keys and shapes of `at`.
    """
    found: list[float] = []
    for group, part in _parts(result, inputs.at, "", iter(inputs.groups), what):
        shape, entries = shape_of(part), _numbers(part, group, what)
        one_number = len(entries) == 1 and group.shape in ((), (1,))
        if shape != group.shape and not one_number:
            turned = len(shape) == 2 and shape == group.shape[::-1]
            raise Fault(
                f"{what}: expected shape {group.shape} for {group.name or 'the gradient'}, got "
                f"{shape}{': is it transposed?' if turned else ''}"
            )
        found += entries
    return found


def jacobian_of(result: Any, outputs: Any, inputs: Inputs, what: str) -> list[list[float]]:
    """A jacobian as rows of numbers, one row for each output.

    It is a matrix of outputs and inputs, or is nested as `at` is and has, for each array there,
    one of the shape of f's output and the array's together. Raises Fault otherwise.
    """
    return _rows(result, shape_of(outputs), len(values_of(outputs)), inputs, what)


def hessian_of(result: Any, inputs: Inputs, what: str) -> list[list[float]]:
    """A Hessian as rows of numbers: a matrix, or nested as `at` is, twice. Raises Fault."""
    many = len(inputs)
    if shape_of(result) == (many, many):
        return _matrix(result, what)
    return [
        row
        for group, part in _parts(result, inputs.at, "", iter(inputs.groups), what)
        for row in _rows(part, group.shape, group.stop - group.start, inputs, what)
    ]


def _matrix(result: Any, what: str) -> list[list[float]]:
    every = Group("", 0, 0, (1,))
    return [_numbers(row, every, what) for row in plain(result)]


def _rows(
    result: Any, outer: tuple[int, ...], many: int, inputs: Inputs, what: str
) -> list[list[float]]:
    """The derivatives of so many outputs, of this shape."""
    nested = inputs.several and isinstance(result, tuple)
    if shape_of(result) == (many, len(inputs)) and not nested:
        return _matrix(result, what)
    rows: list[list[float]] = [[] for _ in range(many)]
    for group, part in _parts(result, inputs.at, "", iter(inputs.groups), what):
        shape, entries = shape_of(part), _numbers(part, group, what)
        expected = (*outer, *group.shape)
        if shape != expected and not len(entries) == many == len(inputs) == 1:
            turned = len(shape) == 2 and shape == expected[::-1]
            raise Fault(
                f"{what}: expected shape {expected}, outputs by inputs, for "
                f"{group.name or 'the jacobian'}; got {shape}"
                f"{': is it transposed?' if turned else ''}"
            )
        size = group.stop - group.start
        for k, row in enumerate(rows):
            row += entries[k * size : (k + 1) * size]
    return rows


def _parts(
    result: Any, at: Any, name: str, groups: Iterator[Group], what: str
) -> Iterator[tuple[Group, Any]]:
    """Each array of `at`, and what was returned for it."""
    if result is None:
        of = f" for {name}" if name else ""
        raise Fault(f"{what}: expected numbers{of}, got None: is a return missing?")
    if isinstance(at, dict):
        keys = result.keys() if isinstance(result, dict) else None
        if keys != at.keys():
            got = described(result) if keys is None else f"the keys {_listed(result)}"
            raise Fault(f"{what}: expected a dict with the keys {_listed(at)}; got {got}")
        for key, part in at.items():
            yield from _parts(result[key], part, under(name, key), groups, what)
    elif isinstance(at, (list, tuple)) and not list_shape(at):
        several = plain(result) if hasattr(result, "tolist") else result
        if not isinstance(several, (list, tuple)) or len(several) != len(at):
            of = f" for {name}" if name else ""
            raise Fault(f"{what}: expected {len(at)} parts{of}, as at has; got {described(result)}")
        for i, (part, answer) in enumerate(zip(at, several, strict=True)):
            yield from _parts(answer, part, f"{name}[{i}]", groups, what)
    else:
        yield next(groups), result


def _numbers(part: Any, group: Group, what: str) -> list[float]:
    """The numbers of one array."""
    if str(getattr(part, "dtype", "")).rpartition(".")[2].startswith("float"):
        return list((part.detach() if hasattr(part, "detach") else part).reshape(-1).tolist())
    entries = list(flat(plain(part)))
    for i, g in enumerate(entries):
        if isinstance(g, (complex, bool, str)) or not hasattr(g, "__float__"):
            name = f"entry {i} of {group.name or 'it'}" if group.shape else group.name or "it"
            missing = ": is a return missing?" if g is None and not group.shape else ""
            raise Fault(f"{what}: expected a number for {name}, got {described(g)}{missing}")
    return list(map(float, entries))


def _listed(tree: Any) -> str:
    return ", ".join(map(str, tree)) or "none"


def finite(values: Sequence[float]) -> bool:
    """Whether all are numbers, and finite."""
    return all(map(math.isfinite, values))
