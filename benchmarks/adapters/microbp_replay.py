"""microbp's own replay: the graph of one case is recorded once, and run for all cases."""

from __future__ import annotations

import ctypes
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

import microbp
from benchmarks.adapters.c import compiled
from benchmarks.adapters.microbp import Adapter as Values
from benchmarks.workload import Training, Workload
from benchmarks.workloads import replay
from microbp import Value
from microbp.experiments.nature1986.family_trees import family_net
from microbp.optim import Descent, Momentum

WIDEST = 64  # cases in a row


class Adapter(Values):
    engine = microbp.engine.name

    def prepared(self, workload: Workload) -> _Recorded | _Trained:
        assert workload.replay is not None
        if workload.replay.training is not None:
            return _Trained(workload.replay.training)
        return _Recorded(self, workload)


class _Recorded:
    def __init__(self, adapter: Adapter, workload: Workload) -> None:
        assert workload.replay is not None
        cases = workload.replay.cases()
        leaves, inputs = [Value(x) for x in workload.numbers()], [Value(x) for x in cases[0]]
        error = workload.replay.error(adapter, leaves, inputs)
        self.program = microbp.record(error, inputs=inputs)
        self.leaves = leaves
        self.cases = np.array(cases)  # one case without inputs has the shape (1, 0)
        self.zero_grad = Descent(leaves).zero_grad
        if workload in replay.NODES:
            with suppress(ImportError):  # without a C compiler
                self.copies = _copies(self.program, len(cases))

    def step(self) -> None:
        self.zero_grad()
        self.error = self.program.backward(self.cases)

    def values(self) -> None:
        """The way forward alone."""
        self.program.forward(self.cases)

    def loss(self) -> float:
        return float(self.error)

    def gradient(self) -> list[float]:
        return [leaf.grad for leaf in self.leaves]


def _copies(program: microbp.Program, cases: int) -> Callable[[], object]:
    """What as many rows cost that are but copied: see `c/copies.c`."""
    rows, _ = program._executor.kernel().laid_out()
    buffer = np.zeros((rows, WIDEST))
    function = compiled("copies").copies
    where = buffer.ctypes.data_as(ctypes.c_void_p)
    nodes, blocks = len(program._recording.code), cases // WIDEST
    return lambda: (function(where, rows, nodes, blocks), buffer)


class _Trained:
    """The training of the family trees' net, from its first weights to its last sweep."""

    def __init__(self, training: Training) -> None:
        self.training = training
        self.sweeps = training.sweeps
        self.cases = replay.family_training_cases()

    def step(self) -> None:
        self._train(self.sweeps)

    def _train(self, sweeps: int) -> tuple[list[Value], Any]:
        net = family_net(random.Random(replay.FAMILY_SEED))
        _, lr, momentum = self.training
        optimizer = Momentum(net.parameters(), lr=lr, momentum=momentum)
        history = microbp.train(
            net, self.cases, optimizer, sweeps=sweeps, engine="replay", progress=False
        )
        if history[-1].sweep != sweeps:
            raise RuntimeError(f"{sweeps} sweeps were asked for, {history!r} came out")
        return net.parameters(), history

    def loss(self) -> float:
        _, history = self._train(0)
        return float(history[0].error)

    def gradient(self) -> Sequence[float]:
        """From the first change of the weights, dw = -lr dE/dw."""
        before, _ = self._train(0)
        after, _ = self._train(1)
        lr = self.training.lr
        return [(a.data - b.data) / -lr for a, b in zip(after, before, strict=True)]
