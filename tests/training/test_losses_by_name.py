"""Losses by name, which cases they count as right, and penalties."""

import numpy as np
import pytest

from microbp import losses
from microbp.nn import Net
from microbp.optim import Adam, Descent, Momentum
from microbp.training import (
    Stopped,
    evaluate,
    right_answer,
    right_class,
    right_side,
    right_sign,
    train,
)
from tests.helpers.engines import engine_in_use, pytest_generate_tests  # noqa: F401  # for pytest
from tests.helpers.training import XOR, assert_alike, numbers, replayed_and_eager, xor_net

FORMS = [{}, {"change_per_case": True}, {"batch": 3}]
SIGNED = [(xs, [2 * d - 1]) for xs, (d,) in XOR]
CLASSES = [(xs, d) for xs, (d,) in XOR]


def linear_net(outputs=1):
    return Net(2, [4, outputs], activation="tanh", seed=3)


NAMED = {
    "squared": (XOR, 1, losses.squared_error, right_side),
    "squared_error": (XOR, 1, losses.squared_error, right_side),
    "banded_squared": (XOR, 1, losses.banded_squared_error, right_side),
    "cross_entropy": (CLASSES, 2, losses.cross_entropy, right_class),
    "binary_cross_entropy": (XOR, 1, losses.binary_cross_entropy, right_answer),
    "hinge": (SIGNED, 1, losses.hinge, right_sign),
}


@pytest.mark.parametrize("form", FORMS, ids=str)
@pytest.mark.parametrize("name", NAMED)
def test_a_loss_by_name_trains_and_counts_as_its_function_does(name, form):
    cases, outputs, function, judge = NAMED[name]
    adam = lambda ps: Adam(ps, 0.03)  # noqa: E731
    options = {"sweeps": 60, **form}
    runs = replayed_and_eager(lambda: linear_net(outputs), cases, adam, loss=name, **options)
    assert_alike(runs, rel=1e-6)
    history = runs[0][1]
    assert len({seen.right for seen in history}) > 1
    if outputs == 1:
        explicit = {**options, "loss": function, "right": judge}
        again = replayed_and_eager(linear_net, cases, adam, **explicit)
        assert list(again[0][1]) == list(history)
        assert history[-1].right == evaluate(runs[0][0], cases, loss=function)[1]


@pytest.mark.parametrize("engine", ["replay", "eager"])
def test_a_judge_of_ones_own_counts_as_ours(engine):
    def judge(outputs, targets):
        return right_class(outputs, targets)

    counts = []
    for right in (None, judge):
        net = linear_net(2)
        options = {"loss": "cross_entropy", "right": right, "engine": engine, "batch": 3}
        history = train(net, CLASSES, Adam(net.parameters()), **options, progress=False)
        counts.append([seen.right for seen in history])
    assert counts[0] == counts[1]


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_penalties_are_those_of_a_loss_that_has_them(form):
    l1, l2 = 0.02, 0.03
    options = {"l1": l1, "l2": l2, "sweeps": 20, **form}
    runs = replayed_and_eager(xor_net, XOR, lambda ps: Descent(ps, 0.1), **options)
    assert_alike(runs)
    if form:
        return
    net = xor_net()
    share = 1.0 / len(XOR)

    def loss(ys, ds):
        weights = net.parameters()
        whole = sum(abs(w) for w in weights) * l1 + sum(w * w for w in weights) * l2
        return losses.squared_error(ys, ds) + share * whole

    history = train(net, XOR, Descent(net.parameters(), 0.1), loss=loss, sweeps=20, progress=False)
    assert history.errors == pytest.approx(runs[0][1].errors, rel=1e-9)
    assert numbers(net) == pytest.approx(numbers(runs[0][0]), rel=1e-9)


def test_a_penalty_leaves_a_weight_of_0_alone():
    net = Net(2, [1], init="zeros")
    train(net, [([0, 0], [0])], Descent(net.parameters(), 1.0), l1=0.5, sweeps=3, progress=False)
    assert numbers(net) == [0.0, 0.0, 0.0]


def test_without_an_optimizer_it_is_adam():
    one, two = xor_net(), xor_net()
    train(one, XOR, lr=0.02, sweeps=5, progress=False)
    train(two, XOR, Adam(two.parameters(), 0.02), sweeps=5, progress=False)
    assert numbers(one) == numbers(two)
    default = xor_net()
    assert len(train(default, XOR, progress=False)) == 101


@pytest.mark.parametrize("engine", ["replay", "eager"])
def test_batches_are_shuffled_by_the_seed_and_cover_each_case(engine):
    def run(seed, batch):
        net, seen = xor_net(), []

        def loss(ys, ds):
            return losses.squared_error(ys, ds)

        history = train(
            net, XOR * 3, Descent(net.parameters(), 0.3), batch=batch, seed=seed, sweeps=4,
            engine=engine, loss=loss, progress=False,
        )  # fmt: skip
        return numbers(net), history.stopped, seen

    assert run(0, 5) == run(0, 5) != run(1, 5)
    assert run(0, 12) == run(1, 12) == run(0, 100)


def test_a_batch_takes_the_step_of_its_summed_gradient():
    net, other = xor_net(), xor_net()
    train(net, XOR * 2, Descent(net.parameters(), 0.5), batch=8 - 1, sweeps=1, progress=False)
    import random

    order = list(range(8))
    random.Random("0 0").shuffle(order)
    for part in (order[:7], order[7:]):
        other.zero_grad()
        for i in part:
            losses.squared_error(other(XOR[i % 4][0]), XOR[i % 4][1]).backward()
        Descent(other.parameters(), 0.5).step()
    assert numbers(net) == pytest.approx(numbers(other), rel=1e-12)


def test_a_resumed_run_of_batches_has_the_same_bits(tmp_path):
    nets = [xor_net() for _ in range(3)]
    options = {
        "batch": 3, "l2": 0.01, "validation": XOR[:2], "keep": "weights", "every": 2,
        "metrics": {"mean": lambda ys, ds: ys[0]}, "progress": False,
    }  # fmt: skip
    path = tmp_path / "run.json"
    straight = train(nets[0], XOR, Momentum(nets[0].parameters()), sweeps=9, **options)
    train(nets[1], XOR, Momentum(nets[1].parameters()), sweeps=4, checkpoint=path, **options)
    resumed = train(
        nets[2], XOR, Momentum(nets[2].parameters()), sweeps=9, checkpoint=path, **options
    )
    assert numbers(nets[2]) == numbers(nets[0])
    assert list(resumed) == list(straight)
    assert resumed.validation == straight.validation
    assert resumed.metrics == straight.metrics
    assert resumed.weights == straight.weights


def test_sweeps_that_numpy_makes_for_a_batch():
    cases = [([np.inf, 0.0], [1]), ([1, 0], [0]), ([0, 1], [1])]
    runs = replayed_and_eager(
        lambda: Net(2, [2, 1], activation="tanh", output="sigmoid"), cases,
        lambda ps: Descent(ps, 0.1), batch=2, sweeps=1,
    )  # fmt: skip
    assert runs[0][1].stopped == runs[1][1].stopped
    assert runs[0][1].stopped in list(Stopped)
