"""Workloads whose graph stays the same: two nets of the paper, and graphs of 1,000 nodes up."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.workload import Operations, Replay, Training, Workload, replay_workload
from benchmarks.workloads import gpt, symmetry
from benchmarks.workloads.layered import Layer, Shape

REPLAY, REBUILT, CASADI = "microbp-replay", "microbp-compiled", "casadi-sx"
IN_C = ("c", "c-native", "c-vectorized", "c-vectorized-native")
BY_HAND = (REPLAY, REBUILT, *IN_C, "numpy", "jax", CASADI, "casadi-mx")

SYMMETRY_SHAPE = Shape(
    {"x": symmetry.INPUTS},
    (Layer("hidden", symmetry.HIDDEN, ("x",)), Layer("output", 1, ("hidden",))),
)
FAMILY_SHAPE = Shape(
    {"person": 24, "relation": 12},
    (
        Layer("person code", 6, ("person",)),
        Layer("relation code", 6, ("relation",)),
        Layer("central", 12, ("person code", "relation code")),
        Layer("penultimate", 6, ("central",)),
        Layer("output", 24, ("penultimate",)),
    ),
)
WIDE_SHAPE = Shape(
    {"x": 16}, (Layer("a", 32, ("x",)), Layer("b", 32, ("a",)), Layer("output", 1, ("b",)))
)
MANY = 4_096  # cases: enough that what is done once for all of them no longer counts
FAMILY_SEED = 60
TRAINING = Training(sweeps=1_500, lr=0.01, momentum=0.9)


def _symmetry_cases() -> list[list[float]]:
    return [[*bits, target] for bits, target in symmetry.CASES]


def _uniform(seed: int, count: int, low: float, high: float) -> list[float]:
    rng = random.Random(seed)
    return [rng.uniform(low, high) for _ in range(count)]


def _family_numbers() -> list[float]:
    """The weights that microbp's net draws from this seed, in its order."""
    return _uniform(FAMILY_SEED, FAMILY_SHAPE.parameters, -1.0, 1.0)


def family_training_cases() -> list[tuple[dict[str, list[float]], list[float]]]:
    """100 of the 104; the others are held out."""
    from microbp.experiments.nature1986 import (
        family_data,
    )  # imported here: workloads are listed before an engine is chosen

    held_out = set(random.Random(FAMILY_SEED).sample(range(len(family_data.CASES)), 4))
    return [case for i, case in enumerate(family_data.CASES) if i not in held_out]


def _family_cases() -> list[list[float]]:
    cases = family_training_cases()
    return [[*inputs["person"], *inputs["relation"], *targets] for inputs, targets in cases]


def _wide_cases() -> list[list[float]]:
    rng = random.Random(6)
    return [[*(rng.uniform(-1.0, 1.0) for _ in range(16)), rng.random()] for _ in range(MANY)]


INPUTS, PARAMETERS = 16, 8  # the leaves of a random graph


def random_graph(nodes: int) -> Callable[[Operations, Sequence[Any], Sequence[Any]], Any]:
    """Sums and products of two, all of which the result needs; the operands are drawn.

    One operand is drawn from those that nothing needs so far, the other from all there are,
    so that it lies anywhere in memory. Where the first is large, it is multiplied by a leaf,
    which is less than 1: so all numbers stay of a size.
    """
    rng = random.Random(7)
    sizes = [rng.uniform(0.3, 0.9) for _ in range(INPUTS + PARAMETERS)]
    unused = list(range(len(sizes)))
    steps: list[tuple[bool, int, int]] = []
    while len(steps) < nodes - (INPUTS + PARAMETERS - 1):
        first = unused.pop(rng.randrange(len(unused)))
        product = sizes[first] > 1.0
        second = rng.randrange(INPUTS + PARAMETERS if product else len(sizes))
        steps.append((product, first, second))
        unused.append(len(sizes))
        x, y = sizes[first], sizes[second]
        sizes.append(x * y if product else x + y)
    while len(unused) > 1:
        steps.append((False, unused.pop(), unused.pop()))
        unused.append(len(sizes))
        sizes.append(0.0)

    def error(ops: Operations, numbers: Sequence[Any], case: Sequence[Any]) -> Any:
        found = [*case, *numbers]
        for product, first, second in steps:
            x, y = found[first], found[second]
            found.append(x * y if product else x + y)
        return found[-1]

    return error


def _random_cases() -> list[list[float]]:
    rng = random.Random(8)
    return [[rng.uniform(0.3, 0.9) for _ in range(INPUTS)] for _ in range(MANY)]


def _nodes(nodes: int) -> Workload:
    return replay_workload(
        f"replay-nodes-{nodes}",
        f"{nodes:,} random sums and products, for {MANY:,} cases",
        lambda: _uniform(9, PARAMETERS, 0.3, 0.9),
        Replay(_random_cases, random_graph(nodes), (REPLAY, CASADI)),
    )


def _gpt(name: str, step: Workload, contenders: tuple[str, ...]) -> Workload:
    return replay_workload(
        f"replay-{name}",
        f"{step.about}, with nothing but weights: a batch of one",
        step.numbers,
        Replay(lambda: [[]], lambda ops, numbers, _: step.loss(ops, numbers), contenders),
    )


NODES = (_nodes(1_000), _nodes(10_000))
"""Beside each of which copies of as many rows are measured."""
REPLAYS = (
    replay_workload(
        "replay-symmetry",
        "loss and gradient of the paper's 6-2-1 net, 64 cases",
        symmetry.SYMMETRY.numbers,
        Replay(_symmetry_cases, SYMMETRY_SHAPE.error, BY_HAND),
    ),
    replay_workload(
        "replay-family",
        "loss and gradient of the paper's family-tree net, 630 weights, 100 cases",
        _family_numbers,
        Replay(_family_cases, FAMILY_SHAPE.error, BY_HAND),
    ),
    replay_workload(
        "family-training",
        f"a sweep of training the same net with momentum: one of {TRAINING.sweeps:,} where it is "
        "recorded, else one alone",
        _family_numbers,
        Replay(
            _family_cases,
            FAMILY_SHAPE.error,
            (REPLAY, REBUILT, "micrograd-nogc"),
            training=TRAINING,
        ),
    ),
    replay_workload(
        "replay-nodes-dot",
        f"a 16-32-32-1 net with `dot`, for {MANY:,} cases",
        lambda: _uniform(5, WIDE_SHAPE.parameters, -0.3, 0.3),
        Replay(_wide_cases, WIDE_SHAPE.error, (REPLAY, CASADI)),
    ),
    *NODES,
    _gpt("gpt", gpt.GPT, (REPLAY, REBUILT, CASADI, "numpy", "jax")),
    _gpt("gpt-dot", gpt.GPT_NARY, (REPLAY, REBUILT)),
    replay_workload(
        "replay-gpt-batch",
        f"{gpt.GPT.about}, for {gpt.BATCH} words, whose letters are inputs",
        gpt.GPT.numbers,
        Replay(gpt.one_hot_cases, gpt.one_hot_loss, (REPLAY, "numpy", "jax")),
    ),
)
SHAPES = {
    "replay-symmetry": SYMMETRY_SHAPE,
    "replay-family": FAMILY_SHAPE,
}
"""The nets that some contenders have written by hand, and the words of the GPTs."""
DOCUMENTS = {"replay-gpt": [gpt.DOCUMENT], "replay-gpt-batch": gpt.documents()}
C_FUNCTIONS = {"replay-symmetry": "symmetry", "replay-family": "family"}
"""The same by their names in `c`."""
