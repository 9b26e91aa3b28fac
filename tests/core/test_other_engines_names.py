"""The names by which programs for micrograd, microgpt and PyTorch read a Value."""

import math

import numpy as np
import pytest

import microbp
from microbp.core.engine import Value


def traced(root):
    """Nodes and edges, as micrograd's `trace` finds them."""
    nodes, edges = set(), set()

    def build(v):
        if v not in nodes:
            nodes.add(v)
            for child in v._prev:
                edges.add((child, v))
                build(child)

    build(root)
    return nodes, edges


def test_micrograds_trace_finds_the_graph():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    product = a * b
    y = product + a
    nodes, edges = traced(y)
    assert nodes == {a, b, product, y}
    assert edges == {(a, product), (b, product), (product, y), (a, y)}
    assert (y._op, product._op, a._op) == ("+", "*", "")
    assert [(a**n)._op for n in (2, -1, 0.5)] == ["**2", "**-1", "**0.5"]
    assert (a ** Value(2.0, "n"))._op == (a ** (b + 1))._op == "**"
    assert (a * a)._prev == {a}
    assert a._prev == set()


def test_microgpts_names():
    a, b = Value(2.0), Value(3.0)
    y = a * b
    assert (y._children, y._local_grads) == ((a, b), (3.0, 2.0))
    assert (a._children, a._local_grads) == ((), ())


@pytest.mark.parametrize("name", ["_prev", "_children", "_op", "_local_grads", "operands", "op"])
def test_they_cannot_be_set(name):
    y = Value(2.0) * 3.0
    with pytest.raises(AttributeError):
        setattr(y, name, ())
    with pytest.raises(AttributeError):
        delattr(y, name)


def test_pytorchs_names():
    x = Value(2.0, "x")
    y = x * x
    y.backward(retain_graph=True)
    y.backward(retain_graph=False)
    assert (x.grad, y.item(), type(y.item())) == (8.0, 4.0, float)
    x.zero_grad()
    assert x.grad == 0.0
    x.grad = 1.0
    x.grad = None
    assert x.grad == 0.0
    assert y.detach().op is None


METHODS = ["exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan"]
METHODS += ["sinh", "cosh", "tanh", "sigmoid", "softplus", "relu", "erf", "leaky_relu", "silu"]
METHODS += ["gelu", "clip", "elu"]


@pytest.mark.parametrize("name", METHODS)
def test_methods_do_what_the_functions_do(name):
    for x in (0.5, 1.0):
        by_method, by_function = getattr(Value(x), name)(), getattr(microbp, name)(Value(x))
        assert repr(by_method) == repr(by_function)
        assert by_method.partials == by_function.partials
        assert getattr(microbp, name)(x) == by_method.data


def test_methods_of_two_numbers():
    x, y = Value(0.5), Value(0.25)
    for name in ("atan2", "hypot", "logaddexp", "maximum", "minimum"):
        for other in (y, 0.25):
            by_function = getattr(microbp, name)(x, other)
            assert repr(getattr(x, name)(other)) == repr(by_function)
    assert x.maximum(y, 3.0).data == 3.0
    assert x.minimum(y, 3.0).data == 0.25
    assert (x.clip(min=0.75).data, x.clamp(0.0, 0.25).data, x.clip(max=0.4).data) == (
        0.75,
        0.25,
        0.4,
    )
    assert (x.square().partials, x.abs().op.name) == ((0.5, 0.5), "abs")
    assert x.conjugate() is x


@pytest.mark.parametrize("name", ["maximum", "minimum"])
def test_a_tie_is_split_evenly_among_all_that_are_tied(name):
    sign = 1.0 if name == "maximum" else -1.0
    xs = [Value(sign * x) for x in (2.0, 1.0, 2.0, 2.0)]
    y = getattr(microbp, name)(*xs)
    assert y.data == sign * 2.0
    assert y.partials == (1 / 3, 0.0, 1 / 3, 1 / 3)
    assert getattr(microbp, name)(1.0, 3.0, 2.0) == (3.0 if name == "maximum" else 1.0)
    assert getattr(microbp, name)(xs).partials == y.partials


@pytest.mark.parametrize("name", ["maximum", "minimum", "total", "logsumexp"])
def test_functions_of_any_number_take_a_list_or_each(name):
    function = getattr(microbp, name)
    xs = [Value(0.5), Value(0.25), 3.0]
    assert repr(function(xs)) == repr(function(*xs)) == repr(function(np.array(xs, dtype=object)))
    assert function(xs[:2]).op is function(*xs[:2]).op
    assert function(xs[:1]).data == function([0.5]) == 0.5
    assert function(x for x in (1.0, 2.0)) == function(1.0, 2.0)
    with pytest.raises(TypeError, match=f"^{name}: expected a list of Values or numbers, got 0.5"):
        function(0.5)
    with pytest.raises(TypeError, match=f"^{name}: expected a list of Values or numbers, got noth"):
        function()


def test_leaky_relu_and_elu_take_a_slope():
    x = Value(-2.0)
    y = microbp.leaky_relu(x, 0.25)
    y.backward()
    assert (y.data, x.grad, microbp.leaky_relu(3.0, 0.25)) == (-0.5, 0.25, 3.0)
    z = microbp.elu(x, 2.0)
    z.backward()
    assert z.data == 2.0 * math.expm1(-2.0)
    assert x.grad == 0.25 + 2.0 * math.exp(-2.0)
    assert microbp.elu(3.0) == 3.0
    assert (x.elu(2.0).data, x.elu(2.0).partials) == (z.data, z.partials)
