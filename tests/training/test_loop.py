"""What train does to the weights, what it refuses, and when it ends."""

import math
import sys
import time

import pytest

from microbp.losses import squared_error
from microbp.optim import Descent
from microbp.training import Sweep, evaluate, train
from tests.helpers.training import ENGINES, XOR, alike, numbers, trained, xor_net


def test_a_batch_sweep_changes_weights_once_by_the_summed_gradient():
    net, other = xor_net(), xor_net()
    trained(net, sweeps=1, optimizer=Descent(net.parameters(), 0.5))
    sum(squared_error(other(inputs), targets) for inputs, targets in XOR).backward()
    expected = [p.data - 0.5 * p.grad for p in other.parameters()]
    assert numbers(net) == pytest.approx(expected, rel=1e-14)


def test_a_change_after_each_case():
    net, other = xor_net(), xor_net()
    descent = Descent(net.parameters(), 0.5)
    trained(net, sweeps=2, optimizer=descent, change_per_case=True, engine="eager")
    for inputs, targets in XOR * 2:
        other.zero_grad()
        squared_error(other(inputs), targets).backward()
        for p in other.parameters():
            p.data -= 0.5 * p.grad
    assert numbers(net) == numbers(other)


@pytest.mark.parametrize("change_per_case", [False, True])
def test_schedules_count_sweeps_not_cases(change_per_case):
    net, asked = xor_net(), []
    optimizer = Descent(net.parameters(), lambda sweep: asked.append(sweep) or 0.1)
    trained(net, sweeps=3, optimizer=optimizer, change_per_case=change_per_case)
    assert asked == sorted([0, 1, 2] * (4 if change_per_case else 1))


def test_no_sweeps_at_all_measure_and_change_nothing():
    net = xor_net()
    history = trained(net, sweeps=0)
    assert numbers(net) == numbers(xor_net())
    assert list(history) == [alike(Sweep(0, *evaluate(net, XOR)), history.engine)]


@ENGINES
def test_the_stop_condition_ends_training_with_the_weights_it_saw(engine):
    net = xor_net()
    history = trained(net, sweeps=10_000, until=lambda seen: seen.right == 4, engine=engine)
    assert history.stopped == "the stop condition came true"
    assert history[-1] == alike(Sweep(len(history) - 1, *evaluate(net, XOR)), engine)
    assert [seen.right == 4 for seen in history[-2:]] == [False, True]


@ENGINES
def test_training_stops_where_the_error_is_no_number(engine):
    net = xor_net()
    net.parameters()[0].data = math.nan
    history = trained(net, sweeps=100, engine=engine)
    assert history.stopped == "the error is not finite"
    assert len(history) == 1


def test_until_sees_what_each_sweep_saw_and_weights_may_be_set_between():
    def run(engine):
        net, seen = xor_net(), []

        def until(sweep):
            seen.append((sweep.sweep, sweep.right))
            if sweep.sweep == 3:
                net.parameters()[0].data = 0.25
            return sweep.sweep == 6

        history = trained(net, sweeps=10, until=until, engine=engine)
        return seen, history.stopped, history.errors, numbers(net)

    one, two = run("replay"), run("eager")
    assert one[:2] == two[:2]
    assert one[2] + one[3] == pytest.approx(two[2] + two[3], rel=1e-11)


def test_weights_are_ordinary_values_afterwards():
    net = xor_net()
    before = net.parameters()
    history = trained(net, sweeps=10)
    assert history.engine == "replay"
    assert [a is b for a, b in zip(net.parameters(), before, strict=True)] == [True] * len(before)
    (y,) = net([0, 1])
    y.backward()
    assert all(p.op is None and p.grad != 0.0 for p in before[-3:])


@pytest.mark.parametrize("change_per_case", [False, True])
def test_gradients_that_were_there_before_do_not_count(change_per_case):
    net, other = xor_net(), xor_net()
    for p in net.parameters():
        p.grad = 100.0
    for each in (net, other):
        trained(each, sweeps=3, change_per_case=change_per_case, engine="replay")
    assert numbers(net) == numbers(other)


def test_without_parameters_there_is_only_measuring():
    net = xor_net()
    history = train(net, XOR, Descent([]), sweeps=3, engine="replay", progress=False)
    assert len({seen.error for seen in history[:3]}) == 1
    assert numbers(net) == numbers(xor_net())


def test_other_parameters_stay_as_they_are():
    net, other = xor_net(), xor_net()
    for each, engine in ((net, "replay"), (other, "eager")):
        some = each.parameters()[:2]
        train(each, XOR, Descent(some, 0.5), sweeps=20, engine=engine, progress=False)
    assert numbers(net)[2:] == numbers(xor_net())[2:]
    assert numbers(net) == pytest.approx(numbers(other), rel=1e-12)


def test_no_cases_are_refused():
    net = xor_net()
    with pytest.raises(ValueError, match=r"^train: expected at least one case, got none$"):
        train(net, [], Descent(net.parameters()), sweeps=1)


def test_impossible_numbers_of_sweeps_are_refused():
    with pytest.raises(ValueError, match=r"^train: sweeps: expected .* from 0 on, got -1$"):
        trained(xor_net(), sweeps=-1)
    with pytest.raises(ValueError, match=r"^train: checkpoint_every: .* from 1 on, got 0$"):
        trained(xor_net(), sweeps=1, checkpoint_every=0)


def test_unknown_engines_are_refused():
    message = "^train: engine: expected one of 'auto', 'replay', 'eager'; got 'compiled'$"
    with pytest.raises(ValueError, match=message):
        trained(xor_net(), sweeps=1, engine="compiled")


@pytest.mark.parametrize(
    ("cases", "kind", "message"),
    [
        ([([0, "1"], [1]), ([0, 1], [1])], TypeError, "net: expected a real number.*'1'"),
        ([([0, 1], [1]), ([0, "1"], [1])], TypeError, "net: expected a real number.*'1'"),
        ([([0, 1], [1]), ([0, None], [1])], TypeError, "net: expected a real number.*None"),
        ([([0, 1], [1]), ([0, 10**400], [1])], ValueError, "net: no float can hold"),
        ([([0, 1, 2], [1])], ValueError, "net: expected 2 inputs x, got 3"),
        ([([0, 1], [1, 0])], ValueError, "squared_error: 1 outputs but 2 targets"),
    ],
)
@pytest.mark.parametrize("engine", ["auto", "eager"])
def test_bad_cases_raise_what_they_always_did(cases, kind, message, engine):
    net = xor_net()
    with pytest.raises(kind, match=message):
        train(net, cases, Descent(net.parameters()), sweeps=1, engine=engine, progress=False)


def test_the_progress_bar_shows_the_error(capfd, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    net = xor_net()
    train(net, XOR, Descent(net.parameters()), sweeps=20, until=lambda seen: time.sleep(0.02))
    shown = capfd.readouterr().err
    assert "20/20" in shown
    assert "error=" in shown
