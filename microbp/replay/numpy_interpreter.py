"""Replay in NumPy: each operation of a recording over all cases at once, by its own formula.

It runs without a compiler; with one, it still finds the node and case where something went wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from microbp.core import floats
from microbp.core.ops import DomainError, Op
from microbp.replay.array_namespace import Arrays, one_by_one
from microbp.replay.recording import Recording

SPECIAL = ("erf", "erfc", "lgamma", "digamma")
"""What NumPy lacks."""
arrays = Arrays(np, {name: one_by_one(getattr(floats, name)) for name in SPECIAL})
"""The namespace m of NumPy arrays."""


class NumpyReplay:
    """One replay of a recording: every node's value in each case, and then its adjoint.

    first: the number of the first case, for messages. Raises DomainError, naming the case, where
    an operation has no value.
    """

    def __init__(self, recording: Recording, cases: Any, weights: Any, first: int = 0) -> None:
        self.recording = recording
        self.first = first
        self.cases = len(cases)
        self.values: list[Any] = [*cases.T, *weights, *recording.constants]
        with np.errstate(all="ignore"):
            for number, op, operands in recording.operations():
                xs = [self.values[operand] for operand in operands]
                self.values.append(self._value(number, op, xs))

    def _value(self, number: int, op: Op, xs: list[Any]) -> Any:
        if not any(isinstance(x, np.ndarray) for x in xs):
            self._check(number, op, xs)
            return op.value(floats, *xs)
        if op.builtin:
            y = np.broadcast_to(op.value(arrays, *xs), self.cases)
            if op.domain is not None:
                # A finite result proves nothing: (-inf) ** -0.5 has no value, and C gives 0 for it.
                fine = np.logical_and.reduce([np.isfinite(x) for x in np.broadcast_arrays(y, *xs)])
                self._check_cases(number, op, xs, np.flatnonzero(~fine))
            return y
        self._check_cases(number, op, xs, range(self.cases))
        return np.array([float(op.value(floats, *case)) for case in self._by_case(xs)], dtype=float)

    def _by_case(self, xs: Sequence[Any]) -> list[tuple[float, ...]]:
        columns = [np.broadcast_to(x, self.cases).tolist() for x in xs]
        return list(zip(*columns, strict=True)) if xs else [()] * self.cases

    def _check_cases(self, number: int, op: Op, xs: Sequence[Any], cases: Any) -> None:
        for case in cases:
            at = [float(x[case] if isinstance(x, np.ndarray) else x) for x in xs]
            self._check(number, op, at, f", in case {self.first + case}")

    def _check(self, number: int, op: Op, xs: Sequence[float], where: str = "") -> None:
        if op.domain is not None and not op.domain.holds(*xs):
            raise DomainError(f"{self._described(number, xs)}{where}: {op.domain.sentence}")

    def _described(self, number: int, xs: Sequence[float]) -> str:
        """An operation with its operands: `log(w3 = -0.25)`."""
        recording = self.recording
        at = number - recording.leaves
        operands = recording.operands[recording.starts[at] : recording.starts[at + 1]]
        labels = [recording.labels.get(operand) for operand in operands]
        shown = ", ".join(
            f"{label} = {float(x)!r}" if label else repr(float(x))
            for label, x in zip(labels, xs, strict=True)
        )
        return f"{recording.ops[recording.code[at]].name}({shown})"

    def column(self, number: int) -> Any:
        """A node's value in each case."""
        return np.broadcast_to(self.values[number], self.cases)

    def adjoints(self, output: int) -> list[Any]:
        """d output / d node in each case, for every node; 0 where output doesn't depend on it."""
        recording = self.recording
        found: list[Any] = [np.zeros(self.cases) for _ in self.values]
        found[output] = np.ones(self.cases)
        with np.errstate(all="ignore"):
            for number, op, operands in reversed(list(recording.operations())):
                xs = [self.values[operand] for operand in operands]
                adjoint = found[number]
                if not adjoint.any():
                    continue
                partials = self._partials(op, self.values[number], xs)
                for operand, partial in zip(operands, partials, strict=True):
                    # 0 times anything is 0, be it infinite or NaN.
                    none = (adjoint == 0.0) | (np.asarray(partial) == 0.0)
                    found[operand] = found[operand] + np.where(none, 0.0, adjoint * partial)
        return found

    def _partials(self, op: Op, y: Any, xs: list[Any]) -> Any:
        if not isinstance(y, np.ndarray):
            return op.partials(floats, y, *xs)
        if op.builtin:
            whole = [np.broadcast_to(np.asarray(x, dtype=float), self.cases) for x in xs]
            return op.partials(arrays, y, *whole)
        rows = [
            tuple(map(float, op.partials(floats, y_, *case)))
            for y_, case in zip(y.tolist(), self._by_case(xs), strict=True)
        ]
        return np.array(rows, dtype=float).T

    def first_not_finite(self) -> str | None:
        """The first operation whose result is infinite or NaN, and its case; None if none is."""
        for number, _, operands in self.recording.operations():
            bad = ~np.isfinite(self.column(number))
            if bad.any():
                case = int(np.flatnonzero(bad)[0])
                xs = [self.column(operand)[case] for operand in operands]
                y = float(self.column(number)[case])
                label = self.recording.labels.get(number)
                name = f" ({label})" if label else ""
                return f"{self._described(number, xs)} = {y!r}{name}, in case {self.first + case}"
        return None

    def first_adjoint_not_finite(self, adjoints: Sequence[Any]) -> str | None:
        """The first node in the backward pass whose adjoint is infinite or NaN; None if none is."""
        for number in range(len(adjoints) - 1, -1, -1):
            bad = ~np.isfinite(adjoints[number])
            if bad.any():
                case = int(np.flatnonzero(bad)[0])
                adjoint = float(adjoints[number][case])
                return (
                    f"d output / d {self._named(number)} = {adjoint!r}, in case {self.first + case}"
                )
        return None

    def _named(self, number: int) -> str:
        recording = self.recording
        if number in recording.labels:
            return recording.labels[number]
        if number >= recording.leaves:
            return f"a node of {recording.ops[recording.code[number - recording.leaves]].name}"
        return f"input {number}" if number < recording.inputs else f"leaf {number}"
