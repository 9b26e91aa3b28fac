"""XAD's Python binding: numbers with a slot each on a tape in C++."""

from __future__ import annotations

import xad.math
from xad.adj_1st import Real, Tape

from benchmarks.peers.base import BasePeer, composed_sigmoid
from benchmarks.work import Work


def relu(x: Real) -> Real:
    return xad.math.max(x, 0.0)


class Peer(BasePeer):
    leaf = Real
    constant = float
    exp = staticmethod(xad.math.exp)
    log = staticmethod(xad.math.log)
    tanh = staticmethod(xad.math.tanh)
    sigmoid = staticmethod(composed_sigmoid(xad.math.exp))
    relu = staticmethod(relu)

    def prepare(self, work: Work) -> None:
        if not Tape.getActive():
            self.tape = Tape()
            self.tape.activate()
        self.numbers = work.numbers()
        self.write = work.loss

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
