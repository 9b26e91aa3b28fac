"""What an optimizer's step does to each parameter. The compiled engine has the same in C.

Parameters are leaves; what is remembered of earlier steps is an array with a number for each,
and is changed in place.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable

from microbp.core.python.value import Value


def zero_grads(parameters: Iterable[Value]) -> None:
    """Set every gradient to 0."""
    for p in parameters:
        p.grad = 0.0


def descend(parameters: list[Value], lr: float, shrink: float) -> None:
    """Equation (8), Δw = -ε ∂E/∂w with ε = lr; each weight is then multiplied by `shrink`."""
    for p in parameters:
        p.data = (p.data - lr * p.grad) * shrink


def gather_momentum(
    parameters: list[Value], velocity: array[float], lr: float, momentum: float, shrink: float
) -> None:
    """Equation (9), Δw(t) = -ε ∂E/∂w(t) + α Δw(t-1), with ε = lr, α = momentum.

    The latest change of each weight is kept in `velocity`.
    """
    for i, p in enumerate(parameters):
        velocity[i] = momentum * velocity[i] - lr * p.grad
        p.data = (p.data + velocity[i]) * shrink


def adapt(
    parameters: list[Value],
    mean: array[float],
    square: array[float],
    steps: int,
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    shrink: float,
) -> None:
    """Adam's step number `steps`, counted from 1, with the running means in `mean` and `square`."""
    lr = lr / (1.0 - beta1**steps)
    unbiased = 1.0 - beta2**steps
    for i, p in enumerate(parameters):
        mean[i] = beta1 * mean[i] + (1.0 - beta1) * p.grad
        square[i] = beta2 * square[i] + (1.0 - beta2) * p.grad * p.grad
        change = -lr * mean[i] / (math.sqrt(square[i] / unbiased) + eps)
        p.data = (p.data + change) * shrink
