"""The strategy `expressions`: what it draws, and how it shrinks."""

import math
import re

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

import microbp
from microbp import Value
from microbp.core import floats, ops
from microbp.core.ops import BUILTINS, table
from microbp.testing import expressions
from microbp.testing.strategies import FAR_ENDS
from tests.helpers.examples import drawn, repeatable


def test_expressions_are_finite_and_leave_nothing_aside():
    for expression in drawn(expressions(max_nodes=9)):
        nodes = expression.nodes(map(Value, expression.leaves))
        assert len(expression.leaves) < len(nodes) <= 9
        assert all(math.isfinite(node.data) for node in nodes)
        used = {operand for node in nodes for operand in node.operands}
        assert used.issuperset(nodes[len(expression.leaves) : -1])


def test_expressions_share_nodes_and_meet_what_formulas_stumble_over():
    found = drawn(expressions(ops=BUILTINS), 500)
    leaves = {x for expression in found for x in expression.leaves}
    assert leaves.issuperset([-1.0, 0.0, 1.0])
    assert len(leaves.intersection(x for end in FAR_ENDS for x in (end, -end))) > 15
    assert {op for expression in found for op, _ in expression.steps} == set(BUILTINS)
    assert sum(len(e.steps) > 5 for e in found) > 50
    repeats = [len(backs) > len(set(backs)) for e in found for _, backs in e.steps]
    assert sum(repeats) > 100


@pytest.mark.parametrize("ops", [["mul", "log"], [ops.MUL, ops.LOG], [ops.MUL, microbp.log]])
def test_operations_are_given_by_name_as_functions_or_as_they_stand_in_the_table(ops):
    found = {op.name for expression in drawn(expressions(ops=ops)) for op, _ in expression.steps}
    assert found == {"mul", "log"}


@pytest.mark.parametrize("name", [op.name for op in BUILTINS if op.domain is not None])
@pytest.mark.parametrize("smooth", [False, True])
def test_leaves_suit_the_domain_of_a_single_operation(name, smooth):
    @settings(repeatable, max_examples=50)  # with the health check against too many misses
    @given(expressions(ops=[name], smooth=smooth))
    def computes(expression):
        expression(*map(Value, expression.leaves))

    computes()


def test_every_leaf_is_a_number_at_which_some_operation_has_a_value():
    found = drawn(expressions(ops=["log", "acos"], inputs=3))
    assert all(x >= -1.0 for expression in found for x in expression.leaves)


def test_what_overflows_is_left_out():
    for expression in drawn(expressions(ops=["exp", "mul"])):
        assert math.isfinite(expression.over(floats, expression.leaves))


def test_leaves_suit_a_custom_domain(own):
    far = ops.Domain("far is of numbers above 100", lambda x: x > 100.0)
    cube = own("far", value=lambda m, x: x**3, partials=lambda m, y, x: (3 * x**2,), domain=far)
    found = drawn(expressions(ops=[cube], inputs=1))
    assert all(expression.leaves[0] > 100.0 for expression in found)
    assert any(expression.leaves[0] not in FAR_ENDS for expression in found)


@pytest.mark.parametrize("inputs", [1, 2, 5])
def test_there_are_as_many_inputs_as_asked_for(inputs):
    found = drawn(expressions(inputs=inputs, max_nodes=inputs + 1), 50)
    assert {(len(e.leaves), len(e.steps)) for e in found} == {(inputs, 1)}


def test_leaves_are_drawn_from_the_numbers_given():
    found = drawn(expressions(numbers=st.sampled_from([0.25, 0.75])), 50)
    assert {x for expression in found for x in expression.leaves} == {0.25, 0.75}


def test_custom_operations_are_drawn_like_ours(own):
    strategy = expressions()  # made before the operations are
    own("cube", value=lambda m, x: x * x * x, partials=lambda m, y, x: (3 * x * x,))
    own("inverse", value=lambda m, x: 1 / x, partials=lambda m, y, x: (-1 / x / x,))  # no domain
    own(
        "mean",
        value=lambda m, *xs: sum(xs[1:], xs[0]) / len(xs),
        partials=lambda m, y, *xs: (1 / len(xs),) * len(xs),
    )
    found = {op.name for expression in drawn(strategy, 500) for op, _ in expression.steps}
    assert found == set(table)
    assert {"cube", "inverse", "mean"} < found


@pytest.mark.parametrize("name", ["mul", "acos", "dot", "logsumexp"])
def test_a_graph_shrinks_to_the_one_operation_that_matters(name):
    shortest = find(
        expressions(),
        lambda expression: any(op.name == name for op, _ in expression.steps),
        settings=settings(repeatable, max_examples=2_000),
    )
    assert [op.name for op, _ in shortest.steps] == [name]
    assert len(shortest.leaves) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ops": ["sine"]}, "expressions: no operation 'sine'; there are add, sub, "),
        ({"ops": []}, "expressions: expected at least one operation, got none"),
        (
            {"inputs": 3, "max_nodes": 3},
            "expressions: expected an input or more and room for an operation, got inputs=3 and "
            "max_nodes=3",
        ),
        ({"inputs": 0}, "expressions: inputs: expected a whole number from 1 on, got 0"),
    ],
)
def test_what_cannot_be_drawn_is_refused(options, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        drawn(expressions(**options))
