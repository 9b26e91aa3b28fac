"""The units and connections of a net, found in its recording, in columns."""

import random

import pytest

from microbp import Value, exp, log, sigmoid, total
from microbp.explorer.net_units import net_units
from microbp.losses import cross_entropy, squared_error
from microbp.nn import Net, Neuron
from microbp.replay.recording import recorded


def units_of(net, inputs, loss=squared_error, targets=None):
    """The plain data for a net of so many inputs, and the recording."""
    xs = [Value(0.5, f"x{i + 1}") for i in range(inputs)]
    outputs = net(xs)
    ds = [Value(1.0, f"d{i + 1}") for i in range(len(outputs))] if targets is None else targets
    error = loss(outputs, ds)
    recording = recorded([error, *outputs], [*xs, *ds], list(net.parameters()))
    return net_units(recording, inputs), recording


def lines(net):
    """Each connection as (from, to), by the labels of the units."""
    labels = [unit["label"] for unit in net["units"]]
    return [(labels[line["from"]], labels[line["to"]]) for line in net["connections"]]


def columns(net):
    labels = [unit["label"] for unit in net["units"]]
    return {c["name"]: [labels[i] for i in c["units"]] for c in net["columns"]}


def test_a_layered_net_is_columns_and_each_weight_a_connection():
    layered = Net(2, seed=1).add("hidden", 2).add("output", 1)
    net, recording = units_of(layered, 2)
    assert columns(net) == {
        "x": ["x1", "x2"],
        "hidden": ["hidden1", "hidden2"],
        "output": ["output1"],
    }
    assert sorted(lines(net)) == [
        ("hidden1", "output1"), ("hidden2", "output1"), ("x1", "hidden1"), ("x1", "hidden2"),
        ("x2", "hidden1"), ("x2", "hidden2"),
    ]  # fmt: skip
    names = [parameter.label for parameter in layered.parameters()]
    units = net["units"]
    for line in net["connections"]:
        start, end = (units[line[side]]["label"] for side in ("from", "to"))
        assert names[line["parameter"]] == f"w[{end},{start}]"
    for unit in units[2:]:
        assert names[unit["bias"]] == f"b[{unit['label']}]"
        assert recording.labels[unit["node"]] == unit["label"]
    assert [(unit["total"], unit["bias"]) for unit in units[:2]] == [(-1, -1), (-1, -1)]


def test_a_unit_stands_behind_all_that_it_needs():
    skipping = Net(2, seed=1).add("hidden", 1).add("output", 1, of=["x", "hidden"])
    net, _ = units_of(skipping, 2)
    assert [*columns(net)] == ["x", "hidden", "output"]
    assert {("x1", "output1"), ("x2", "output1"), ("hidden1", "output1")} <= set(lines(net))


def test_layers_whose_names_end_with_a_digit_keep_their_units_apart():
    net, _ = units_of(Net(2, [11, 2, 1], seed=1), 2)
    found = columns(net)
    assert [*found] == ["x", "hidden1", "hidden2", "output"]
    assert found["hidden1"][-2:] == ["hidden1_10", "hidden1_11"]
    assert found["hidden2"] == ["hidden2_1", "hidden2_2"]


class InTime:
    """One unit that feeds itself, at three times."""

    def __init__(self):
        self.unit = Neuron(2, rng=random.Random(0), label="h1", sources=["x1", "h1"])

    def __call__(self, xs):
        h = Value(0.0)
        for x in xs:
            h = self.unit([x, h])
        return [h]

    def parameters(self):
        return self.unit.parameters()


def test_times_are_columns_and_share_their_parameters():
    net, _ = units_of(InTime(), 3)
    assert [c["name"] for c in net["columns"]][-3:] == ["step 1", "step 2", "step 3"]
    used = [line["parameter"] for line in net["connections"]]
    assert sorted(used) == [0, 0, 0, 1, 1]  # before the first time there is no unit


class ByHand:
    """A unit out of plain products and sums, without a label."""

    def __init__(self):
        self.weights = [Value(0.1), Value(0.2)]
        self.bias = Value(0.3)

    def __call__(self, xs):
        return [sigmoid(total([w * x for w, x in zip(self.weights, xs, strict=True)]) + self.bias)]

    def parameters(self):
        return [*self.weights, self.bias]


def test_a_unit_out_of_plain_values_is_found():
    net, _ = units_of(ByHand(), 2)
    assert columns(net) == {"x": ["x1", "x2"], "output": ["output"]}
    assert [line["parameter"] for line in net["connections"]] == [0, 1]
    assert net["units"][2]["bias"] == 2


class Softmax(ByHand):
    """Two units whose activities are a softmax."""

    def __call__(self, xs):
        sums = [self.weights[k] * xs[k] + self.bias for k in range(2)]
        norm = log(exp(sums[0]) + exp(sums[1]))
        return [exp(each - norm) for each in sums]


def test_a_softmax_unit_has_its_probability_as_activity():
    net, recording = units_of(Softmax(), 2)
    assert [unit["node"] for unit in net["units"][2:]] == list(recording.outputs[1:])
    assert all(unit["node"] != unit["total"] for unit in net["units"])


@pytest.mark.parametrize("loss", [squared_error, cross_entropy])
def test_nothing_of_the_loss_is_a_unit(loss):
    net, _ = units_of(Net(2, [3, 2], output="softmax", seed=1), 2, loss)
    assert len(net["units"]) == 7
