"""Training by replay takes the course of the eager engine."""

import copy
import json
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp import Value, exp, losses, sqrt, tanh, where_positive
from microbp.losses import squared_error
from microbp.nn import Net
from microbp.optim import Adam, Descent, Momentum
from microbp.testing import networks
from microbp.training import train
from tests.helpers.profiles import examples
from tests.helpers.training import (
    XOR,
    Peculiar,
    assert_alike,
    numbers,
    replayed_and_eager,
    trained,
    xor_net,
)

OPTIMIZERS = {
    "descent": lambda ps: Descent(ps, 0.5),
    "decay": lambda ps: Descent(ps, 0.5, decay=0.002),
    "momentum": lambda ps: Momentum(ps, 0.1, 0.9),
    "adam": lambda ps: Adam(ps, 0.01, decay=lambda sweep: 0.01 / (1 + sweep)),
    "schedules": lambda ps: Momentum(
        ps, lambda sweep: 0.5 if sweep < 20 else 0.1, lambda sweep: min(0.9, sweep / 50)
    ),
}


@pytest.mark.parametrize("change_per_case", [False, True])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_replay_goes_the_eager_engines_way(optimizer, change_per_case):
    runs = replayed_and_eager(xor_net, XOR, OPTIMIZERS[optimizer], change_per_case=change_per_case)
    assert_alike(runs)
    assert numbers(runs[0][0]) != numbers(xor_net())


def signed(cases):
    return [(inputs, [2 * d - 1 for d in targets]) for inputs, targets in cases]


def one_of_two(cases):
    return [(inputs, [*targets, 1 - targets[0]]) for inputs, targets in cases]


def weighted(ys, ds):
    return where_positive(ds[0] - 0.5, (ys[0] - ds[0]) ** 2, abs(ys[0] - ds[0]))


