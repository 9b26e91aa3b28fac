"""Infinities, NaN and signed zeros."""

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from microbp.core import functions as mb
from microbp.core.engine import Value
from microbp.core.ops import table
from microbp.testing.expression import called
from tests.helpers.operations import INF, NAN, all_bits, bits, computed, each_op
from tests.helpers.strategies import LARGEST, operands_of


@each_op
@settings(max_examples=25)
@given(data=st.data())
def test_nan_passes_through_every_operand(op, data):
    xs = list(data.draw(operands_of(op)))
    xs[data.draw(st.integers(0, len(xs) - 1))] = NAN
    assume(not (op.name == "pow" and (xs[0] == 1.0 or xs[1] == 0.0)))
    assume(
        not (op.name == "where_positive" and math.isnan(xs[2 if xs[0] > 0.0 else 1]))
    )  # not chosen
    assert math.isnan(called(op, *map(Value, xs)).data)


@pytest.mark.parametrize(
    "name", ["add", "sub", "mul", "div", "maximum", "minimum", "atan2", "logaddexp", "logsumexp"]
)
def test_nan_passes_through_beside_an_infinity(name):
    for infinity in (INF, -INF):
        assert math.isnan(computed(name, infinity, NAN).data)
        assert math.isnan(computed(name, NAN, infinity).data)


def test_nan_does_not_matter_where_no_number_would():
    """As IEEE 754 has it: these powers and lengths are the same for every operand.

    And what `where_positive` does not choose is no part of its result.
    """
    assert computed("pow", NAN, 0.0).data == computed("pow", 1.0, NAN).data == 1.0
    assert computed("hypot", NAN, -INF).data == INF
    assert (
        computed("where_positive", 1.0, 2.0, NAN).data
        == computed("where_positive", 0.0, NAN, 2.0).data
        == 2.0
    )


@pytest.mark.parametrize("branches", [(2.0, 3.0), (2.0, 2.0), (NAN, 2.0), (INF, -INF)])
def test_a_condition_of_nan_chooses_neither(branches):
    y = computed("where_positive", NAN, *branches)
    assert all_bits([y.data, *y.partials]) == all_bits([NAN, 0.0, NAN, NAN])


@pytest.mark.parametrize("name", ["relu", "abs", "maximum", "minimum"])
def test_nan_has_no_slope(name):
    op = table[name]
    for partial in computed(name, *[NAN] * op.arity).partials:
        assert math.isnan(partial)


