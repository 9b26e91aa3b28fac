"""What a leaf and any other node show, and what of them can be set."""

from fractions import Fraction

import pytest

import microbp
from microbp import dot, total
from microbp.core import engine
from microbp.core.engine import Value
from tests.helpers.nodes import bits, state


def test_each_engine_has_its_turn(engine_in_use):
    assert engine.name == engine_in_use
    assert Value is engine.Value is microbp.Value is type(microbp.exp(Value(0.0)))
    assert Value.__module__ == f"microbp.core.{engine_in_use}.value"


def test_a_leaf_shows_its_number_and_nothing_else():
    x = Value(3)
    assert (x.data, x.grad, x.label, x.op, x.operands, x.partials) == (3.0, 0.0, "", None, (), ())
    assert type(x.data) is type(x.grad) is float


def test_a_node_shows_what_it_was_computed_from():
    a, b = Value(3.0, label="a"), Value(5.0)
    y = a * b
    assert (y.data, y.grad, y.label, y.op.name) == (15.0, 0.0, "", "mul")
    assert y.operands == (a, b)
    assert y.partials == (5.0, 3.0)


def test_repeated_operands_are_kept():
    x = Value(3.0)
    assert (x * x).operands == (x, x)
    assert dot([x, x], [x, 2.0], x).operands[:3] == (x, x, x)
    assert total([x, x, x]).partials == (1.0, 1.0, 1.0)


def test_nodes_of_every_arity_show_operands_and_partials_in_order():
    a, b, c = Value(2.0), Value(3.0), Value(5.0)
    assert ((-a).operands, (-a).partials) == ((a,), (-1.0,))
    assert ((a - b).operands, (a - b).partials) == ((a, b), (1.0, -1.0))
    assert (total([a]).operands, total([a]).partials) == ((a,), (1.0,))
    y = dot([a], [b], c)
    assert (y.operands, y.partials) == ((a, b, c), (3.0, 2.0, 1.0))


def test_data_of_a_leaf_can_be_set():
    x = Value(3.0)
    x.data = Fraction(1, 4)
    assert bits(x.data) == bits(0.25)
    assert (x * 2).data == 0.5


def test_data_of_any_other_node_cannot_be_set():
    y = Value(3.0) * 3
    with pytest.raises(AttributeError) as error:
        y.data = 1.0
    assert str(error.value) == (
        "data of Value(9.0, grad=0.0, op=mul) was computed by mul: only a leaf's can be set"
    )
    assert y.data == 9.0


@pytest.mark.parametrize("name", ["op", "operands", "partials", "_prev"])
def test_nothing_else_can_be_set(name):
    for node in (Value(3.0), Value(3.0) * 3):
        before = state(node)
        with pytest.raises(AttributeError):
            setattr(node, name, None)
        assert state(node) == before


def test_setting_a_leaf_leaves_graphs_already_made_as_they_were():
    x, w = Value(3.0), Value(5.0)
    graphs = [x * w, x / w, x**w, dot([x], [w]), (x * w).tanh()]
    before = [state(y) for y in graphs]
    x.data, w.data = -7.0, 11.0
    assert [state(y) for y in graphs] == before
    graphs[0].backward()
    assert (x.grad, w.grad) == (5.0, 3.0)


def test_grad_and_label_of_any_node_can_be_set():
    for node in (Value(3.0), Value(3.0) * 3):
        node.grad, node.label = 2, "h"
        assert (bits(node.grad), node.label) == (bits(2.0), "h")


@pytest.mark.parametrize("label", [None, 3, b"x", ["x"]])
def test_a_label_is_a_string(label):
    x = Value(3.0, "x")
    with pytest.raises(TypeError) as error:
        x.label = label
    assert str(error.value) == f"label: expected a string, got {label!r}"
    assert x.label == "x"
    with pytest.raises(TypeError, match=r"^label: expected a string, got "):
        Value(3.0, label=label)
