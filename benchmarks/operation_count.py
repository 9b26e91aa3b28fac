"""How many operations a workload has: the divisor of every time per operation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.workload import Workload


class _Counted:
    """Stands in for a number; each operation on it is counted."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter

    def _operation(self, _: object = None) -> _Counted:
        self.counter.operations += 1
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _operation
    __truediv__ = __rtruediv__ = __pow__ = __neg__ = _operation


class Counter:
    """Operations that are counted but not computed; an n-ary one counts as all it replaces."""

    def __init__(self) -> None:
        self.operations = 0

    def constant(self, x: float) -> _Counted:
        return _Counted(self)

    def exp(self, x: _Counted) -> _Counted:
        return x._operation()

    log = tanh = sigmoid = relu = exp

    def dot(self, weights: Sequence[_Counted], activities: Sequence[Any], bias: Any) -> _Counted:
        self.operations += 2 * len(weights)
        return weights[0]

    def total(self, terms: Sequence[_Counted]) -> _Counted:
        self.operations += len(terms)
        return terms[0]

    def logsumexp(self, terms: Sequence[_Counted]) -> _Counted:
        self.operations += 2 * len(terms) + 1
        return terms[0]


def count_operations(workload: Workload) -> int:
    """How many numbers are computed on the way to the loss, leaves and constants apart."""
    counter = Counter()
    numbers = [counter.constant(x) for x in workload.numbers()]
    if workload.replay is None:
        workload.loss(counter, numbers)
        return counter.operations
    cases = workload.replay.cases()
    workload.replay.error(counter, numbers, [counter.constant(x) for x in cases[0]])
    return counter.operations * len(cases)
