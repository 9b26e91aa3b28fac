"""HIPS autograd, with scalars taken from one array of all the numbers.

The two halves of its `grad`, make_vjp and the vjp, are timed apart.
"""

from __future__ import annotations

import autograd
import autograd.numpy as np

from benchmarks.adapters.base import BaseAdapter, composed_sigmoid
from benchmarks.workload import Workload


def relu(x: np.ndarray) -> np.ndarray:
    return np.maximum(x, 0.0)


class Adapter(BaseAdapter):
    constant = float
    exp = staticmethod(np.exp)
    log = staticmethod(np.log)
    tanh = staticmethod(np.tanh)
    sigmoid = staticmethod(composed_sigmoid(np.exp))
    relu = staticmethod(relu)

    def prepare(self, workload: Workload) -> None:
        self.numbers = np.array(workload.numbers())

        def loss(numbers: np.ndarray) -> np.ndarray:
            return workload.loss(self, [numbers[i] for i in range(len(numbers))])

        self.make_vjp = autograd.make_vjp(loss)

    def forward(self) -> None:
        self.vjp, self.root = self.make_vjp(self.numbers)

    def backward(self) -> None:
        self.derivatives = self.vjp(1.0)

    def drop(self) -> None:
        del self.vjp, self.root

    def loss(self) -> float:
        return float(self.root)

    def gradient(self) -> list[float]:
        return [float(d) for d in self.derivatives]
