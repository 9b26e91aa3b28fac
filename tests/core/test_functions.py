"""Functions of many terms: one node, added from left to right, of Values and numbers alike."""

import functools
import math
import operator
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import microbp
from microbp import dot, exp, logsumexp, maximum, total, where_positive
from microbp.core.engine import Value
from microbp.core.functions import as_value

finite = st.floats(allow_nan=False, allow_infinity=False)


def data_of(nodes):
    return [node.data for node in nodes]


# --- One node


def test_dot_is_one_node_of_weights_then_activities_then_the_bias():
    w1, w2, y1, y2, bias = leaves = tuple(map(Value, (2.0, -1.0, 0.5, 3.0, 1.0)))
    x = dot([w1, w2], [y1, y2], bias)
    assert (x.op.name, x.data) == ("dot", -1.0)
    assert x.operands == leaves
    assert x.partials == (0.5, 3.0, 2.0, -1.0, 1.0)


def test_total_is_one_node_of_its_terms():
    leaves = tuple(map(Value, range(1000)))
    x = total(leaves)
    assert (x.op.name, x.data, x.operands) == ("total", 499500.0, leaves)
    assert x.partials == (1.0,) * 1000


def test_logsumexp_is_one_node_whose_partials_are_the_softmax():
    leaves = tuple(Value(math.log(x)) for x in (1.0, 2.0, 5.0))
    x = logsumexp(leaves)
    assert (x.op.name, x.operands) == ("logsumexp", leaves)
    assert x.data == pytest.approx(math.log(8.0), rel=1e-15)
    assert x.partials == pytest.approx((1 / 8, 2 / 8, 5 / 8), rel=1e-15)


def test_where_is_one_node_of_the_condition_and_both_branches():
    leaves = c, a, b = tuple(map(Value, (0.5, 2.0, -1.0)))
    x = where_positive(c, a, b)
    assert (x.op.name, x.data, x.operands, x.partials) == (
        "where_positive",
        2.0,
        leaves,
        (0.0, 1.0, 0.0),
    )
    x = where_positive(-c, a, b)
    assert (x.data, x.operands[1:], x.partials) == (-1.0, (a, b), (0.0, 0.0, 1.0))


def test_a_term_may_come_again():
    x = Value(3.0)
    y = dot([x, x, 2.0], [x, 1.0, x], x)
    y.backward()
    assert (y.data, x.grad) == (9.0 + 3.0 + 6.0 + 3.0, 6.0 + 1.0 + 2.0 + 1.0)


@pytest.mark.parametrize("terms", [1, 2, 3])
def test_one_or_two_terms_are_no_special_case(terms):
    leaves = [Value(5.0) for _ in range(terms)]
    for y, gradient in [
        (total(leaves), [1.0] * terms),
        (dot(leaves, [2.0] * terms), [2.0] * terms),
        (logsumexp(leaves), [1.0 / terms] * terms),
    ]:
        for leaf in leaves:
            leaf.grad = 0.0
        y.backward()
        assert [leaf.grad for leaf in leaves] == gradient


# --- From left to right


def test_sums_are_plain_and_not_compensated():
    """Each of these is 2 if added exactly, and 1 from left to right: 1e16 + 1 is 1e16."""
    terms = [1e16, 1.0, -1e16, 1.0]
    assert total(map(Value, terms)).data == 1.0
    assert dot(map(Value, terms), [1.0] * 4).data == 1.0
    assert dot([Value(1e16), 1.0], [1.0, 1.0], -1e16).data == 0.0


@given(st.lists(finite, min_size=1))
def test_total_adds_from_left_to_right(terms):
    expected = functools.reduce(operator.add, terms)
    assert repr(total(map(Value, terms)).data) == repr(total(terms)) == repr(expected)


@given(st.lists(st.tuples(finite, finite), min_size=1), finite)
def test_dot_adds_from_left_to_right_and_the_bias_last(pairs, bias):
    weights, activities = zip(*pairs, strict=True)
    products = map(operator.mul, weights, activities)
    expected = functools.reduce(operator.add, [*products, bias])
    assert repr(dot(map(Value, weights), activities, bias).data) == repr(expected)


# --- Numbers


def test_values_and_numbers_mix():
    w, y = Value(2.0), Value(3.0)
    x = dot([w, 4, Fraction(1, 2)], [5, y, 6.0], 7)
    assert data_of(x.operands) == [2.0, 4.0, 0.5, 5.0, 3.0, 6.0, 7.0]
    assert (x.operands[0], x.operands[4]) == (w, y)
    assert x.data == 10.0 + 12.0 + 3.0 + 7.0
    assert total([1, w, Fraction(1, 2)]).data == 3.5
    assert logsumexp([w, -math.inf]).data == 2.0


