"""The strategy `networks`."""

from hypothesis import find, given, settings

import microbp
from microbp.nn import ACTIVATIONS
from microbp.testing import assert_grad_ok, networks
from tests.helpers.examples import drawn, repeatable, reported


def test_networks_have_all_shapes():
    nets = drawn(networks(), 300)
    layers = [list(net.layers.values()) for net in nets]
    assert {len(each) for each in layers} == {1, 2, 3}
    assert {net.inputs["x"] for net in nets} == {1, 2, 3, 4}
    assert {len(each[-1].neurons) for each in layers} == {1, 2, 3, 4}
    assert {layer.neurons[0].activation for each in layers for layer in each} == set(ACTIVATIONS)
    assert len({net.parameters()[0].data for net in nets}) > 50
    fed = [of for net in nets for of in net.fed_by.values()]
    assert ["x", "hidden1"] in fed
    for net in nets:
        names = ["x", *net.layers]
        assert [of[-1] for of in net.fed_by.values()] == names[:-1]


def test_a_layer_can_be_fed_by_two_layers():
    def is_one(net):
        return ["hidden1", "hidden2"] in net.fed_by.values()

    # Among a few hundred, some versions of Hypothesis draw none.
    rare = find(networks(), is_one, settings=settings(database=None, max_examples=5_000))
    assert [layer.startswith("hidden") for layer in rare.layers].count(True) == 2


def test_networks_keep_to_what_is_asked_for():
    strategy = networks(
        inputs=3, outputs=2, max_layers=2, max_units=5, activations=["tanh"], skips=False
    )
    for net in drawn(strategy, 100):
        assert net.inputs == {"x": 3}
        assert len(net([0.5, 0.5, 0.5])) == 2
        assert len(net.layers) <= 2
        assert all(len(of) == 1 for of in net.fed_by.values())
        assert {layer.neurons[0].activation for layer in net.layers.values()} == {"tanh"}


def test_a_failing_network_is_reported_as_the_code_that_makes_it(capsys):
    failing = []

    @repeatable
    @given(networks())
    def no_skips(net):
        failing.append(net)
        assert all(len(of) == 1 for of in net.fed_by.values())

    _, report = reported(no_skips, capsys)
    code = next(line for line in report.split("\n") if line.startswith("net = "))
    scope = {}
    exec(f"import random\nfrom microbp.nn import Net\n{code}", scope)
    assert scope["net"].state_dict() == failing[-1].state_dict()


@settings(max_examples=20)
@given(networks(max_units=3, activations=["tanh", "sigmoid", "softplus"]))
def test_derivatives_of_networks_are_right(net):
    inputs = [0.5] * net.inputs["x"]
    assert_grad_ok(lambda: microbp.total(net(inputs)), parameters=net.parameters())
