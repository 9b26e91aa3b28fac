"""The encoder, PDP chapter 8: eight patterns through three units and out again."""

from __future__ import annotations

import random
from typing import Any

from microbp.core.grad_mode import no_grad
from microbp.experiments.case_report import CaseReport
from microbp.experiments.experiment import Experiment
from microbp.nn import Net
from microbp.optim import Momentum
from microbp.training import Case, train


def cases(size: int = 8) -> list[Case]:
    """As many patterns as units, with one unit on in each; the targets are the same."""
    patterns = [[float(i == j) for j in range(size)] for i in range(size)]
    return [(pattern, pattern) for pattern in patterns]


class Encoder(CaseReport):
    """A run: the code of the hidden units."""

    def codes(self) -> list[list[float]]:
        """The activities of the hidden units for each pattern."""
        with no_grad():
            return [
                [y.data for y in self.net.activities(pattern)["hidden"]]
                for pattern, _ in self.cases
            ]

    def binary(self) -> int:
        """The number of different codes if each unit counts as on or off."""
        return len({tuple(y > 0.5 for y in code) for code in self.codes()})

    def between(self) -> int:
        """The number of activities in the codes that are neither on nor off: from 0.25 to 0.75."""
        return sum(0.25 <= y <= 0.75 for code in self.codes() for y in code)

    def numbers(self) -> dict[str, Any]:
        """How well it did, and what the code is like."""
        return {**super().numbers(), "binary": self.binary(), "between": self.between()}

    def lines(self) -> list[tuple[str, str]]:
        return [
            *super().lines(),
            ("binary codes", f"{self.binary()} different ones for {len(self.cases)} patterns"),
        ]

    def tables(self) -> list[str]:
        rows = [
            f"{number:<10}" + "".join(f"{y:9.2f}" for y in code)
            for number, code in enumerate(self.codes(), 1)
        ]
        heads = [f"{unit.label:>9}" for unit in self.net.layers["hidden"].neurons]
        return ["\n".join(["pattern   " + "".join(heads), *rows])]

    def verdict(self) -> str:
        if self.history[-1].right < len(self.cases):
            return super().verdict()
        if self.binary() == len(self.cases):
            return "This seed has found a binary code: on or off, each pattern has its own."
        return (
            "This seed gets all patterns right, with a code that is not just on and off: "
            f"{self.between()} numbers in it lie between."
        )


def encoder(
    seed: int = 1,
    sweeps: int = 1500,
    lr: float = 0.1,
    momentum: float = 0.9,
    init: float = 0.5,
    hidden: int = 3,
    size: int = 8,
    **how: Any,
) -> Encoder:
    """Train a net to output each of eight patterns again, through three hidden units.

    In each pattern one unit is on. Three units that are on or off can just tell eight patterns
    apart, by a binary code, which the net has to find.
    """
    every = cases(size)
    net = Net(size, rng=random.Random(seed), init=init).add("hidden", hidden).add("output", size)
    history = train(net, every, Momentum(net.parameters(), lr, momentum), sweeps=sweeps, **how)
    return Encoder(net, history, every)


run = Experiment(
    encoder,
    "encoder",
    title="Encoder (PDP ch. 8)",
    settings={"size": "how many patterns"},
    study={"sweeps": 10_000},
)
