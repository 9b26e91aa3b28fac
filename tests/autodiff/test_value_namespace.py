"""Mathematics on Values: what chooses by a number does so as floats do, and compares the Value."""

import math

import pytest

import microbp
from microbp import Value
from microbp.autodiff import grad, value_namespace
from microbp.core import floats
from microbp.core.engine import was_compared
from microbp.core.functions import data_of


@pytest.mark.parametrize("data", [0.0, -0.0, 2.5, -2.5, math.inf, -math.inf, math.nan])
def test_steps_and_signs_of_values_are_those_of_floats(data):
    x = Value(data)
    assert repr(value_namespace.sign(x)) == repr(floats.sign(data))
    for other in (0.0, 2.5, -math.inf, math.nan):
        for a, b in ((x, other), (other, x), (x, Value(other)), (x, x)):
            step = floats.step(data_of(a), data_of(b), 0.5)
            assert repr(value_namespace.step(a, b, 0.5)) == repr(step)


CHOOSING = {
    "abs": abs,
    "relu": microbp.relu,
    "maximum": lambda x: microbp.maximum(1.0, x),
    "where_positive": lambda x: microbp.where_positive(x, x * x, 2.0),
    "pow": lambda x: x**3,
}


@pytest.mark.parametrize("f", [*CHOOSING.values(), microbp.tanh], ids=[*CHOOSING, "tanh"])
def test_a_graph_of_derivatives_that_chooses_by_a_value_compares_it(f):
    """At other numbers it would be another graph. That of f itself would not."""
    operands = []

    def noting(x):
        operands.append(x * 2.0)
        return f(operands[-1])

    grad(noting)(3.0)
    grad(noting)(Value(3.0))
    assert [was_compared(x) for x in operands] == [False, f is not microbp.tanh]
