"""Programs to try things on, and random ones."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np

from microbp import Value, dot, logsumexp, total
from microbp.nn import Net
from microbp.optim import Momentum
from microbp.replay.program import Program, record

UNARY = ("tanh", "sigmoid", "exp", "sin", "relu", "softplus", "square", "abs")


def chain(length: int) -> tuple[Program, Value]:
    """A deep graph of one input and one weight."""
    x, w = Value(1.0, "x"), Value(0.5, "w")
    y = x * w
    for _ in range(length):
        y = (y * w + x).sin()
    return record(y, [x], [w]), w


def random_program(rng: Random, nodes: int = 30) -> tuple[Program, list[Value]]:
    """A program of a few inputs and weights; its numbers stay small."""
    inputs = [Value(rng.uniform(-1.0, 1.0)) for _ in range(rng.randint(1, 4))]
    weights = [Value(rng.uniform(-1.0, 1.0)) for _ in range(rng.randint(1, 4))]
    known = [*inputs, *weights]
    for _ in range(nodes):
        a, b, c = (rng.choice(known) for _ in range(3))
        known.append(node(rng, a, b, c))
    everything = total([*inputs, *weights, *known[-3:]])
    return record([everything, *known[-2:]], inputs, weights), weights


def call(x: Value, name: str) -> Value:
    found: Value = getattr(x, name)()
    return found


def node(rng: Random, a: Value, b: Value, c: Value) -> Value:
    found: list[Value] = [
        (a * b).tanh(),
        a - b * 0.5,
        call(a.tanh(), rng.choice(UNARY)),
        dot([a, b], [c, 0.5], a),
        total([a, b, c]) * 0.25,
        logsumexp([a, b, c]),
        a.maximum(b),
    ]
    return rng.choice(found).tanh()


def random_cases(rng: Random, program: Program, count: int) -> Any:
    columns = program._recording.inputs
    return np.random.default_rng(rng.getrandbits(32)).uniform(-1.0, 1.0, (count, columns))


def small_net(rng: Random) -> tuple[Net, Momentum, list[Any]]:
    """A net to train on xor."""
    net = Net(2, rng=rng, init=0.5).add("hidden", 3).add("output", 1)
    cases = [([0, 0], [0]), ([0, 1], [1]), ([1, 0], [1]), ([1, 1], [0])]
    return net, Momentum(net.parameters(), 0.3, 0.9), cases
