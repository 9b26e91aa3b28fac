"""Nets made in one line, seeds, and initial weights by name."""

import copy
import json
import math
import random

import pytest

from microbp.nn import Layer, Net
from tests.helpers.engines import engine_in_use, pytest_generate_tests  # noqa: F401  # for pytest


def numbers(net):
    return [p.data for p in net.parameters()]


@pytest.mark.parametrize(
    ("sizes", "names"),
    [
        ([1], ["output"]),
        ([4, 1], ["hidden", "output"]),
        ((16, 16, 1), ["hidden1", "hidden2", "output"]),
    ],
)
def test_layers_of_a_list_get_names_and_activations(sizes, names):
    net = Net(2, sizes)
    assert list(net.layers) == names
    assert [len(layer.neurons) for layer in net.layers.values()] == list(sizes)
    kinds = [layer.activation for layer in net.layers.values()]
    assert kinds == ["relu"] * (len(sizes) - 1) + ["linear"]
    assert all(math.isfinite(y.data) for y in net([0.5, -1.0]))


def test_hidden_layers_get_the_activation_and_the_last_one_the_output():
    net = Net({"a": 1, "b": 2}, [3, 2], activation="tanh", output="sigmoid")
    assert [layer.activation for layer in net.layers.values()] == ["tanh", "sigmoid"]
    assert net.fed_by["hidden"] == ["a", "b"]
    longer = net.add("more", 1)
    assert longer.layers["more"].activation == "sigmoid"


def test_a_list_and_layers_one_by_one_draw_the_same_weights():
    one = Net(2, [3, 1], activation="tanh", seed=5, init=0.5)
    two = Net(2, rng=random.Random(5), init=0.5).add("hidden", 3, activation="tanh")
    two.add("output", 1, activation="linear")
    assert one.state_dict() == two.state_dict()


def test_the_seed_is_0_by_default():
    assert numbers(Net(2, [2, 1])) == numbers(Net(2, [2, 1], seed=0))
    assert numbers(Net(2, [2, 1])) != numbers(Net(2, [2, 1], seed=1))
    assert numbers(Net(2).add("a", 1)) == numbers(Net(2, rng=random.Random(0)).add("a", 1))


@pytest.mark.parametrize(
    ("init", "limit"),
    [
        ("uniform", 0.3),
        (0.7, 0.7),
        ("xavier", math.sqrt(6 / 40)),
        ("glorot", math.sqrt(6 / 40)),
        ("he", math.sqrt(6 / 10)),
        ("kaiming", math.sqrt(6 / 10)),
        ("zeros", 0.0),
    ],
)
def test_initial_weights_by_name_fill_their_range(init, limit):
    (layer,) = Net(10, init=init).add("output", 30).layers.values()
    weights = [w.data for neuron in layer.neurons for w in neuron.weights]
    assert 0.9 * limit <= max(map(abs, weights)) <= limit
    biases = [neuron.bias.data for neuron in layer.neurons]
    assert any(biases) is (init in ("uniform", 0.7))


def test_a_layer_in_a_list_starts_as_its_activation_wants():
    by_default = Net(2, [3, 3], activation="softplus", output="tanh")
    he, xavier = (
        Net(2, [3, 3], activation="softplus", output="tanh", init=i) for i in ("he", "xavier")
    )
    assert numbers(by_default)[:9] == numbers(he)[:9]
    scale = numbers(by_default)[9] / numbers(xavier)[9]
    assert scale == pytest.approx(1.0)
    assert Layer(2, 2, rng=random.Random(0), init="he").neurons[0].bias.data == 0.0


def test_a_softmax_layer_gives_shares_of_1():
    net = Net(2, [3, 4], output="softmax", seed=3)
    hidden = net.activities([1.0, -2.0])["hidden"]
    totals = [
        sum(w.data * y.data for w, y in zip(n.weights, hidden, strict=True)) + n.bias.data
        for n in net.layers["output"].neurons
    ]
    whole = sum(math.exp(x) for x in totals)
    outputs = net([1.0, -2.0])
    assert [y.data for y in outputs] == pytest.approx([math.exp(x) / whole for x in totals])
    assert [y.label for y in outputs] == ["output1", "output2", "output3", "output4"]
    assert "softmax" in net.summary()
    twin = Net(2, [3, 4], output="softmax")
    twin.load_state_dict(json.loads(json.dumps(net.state_dict())))
    assert numbers(twin) == numbers(net) == numbers(copy.deepcopy(net))
