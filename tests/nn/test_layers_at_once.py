"""Layers and errors made by one call of the engine are those written out, node by node."""

import math
import random
import struct
from contextlib import nullcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp import Value, no_grad
from microbp.core import engine, ops
from microbp.core.engine import apply, reverse_order
from microbp.core.functions import dot, exp, logsumexp, total
from microbp.core.toposort import operands_first
from microbp.losses import squared_error
from microbp.nn import ACTIVATIONS, Layer, Net, Neuron
from tests.helpers.engines import engine_in_use, pytest_generate_tests  # noqa: F401  # for pytest

CUBE = ops.Op("cube", "cube", lambda m, a: a * a * a, lambda m, y, a: (3 * a * a,))


def bits(x):
    return "nan" if math.isnan(x) else struct.pack("<d", x)


def graph(nodes):
    """All there is to know of the graph that these nodes stand in, ages included."""
    order = operands_first(*nodes)
    place = {x: i for i, x in enumerate(order)}
    youngest_first = [place[x] for x in reverse_order(total([*nodes, 0.0]))[1:]]
    about = [
        (x.op, x.label, bits(x.data), [*map(bits, x.partials)], [place[o] for o in x.operands])
        for x in order
    ]
    return about, [place[x] for x in nodes], youngest_first


def unit_written_out(neuron, inputs):
    if isinstance(neuron, Constant):
        return neuron.activity(inputs)
    y = dot(neuron.weights, inputs, neuron.bias)
    if ACTIVATIONS[neuron.activation] is not None:
        y = apply(ACTIVATIONS[neuron.activation], y)
    y.label = neuron.label
    return y


def layer_written_out(layer, inputs):
    if layer.activation != "softmax":
        return [unit_written_out(neuron, inputs) for neuron in layer.neurons]
    totals = [dot(neuron.weights, inputs, neuron.bias) for neuron in layer.neurons]
    log_sum = logsumexp(totals)
    activities = [exp(x - log_sum) for x in totals]
    for y, neuron in zip(activities, layer.neurons, strict=True):
        y.label = neuron.label
    return activities


def net_written_out(net, inputs):
    found = {}
    for name, size in net.inputs.items():
        labels = [f"{name}{i}" for i in range(1, size + 1)]
        found[name] = [
            x if isinstance(x, Value) else Value(x, label)
            for x, label in zip(inputs[name], labels, strict=True)
        ]
    for name, layer in net.layers.items():
        xs = [x for source in net.fed_by[name] for x in found[source]]
        found[name] = layer_written_out(layer, xs)
    return found


class Constant(Neuron):
    """A unit that a program has written: it adds up its inputs, and changes the list."""

    def activity(self, inputs):
        inputs.reverse()
        return total([*inputs, self.bias])


DATA = st.floats(-3.0, 3.0) | st.sampled_from([0.0, -0.0, 1e200, math.inf, math.nan])


CHANGES = ["none", "none", "tied", "cut", "number", "constant", "cube"]


@st.composite
def nets(draw):
    """Nets of every kind, and what programs do to them; and the inputs of a case."""
    rng = random.Random(draw(st.integers(0, 99)))
    size = st.integers(1, 4)
    groups = {name: draw(size) for name in ("x", "z")[: draw(st.integers(1, 2))]}
    net = Net(groups, rng=rng, init=1.0)
    for i in range(1, draw(size) + 1):
        of = draw(st.lists(st.sampled_from([*groups, *net.layers]), min_size=1, max_size=3))
        units = draw(size)
        known = [*ACTIVATIONS] if units == 1 else [*ACTIVATIONS, "softmax"]
        net.add(f"h{i}", units, of=of, activation=draw(st.sampled_from(known)))
    for layer in net.layers.values():
        first, *others = layer.neurons
        change = draw(st.sampled_from(CHANGES))
        if change == "tied" and others:
            others[0].weights[0], others[0].bias = first.weights[0], first.bias
        elif change == "cut":
            first.weights = [0.0, *first.weights[1:]]
        elif change == "number":
            first.weights[0], first.bias = 2, 1.5
        elif change == "constant" and layer.activation != "softmax":
            layer.neurons[0] = Constant(len(first.weights), rng=rng)
        elif change == "cube" and layer.activation != "softmax":
            first.activation, first.label = "cube", ""
    numbers = {name: [draw(DATA) for _ in range(count)] for name, count in groups.items()}
    for xs in numbers.values():
        xs[0] = draw(st.sampled_from([xs[0], Value(xs[0], "mine"), 1]))
    return net, numbers


