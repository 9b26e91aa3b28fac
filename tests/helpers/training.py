"""Nets and cases to train, and how to compare two trainings."""

import random

import pytest

from microbp.nn import Net
from microbp.optim import Momentum
from microbp.training import Sweep, train

XOR = [([0, 0], [0]), ([0, 1], [1]), ([1, 0], [1]), ([1, 1], [0])]


ENGINES = pytest.mark.parametrize("engine", ["replay", "eager"])


def xor_net(seed=1):
    return Net(2, rng=random.Random(seed), init=0.5).add("hidden", 2).add("output", 1)


def trained(net, *, sweeps, optimizer=None, **options):
    optimizer = optimizer or Momentum(net.parameters(), 0.5, 0.9)
    return train(net, XOR, optimizer, sweeps=sweeps, progress=False, **options)


def numbers(net):
    return [p.data for p in net.parameters()]


def alike(sweep, engine):
    """What `evaluate` finds, as a sweep does: replay rounds elsewhere."""
    if engine == "eager":
        return sweep
    return Sweep(sweep.sweep, pytest.approx(sweep.error, rel=1e-13), sweep.right)


def replayed_and_eager(make, cases, optimizer, **options):
    """Two runs of the same net, and how they ended."""
    runs = []
    for engine in ("replay", "eager"):
        net = make()
        history = train(
            net,
            cases,
            optimizer(net.parameters()),
            engine=engine,
            progress=False,
            **{"sweeps": 100, **options},
        )
        runs.append((net, history))
    assert runs[0][1].engine == "replay"
    assert runs[1][1].engine == "eager, as asked"
    return runs


def assert_alike(runs, rel=1e-9):
    """The same course and the same net; what is nearly 0 is so on either side."""
    (one, seen), (two, expected) = runs
    assert [s.sweep for s in seen] == [s.sweep for s in expected]
    assert seen.errors == pytest.approx(expected.errors, rel=rel, abs=1e-12)
    assert [s.right for s in seen] == [s.right for s in expected]
    assert seen.stopped == expected.stopped
    assert numbers(one) == pytest.approx(numbers(two), rel=rel, abs=1e-12)
    grads = [[p.grad for p in net.parameters()] for net in (one, two)]
    assert grads[0] == pytest.approx(grads[1], rel=1e-7, abs=1e-10)


class Peculiar:
    """A net with something of its own in the way it computes."""

    def __init__(self, call, seed=1):
        self.net, self.call = xor_net(seed), call
        self.parameters, self.state_dict = self.net.parameters, self.net.state_dict
        self.load_state_dict = self.net.load_state_dict

    def __call__(self, inputs):
        return self.call(self.net, inputs)
