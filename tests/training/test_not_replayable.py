"""What can't be replayed is built anew for each case, with the same result."""

import random
import re

import pytest

from microbp import DomainError, Value
from microbp.core.functions import data_of
from microbp.losses import squared_error
from microbp.optim import Descent
from microbp.training import train
from tests.helpers.training import XOR, Peculiar, numbers, trained, xor_net


def dropout(rng):
    return lambda net, xs: [y * (2.0 if rng.random() < 0.5 else 0.0) for y in net(xs)]


def plain(net, xs):
    return net(xs)


def chosen_by_target(ys, ds):
    return (ys[0] - 0.9) ** 2 if ds[0] > 0.5 else (ys[0] - 0.1) ** 2


VALUES = [([Value(float(x)) for x in inputs], targets) for inputs, targets in XOR]


UNEVEN = [*XOR, ([1, 1, 1], [0])]


UNEVEN_GROUPS = [({"a": [0, 1], "b": []}, [1]), ({"a": [0], "b": [1]}, [1])]


OTHER_GROUPS = [({"a": [0], "b": [1]}, [1]), ({"a": [0], "c": [1]}, [1])]


UNEVEN_SPLIT = [([0, 1], [1]), ([0], [1, 1])]


IRREPLAYABLE = {
    "uneven": (lambda net, xs: net(xs[:2]), UNEVEN, squared_error, "not of the same size"),
    "uneven groups": (
        lambda net, xs: net([*xs["a"], *xs["b"]]), UNEVEN_GROUPS, squared_error, "not of the same"),
    "other groups": (
        lambda net, xs: net([x for group in xs.values() for x in group]), OTHER_GROUPS,
        squared_error, "not of the same size"),
    "uneven split": (
        lambda net, xs: net([xs[0], 0.5]), UNEVEN_SPLIT, lambda ys, ds: (ys[0] - ds[0]) ** 2,
        "not of the same size"),
    "Values": (plain, VALUES, squared_error, "the cases hold Values"),
    "a node made by hand": (
        lambda net, xs: [Value(y.data**2, (y,), (2.0 * y.data,)) for y in net(xs)], XOR,
        squared_error, r"Value\(0.+, op=custom\) was made by Value\(data, children, local_grads\)"),
    "a loss that compares": (
        plain, XOR, chosen_by_target, "Python compares what depends on the case"),
    "a net that compares its input": (
        lambda net, xs: [y * 2.0 if xs[0] > 0.5 else y for y in net(xs)], XOR, squared_error,
        r"Python compares what depends on the case: Value\(0.0"),
    "a net that compares what it throws away": (
        lambda net, xs: net([x if x - 0.5 > 0.0 else x * 1.0 for x in xs]), XOR, squared_error,
        r"Python compares what depends on the case: Value\(-0.5, grad=0.0, op=sub\)"),
    "a net that compares its output": (
        lambda net, xs: [y * 2.0 if y > 0.5 else y for y in net(xs)], XOR, squared_error,
        r"Python compares what depends on the case: Value\(.*op=sigmoid"),
    "a net that reads": (
        lambda net, xs: [y * data_of(xs[0]) for y in net(xs)], XOR, squared_error,
        "in case 2 error and"),
    "a single target": (
        plain, [(inputs, targets[0]) for inputs, targets in XOR],
        lambda ys, d: (ys[0] - d) ** 2, "TypeError: "),
    "no Values": (
        lambda net, xs: [0.5 for _ in net(xs)], XOR, lambda ys, ds: Value(1.0),
        "AttributeError: |TypeError: "),
}  # fmt: skip


@pytest.mark.parametrize("change_per_case", [False, True])
@pytest.mark.parametrize("which", IRREPLAYABLE)
def test_what_cannot_be_replayed_is_built_anew(which, change_per_case):
    call, cases, loss, reason = IRREPLAYABLE[which]
    results = []
    for engine in ("auto", "eager"):
        net = Peculiar(call)
        history = train(
            net,
            cases,
            Descent(net.parameters(), 0.5),
            sweeps=5,
            loss=loss,
            right=lambda ys, ds: data_of(ys[0]) > 0.5,
            change_per_case=change_per_case,
            engine=engine,
            progress=False,
        )
        results.append((list(history), numbers(net)))
        if engine == "auto":
            assert re.search("^eager: .*(" + reason + ")", history.engine)
    assert results[0] == results[1]
    net = Peculiar(call)
    with pytest.raises(ValueError, match=r"^train: can't replay this net: .*(" + reason + ")"):
        train(
            net,
            cases,
            Descent(net.parameters()),
            sweeps=1,
            loss=loss,
            right=lambda ys, ds: data_of(ys[0]) > 0.5,
            engine="replay",
            progress=False,
        )
    assert numbers(net) == numbers(xor_net())


def test_a_net_that_is_random_is_built_anew():
    net = Peculiar(dropout(random.Random(1)))
    history = trained(net, sweeps=5, engine="auto")
    assert history.engine.startswith("eager: in case ")
    with pytest.raises(ValueError, match="can't replay this net: in case"):
        trained(Peculiar(dropout(random.Random(1))), sweeps=5, engine="replay")


def test_a_case_beyond_the_sample_without_a_value_raises():
    def loss(ys, ds):
        return (ys[0] * 0.0 + ds[0]).log()

    cases = [([0, 1], [1.0])] * 300
    cases[101] = ([0, 1], [-1.0])
    for engine in ("auto", "eager"):
        net = xor_net()
        with pytest.raises(DomainError, match="log"):
            train(
                net,
                cases,
                Descent(net.parameters()),
                sweeps=1,
                loss=loss,
                engine=engine,
                progress=False,
            )
        assert numbers(net) == numbers(xor_net())
