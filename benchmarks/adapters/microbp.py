"""microbp itself, with whichever engine MICROBP_ENGINE chose."""

from __future__ import annotations

import random
from typing import Any

import microbp.core.engine
from benchmarks.adapters.base import BaseAdapter
from benchmarks.workload import Workload
from benchmarks.workloads import symmetry
from microbp import Value
from microbp.experiments.nature1986.symmetry import CASES
from microbp.losses import squared_error
from microbp.nn import Net


class Adapter(BaseAdapter):
    engine = microbp.engine.name
    nary = True
    leaf = Value
    constant = Value
    exp = staticmethod(Value.exp)
    log = staticmethod(Value.log)
    tanh = staticmethod(Value.tanh)
    sigmoid = staticmethod(Value.sigmoid)
    relu = staticmethod(Value.relu)
    dot = staticmethod(microbp.dot)
    total = staticmethod(microbp.total)
    logsumexp = staticmethod(microbp.logsumexp)

    def prepare(self, workload: Workload) -> None:
        super().prepare(workload)
        if workload is symmetry.SYMMETRY_NET:
            self._prepare_net()

    def _prepare_net(self) -> None:
        """The symmetry experiment's own net, cases and error, in place of those by hand."""
        net = Net(symmetry.INPUTS, rng=random.Random(symmetry.SEED), init=symmetry.INIT)
        net.add("hidden", symmetry.HIDDEN).add("output", 1)

        def write(ops: Any, leaves: Any) -> Value:
            return microbp.total([squared_error(net(bits), targets) for bits, targets in CASES])

        self.leaves, self.write = net.parameters(), write
