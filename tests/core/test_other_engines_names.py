"""The names by which programs for micrograd, microgpt and PyTorch read a Value."""

import pytest

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
    assert (y._op, product._op, a._op) == ("+", "×", "")
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
