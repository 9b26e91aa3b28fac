"""The paper's Fig. 1: a sweep of the 6-2-1 net over all 64 patterns of six bits.

Written by hand, as a user of micrograd would, and with `dot`. microbp also does it with its own
net and loss, which `adapters.microbp` puts in the place of what is written here.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import product
from typing import Any

from benchmarks.workload import Nary, NaryOperations, Operations, Pairwise, Sums, Workload

SEED, INIT = 8, 0.3
INPUTS, HIDDEN = 6, 2
CASES = [(bits, float(bits == bits[::-1])) for bits in product([0.0, 1.0], repeat=INPUTS)]


def _initial() -> list[float]:
    """The weights that microbp's net draws from this seed, in its order."""
    rng = random.Random(SEED)
    return [rng.uniform(-INIT, INIT) for _ in range(HIDDEN * (INPUTS + 1) + HIDDEN + 1)]


def _loss(ops: Operations, sums: Sums, numbers: Sequence[Any]) -> Any:
    """E, equation (3), over all cases."""
    size = INPUTS + 1
    hidden = [numbers[j * size : (j + 1) * size] for j in range(HIDDEN)]
    output = numbers[HIDDEN * size :]
    errors = []
    for bits, target in CASES:
        inputs = [ops.constant(bit) for bit in bits]
        activities = [ops.sigmoid(sums.dot(unit[:-1], inputs, unit[-1])) for unit in hidden]
        error = ops.sigmoid(sums.dot(output[:-1], activities, output[-1])) - target
        errors.append(error * error * 0.5)
    return sums.total(errors)


def _pairwise(ops: Operations, numbers: Sequence[Any]) -> Any:
    return _loss(ops, Pairwise(ops), numbers)


def _nary(ops: NaryOperations, numbers: Sequence[Any]) -> Any:
    return _loss(ops, Nary(ops), numbers)


SYMMETRY = Workload(
    "symmetry", "the paper's 6-2-1 net, a sweep over its 64 cases", _initial, _pairwise
)
SYMMETRY_NARY = Workload("symmetry-dot", "the same sweep, with `dot`", _initial, _nary, nary=True)
SYMMETRY_NET = Workload(
    "symmetry-net", "the same sweep, by `microbp.nn` and its loss", _initial, _nary, nary=True
)
