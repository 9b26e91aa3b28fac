"""Parity, PDP chapter 8: on if an odd number of bits is on. For two bits it is exclusive or."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

from microbp._support.coerce import whole_number
from microbp.experiments.case_report import CaseReport
from microbp.experiments.experiment import Experiment
from microbp.nn import Net
from microbp.optim import Momentum
from microbp.training import Case, train


def cases(bits: int = 4) -> list[Case]:
    """All rows of this many bits, with target 1 if an odd number of them is on."""
    bits = whole_number(bits, "parity: bits", 1, 16)  # of twice as many rows with each
    return [(row, [float(sum(row) % 2)]) for row in product([0.0, 1.0], repeat=bits)]


def parity(
    seed: int = 1,
    sweeps: int = 3000,
    lr: float = 0.5,
    momentum: float = 0.9,
    init: float = 1.0,
    hidden: int = 4,
    bits: int = 4,
    **how: Any,
) -> CaseReport:
    """Train a net to tell whether an odd number of its inputs is on.

    The neighbors of each row, those that differ in one bit, all have the other answer. As many
    hidden units as bits are enough: they can count.
    """
    every = cases(bits)
    net = Net(bits, rng=random.Random(seed), init=init).add("hidden", hidden).add("output", 1)
    history = train(net, every, Momentum(net.parameters(), lr, momentum), sweeps=sweeps, **how)
    reported = "2,825 sweeps" if (bits, hidden) == (4, 4) else ""
    return CaseReport(net, history, every, reported)


run = Experiment(
    parity,
    "parity",
    title="Parity (PDP ch. 8)",
    settings={"bits": "how many bits"},
    study={"sweeps": 10_000},
)
