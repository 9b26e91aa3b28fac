"""Trainings and studies for the attempts on files, and how they end when nothing goes wrong."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import microbp
from microbp import optim
from microbp.nn import Net
from microbp.studies import Study
from microbp.training import History

XOR = [([0, 0], [0]), ([0, 1], [1]), ([1, 0], [1]), ([1, 1], [0])]
KINDS = ["Descent", "Momentum", "Adam"]
BATCHES: list[dict[str, Any]] = [{}, {"batch": 3, "seed": 5}, {"change_per_case": True}]
SEEDS = range(40)


def some_net(seed: int = 1) -> Net:
    return Net(2, [3, 1], activation="tanh", seed=seed)


def optimizer_of(net: Net, kind: str) -> optim.Descent:
    made: optim.Descent = getattr(optim, kind)(net.parameters(), lr=0.05)
    return made


def trained(net: Net, kind: str, batches: int, path: Path | None, **how: Any) -> History:
    """A training of 200 sweeps, with a checkpoint."""
    options = {"sweeps": 200, "validation": XOR[:2], "progress": False, **BATCHES[batches], **how}
    return microbp.train(net, XOR, optimizer_of(net, kind), checkpoint=path, **options)


@cache
def straight(kind: str, batches: int) -> str:
    """How such a training ends."""
    net = some_net()
    return outcome(net, trained(net, kind, batches, None))


def outcome(net: Net, history: History) -> str:
    """All that was learnt, with every bit."""
    return repr((net.state_dict(), list(history), history.validation))


def draws(seed: int, count: int = 3) -> dict[str, Any]:
    """An experiment of a fraction of a millisecond."""
    rng = Random(seed)
    return {"kind": rng.choice(["a", "b"]), "drawn": [rng.random() for _ in range(20 * count)]}


def studied(path: Path | None, seeds: range = SEEDS) -> Study:
    return microbp.study(draws, seeds, out=path, jobs=1, progress=False)
