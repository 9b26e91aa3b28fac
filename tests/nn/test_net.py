"""Nets of layers: how they are made, and what they compute."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp import Value
from microbp.nn import Net
from tests.helpers.nets import family_net, net_621


def test_weights_are_drawn_unit_by_unit_and_the_bias_last():
    rng = random.Random(8)
    expected = [rng.uniform(-0.3, 0.3) for _ in range(17)]
    assert [p.data for p in net_621().parameters()] == expected


@given(st.integers(0, 2**32), st.floats(0.0, 10.0))
def test_initial_weights_stay_in_the_range(seed, init):
    assert all(abs(p.data) <= init for p in net_621(seed, init).parameters())


def test_making_a_net_leaves_the_global_generator_alone():
    before = random.getstate()
    net_621()
    assert random.getstate() == before


def test_the_net_computes_its_layers_in_turn():
    net = net_621()
    bits = [0, 1, 1, 0, 1, 0]
    hidden = [unit(bits) for unit in net.layers["hidden"].neurons]
    (output,) = net.layers["output"].neurons
    assert net(bits)[0].data == output(hidden).data


def test_connections_may_skip_layers():
    net = Net(2, rng=random.Random(0)).add("hidden", 1).add("output", 1, of=["x", "hidden"])
    activities = net.activities([0.5, 0.25])
    (output,) = net.layers["output"].neurons
    expected = output([0.5, 0.25, activities["hidden"][0].data])
    assert activities["output"][0].data == expected.data
    assert [w.label for w in output.weights] == [
        "w[output1,x1]",
        "w[output1,x2]",
        "w[output1,hidden1]",
    ]


def test_the_family_tree_net_has_630_parameters():
    net = family_net()
    outputs = net({"person": [1.0] + [0.0] * 23, "relation": [0.0] * 11 + [1.0]})
    assert len(outputs) == 24
    assert len(net.parameters()) == 630
    assert net.fed_by["central"] == ["person code", "relation code"]


def test_every_parameter_of_the_family_net_gets_a_gradient():
    net = family_net()
    sum(net({"person": [1.0] * 24, "relation": [1.0] * 12})).backward()
    assert all(p.grad != 0.0 for p in net.parameters())
    net.zero_grad()
    assert all(p.grad == 0.0 for p in net.parameters())


def test_inputs_become_labelled_leaves_and_values_stay_themselves():
    net = net_621()
    mine = Value(1.0, "mine")
    inputs = net.activities([mine, 0, 0, 0, 0, 1])["x"]
    assert inputs[0] is mine
    assert [x.label for x in inputs[1:]] == ["x2", "x3", "x4", "x5", "x6"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: net_621()([1, 0]), "net: expected 6 inputs x, got 2"),
        (lambda: net_621()({"y": [1]}), "net: expected inputs ['x'], got ['y']"),
        (
            lambda: family_net()([1.0] * 36),
            "net: expected inputs by group, ['person', 'relation'], got one sequence",
        ),
        (
            lambda: net_621().add("output", 1),
            "add: there is already a layer or group of inputs called 'output'",
        ),
        (
            lambda: net_621().add("x", 1),
            "add: there is already a layer or group of inputs called 'x'",
        ),
        (
            lambda: net_621().add("more", 1, of=["hiden"]),
            "add: no layer or group is called 'hiden'; there are x, hidden, output",
        ),
        (
            lambda: net_621().add("more", 0),
            "add: units of layer 'more': expected a whole number from 1 on, got 0",
        ),
        (
            lambda: Net({"a": 0}, rng=random.Random(0)),
            "Net: inputs: group 'a': expected a whole number from 1 on, got 0",
        ),
    ],
)
def test_bad_nets_and_inputs(make, message):
    with pytest.raises(ValueError) as error:  # noqa: PT011  # the text is compared in full
        make()
    assert str(error.value) == message


def test_a_refused_layer_leaves_the_net_and_the_generator_as_they_were():
    net = net_621()
    state, drawn = net.state_dict(), net._rng.getstate()
    with pytest.raises(ValueError, match="hiden"):
        net.add("more", 1, of=["hiden"])
    with pytest.raises(ValueError, match="activation"):
        net.add("more", 1, activation="step")
    assert (net.state_dict(), net._rng.getstate()) == (state, drawn)


def test_the_summary_counts_the_parameters_of_each_layer():
    lines = family_net().summary().splitlines()
    assert lines[0].split() == ["layer", "units", "fed", "by", "activation", "parameters"]
    assert re.split(r"  +", lines[5])[2:] == ["person code, relation code", "sigmoid", "156"]
    assert lines[-1].split() == ["total", "630"]


def test_a_net_shows_itself_as_its_summary():
    net = Net(2, rng=random.Random(0))
    assert repr(net).splitlines()[-1].split() == ["total", "0"]
    assert repr(family_net()) == family_net().summary()
