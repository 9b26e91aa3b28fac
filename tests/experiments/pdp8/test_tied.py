"""Weights with copies: one kernel in T against C, and the two rules for their gradient."""

import random

import pytest

from microbp._support.atomic_file import FileMismatch
from microbp.experiments.pdp8 import t_c
from microbp.experiments.tied import AveragedMomentum
from microbp.nn import Net
from microbp.optim import Momentum


def test_every_hidden_unit_has_the_same_kernel():
    net = t_c.OneKernel(random.Random(3), init=0.5)
    assert len(t_c.WINDOWS) == 25
    picture = t_c.CASES[5][0]
    wide = {(row + 2, column + 2): x for (row, column), x in
            zip(((r, c) for r in range(3) for c in range(3)), picture, strict=True)}  # fmt: skip
    kernel = [w.data for w in net.kernel.weights]
    total = net.bias.data
    for top in range(5):
        for left in range(5):
            window = [wide.get((top + r, left + c), 0.0) for r in range(3) for c in range(3)]
            x = sum(w * s for w, s in zip(kernel, window, strict=True)) + net.kernel.bias.data
            total += net.weight.data / (1 + 2.718281828459045**-x)
    assert net(picture)[0].data == pytest.approx(1 / (1 + 2.718281828459045**-total), rel=1e-12)


@pytest.mark.parametrize("state", [{}, {"weights": [1.0]}, {"weights": {"a": 1.0}}, None])
def test_the_state_of_another_net_is_refused_and_changes_nothing(state):
    net = t_c.OneKernel(random.Random(3), init=0.5)
    before = net.state_dict()
    with pytest.raises(FileMismatch, match="here"):
        net.load_state_dict(state, "here")
    assert net.state_dict() == before
    other = t_c.OneKernel(random.Random(4), init=0.5)
    other.load_state_dict(before)
    assert other.state_dict() == before


def test_averaging_divides_by_the_copies_and_leaves_the_gradients():
    nets = [Net(2, rng=random.Random(1)).add("a", 1) for _ in range(2)]
    summed = Momentum(nets[0].parameters(), 0.5, 0.9)
    averaged = AveragedMomentum(nets[1].parameters(), [5, 5, 1], 2.5, 0.9)
    for _ in range(2):
        for net, optimizer in zip(nets, (summed, averaged), strict=True):
            for p in net.parameters():
                p.grad = 3.0
            optimizer.step()
            assert [p.grad for p in net.parameters()] == [3.0] * 3
    (a, b, c), (d, e, f) = ([p.data for p in net.parameters()] for net in nets)
    assert (a, b) == pytest.approx((d, e))
    assert c != pytest.approx(f)


def test_unknown_rules_are_refused():
    with pytest.raises(ValueError, match="rule: expected averaged or summed, got 'both'"):
        t_c.run(rule="both", progress=False)
