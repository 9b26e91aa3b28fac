"""Units and layers."""

import math
import random

import pytest

from microbp.nn import ACTIVATIONS, Layer, Neuron


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
        "leaky_relu": max(x, 0.01 * x),
        "gelu": x * (1 + math.erf(x / math.sqrt(2))) / 2,
        "silu": x / (1 + math.exp(-x)),
    }[name]
    assert unit([0.5, -1.5]).data == pytest.approx(expected, rel=1e-15)


def test_a_layer_gives_its_units_the_same_input_nodes():
    layer = Layer(2, 3, rng=random.Random(0))
    outputs = layer([0.25, 0.5])
    first, *others = [y.operands[0].operands[2:4] for y in outputs]
    assert len(outputs) == 3
    assert all(other == first for other in others)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Neuron(2, rng=random.Random(0), activation="step"),
            f"Neuron: activation: expected one of {', '.join(ACTIVATIONS)}; got 'step'",
        ),
        (lambda: Neuron(2, rng=random.Random(0))([1.0]), "Neuron: expected 2 inputs, got 1"),
    ],
)
def test_bad_neurons_and_activities(make, message):
    with pytest.raises(ValueError) as error:  # noqa: PT011  # the text is compared in full
        make()
    assert str(error.value) == message