@pytest.mark.parametrize("change_per_case", [False, True])
@pytest.mark.parametrize(
    ("loss", "cases", "outputs"),
    [
        (losses.squared_error, XOR, 1),
        (losses.banded_squared_error, XOR, 1),
        (losses.cross_entropy, one_of_two(XOR), 2),
        (losses.binary_cross_entropy, XOR, 1),
        (losses.hinge, signed(XOR), 1),
        (weighted, XOR, 1),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_replay_knows_every_loss(loss, cases, outputs, change_per_case):
    def make():
        linear = {} if "squared" in loss.__name__ else {"activation": "linear"}
        net = Net(2, rng=random.Random(4), init=0.5).add("hidden", 3)
        return net.add("output", outputs, **linear)

    options = {"loss": loss, "change_per_case": change_per_case}
    assert_alike(replayed_and_eager(make, cases, lambda ps: Descent(ps, 0.1), **options))


def test_every_loss_of_ours_is_among_them():
    ours = {
        name
        for name, f in vars(losses).items()
        if callable(f) and getattr(f, "__module__", "") == losses.__name__ and name[0] != "_"
    }
    assert ours == {
        "squared_error", "banded_squared_error", "cross_entropy", "binary_cross_entropy", "hinge",
    }  # fmt: skip


@pytest.mark.parametrize("turned", [False, True])
def test_replay_of_groups_and_skips(turned):
    def make():
        net = Net({"a": 2, "b": 1}, rng=random.Random(2), init=0.5)
        net.add("left", 2, of=["a"], activation="tanh").add("right", 2, of=["b", "left"])
        return net.add("output", 2, of=["right", "a", "left"])

    rng = random.Random(5)
    cases = [
        ({"a": [rng.random(), rng.random()], "b": [rng.random()]}, [rng.random(), i % 2])
        for i in range(200)
    ]
    if turned:  # the order of groups is no one's business
        cases[3:] = [(dict(reversed(inputs.items())), ds) for inputs, ds in cases[3:]]
    assert_alike(replayed_and_eager(make, cases, lambda ps: Momentum(ps, 0.01), sweeps=20))


@given(net=networks(inputs=2, outputs=1), seed=st.integers(0, 99))
@examples(30)
def test_replay_of_any_net(net, seed):
    rng = random.Random(seed)
    cases = [([rng.random(), rng.random()], [rng.random()]) for _ in range(rng.choice([1, 5, 70]))]
    text = json.dumps(net.state_dict())

    def make():
        twin = copy.deepcopy(net)
        twin.load_state_dict(json.loads(text))
        return twin

    assert_alike(replayed_and_eager(make, cases, lambda ps: Descent(ps, 0.001), sweeps=3))


def test_replay_follows_a_leaf_that_is_changed_on_the_way():
    found = []
    for engine in ("replay", "eager"):
        heat = Value(1.0)
        net = xor_net()

        def loss(ys, ds, heat=heat):
            return squared_error(ys, ds) * heat

        def until(seen, heat=heat):
            heat.data = 1.0 + seen.sweep

        history = trained(net, sweeps=4, loss=loss, until=until, engine=engine)
        found.append((history.errors, numbers(net)))
    assert found[0][0] == pytest.approx(found[1][0], rel=1e-12)
    assert found[0][1] == pytest.approx(found[1][1], rel=1e-12)


@pytest.mark.parametrize("change_per_case", [False, True])
def test_ones_own_verdict_sees_outputs_and_targets(change_per_case):
    def right(outputs, targets):
        assert len(outputs) == len(targets) == 1
        assert isinstance(outputs[0], Value)
        return abs(outputs[0] - targets[0]) < 0.49

    options = {"right": right, "change_per_case": change_per_case, "sweeps": 600}
    runs = replayed_and_eager(xor_net, XOR, lambda ps: Momentum(ps, 0.5), **options)
    assert_alike(runs, rel=1e-6)
    assert len({seen.right for seen in runs[0][1]}) > 2


def test_ones_own_verdict_allows_more_targets_than_outputs():
    cases = [(inputs, [*targets, weight]) for weight, (inputs, targets) in enumerate(XOR, 1)]
    options = {
        "loss": lambda ys, ds: ds[1] * (ys[0] - ds[0]) ** 2,
        "right": lambda ys, ds: abs(ys[0].data - ds[0]) < 0.5,
    }
    assert_alike(replayed_and_eager(xor_net, cases, lambda ps: Descent(ps, 0.1), **options))


@pytest.mark.parametrize("numpy_for", ["inputs", "targets", "both", "all at once"])
def test_cases_may_be_arrays(numpy_for):
    cases = [
        (
            np.array(inputs) if numpy_for != "targets" else inputs,
            np.array(targets) if numpy_for != "inputs" else targets,
        )
        for inputs, targets in XOR
    ]
    if numpy_for == "all at once":
        cases = list(zip(*map(np.array, zip(*XOR, strict=True)), strict=True))
    net, other = xor_net(), xor_net()
    history = train(net, cases, Descent(net.parameters()), sweeps=5, progress=False)
    trained(other, sweeps=5, optimizer=Descent(other.parameters()))
    assert history.engine == "replay"
    assert numbers(net) == numbers(other)


@pytest.mark.parametrize("change_per_case", [False, True])
@pytest.mark.parametrize(
    "call",
    [
        lambda net, xs: [y * tanh(exp(1000.0 * xs[0])) for y in net(xs)],
        lambda net, xs: [y + 0.0 * sqrt(net.parameters()[0] ** 2 * xs[0]) for y in net(xs)],
    ],
    ids=["tanh(inf) is 1", "0 times an infinite partial is 0"],
)
def test_sweeps_that_the_kernels_leave_to_numpy(call, change_per_case):
    options = {"change_per_case": change_per_case, "sweeps": 20}
    runs = replayed_and_eager(lambda: Peculiar(call), XOR, lambda ps: Momentum(ps, 0.5), **options)
    assert_alike(runs)
