"""An expression as a function, as a program and as a check."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import microbp
from microbp import Value
from microbp.core import ops
from microbp.core.ops import BUILTINS
from microbp.testing import expressions
from microbp.testing.expression import Expression
from tests.helpers.examples import BOTH, printed


@settings(max_examples=50)
@given(expressions(ops=BUILTINS))
def test_an_expression_prints_as_a_program_that_runs(expression):
    scope = {}
    exec(repr(expression), scope)
    nodes = expression.nodes(map(Value, expression.leaves))
    nodes[-1].backward()
    for leaf, name in zip(nodes, expression.names, strict=False):
        assert repr((scope[name].data, scope[name].grad)) == repr((leaf.data, leaf.grad))


@settings(max_examples=20)
@given(expressions(ops=BUILTINS, max_nodes=6, numbers=st.floats(0.5, 2.0)))
def test_an_expression_prints_as_a_check_that_runs(expression):
    report = microbp.gradcheck(expression, *map(Value, expression.leaves, expression.names))
    assert printed(expression.check(expression.leaves)) == f"{report}\n"


def test_an_expression_is_called_with_values_or_numbers():
    x = Value(2.0)
    y = BOTH(x, 0.25)
    assert BOTH(2.0, 0.25) == y.data == math.tanh(0.5)
    assert y.operands[0].operands[1] is x
    with pytest.raises(ValueError, match=r"^expected 2 inputs, got 1$"):
        BOTH(x)


def test_numbers_that_are_no_literals_are_spelled_as_code():
    expression = Expression((math.nan, -math.inf), ((ops.ADD, (1, 2)),))
    assert "x0 = Value(float('nan'))\nx1 = Value(float('-inf'))\ny0 = x1 + x0\n" in repr(expression)
