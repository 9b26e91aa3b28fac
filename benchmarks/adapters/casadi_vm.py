"""CasADi as it is meant to be used: a Function built once, run often by its virtual machine.

In scalars (SX), from the workload as all others write it: with the cases in the expression, where
their 0s and 1s cost nothing, as long as it does not grow too long to build, else mapped over the
cases. And in matrices (MX), by hand.
"""

from __future__ import annotations

from typing import Any

import casadi
import numpy as np

from benchmarks.adapters.casadi import Adapter as Scalars
from benchmarks.operation_count import count_operations
from benchmarks.workload import Workload
from benchmarks.workloads.layered import Shape
from benchmarks.workloads.replay import SHAPES

LONG = 200_000  # operations, which take some ten seconds to build


class Adapter(Scalars):
    """One way to write: "scalars" or "matrices"."""

    def __init__(self, written: str = "scalars") -> None:
        self.matrices = written == "matrices"

    def prepared(self, workload: Workload) -> _Buffered:
        if self.matrices:
            return _Buffered(_in_matrices(SHAPES[workload.name], workload), workload)
        return _Buffered(self._in_scalars(workload), workload)

    def _in_scalars(self, workload: Workload) -> casadi.Function:
        assert workload.replay is not None
        cases, error = workload.replay.cases(), workload.replay.error
        numbers = casadi.SX.sym("numbers", len(workload.numbers()))
        leaves = casadi.vertsplit(numbers)
        if count_operations(workload) <= LONG:
            loss = sum(error(self, leaves, [casadi.SX(x) for x in case]) for case in cases)
            return _with_gradient(loss, numbers)
        case = casadi.SX.sym("case", len(cases[0]))
        one = _with_gradient(error(self, leaves, casadi.vertsplit(case)), numbers, case)
        return one.map("all", "serial", len(cases), [0], [0, 1], {})


def _with_gradient(loss: Any, numbers: Any, *rest: Any) -> casadi.Function:
    both = [loss, casadi.gradient(loss, numbers)]
    return casadi.Function("step", [numbers, *rest], both)


def _in_matrices(shape: Shape, workload: Workload) -> casadi.Function:
    """A column for each case."""
    assert workload.replay is not None
    cases = np.array(workload.replay.cases())
    numbers = casadi.MX.sym("numbers", len(workload.numbers()))
    rows = casadi.MX.sym("cases", cases.shape[1], len(cases))
    found, at = {}, 0
    for name, size in shape.inputs.items():
        found[name] = rows[at : at + size, :]
        at += size
    targets, at = rows[at:, :], 0
    for layer in shape.layers:
        size = shape.fed(layer) + 1
        end = at + size * layer.units
        units = casadi.reshape(numbers[at:end], size, layer.units).T
        at = end
        x = casadi.vertcat(*[found[source] for source in layer.of])
        biases = casadi.repmat(units[:, -1], 1, len(cases))
        totals = casadi.mtimes(units[:, :-1], x) + biases
        found[layer.name] = 1.0 / (1.0 + casadi.exp(-totals))
    loss = 0.5 * casadi.sumsqr(found[shape.layers[-1].name] - targets)
    return _with_gradient(loss, numbers, rows)


class _Buffered:
    """Called through CasADi's buffers, so that nothing is converted at a step."""

    def __init__(self, function: Any, workload: Workload) -> None:
        assert workload.replay is not None
        self.function = function
        buffers, self.step = function.buffer()
        self.kept = [np.array(workload.numbers()), np.array(workload.replay.cases()).ravel()]
        self.results = [np.zeros(1), np.zeros(len(workload.numbers()))]
        for i in range(function.n_in()):
            buffers.set_arg(i, self.kept[i].data)
        for i, result in enumerate(self.results):
            buffers.set_res(i, result.data)
        self.buffers = buffers

    def loss(self) -> float:
        return float(self.results[0][0])

    def gradient(self) -> list[float]:
        return [float(d) for d in self.results[1]]
