"""Convert cases, as users give them, to an array of floats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from microbp._support.coerce import is_masked, number, shown

BEYOND = {"i": 2.0**63, "u": 2.0**64}
"""By kind of dtype: floats from here on fit no integer, and a cast of them is undefined."""


def as_table(cases: Any, columns: Sequence[str], where: str) -> Any:
    """The cases as a C-contiguous array of floats, a row for each; the same array if it is one.

    `columns` names each column, and `where` the function, for errors. Raises TypeError for
    anything but numbers, and ValueError for another shape or a number that no float holds, naming
    its case and column.
    """
    width = len(columns)
    if isinstance(cases, (str, bytes, Mapping)) or not hasattr(cases, "__iter__"):
        raise TypeError(f"{where}: cases: expected rows of numbers, got {shown(cases)}")
    if is_masked(cases):
        raise TypeError(
            f"{where}: cases: expected a number everywhere, got a masked array: leave out the "
            f"cases that are masked, or write cases.filled(0.0)"
        )
    plain = type(cases) is np.ndarray and cases.dtype == np.float64 and cases.ndim == 2
    if plain and cases.shape[1] == width and cases.flags.c_contiguous and cases.flags.aligned:
        return cases
    try:
        given = np.asarray(cases)
    except ValueError:  # rows of different lengths
        given = np.empty(0, dtype=object)
    if given.dtype.kind not in "biuf":
        frame = given.dtype == object and given.ndim == 2  # iterating over it doesn't give rows
        given = _converted(given if frame else cases, columns, where)
    if given.ndim != 2 or given.shape[1] != width:
        raise ValueError(
            f"{where}: cases: expected an array of shape (n_cases, {width}), got shape "
            f"{given.shape}"
        )
    table = np.require(given, np.float64, ["C", "A"])
    if given.dtype != np.float64 and given.dtype.kind != "b":
        with np.errstate(invalid="ignore"):
            back = table.astype(given.dtype)
        beyond = table >= BEYOND.get(given.dtype.kind, np.nan)
        lost = np.argwhere(((back != given) & (given == given)) | beyond)
        if len(lost):
            case, column = lost[0]
            raise ValueError(
                f"{where}: cases: no float can hold {given[case, column]!r} in case {case}, "
                f"{columns[column]}"
            )
    return table


def _converted(cases: Any, columns: Sequence[str], where: str) -> Any:
    """Rows of anything that `microbp.Value` accepts, converted one number at a time."""
    rows = []
    for case, row in enumerate(cases):
        if isinstance(row, (str, bytes, Mapping)) or not hasattr(row, "__iter__"):
            raise TypeError(
                f"{where}: cases: expected a row of numbers as case {case}, got {shown(row)}"
            )
        xs = list(row)
        if len(xs) != len(columns):
            raise ValueError(
                f"{where}: cases: expected {len(columns)} columns, got {len(xs)} in case {case}"
            )
        pairs = zip(xs, columns, strict=True)
        rows.append([number(x, f"{where}: cases: case {case}, {column}") for x, column in pairs])
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(columns))
