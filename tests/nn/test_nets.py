import json
import math
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp import Value
from microbp.nn import ACTIVATIONS, FileMismatch, Layer, Net, Neuron


def net_621(seed=8, init=0.3):
    return Net(6, rng=random.Random(seed), init=init).add("hidden", 2).add("output", 1)


def family_net():
    net = Net({"person": 24, "relation": 12}, rng=random.Random(60), init=1.0)
    net.add("person code", 6, of=["person"]).add("relation code", 6, of=["relation"])
    net.add("central", 12, of=["person code", "relation code"])
    return net.add("penultimate", 6).add("output", 24)


def test_a_unit_is_two_nodes_its_total_input_and_its_output():
    unit = Neuron(3, rng=random.Random(1))
    y = unit([1.0, 2.0, 3.0])
    (x,) = y.operands
    assert (y.op.name, x.op.name) == ("sigmoid", "dot")
    assert x.operands[:3] == tuple(unit.weights)
    assert x.operands[-1] is unit.bias


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_unit_computes_its_activation_of_equation_1(name):
    unit = Neuron(2, rng=random.Random(2), init=2.0, activation=name)
    w1, w2 = (w.data for w in unit.weights)
    x = w1 * 0.5 + w2 * -1.5 + unit.bias.data
    expected = {
        "sigmoid": 1 / (1 + math.exp(-x)),
        "tanh": math.tanh(x),
        "relu": max(x, 0.0),
        "softplus": math.log1p(math.exp(x)),
        "linear": x,
    }[name]
    assert unit([0.5, -1.5]).data == pytest.approx(expected, rel=1e-15)


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


def test_a_layer_gives_its_units_the_same_input_nodes():
    layer = Layer(2, 3, rng=random.Random(0))
    outputs = layer([0.25, 0.5])
    first, *others = [y.operands[0].operands[2:4] for y in outputs]
    assert len(outputs) == 3
    assert all(other == first for other in others)


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
        (
            lambda: Neuron(2, rng=random.Random(0), activation="step"),
            "activation: expected one of sigmoid, tanh, relu, softplus, linear; got 'step'",
        ),
        (lambda: Neuron(2, rng=random.Random(0))([1.0]), "dot: 2 weights but 1 activities"),
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
            "add: no layer or group is called 'hiden'; there are ['x', 'hidden', 'output']",
        ),
        (lambda: net_621().add("more", 0), "add: expected at least 1 unit in layer 'more', got 0"),
        (
            lambda: Net({"a": 0}, rng=random.Random(0)),
            "inputs: expected at least 1 in group 'a', got 0",
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


@given(st.lists(st.floats(), min_size=17, max_size=17))
def test_a_saved_net_comes_back_bit_for_bit(tmp_path_factory, numbers):
    path = tmp_path_factory.mktemp("net") / "weights.json"
    net, other = net_621(), net_621(seed=9)
    for p, x in zip(net.parameters(), numbers, strict=True):
        p.data = x
    net.save(path)
    other.load(path)
    pairs = zip(net.parameters(), other.parameters(), strict=True)
    assert all(a.data.hex() == b.data.hex() for a, b in pairs)


def mutated(change):
    state = net_621().state_dict()
    change(state)
    return state


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda s: s.update(Net(6, rng=random.Random(0)).add("hidden", 6).state_dict()),
            "w.json holds 1 layers where this net has 2",
        ),
        (
            lambda s: s["layers"][0].update(biases=[0.0] * 6),
            "w.json holds a layer of 6 units where this net has 2 (layer 1)",
        ),
        (
            lambda s: s["layers"][0]["weights"].pop(),
            "w.json holds a layer of 2 units where this net has 2 (layer 1)",
        ),
        (
            lambda s: s.update(inputs={"x": 5}),
            "w.json holds a net with inputs {'x': 5} where this net has {'x': 6}",
        ),
        (
            lambda s: s["layers"][1].update(activation="tanh"),
            "w.json: activation is 'tanh' where this net has 'sigmoid' (layer 2)",
        ),
        (
            lambda s: s["layers"][0].update(name="first"),
            "w.json: name is 'first' where this net has 'hidden' (layer 1)",
        ),
        (
            lambda s: s["layers"][1].update(fed_by=["x"]),
            "w.json: fed_by is ['x'] where this net has ['hidden'] (layer 2)",
        ),
        (
            lambda s: s["layers"][0]["weights"][1].pop(),
            "w.json holds a unit of 5 weights where this net has 6 (layer 1)",
        ),
        (
            lambda s: s["layers"][1]["biases"].__setitem__(0, "0.5"),
            "w.json holds '0.5' for a weight (layer 2)",
        ),
        (lambda s: s.pop("layers"), "w.json does not hold the state of a net"),
        (lambda s: s["layers"][0].pop("biases"), "w.json does not hold the state of a net"),
        (lambda s: s.update(inputs=3), "w.json does not hold the state of a net"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_and_named(tmp_path, change, message):
    path = tmp_path / "w.json"
    path.write_text(json.dumps(mutated(change)))
    net = net_621(seed=1)
    before = net.state_dict()
    with pytest.raises(FileMismatch) as error:
        net.load(path)
    assert str(error.value) == message
    assert net.state_dict() == before


@pytest.mark.parametrize("text", ["", "[1, 2", "\x00"])
def test_a_file_that_is_no_json_is_refused(tmp_path, text):
    path = tmp_path / "w.json"
    path.write_text(text)
    with pytest.raises(FileMismatch, match=r"^w.json is not a JSON file: "):
        net_621().load(path)


@pytest.mark.parametrize("text", ["[]", "3", "null", '"net"'])
def test_json_of_something_else_is_refused(tmp_path, text):
    path = tmp_path / "w.json"
    path.write_text(text)
    with pytest.raises(FileMismatch, match=r"^w.json does not hold the state of a net$"):
        net_621().load(path)


def test_the_summary_counts_the_parameters_of_each_layer():
    lines = family_net().summary().splitlines()
    assert lines[0].split() == ["layer", "units", "fed", "by", "activation", "parameters"]
    assert re.split(r"  +", lines[5])[2:] == ["person code, relation code", "sigmoid", "156"]
    assert lines[-1].split() == ["total", "630"]
