"""Operators, methods, functions and the table give the same bits."""

from operator import attrgetter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microbp import DomainError
from microbp.core import floats
from microbp.core.engine import Value, was_compared
from microbp.core.ops import table
from microbp.testing.expression import called
from tests.helpers.operations import OPERATORS, all_bits, bits, each_op
from tests.helpers.strategies import in_domain, numbers, operands_of


def table_says(op, xs):
    """The bits of the value and the partials; or the DomainError's text."""
    if not in_domain(op, xs):
        return f"{op.name}({', '.join(map(repr, xs))}): {op.domain.sentence}"
    y = op.value(floats, *xs)
    return bits(y), all_bits(op.partials(floats, y, *xs))


def outcome(op, operands):
    try:
        y = called(op, *operands)
    except DomainError as error:
        return str(error)
    return bits(y.data), all_bits(y.partials)


@pytest.mark.parametrize("op", [table[name] for name in sorted(OPERATORS)], ids=attrgetter("name"))
@given(data=st.data())
def test_operators_written_out_by_hand_compute_what_the_table_says(op, data):
    xs = data.draw(st.tuples(*[numbers(infinite=True, nan=True)] * op.arity))
    expected = table_says(op, xs)
    values = [Value(x) for x in xs]
    assert outcome(op, values) == expected
    if op.arity == 2:
        assert outcome(op, (values[0], xs[1])) == expected
        assert outcome(op, (xs[0], values[1])) == expected


@each_op
@given(data=st.data())
def test_any_operands_give_the_floats_that_the_table_says(op, data):
    """An overflow is inf and not OverflowError, and nothing else is raised either."""
    xs = data.draw(operands_of(op, infinite=True, nan=True))
    y, partials = expected = table_says(op, xs)
    assert len(partials) == len(xs)
    assert outcome(op, [Value(x) for x in xs]) == expected
    if op.name not in OPERATORS:
        assert bits(called(op, *xs)) == y


@pytest.mark.parametrize("name", ["exp", "log", "tanh", "sigmoid", "relu"])
@given(data=st.data())
def test_methods_compute_what_the_functions_do(name, data):
    xs = data.draw(operands_of(table[name], infinite=True, nan=True))
    y = getattr(Value(*xs), name)()
    assert (bits(y.data), all_bits(y.partials)) == table_says(table[name], xs)


@each_op
@settings(max_examples=10)
@given(data=st.data())
def test_a_node_that_was_compared_is_the_same_node_still(op, data):
    leaves = tuple(map(Value, data.draw(operands_of(op, smooth=True))))
    ys = [called(op, *leaves) for _ in range(2)]
    bool(ys[0] < 1.0)
    assert (was_compared(ys[0]), was_compared(ys[1])) == (True, False)
    compared, other = ((y.op, y.operands, bits(y.data), all_bits(y.partials)) for y in ys)
    assert compared == other
    assert compared[0] is op
