"""Plain Python floats: the floor for anything that computes in Python, without a gradient.

They are also what every other contender's loss and gradient are held against, the gradient by
a difference along one direction.
"""

from __future__ import annotations

import math
import operator

from benchmarks.adapters.base import BaseAdapter, composed_sigmoid


def relu(x: float) -> float:
    return x if x > 0.0 else 0.0


class Adapter(BaseAdapter):
    parts = ("forward",)
    nary = True
    leaf = float
    constant = float
    exp = staticmethod(math.exp)
    log = staticmethod(math.log)
    tanh = staticmethod(math.tanh)
    sigmoid = staticmethod(composed_sigmoid(math.exp))
    relu = staticmethod(relu)
    total = staticmethod(sum)

    @staticmethod
    def dot(weights: list[float], activities: list[float], bias: float) -> float:
        return sum(map(operator.mul, weights, activities), bias)

    @staticmethod
    def logsumexp(terms: list[float]) -> float:
        return math.log(sum(map(math.exp, terms)))

    def backward(self) -> None:
        """There is no graph to go back through."""

    def loss(self) -> float:
        return float(self.root)

    def gradient(self) -> list[float]:
        raise NotImplementedError("floats have no gradient; see slope")

    def slope(self, direction: list[float]) -> float:
        """The derivative of the loss along a direction, as a central difference."""
        h = 1e-6
        up, down = (
            self.write(self, [x + s * d for x, d in zip(self.leaves, direction, strict=True)])
            for s in (h, -h)
        )
        return float((up - down) / (2.0 * h))
