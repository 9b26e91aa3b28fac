"""Exclusive or, PDP chapter 8: on if exactly one of two bits is on."""

from __future__ import annotations

from itertools import product
from typing import Any

from microbp.experiments.case_report import CaseReport
from microbp.experiments.experiment import Experiment
from microbp.experiments.pdp8.nets import layered_net
from microbp.optim import Momentum
from microbp.training import Case, train


def cases(margin: float = 0.0) -> list[Case]:
    """The four cases; the target is `margin` for off and 1 - margin for on.

    >>> cases(0.1)[1]
    ((0.0, 1.0), [0.9])
    """
    return [
        (bits, [1.0 - margin if bits[0] != bits[1] else margin])
        for bits in product([0.0, 1.0], repeat=2)
    ]


def xor(
    seed: int = 1,
    sweeps: int = 1000,
    lr: float = 0.5,
    momentum: float = 0.9,
    init: float = 0.5,
    hidden: int = 2,
    direct: int = 0,
    margin: float = 0.0,
    **how: Any,
) -> CaseReport:
    """Train a net on the four cases of exclusive or, which no net without hidden units can do.

    Two hidden units are enough; or one, if the inputs also feed the output directly: --hidden 1
    --direct 1. The book reports two local minima in hundreds of runs: states that no small step
    improves, though one or two cases are wrong. With more hidden units it is learned sooner.
    """
    net = layered_net(2, hidden, 1, seed=seed, init=init, direct=direct)
    four = cases(margin)
    optimizer = Momentum(net.parameters(), lr, momentum)
    history = train(net, four, optimizer, sweeps=sweeps, **how)
    reported = {
        (1, True): "558 sweeps, at lr 0.5",
        (2, False): "two local minima in hundreds of runs",
    }
    return CaseReport(net, history, four, reported.get((hidden, bool(direct)), ""))


run = Experiment(
    xor,
    "xor",
    title="Exclusive or (PDP ch. 8)",
    settings={
        "direct": "1: the inputs also feed the output",
        "margin": "targets are MARGIN and 1 - MARGIN",
    },
    study={"sweeps": 10_000},
)