@given(nets(), st.sampled_from([nullcontext, no_grad]))
def test_a_net_is_the_graph_written_out(net_and_inputs, mode):
    net, inputs = net_and_inputs
    ACTIVATIONS["cube"] = CUBE
    try:
        with mode():
            ours = net.activities(inputs if len(inputs) > 1 else tuple(inputs["x"]))
            theirs = net_written_out(net, inputs)
    finally:
        del ACTIVATIONS["cube"]
    assert list(ours) == list(theirs)
    for name in ours:
        for y, expected in zip(ours[name], theirs[name], strict=True):
            assert y is expected or (y.label, y.op) == (expected.label, expected.op)
    ours, theirs = ([x for xs in found.values() for x in xs] for found in (ours, theirs))
    assert graph(ours) == graph(theirs)
    parameters = [p for p in net.parameters() if isinstance(p, Value)]
    shared = [{*operands_first(*nodes)}.intersection(parameters) for nodes in (ours, theirs)]
    assert shared[0] == shared[1]


@given(st.lists(st.tuples(DATA, DATA), max_size=5), st.sampled_from([nullcontext, no_grad]))
def test_the_squared_error_is_the_graph_written_out(pairs, mode):
    ys, ds = [Value(y) for y, _ in pairs], [d for _, d in pairs]
    with mode():
        ours = squared_error(ys, ds)
        errors = [y - d for y, d in zip(ys, ds, strict=True)]
        theirs = total([e * e for e in errors]) * 0.5
    if pairs:
        assert graph([ours]) == graph([theirs])
    else:
        assert ours == theirs == 0.0


def test_what_a_program_puts_in_place_of_a_method_is_called():
    net = Net(2, rng=random.Random(0)).add("hidden", 2).add("output", 1)
    first, second = net.layers["hidden"].neurons
    first.activity = lambda inputs: Value(0.25, "lesion")
    second.activity = first.__class__.activity.__get__(net.layers["output"].neurons[0])
    (a, b) = net.activities([1.0, 2.0])["hidden"]
    assert (a.label, b.label) == ("lesion", "output1")

    class Doubled(Layer):
        def __call__(self, inputs):
            return [2 * y for y in super().__call__(inputs)]

    net.layers["hidden"] = Doubled(2, 2, rng=random.Random(1))
    assert [y.op.name for y in net.activities([1.0, 2.0])["hidden"]] == ["mul", "mul"]


def test_a_neurons_method_gets_no_list_of_the_caller():
    layer = Layer(2, 2, rng=random.Random(0))
    layer.neurons[0] = Constant(2, rng=random.Random(0))
    inputs = [a, b] = [Value(1.0), Value(2.0)]
    assert [y.op.name for y in layer(inputs)] == ["total", "sigmoid"]
    assert inputs == [a, b]


def test_a_layer_says_which_inputs_it_wants():
    layer = Layer(2, 2, rng=random.Random(0))
    with pytest.raises(ValueError, match=r"^Layer: expected 2 inputs, got 1$"):
        layer([Value(1.0)])
    layer.neurons[1].weights.pop()
    with pytest.raises(ValueError, match=r"^dot: 1 weights but 2 activities$"):
        layer([1.0, 2.0])


@pytest.mark.engine("compiled")  # the other looks its fields up by name
def test_what_is_not_nns_plain_is_refused():
    net = Net(2, rng=random.Random(0)).add("output", 1)
    for wrong in (None, 5, [1, 2, 3, 4], (1, 2, 3)):
        with pytest.raises(TypeError, match=r"^expected nn's Plain, got "):
            engine.activities([1.0, 2.0], net.inputs, net.layers, net.fed_by, wrong)
        with pytest.raises(TypeError, match=r"^expected nn's Plain, got "):
            engine.layer(net.layers["output"].neurons, [1.0, 2.0], wrong)
