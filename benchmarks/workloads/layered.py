"""Layered nets of sigmoid units, for workloads that repeat one graph over many cases.

Written once over any contender's numbers, and given as a shape to those that are written by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.workload import Operations, sums


@dataclass(frozen=True)
class Layer:
    """Units that are fed by all of the sources, in this order."""

    name: str
    units: int
    of: tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """Groups of inputs by name and size, then layers; the last is the output."""

    inputs: dict[str, int]
    layers: tuple[Layer, ...]

    def fed(self, layer: Layer) -> int:
        """How many inputs each unit of a layer has, the bias apart."""
        sizes = {**self.inputs, **{each.name: each.units for each in self.layers}}
        return sum(sizes[source] for source in layer.of)

    @property
    def parameters(self) -> int:
        return sum(layer.units * (self.fed(layer) + 1) for layer in self.layers)

    @property
    def width(self) -> int:
        """How many inputs a case has; its targets come after them."""
        return sum(self.inputs.values())

    def error(self, ops: Operations, numbers: Sequence[Any], case: Sequence[Any]) -> Any:
        """Equation (3) for one case: half the sum of the squared errors."""
        found: dict[str, list[Any]] = {}
        at = 0
        for name, size in self.inputs.items():
            found[name] = [*case[at : at + size]]
            at += size
        targets, at = case[at:], 0
        for layer in self.layers:
            activities = [y for source in layer.of for y in found[source]]
            step = len(activities) + 1
            units = [numbers[at + j * step : at + (j + 1) * step] for j in range(layer.units)]
            at += layer.units * step
            found[layer.name] = [
                ops.sigmoid(sums(ops).dot(unit[:-1], activities, unit[-1])) for unit in units
            ]
        errors = [y - d for y, d in zip(found[self.layers[-1].name], targets, strict=True)]
        return sums(ops).total([e * e for e in errors]) * 0.5