@pytest.mark.parametrize(
    ("name", "xs", "data", "partials"),
    [
        ("exp", [INF], INF, [INF]),
        ("exp", [-INF], 0.0, [0.0]),
        ("exp", [710.0], INF, [INF]),
        ("expm1", [-INF], -1.0, [0.0]),
        ("expm1", [710.0], INF, [INF]),
        ("log", [INF], INF, [0.0]),
        ("log1p", [INF], INF, [0.0]),
        ("sqrt", [INF], INF, [0.0]),
        ("atan", [-INF], -math.pi / 2, [0.0]),
        ("sinh", [-711.0], -INF, [INF]),
        ("cosh", [-711.0], INF, [-INF]),
        ("tanh", [-INF], -1.0, [0.0]),
        ("sigmoid", [INF], 1.0, [0.0]),
        ("sigmoid", [-INF], 0.0, [0.0]),
        ("softplus", [INF], INF, [1.0]),
        ("softplus", [-INF], 0.0, [0.0]),
        ("erf", [INF], 1.0, [0.0]),
        ("erfc", [INF], 0.0, [-0.0]),
        ("erfc", [-INF], 2.0, [-0.0]),
        ("log2", [INF], INF, [0.0]),
        ("log10", [INF], INF, [0.0]),
        ("exp2", [-INF], 0.0, [0.0]),
        ("exp2", [1024.0], INF, [INF]),
        ("cbrt", [-INF], -INF, [0.0]),
        ("asinh", [-INF], -INF, [0.0]),
        ("acosh", [INF], INF, [0.0]),
        ("silu", [INF], INF, [1.0]),
        ("silu", [-INF], 0.0, [0.0]),
        ("gelu", [INF], INF, [1.0]),
        ("gelu", [-INF], 0.0, [0.0]),
        ("lgamma", [INF], INF, [INF]),
        ("lgamma", [1e308], INF, [math.log(1e308)]),
        ("digamma", [INF], INF, [0.0]),
        ("relu", [INF], INF, [1.0]),
        ("relu", [-INF], 0.0, [0.0]),
        ("abs", [-INF], INF, [-1.0]),
        ("maximum", [-INF, 3.0], 3.0, [0.0, 1.0]),
        ("maximum", [INF, INF], INF, [0.5, 0.5]),
        ("minimum", [-INF, -INF], -INF, [0.5, 0.5]),
        ("where_positive", [INF, -INF, 3.0], -INF, [0.0, 1.0, 0.0]),
        ("where_positive", [-INF, 3.0, INF], INF, [0.0, 0.0, 1.0]),
        ("hypot", [LARGEST, INF], INF, [0.0, 1.0]),
        ("hypot", [-INF, INF], INF, [-1.0 / math.hypot(1, 1), 1.0 / math.hypot(1, 1)]),
        ("atan2", [1.0, INF], 0.0, [0.0, -0.0]),
        ("atan2", [INF, -INF], 0.75 * math.pi, [-0.0, -0.0]),
        ("logaddexp", [INF, 0.0], INF, [1.0, 0.0]),
        ("logaddexp", [-INF, 2.0], 2.0, [0.0, 1.0]),
        ("logaddexp", [-INF, -INF], -INF, [0.5, 0.5]),
        ("logsumexp", [-INF, 2.0, -INF], 2.0, [0.0, 1.0, 0.0]),
        ("logsumexp", [INF, 2.0], INF, [1.0, 0.0]),
        ("logsumexp", [-INF, -INF], -INF, [0.5, 0.5]),
        ("logsumexp", [INF, 2.0, INF, -INF], INF, [0.5, 0.0, 0.5, 0.0]),
        ("add", [LARGEST, LARGEST], INF, [1.0, 1.0]),
        ("sub", [INF, INF], NAN, [1.0, -1.0]),
        ("mul", [1e200, 1e200], INF, [1e200, 1e200]),
        ("mul", [0.0, INF], NAN, [INF, 0.0]),
        ("div", [1.0, INF], 0.0, [0.0, -0.0]),
        ("div", [1.0, 1e-310], INF, [INF, -INF]),
        ("div", [-1e300, 2.0**-900], -INF, [2.0**900, INF]),
        ("pow", [1e200, 2.0], INF, [2e200, INF]),
        ("pow", [-1e200, 3.0], -INF, [INF, 0.0]),
        ("pow", [2.0, INF], INF, [INF, INF]),
        ("pow", [0.5, INF], 0.0, [0.0 * INF, -0.0]),
        ("pow", [-INF, 3.0], -INF, [INF, 0.0]),
        ("total", [1e308, 1e308, -1e308], INF, [1.0, 1.0, 1.0]),
        ("dot", [1e200, 1e200, 0.0], INF, [1e200, 1e200, 1.0]),
    ],
)  # fmt: skip
def test_infinities_are_as_ieee_arithmetic_has_them(name, xs, data, partials):
    y = computed(name, *xs)
    assert (bits(y.data), all_bits(y.partials)) == (bits(data), all_bits(partials))


@pytest.mark.parametrize(
    "name",
    [
        "expm1",
        "log1p",
        "sqrt",
        "cbrt",
        "sin",
        "tan",
        "asin",
        "atan",
        "sinh",
        "tanh",
        "asinh",
        "atanh",
        "erf",
        "silu",
        "gelu",
        "total",
    ],
)
def test_zeros_keep_their_sign(name):
    for zero in (0.0, -0.0):
        assert bits(computed(name, zero).data) == bits(zero)
    assert computed(name, -0.0).partials == computed(name, 0.0).partials


def test_signs_of_zero_are_those_of_ieee_arithmetic():
    assert bits((-Value(0.0)).data) == bits(-0.0)
    assert bits(abs(Value(-0.0)).data) == bits(0.0)
    assert bits((Value(-0.0) + -0.0).data) == bits(-0.0)
    assert bits((Value(0.0) * -1).data) == bits((Value(0.0) / -1).data) == bits(-0.0)
    assert mb.atan2(Value(-0.0), -1.0).data == -math.pi
    assert mb.atan2(Value(0.0), -1.0).data == math.pi
