"""Synthetic graphs: deep, crossed, wide, and with many kinds of operations."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from benchmarks.workload import Operations, Workload


def chain(nodes: int) -> Workload:
    """One product after another, each by the same leaf; the result is near 1/e at any length."""

    def loss(ops: Operations, numbers: Sequence[Any]) -> Any:
        x, factor = numbers
        for _ in range(nodes):
            x = x * factor
        return x

    about = f"{nodes:,} products, one after the other"
    return Workload("chain", about, lambda: [1.0, 1.0 - 1.0 / nodes], loss)


def _lattice(ops: Operations, numbers: Sequence[Any]) -> Any:
    x, y, cosine, sine = numbers
    for _ in range(300):
        x, y = x * cosine - y * sine, x * sine + y * cosine
    return x + y


LATTICE = Workload(
    "lattice",
    "300 small turns of a point: every node is used twice",
    lambda: [1.0, 0.5, 0.9999500004166653, 0.009999833334166664],
    _lattice,
)


def _products(ops: Operations, numbers: Sequence[Any]) -> Any:
    half = len(numbers) // 2
    return sum(w * x for w, x in zip(numbers[:half], numbers[half:], strict=True))


def _weights_and_activities() -> list[float]:
    rng = random.Random(1)
    return [rng.uniform(0.0, 1.0) for _ in range(2_000)]


PRODUCTS = Workload(
    "products", "the sum of 1,000 products of leaves", _weights_and_activities, _products
)


def _mixed(ops: Operations, numbers: Sequence[Any]) -> Any:
    a, b, x = numbers
    for _ in range(150):
        y = ops.tanh(a * x + b)
        z = ops.log(1.0 + ops.exp(y))
        x = (z**2 + 1.0) ** 0.5 / (2.0 - y) - b
    return x


MIXED = Workload(
    "mixed", "exp, log, tanh, powers and quotients, 150 times", lambda: [0.5, 0.1, 0.3], _mixed
)
