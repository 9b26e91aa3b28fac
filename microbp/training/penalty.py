"""L1 and L2 penalties: what large weights add to E."""

from __future__ import annotations

import math

from microbp.core.engine import Value


class Penalty:
    """l1 sum |w| + l2 sum w^2, over all weights and biases that are trained."""

    def __init__(self, parameters: list[Value], l1: float, l2: float) -> None:
        self._parameters, self.l1, self.l2 = parameters, l1, l2

    def __str__(self) -> str:
        return f"l1 = {self.l1!r}, l2 = {self.l2!r}"

    def value(self) -> float:
        """What it adds to E."""
        numbers = [p.data for p in self._parameters]
        return self.l1 * sum(map(abs, numbers)) + self.l2 * sum(x * x for x in numbers)

    def add_gradient(self, share: float = 1.0) -> float:
        """Add a share of its gradient to that of the parameters; returns what that adds to E.

        The derivative of |w| at 0 is 0.
        """
        l1, twice = share * self.l1, share * 2.0 * self.l2
        for p in self._parameters:
            x = p.data
            p.grad += twice * x + (math.copysign(l1, x) if x else 0.0)
        return share * self.value()