def test_one_value_anywhere_makes_a_value():
    x = Value(1.0)
    for y in [dot([x], [1.0]), dot([1.0], [x]), dot([1.0], [1.0], x), dot([], [], x)]:
        assert type(y) is Value
    assert type(total([1.0, x])) is type(logsumexp([1.0, x])) is Value
    assert type(maximum(1.0, x)) is type(maximum(x, 1.0)) is Value
    for y in [
        where_positive(x, 1, 2),
        where_positive(1, x, 2),
        where_positive(1, 2, x),
        where_positive(0, x, 2),
    ]:
        assert type(y) is Value


def test_numbers_alone_make_a_float():
    terms = [dot([1], [2], 3), total([1, Fraction(2)]), logsumexp([1])]
    for y in [*terms, maximum(1, 2), where_positive(1, 2, 3), exp(1)]:
        assert type(y) is float


def test_generators_are_read_once():
    assert dot((Value(x) for x in (1, 2)), iter([3, 4])).data == 11.0
    assert total(Value(x) for x in (1, 2)).data == 3.0
    assert logsumexp(Value(x) for x in (0.0, -math.inf)).data == 0.0


# --- No terms, or unequal many


def test_no_terms_sum_to_nothing():
    assert repr(total([])) == repr(dot([], [])) == "0.0"
    assert dot([], [], 3) == 3.0


def test_without_terms_the_bias_remains():
    bias = Value(3.0)
    x = dot([], [], bias)
    assert (x.op.name, x.data, x.operands, x.partials) == ("dot", 3.0, (bias,), (1.0,))


def test_logsumexp_of_nothing_is_refused():
    with pytest.raises(ValueError, match=r"^logsumexp: expected at least one value, got none$"):
        logsumexp(iter([]))


@pytest.mark.parametrize("terms", [([1, 2, 3], [1, 2, 3, 4]), ([], [1]), ([1], [])])
@pytest.mark.parametrize("kind", [float, lambda x: Value(x)], ids=["numbers", "Values"])
def test_unequal_lengths_are_refused(terms, kind):
    weights, activities = ([kind(x) for x in xs] for xs in terms)
    with pytest.raises(ValueError, match=r"^dot: ") as error:
        dot(weights, activities)
    said = f"dot: {len(weights)} weights but {len(activities)} activities"
    assert str(error.value) == said


@pytest.mark.parametrize(
    ("compute", "text"),
    [
        (lambda: dot([1.0], ["y"]), "dot: expected a real number or a Value, got 'y'"),
        (lambda: dot([1.0], [1.0], None), "dot: expected a real number or a Value, got None"),
        (lambda: total([1.0, [2.0]]), "total: expected a real number or a Value, got [2.0]"),
        (lambda: logsumexp([1j]), "logsumexp: expected a real number or a Value, got 1j"),
        (lambda: maximum(Value(1.0), "2"), "maximum: expected a real number or a Value, got '2'"),
        (lambda: exp(None), "exp: expected a real number or a Value, got None"),
    ],
)
def test_a_term_that_is_no_number_is_refused(compute, text):
    with pytest.raises(TypeError) as error:
        compute()
    assert str(error.value) == text


# --- as_value


def test_as_value_leaves_a_value_alone():
    x = Value(3.0) * 2
    assert as_value(x, "anything") is x


@pytest.mark.parametrize("number", [2, 2.0, True, Fraction(5, 2)])
def test_as_value_makes_a_leaf_of_a_number(number):
    x = as_value(number, "anything")
    assert (type(x), x.data, x.op, x.label) == (Value, float(number), None, "")


def test_as_value_says_where_something_else_was_given():
    with pytest.raises(TypeError, match=r"^bias: expected a real number or a Value, got 'b'$"):
        as_value("b", "bias")


@pytest.mark.parametrize("x", [True, np.True_, Value(3.0) > 2, np.array([3.0]) > 2])
def test_a_choice_by_a_comparison_is_refused(x):
    """NumPy's where(x > 2, a, b) would choose once, when the graph is made."""
    with pytest.raises(TypeError, match=r"for a where x > 2, else b, write where_positive\("):
        where_positive(x, 1.0, 2.0)


def test_where_is_named_where_positive():
    with pytest.raises(AttributeError, match=r"write where_positive\(x, a, b\)"):
        microbp.where  # noqa: B018
