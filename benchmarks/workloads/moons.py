"""micrograd's demo: a 2-16-16-1 net of relu units tells two half-moons apart."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from benchmarks.workload import Nary, NaryOperations, Operations, Pairwise, Sums, Workload

SHAPE = (2, 16, 16, 1)
DECAY = 1e-4


def half_moons(points: int, noise: float, rng: random.Random) -> list[tuple[list[float], int]]:
    """Points on two half circles that interlock, each with its label, -1 or 1."""
    cases = []
    for i in range(points):
        label = 1 if i % 2 else -1
        angle = rng.uniform(0.0, math.pi)
        x, y = math.cos(angle), math.sin(angle)
        if label == 1:
            x, y = 1.0 - x, 0.5 - y
        cases.append(([x + rng.gauss(0.0, noise), y + rng.gauss(0.0, noise)], label))
    return cases


CASES = half_moons(100, 0.1, random.Random(1))


def _initial() -> list[float]:
    """Unit by unit its weights, from -1 to 1, and its bias of 0."""
    rng = random.Random(2)
    numbers = []
    for inputs, units in pairwise(SHAPE):
        for _ in range(units):
            numbers += [rng.uniform(-1.0, 1.0) for _ in range(inputs)] + [0.0]
    return numbers


def _layers(numbers: Sequence[Any]) -> list[list[tuple[Sequence[Any], Any]]]:
    """The flat numbers as layers of units, (weights, bias) each."""
    layers, at = [], 0
    for inputs, units in pairwise(SHAPE):
        layer = []
        for _ in range(units):
            layer.append((numbers[at : at + inputs], numbers[at + inputs]))
            at += inputs + 1
        layers.append(layer)
    return layers


def _loss(ops: Operations, sums: Sums, numbers: Sequence[Any]) -> Any:
    """The mean hinge loss over all cases, plus weight decay."""
    *hidden, (output,) = _layers(numbers)
    losses = []
    for point, label in CASES:
        activities = [ops.constant(x) for x in point]
        for layer in hidden:
            activities = [ops.relu(sums.dot(w, activities, b)) for w, b in layer]
        score = sums.dot(output[0], activities, output[1])
        losses.append(ops.relu(1 + -label * score))
    data_loss = sums.total(losses) * (1.0 / len(losses))
    return data_loss + DECAY * sums.dot(numbers, numbers)


def _pairwise(ops: Operations, numbers: Sequence[Any]) -> Any:
    return _loss(ops, Pairwise(ops), numbers)


def _nary(ops: NaryOperations, numbers: Sequence[Any]) -> Any:
    return _loss(ops, Nary(ops), numbers)


MOONS = Workload("moons", "micrograd's demo, written as it is there", _initial, _pairwise)
MOONS_NARY = Workload("moons-dot", "micrograd's demo, with `dot`", _initial, _nary, nary=True)
