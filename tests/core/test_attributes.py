"""Attributes that a program sets on Values, as a hand-written optimizer has them."""

import copy
import gc
import math
import pickle
import sys

import pytest

from microbp import dot
from microbp.core.engine import Value
from microbp.core.toposort import operands_first


def adam_step(parameters, t):
    """As people write it who keep the moments on the parameters."""
    for p in parameters:
        if not hasattr(p, "m"):
            p.m, p.v = 0.0, 0.0
        p.m = 0.9 * p.m + 0.1 * p.grad
        p.v = 0.999 * p.v + 0.001 * p.grad**2
        p.data -= 0.1 * (p.m / (1 - 0.9**t)) / (math.sqrt(p.v / (1 - 0.999**t)) + 1e-8)


def test_a_leaf_keeps_what_an_optimizer_writes_on_it():
    p, q = Value(3.0), Value(-2.0)
    for t in range(1, 200):
        p.grad = q.grad = 0.0
        (p * p + q * q).backward()
        adam_step([p, q], t)
    assert abs(p.data) < 0.1
    assert abs(q.data) < 0.1
    assert (p.m, p.v) != (q.m, q.v)


def test_each_leaf_has_its_own():
    p, q = Value(1.0), Value(2.0)
    p.color, p.history = "red", [1.0, 2.0]
    assert (p.color, p.history) == ("red", [1.0, 2.0])
    assert not hasattr(q, "color")
    assert getattr(q, "color", None) is None
    q.color = "blue"
    assert p.color == "red"


@pytest.mark.parametrize("name", ["color", "never_set_on_any_leaf"])
def test_what_is_not_there_is_pythons_own_error(name):
    p, q = Value(1.0), Value(2.0)
    q.color = "red"
    for act in (getattr, delattr):
        with pytest.raises(AttributeError, match=f"^'Value' object has no attribute '{name}'$"):
            act(p, name)
    with pytest.raises(AttributeError, match="'Value' object has no attribute"):
        getattr(p * q, name)


def test_they_can_be_deleted_and_set_again():
    p = Value(1.0)
    p.m = 1.0
    del p.m
    assert not hasattr(p, "m")
    p.m = 2.0
    assert p.m == 2.0


def test_copies_and_pickles_keep_them():
    p = Value(1.0, "p")
    p.m, p.notes = 0.5, ["a", (1.0, 2.0)]
    y = p * 3.0
    for again in (
        copy.copy(p),
        copy.deepcopy(p),
        pickle.loads(pickle.dumps(p)),
        copy.deepcopy(y).operands[0],
        pickle.loads(pickle.dumps(y)).operands[0],
    ):
        assert (again.m, again.notes, again.label) == (0.5, ["a", (1.0, 2.0)], "p")
    assert copy.deepcopy(p).notes is not p.notes
    assert not hasattr(p.detach(), "m")


def test_comparing_is_no_attribute():
    p = Value(1.0)
    assert p > 0.0
    assert p._attributes == {}


def test_they_are_freed_with_the_leaf():
    freed = []

    class Thing:
        def __del__(self):
            freed.append(True)

    p = Value(1.0)
    p.thing = Thing()
    y = p * 2.0
    del p
    assert not freed
    del y
    gc.collect()
    assert freed


MAKERS = [lambda x: x * x, lambda x: x.exp(), lambda x: x.maximum(x, x), lambda x: dot([x], [x])]


@pytest.mark.parametrize("make", MAKERS)
def test_a_computed_node_takes_them_as_a_leaf_does(make):
    x = Value(1.0, "x")
    y, plain = make(x), make(x)
    for node in (y, x):
        node.visited, node.color = True, "red"
    root = y * 3.0
    for again in (root, copy.deepcopy(root), pickle.loads(pickle.dumps(root))):
        found = operands_first(again)
        assert [node for node in found if hasattr(node, "color")] == [
            *again.operands[0].operands[:1],
            again.operands[0],
        ]
    assert (y.operands[:1], y.op, y.partials) == (plain.operands[:1], plain.op, plain.partials)
    assert copy.copy(y).color == "red"
    plain.backward()
    once, x.grad = x.grad, 0.0
    y.backward()
    assert x.grad == once


def closure(x):
    return lambda: x


def a_list_later(x):
    held = []
    x.before = held
    held.append((x * 2.0) * x)
    return held


def a_tuple_that_was_left_out(x):
    held = (x * 2.0, 1.0)
    gc.collect(0)  # which stops following it, as it holds nothing that it follows
    return held


def a_layer(x):
    class Layer:
        pass

    layer = Layer()
    layer.weights, layer.output = [x], x.exp() + 1.0
    return layer


HOLDERS = [
    lambda x: x,
    lambda x: x * x,
    lambda x: [1.0, [x]],
    lambda x: {"a": (x + 1.0,)},
    lambda x: {x},
    lambda x: x.backward,
    lambda x: (x * 3.0)._backward,
    lambda x: Value(1.0, (x, x, x), (1.0, 1.0, 1.0)),
    closure,
    a_list_later,
    a_tuple_that_was_left_out,
    a_layer,
]


@pytest.mark.parametrize("hold", HOLDERS)
def test_a_cycle_through_an_attribute_is_freed(hold):
    freed = []

    class Thing:
        def __del__(self):
            freed.append(True)

    x = Value(1.0, "x")
    y = dot([x * 2.0, x], [x, 1.0], x)
    x.thing, x.held = Thing(), hold(x)
    gc.collect()
    assert not freed
    assert x.held is not None
    y.backward()
    assert x.grad == 6.0
    del x, y
    gc.collect()
    assert freed


def test_what_holds_each_other_is_copied_as_it_is():
    x = Value(1.0)
    x.me, x.history = x, [x]
    y = x * 2.0
    x.parent = y
    again = copy.deepcopy(y)
    (twin,) = {*again.operands} - {2.0, again} - {again.operands[1]}
    assert (twin.me, twin.history[0], twin.parent) == (twin, twin, again)
    twin = pickle.loads(pickle.dumps(x))
    assert (twin.me, twin.history, twin.parent.operands[0]) == (twin, [twin], twin)
    assert repr(twin.parent) == repr(y)


def test_a_method_can_be_hidden_by_an_attribute():
    """Of one Value, as in any class of Python's: here, by RMSprop's mean square."""
    p, q = Value(3.0), Value(4.0)
    p.square = 0.5
    assert (p.square, q.square().data) == (0.5, 16.0)
    del p.square
    assert p.square().data == 9.0


def test_what_a_class_gets_its_values_have():
    try:
        Value.twice = lambda self: self + self
        Value.color = "red"
        x, y = Value(3.0), Value(4.0)
        x.color = "blue"
        assert (x.twice().data, x.color, y.color) == (6.0, "blue", "red")
    finally:
        del Value.twice, Value.color


def test_many_in_a_row_are_freed():
    x = first = Value(1.0)
    for _ in range(100_000):
        x.next = Value(1.0)
        x = x.next
    del first, x
    gc.collect()


@pytest.mark.engine("compiled")
def test_a_node_is_no_larger_for_it():
    """And only those with attributes that may hold others are the collector's business."""
    x, y = Value(1.0), Value(1.0)
    assert sys.getsizeof(x) == 64
    x.m, y.history = 1.0, []
    nodes = [x, x * y, dot([x], [y])]
    gc.collect()
    assert [gc.is_tracked(node) for node in (*nodes, y)] == [False, False, False, True]
