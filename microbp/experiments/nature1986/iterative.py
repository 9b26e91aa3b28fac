"""Iterative nets, the paper's Fig. 5: a net that runs for some steps is a layered net, unrolled.

Each step is a layer, and all layers have the same weights. Back-propagation needs the output of
every unit at every step: the graph keeps them. The example is a shift register: its units are to
move a row of bits around, one place a step.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import product
from typing import Any

from microbp.core.engine import Value, leaves
from microbp.core.functions import Scalar
from microbp.core.grad_mode import no_grad
from microbp.experiments.case_report import CaseReport
from microbp.experiments.experiment import Experiment
from microbp.experiments.result import Picture, table
from microbp.experiments.tied import TiedNet, momentum_for
from microbp.nn import Layer
from microbp.plots import hinton
from microbp.training import Case, train


class Iterated(TiedNet):
    """Units that all feed one another, step after step, and may be fed from outside as well.

    outside: the names of what feeds them from outside, if anything does.

    >>> net = Iterated(3, steps=2, rng=random.Random(0), init=0.3)
    >>> len(net.parameters()), len(net([1.0, 0.0, 0.0])), len(net.states([1.0, 0.0, 0.0], []))
    (12, 3, 3)
    """

    def __init__(
        self,
        units: int,
        steps: int,
        *,
        rng: random.Random,
        init: float,
        outside: Sequence[str] = (),
    ) -> None:
        self.steps = steps
        self.outside = list(outside)
        sources = [*outside, *(f"unit{i}" for i in range(1, units + 1))]
        self.layer = Layer(len(sources), units, rng=rng, init=init, name="unit", sources=sources)
        self.weights = self.layer.parameters()
        self.copies = [steps] * len(self.weights)

    def ranges(self) -> list[float | None]:
        return self.layer.ranges()

    def states(
        self, start: Sequence[Scalar], fed: Sequence[Sequence[Scalar]]
    ) -> list[Sequence[Scalar]]:
        """The outputs of the units at the start and after each step.

        fed: the outside inputs at the first steps; they are 0 after that.
        """
        found: list[Sequence[Scalar]] = [start]
        silent = [0.0] * len(self.outside)
        for step in range(self.steps):
            now = fed[step] if step < len(fed) else silent
            found.append(self.layer([*now, *found[-1]]))
        return found

    def __call__(self, inputs: Sequence[Scalar]) -> list[Value]:
        """The outputs of the units after the last step, with the inputs as their first outputs."""
        return leaves(self.states(inputs, [])[-1], "Value")


def cases(units: int, steps: int) -> list[Case]:
    """Every row of bits, and the same row after so many steps, each one place to the left.

    >>> cases(3, steps=1)[1]
    ([0.0, 0.0, 1.0], [0.0, 1.0, 0.0])
    """
    rows = product([0.0, 1.0], repeat=units)
    return [(list(row), _shifted(row, steps)) for row in rows]


def _shifted(row: Sequence[float], steps: int) -> list[float]:
    places = steps % len(row)
    return [*row[places:], *row[:places]]


class ShiftRegister(CaseReport):
    """A run: what the units do in a single step."""

    def kind(self) -> str:
        """What one step does: "shift", "negative" if it also inverts the bits, or "other".

        Two negative steps are a shift by two places as well. "failed" if a case is wrong at the
        end.
        """
        if self.history[-1].right < self.history.cases:
            return "failed"
        with no_grad():
            on = [[y > 0.5 for y in self.net.layer(row)] for row, _ in self.cases]
        one_step = cases(len(self.net.layer.neurons), steps=1)
        shifted = [[bool(x) for x in targets] for _, targets in one_step]
        if on == shifted:
            return "shift"
        return "negative" if on == [[not x for x in row] for row in shifted] else "other"

    def numbers(self) -> dict[str, Any]:
        """What a step does, and how well the run did."""
        return {"kind": self.kind(), **super().numbers()}

    def tables(self) -> list[str]:
        return [table(self.net.layer), self.cases_table()]

    def pictures(self) -> dict[str, Picture]:
        return {"weights": (lambda ax: weights(self.net, ax), (5.0, 4.4)), **super().pictures()}

    def verdict(self) -> str:
        steps = self.net.steps
        return {
            "failed": super().verdict(),
            "shift": "This seed has found a shift register: each step moves the bits one place.",
            "negative": "This seed has found a negative shift register: each step moves the bits "
            f"one place and turns them over, which {steps} steps make up for.",
            "other": f"This seed is right after {steps} steps; what it does in between is no "
            "shift by one place.",
        }[self.kind()]


def weights(net: Iterated, ax: Any = None) -> Any:
    """The weights as a Hinton diagram: a row for each unit, a column for each source."""
    units = [unit.label for unit in net.layer.neurons]
    matrix = [[p.data for p in unit.parameters()] for unit in net.layer.neurons]
    return hinton(matrix, ax, rows=units, columns=[*net.outside, *units, "bias"])


def iterative(
    seed: int = 1,
    sweeps: int = 500,
    lr: float = 0.25,
    momentum: float = 0.9,
    init: float = 0.3,
    units: int = 3,
    steps: int = 2,
    rule: str = "averaged",
    **how: Any,
) -> ShiftRegister:
    """Train the units of a shift register, which run for some steps.

    They start as a row of bits, each unit feeds all units, itself as well, and after the last
    step the row is to have moved round by as many places as there were steps. Nothing is said of
    the steps between. A weight has a copy at every step; the paper averages dE/dw over the
    copies, while a graph sums it.
    """
    if units < 1 or steps < 1:
        raise ValueError(f"expected at least 1 unit and 1 step, got {units} and {steps}")
    net = Iterated(units, steps, rng=random.Random(seed), init=init)
    every = cases(units, steps)
    history = train(net, every, momentum_for(net, rule, lr, momentum), sweeps=sweeps, **how)
    return ShiftRegister(net, history, every)


run = Experiment(
    iterative,
    "iterative",
    title="Shift register, an iterative net (Fig. 5)",
    settings={
        "units": "how many bits go round",
        "steps": "how long the net runs",
        "rule": "of the copies' gradients: averaged, or summed",
    },
    study={"sweeps": 2000},
)
