"""XAD's Python binding: numbers with a slot each on a tape in C++."""

from __future__ import annotations

import xad.math
from xad.adj_1st import Real, Tape

from benchmarks.adapters.base import BaseAdapter, composed_sigmoid
from benchmarks.workload import Workload


def relu(x: Real) -> Real:
    return xad.math.max(x, 0.0)


class Adapter(BaseAdapter):
    leaf = Real
    constant = float
    exp = staticmethod(xad.math.exp)
    log = staticmethod(xad.math.log)
    tanh = staticmethod(xad.math.tanh)
    sigmoid = staticmethod(composed_sigmoid(xad.math.exp))
    relu = staticmethod(relu)

    def prepare(self, workload: Workload) -> None:
        if not Tape.getActive():
            self.tape = Tape()
            self.tape.activate()
        self.numbers = workload.numbers()
        self.write = workload.loss

    def forward(self) -> None:
        # New leaves on a cleared tape: a tape that is only rewound grows from step to step.
        self.leaves = [Real(x) for x in self.numbers]
        self.tape.registerInputs(self.leaves)
        self.tape.newRecording()
        self.root = self.write(self, self.leaves)

    def backward(self) -> None:
        self.tape.registerOutput(self.root)
        self.root.derivative = 1.0
        self.tape.computeAdjoints()

    def drop(self) -> None:
        del self.leaves, self.root
        self.tape.clearAll()

    def loss(self) -> float:
        return float(self.root.value)

    def gradient(self) -> list[float]:
        return [float(leaf.derivative) for leaf in self.leaves]
