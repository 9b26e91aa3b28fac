"""Negation, PDP chapter 8: one bit says whether three others come out as they are or inverted."""

from __future__ import annotations

from itertools import product
from typing import Any

from microbp.experiments.case_report import CaseReport
from microbp.experiments.experiment import Experiment
from microbp.experiments.pdp8.nets import layered_net
from microbp.optim import Momentum
from microbp.training import Case, train

CASES: list[Case] = [
    ([negate, *bits], [float(bit != negate) for bit in bits])
    for negate in (0.0, 1.0)
    for bits in product([0.0, 1.0], repeat=3)
]
"""All 16: the negation bit and three bits; these, or their opposites."""


def negation(
    seed: int = 1,
    sweeps: int = 500,
    lr: float = 0.3,
    momentum: float = 0.9,
    init: float = 0.5,
    hidden: int = 6,
    direct: int = 1,
    **how: Any,
) -> CaseReport:
    """Train a net to output three bits as they are or, if a fourth bit is on, inverted.

    Each output is the exclusive or of a bit and the negation bit. The net is not told which of
    its four inputs is the one that negates.
    """
    net = layered_net(4, hidden, 3, seed=seed, init=init, direct=direct)
    history = train(net, CASES, Momentum(net.parameters(), lr, momentum), sweeps=sweeps, **how)
    return CaseReport(net, history, CASES)


run = Experiment(
    negation,
    "negation",
    title="Negation (PDP ch. 8)",
    settings={"direct": "1: the inputs also feed the outputs"},
    study={"sweeps": 10_000},
)
