"""CasADi, whose graph is symbolic: each step builds it, derives it and evaluates both.

That is what a step costs where the graph is new each time, as it is for all the others.
CasADi's own way is to build once and evaluate often.
"""

from __future__ import annotations

import casadi

from benchmarks.adapters.base import BaseAdapter, composed_sigmoid
from benchmarks.workload import Workload


def relu(x: casadi.SX) -> casadi.SX:
    return casadi.fmax(x, 0.0)


class Adapter(BaseAdapter):
    parts = ()
    constant = float
    exp = staticmethod(casadi.exp)
    log = staticmethod(casadi.log)
    tanh = staticmethod(casadi.tanh)
    sigmoid = staticmethod(composed_sigmoid(casadi.exp))
    relu = staticmethod(relu)

    def prepare(self, workload: Workload) -> None:
        self.numbers = workload.numbers()
        self.write = workload.loss

    def forward(self) -> None:
        self.symbols = [casadi.SX.sym("x") for _ in self.numbers]
        self.expression = self.write(self, self.symbols)

    def backward(self) -> None:
        symbols = casadi.vertcat(*self.symbols)
        both = [self.expression, casadi.gradient(self.expression, symbols)]
        self.root, self.derivatives = casadi.Function("step", [symbols], both)(self.numbers)

    def drop(self) -> None:
        del self.symbols, self.expression, self.root, self.derivatives

    def loss(self) -> float:
        return float(self.root)

    def gradient(self) -> list[float]:
        return [float(d) for d in self.derivatives.full().ravel()]
