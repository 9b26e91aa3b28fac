"""CasADi in its own way: a Function is built once, and its virtual machine runs it often.

In scalars (SX), from the work as all others write it: with the cases in the expression, where
their 0s and 1s cost nothing, as long as it does not grow too long to build, else mapped over the
cases. And in matrices (MX), by hand.
"""

from __future__ import annotations

from typing import Any

import casadi
import numpy as np

from benchmarks.counting import operations
from benchmarks.peers.casadi import Peer as Scalars
from benchmarks.work import Work
from benchmarks.works.layered import Shape
from benchmarks.works.replays import SHAPES

LONG = 200_000  # operations, which take some ten seconds to build


class Peer(Scalars):
    """One way to write: "scalars" or "matrices"."""

    def __init__(self, written: str = "scalars") -> None:
        self.matrices = written == "matrices"

    def prepared(self, work: Work) -> _Buffered:
        if self.matrices:
            return _Buffered(_in_matrices(SHAPES[work.name], work), work)
        return _Buffered(self._in_scalars(work), work)

    def _in_scalars(self, work: Work) -> casadi.Function:
        assert work.replay is not None
        cases, error = work.replay.cases(), work.replay.error
        numbers = casadi.SX.sym("numbers", len(work.numbers()))
        leaves = casadi.vertsplit(numbers)
        if operations(work) <= LONG:
            loss = sum(error(self, leaves, [casadi.SX(x) for x in case]) for case in cases)
            return _with_gradient(loss, numbers)
        case = casadi.SX.sym("case", len(cases[0]))
        one = _with_gradient(error(self, leaves, casadi.vertsplit(case)), numbers, case)
        return one.map("all", "serial", len(cases), [0], [0, 1], {})


def _with_gradient(loss: Any, numbers: Any, *rest: Any) -> casadi.Function:
    both = [loss, casadi.gradient(loss, numbers)]
    return casadi.Function("step", [numbers, *rest], both)


def _in_matrices(shape: Shape, work: Work) -> casadi.Function:
    """A column for each case."""
    assert work.replay is not None
    cases = np.array(work.replay.cases())
    numbers = casadi.MX.sym("numbers", len(work.numbers()))
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

    def __init__(self, function: Any, work: Work) -> None:
        assert work.replay is not None
        self.function = function
        buffers, self.step = function.buffer()
        self.kept = [np.array(work.numbers()), np.array(work.replay.cases()).ravel()]
        self.results = [np.zeros(1), np.zeros(len(work.numbers()))]
        for i in range(function.n_in()):
            buffers.set_arg(i, self.kept[i].data)
        for i, result in enumerate(self.results):
            buffers.set_res(i, result.data)
        self.buffers = buffers

    def loss(self) -> float:
        return float(self.results[0][0])

    def gradient(self) -> list[float]:
        return [float(d) for d in self.results[1]]
