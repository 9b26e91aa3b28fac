"""Cases as pairs, arrays, frames, dicts of groups, and with numbers for targets."""

import numpy as np
import pandas
import pytest

from microbp import datasets
from microbp.nn import Net
from microbp.optim import Descent
from microbp.training import train
from tests.helpers.engines import engine_in_use, pytest_generate_tests  # noqa: F401  # for pytest
from tests.helpers.training import XOR, numbers

X, Y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
GIVEN = {
    "arrays": (np.array(X), np.array(Y)),
    "a column": (np.array(X), np.array(Y)[:, None]),
    "frames": (pandas.DataFrame(X, columns=["a", "b"]), pandas.Series(Y, name="y")),
    "booleans": (np.array(X) > 0, np.array(Y) > 0),
    "objects": (np.array(X, dtype=object), np.array(Y, dtype=object)),
    "lists": (X, Y),
    "an array and a list": (np.array(X), Y),
    "numbers as targets": list(zip(X, Y, strict=True)),
    "rows of arrays": list(zip(np.array(X), np.array(Y), strict=True)),
}


def sigmoid_net(inputs=2):
    return Net(inputs, [2, 1], activation="sigmoid", output="sigmoid", seed=1, init=0.5)


def run(cases, engine, net=None, **options):
    net = net or sigmoid_net()
    optimizer = Descent(net.parameters(), 0.5)
    history = train(
        net, cases, optimizer, engine=engine, progress=False, **{"sweeps": 5, **options}
    )
    return numbers(net), list(history)


@pytest.mark.parametrize("engine", ["replay", "eager"])
@pytest.mark.parametrize("which", GIVEN)
def test_any_kind_of_cases_trains_as_pairs_do(which, engine):
    assert run(GIVEN[which], engine) == run(XOR, engine)


@pytest.mark.parametrize("engine", ["replay", "eager"])
def test_groups_of_inputs_may_be_a_dict_of_columns(engine):
    one, two = (sigmoid_net({"a": 1, "b": 1}) for _ in range(2))
    columns = np.array(X, dtype=float)
    pairs = [({"a": [a], "b": [b]}, [d]) for (a, b), d in zip(X, Y, strict=True)]
    expected = run(pairs, engine, one)
    assert run(({"a": columns[:, 0], "b": columns[:, [1]]}, Y), engine, two) == expected


@pytest.mark.parametrize("engine", ["replay", "eager"])
def test_a_class_by_its_number_is_a_target_of_1_at_its_place(engine):
    cases = [(xs, [1 - d, d, 0]) for xs, (d,) in XOR]
    options = {"loss": "cross_entropy"}
    expected = run(cases, engine, Net(2, [3]), **options)
    assert run((X, Y), engine, Net(2, [3]), **options) == expected
    assert run(list(zip(X, Y, strict=True)), engine, Net(2, [3]), **options) == expected


def test_a_function_of_ones_own_gets_the_targets_of_pairs_as_they_are():
    seen = []

    def loss(outputs, target):
        seen.append(target)
        return (outputs[0] - target) ** 2

    pairs = list(zip(X, Y, strict=True))
    run(pairs, "eager", loss=loss, right=lambda ys, d: True, sweeps=1)
    assert seen[:4] == Y


def test_two_pairs_in_a_tuple_are_two_cases():
    assert run(tuple(XOR[:2]), "eager") == run(XOR[:2], "eager")


def test_data_sets_are_cases():
    _, history = run(datasets.moons(20, seed=1), "replay", Net(2, [4, 1]))
    assert history[0].right <= 20
