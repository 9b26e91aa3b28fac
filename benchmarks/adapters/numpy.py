"""The nets by hand in NumPy: all cases at once, a matrix product for each layer there and back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.adapters.base import Prepared
from benchmarks.adapters.numpy_gpt import GptByHand
from benchmarks.workload import Workload
from benchmarks.workloads.layered import Shape
from benchmarks.workloads.replay import DOCUMENTS, SHAPES

Array = NDArray[np.float64]


def matrices(shape: Shape, numbers: list[float]) -> dict[str, tuple[Array, Array]]:
    """Of each layer the weights, with a column for each unit, and the biases."""
    found, at = {}, 0
    for layer in shape.layers:
        rows = shape.fed(layer) + 1
        end = at + rows * layer.units
        units = np.array(numbers[at:end]).reshape(layer.units, rows)
        found[layer.name] = np.ascontiguousarray(units[:, :-1].T), units[:, -1].copy()
        at = end
    return found


def columns(shape: Shape, workload: Workload) -> dict[str, Array]:
    """The cases by the names of the groups of inputs, and of the last layer for the targets."""
    assert workload.replay is not None
    cases, at, found = np.array(workload.replay.cases()), 0, {}
    for name, size in {**shape.inputs, shape.layers[-1].name: shape.layers[-1].units}.items():
        found[name] = np.ascontiguousarray(cases[:, at : at + size])
        at += size
    return found


class Adapter:
    def prepared(self, workload: Workload) -> Prepared:
        if workload.name in DOCUMENTS:
            return GptByHand(workload, DOCUMENTS[workload.name])
        return _ByHand(SHAPES[workload.name], workload)


class _ByHand:
    def __init__(self, shape: Shape, workload: Workload) -> None:
        self.matrices = matrices(shape, workload.numbers())
        self.inputs = columns(shape, workload)
        self.output = shape.layers[-1].name
        self.targets = self.inputs.pop(self.output)
        self.plan = [
            (layer.name, layer.of, [s for s in layer.of if s not in shape.inputs])
            for layer in shape.layers
        ]
        """Each layer, what feeds it, and which of these are layers themselves."""
        sizes = {layer.name: layer.units for layer in shape.layers}
        self.sizes = {**shape.inputs, **sizes}

    def step(self) -> None:
        """Equations (1) to (7)."""
        found = dict(self.inputs)
        fed: dict[str, Array] = {}
        for name, sources, _ in self.plan:
            weights, biases = self.matrices[name]
            if len(sources) == 1:
                x = found[sources[0]]
            else:
                x = np.concatenate([found[source] for source in sources], axis=1)
            fed[name] = x
            y = x @ weights
            y += biases
            np.negative(y, out=y)
            np.exp(y, out=y)
            y += 1.0
            found[name] = np.reciprocal(y, out=y)
        errors = found[self.output] - self.targets
        self.error = 0.5 * np.vdot(errors, errors)
        slopes = {self.output: errors}
        self.derivatives = {}
        for name, sources, layers in reversed(self.plan):
            y, d = found[name], slopes[name]
            d = d * y
            d *= 1.0 - y
            self.derivatives[name] = fed[name].T @ d, d.sum(axis=0)
            if layers:  # none is fed by both a layer and an input, and none feeds two
                back, at = d @ self.matrices[name][0].T, 0
                for source in sources:
                    end = at + self.sizes[source]
                    slopes[source] = back[:, at:end]
                    at = end

    def loss(self) -> float:
        return float(self.error)

    def gradient(self) -> list[float]:
        """Unit by unit its weights and then its bias, as the numbers are."""
        found: list[float] = []
        for name, _, _ in self.plan:
            weights, biases = self.derivatives[name]
            for column, bias in zip(weights.T, biases, strict=True):
                found += [*map(float, column), float(bias)]
        return found
