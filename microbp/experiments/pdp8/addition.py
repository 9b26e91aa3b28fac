"""Addition, PDP chapter 8: two numbers of two bits, and their sum in three."""

from __future__ import annotations

from typing import Any

from microbp.experiments.case_report import CaseReport
from microbp.experiments.experiment import Experiment
from microbp.experiments.pdp8.nets import layered_net
from microbp.optim import Momentum
from microbp.training import Case, train


def bits(number: int, width: int) -> list[float]:
    """A number's binary digits, the highest first.

    >>> bits(6, width=4)
    [0.0, 1.0, 1.0, 0.0]
    """
    return [float(number >> place & 1) for place in reversed(range(width))]


CASES: list[Case] = [(bits(a, 2) + bits(b, 2), bits(a + b, 3)) for a in range(4) for b in range(4)]
"""All 16 sums, 0 + 0 to 3 + 3."""


class Addition(CaseReport):
    """A run: its cases are shown as sums."""

    def shown(self, inputs: Any) -> str:
        a, b, c, d = map(int, inputs)
        return f"{2 * a + b} + {2 * c + d}"


def addition(
    seed: int = 0,
    sweeps: int = 1000,
    lr: float = 0.25,
    momentum: float = 0.9,
    init: float = 0.5,
    hidden: int = 3,
    direct: int = 1,
    **how: Any,
) -> Addition:
    """Train a net to add two numbers of two bits each.

    The inputs feed the outputs directly and through hidden units, which have to find out about
    the carry.
    """
    net = layered_net(4, hidden, 3, seed=seed, init=init, direct=direct)
    history = train(net, CASES, Momentum(net.parameters(), lr, momentum), sweeps=sweeps, **how)
    return Addition(net, history, CASES)


run = Experiment(
    addition,
    "addition",
    title="Addition (PDP ch. 8)",
    settings={"direct": "1: the inputs also feed the outputs"},
    study={"sweeps": 10_000},
)
