"""Attributes of a program's own on leaves, as a hand-written optimizer has them."""

import copy
import gc
import math
import pickle

import pytest

from microbp.core.engine import Value


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


def closure(x):
    return lambda: x


@pytest.mark.engine("compiled")
@pytest.mark.parametrize(
    "hold",
    [
        lambda x: x,
        lambda x: [1.0, [x]],
        lambda x: {"a": (x,)},
        lambda x: {x},
        closure,
        lambda x: x.backward,
    ],
)
def test_what_holds_values_is_refused(hold):
    """As nothing would free a cycle. The plain engine leaves that to the garbage collector."""
    p, x = Value(1.0), Value(2.0)
    with pytest.raises(TypeError, match=r"^held: expected numbers, .+ Keep them in a list or dict"):
        p.held = hold(x)
    assert not hasattr(p, "held")


@pytest.mark.engine("compiled")
@pytest.mark.parametrize("name", ["m", "_visited", "set_on_no_leaf"])
def test_a_computed_node_takes_none(name):
    """The plain engine, where an attribute is Python's own, does not notice."""
    Value(1.0).m = 1.0
    y = Value(1.0) * 2.0
    words = f"^{name}: only a leaf takes attributes of your own, and .+ was computed by mul: keep"
    with pytest.raises(AttributeError, match=words):
        setattr(y, name, 1.0)
    assert not hasattr(y, name)


@pytest.mark.engine("compiled")
def test_a_node_is_no_larger_for_it():
    assert Value.__basicsize__ == 88
