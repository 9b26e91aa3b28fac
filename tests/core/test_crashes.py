"""Junk gets an exception or an answer; nothing crashes."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

import microbp
from microbp import Value
from microbp.core import engine
from tests.helpers.robustness import REFUSALS, some_junk


def calls():
    """All that an engine lets anyone call."""
    steps = ("descend", "gather_momentum", "zero_grads")
    return [
        *(Value, engine.apply, engine.call, engine.dot, engine.restored, engine.reverse_order),
        *(getattr(engine.optimizer_steps, name) for name in steps),
        *(getattr(Value, name) for name in dir(Value) if callable(getattr(Value, name))),
        *(getattr(microbp, name) for name in ("dot", "total", "logsumexp", "exp", "maximum")),
    ]


@given(st.data(), st.booleans())
def test_junk_gets_an_exception_or_an_answer(data, of_a_value):
    call = data.draw(st.sampled_from(calls()))
    arguments = data.draw(st.lists(st.sampled_from(some_junk()), max_size=6))
    v = Value(2.0) * 3.0
    with contextlib.suppress(*REFUSALS):
        call(*([v] if of_a_value else []), *arguments)
    assert (v * 1.0).data == 6.0


@pytest.mark.parametrize("name", ["data", "grad", "label", "op", "operands", "partials", "x"])
def test_attributes_cannot_be_deleted(name):
    v = Value(2.0, "v") * 3.0
    with pytest.raises(AttributeError):
        delattr(v, name)
    assert (v.data, v.grad, v.label) == (6.0, 0.0, "")


class Indifferent:
    """A base class that asks none of the others."""

    def __init_subclass__(cls):
        pass


NO_SUBCLASS = r"^Value: expected no class to be based on it, .+ write functions of Values, or an op"


@pytest.mark.parametrize("bases", [("Value",), ("Mixin", "Value"), ("Value", "Mixin")])
def test_a_value_class_of_ones_own_is_refused(bases):
    known = {"Value": Value, "Mixin": type("Mixin", (), {})}
    with pytest.raises(TypeError, match=NO_SUBCLASS):
        type("Mine", tuple(known[name] for name in bases), {})
    with pytest.raises(TypeError, match=NO_SUBCLASS):
        type("Mine", (Value,), {}, argument=1)


def test_a_value_class_made_nonetheless_makes_no_values():
    class Mine(Indifferent, Value):
        def __new__(cls, *arguments):
            return Value.__new__(cls, *arguments)

    for arguments in ((1.0,), (1.0, "x"), (1.0, (Value(1.0),), (1.0,)), ()):
        with pytest.raises(TypeError, match=NO_SUBCLASS):
            Mine(*arguments)


def test_a_value_made_again_is_as_it_was():
    v = Value(2.0, "v") * 3.0
    for again in (lambda: v.__init__(5.0), lambda: v.__init__(5.0, "w"), lambda: v.__init__()):
        again()
        assert (v.data, v.op.name, v.operands[0].label) == (6.0, "mul", "v")


def test_a_label_is_a_plain_string():
    class Holder(str):
        __slots__ = ("held",)

    label = Holder("h")
    label.held = v = Value(2.0, label)
    assert type(v.label) is str
    assert v.label == "h"


DEEP = """
import pickle, sys
from microbp.core.engine import Value
assert sys.getrecursionlimit() == 1000
x = Value(1.0, "x")
y = x
for _ in range({depth}):
    y = -y
y.backward()
twin = pickle.loads(pickle.dumps(y))
del y
twin.backward()
while twin.op is not None:
    (twin,) = twin.operands
assert x.grad == 1.0 and twin.grad == 2.0, (x, twin)
"""


def test_a_deep_graph_is_built_differentiated_pickled_and_dropped(python):
    ran = python(DEEP.format(depth=300_000))
    assert (ran.stderr, ran.returncode) == ("", 0)
