"""Nets that run for some steps: equal to the unrolled net; the shift register."""

import random

import pytest

from microbp._support.atomic_file import FileMismatch
from microbp.experiments.nature1986 import iterative
from microbp.experiments.nature1986.iterative import Iterated
from microbp.experiments.tied import momentum_for
from microbp.losses import squared_error
from microbp.nn import Net
from microbp.training import Sweep, evaluate, train


def unrolled(net):
    """The layered net that an iterative one is: a layer for each step, with weights of its own."""
    units = len(net.layer.neurons)
    layered = Net(units, rng=random.Random(0))
    for step in range(1, net.steps + 1):
        layered.add(f"step{step}", units)
        copies = layered.layers[f"step{step}"].parameters()
        for copy, w in zip(copies, net.parameters(), strict=True):
            copy.data = w.data
    return layered


def gradients(net, cases):
    for p in net.parameters():
        p.grad = 0.0
    for inputs, targets in cases:
        squared_error(net(inputs), targets).backward()
    return [p.grad for p in net.parameters()]


@pytest.mark.parametrize(("units", "steps"), [(1, 1), (3, 1), (3, 2), (3, 5), (4, 3)])
def test_an_iterative_net_is_the_unrolled_one_and_its_gradient_the_sum_over_the_copies(
    units, steps
):
    net = Iterated(units, steps, rng=random.Random(5), init=1.0)
    layered = unrolled(net)
    cases = iterative.cases(units, steps)
    for inputs, _ in cases:
        assert [y.data for y in net(inputs)] == [y.data for y in layered(inputs)]
    tied, copies = gradients(net, cases), gradients(layered, cases)
    size = len(net.parameters())
    by_step = [copies[size * step : size * (step + 1)] for step in range(steps)]
    assert tied == pytest.approx([sum(of_one) for of_one in zip(*by_step, strict=True)], rel=1e-12)


def test_the_averaged_rule_is_the_mean_over_the_copies():
    net = Iterated(3, 4, rng=random.Random(5), init=1.0)
    cases = iterative.cases(3, 4)
    before = [p.data for p in net.parameters()]
    copies = gradients(unrolled(net), cases)
    train(net, cases, momentum_for(net, "averaged", 0.25, 0.9), sweeps=1, progress=False)
    size = len(before)
    for i, (old, p) in enumerate(zip(before, net.parameters(), strict=True)):
        mean = sum(copies[i + size * step] for step in range(4)) / 4
        assert p.data == pytest.approx(old - 0.25 * mean, rel=1e-12)


def test_averaging_over_t_steps_is_a_step_size_of_a_t_th():
    averaged = iterative.run(2, sweeps=20, steps=4, lr=0.5, progress=False)
    summed = iterative.run(2, sweeps=20, steps=4, lr=0.125, rule="summed", progress=False)
    assert averaged.history.errors == pytest.approx(summed.history.errors, rel=1e-9)


def test_the_cases_of_the_shift_register():
    assert {tuple(a): b for a, b in iterative.cases(3, 2)}[1, 0, 0] == [0, 1, 0]
    assert [a == b for a, b in iterative.cases(3, 3)] == [True] * 8
    assert len(iterative.cases(5, 1)) == 32


@pytest.mark.parametrize(
    ("seed", "rule", "sweep"), [(1, "averaged", 87), (1, "summed", 56), (4, "averaged", 40)]
)
def test_the_shift_register_learns(seed, rule, sweep):
    found = iterative.run(seed, rule=rule, progress=False)
    assert found.history.first_all_right() == sweep
    assert found.history.engine == "replay"


@pytest.mark.parametrize(
    ("sign", "kind", "words"),
    [
        (1.0, "shift", "each step moves the bits one place."),
        (-1.0, "negative", "turns them over, which 2 steps make up for"),
        (0.0, "failed", "failed so far"),
    ],
)
def test_what_a_single_step_does(sign, kind, words):
    found = iterative.run(sweeps=0, progress=False)
    for i, unit in enumerate(found.net.layer.neurons):
        for j, w in enumerate(unit.weights):
            w.data = sign * 20.0 * (j == (i + 1) % 3)
        unit.bias.data = -sign * 10.0
    _, right = evaluate(found.net, found.cases)
    found.history.sweeps = [Sweep(0, 0.0, right)]
    assert (found.kind(), found.numbers()["kind"]) == (kind, kind)
    assert words in found.verdict()


def test_a_step_in_between_that_is_no_shift():
    found = iterative.run(1, progress=False)
    assert found.kind() == "other"
    assert "no shift by one place" in found.verdict()


@pytest.mark.parametrize("settings", [{"units": 0}, {"steps": 0}, {"rule": "none"}])
def test_bad_settings_are_refused(settings):
    with pytest.raises(ValueError, match="expected"):
        iterative.run(sweeps=1, progress=False, **settings)


def test_the_state_is_kept_by_label_and_another_s_refused(tmp_path):
    path = tmp_path / "checkpoint.json"
    whole = iterative.run(3, sweeps=50, progress=False)
    iterative.run(3, sweeps=20, progress=False, checkpoint=path)
    rest = iterative.run(3, sweeps=50, progress=False, checkpoint=path)
    assert rest.net.state_dict() == whole.net.state_dict()
    other = Iterated(4, 2, rng=random.Random(1), init=0.3)
    with pytest.raises(FileMismatch, match="file holds weights of other names"):
        other.load_state_dict(whole.net.state_dict(), "file")
