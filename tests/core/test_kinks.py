"""The documented choice at a kink; infinite slopes."""

import math

import pytest

from microbp.core import floats
from microbp.core import functions as mb
from microbp.core.ops import table
from tests.helpers.operations import INF, computed, gradients
from tests.helpers.strategies import SMALLEST


@pytest.mark.parametrize(
    ("name", "xs", "data", "partials"),
    [
        ("relu", [0.0], 0.0, [0.0]),
        ("relu", [-0.0], 0.0, [0.0]),
        ("abs", [0.0], 0.0, [0.0]),
        ("abs", [-0.0], 0.0, [0.0]),
        ("maximum", [2.0, 2.0], 2.0, [0.5, 0.5]),
        ("maximum", [0.0, -0.0], 0.0, [0.5, 0.5]),
        ("minimum", [-3.0, -3.0], -3.0, [0.5, 0.5]),
        ("where_positive", [0.0, 2.0, 3.0], 3.0, [0.0, 0.0, 1.0]),
        ("where_positive", [-0.0, 2.0, 2.0], 2.0, [0.0, 0.0, 1.0]),
        ("hypot", [0.0, -0.0], 0.0, [0.0, 0.0]),
        ("atan2", [0.0, 0.0], 0.0, [0.0, 0.0]),
        ("atan2", [0.0, -2.0], math.pi, [-0.5, 0.0]),
        ("pow", [0.0, 0.0], 1.0, [0.0, 0.0]),
    ],
)
def test_kinks_give_the_documented_choice(name, xs, data, partials):
    y = computed(name, *xs)
    assert y.data == data
    assert list(y.partials) == partials
    assert table[name].kinks(floats, *xs) == 0.0


@pytest.mark.parametrize(
    ("name", "xs"),
    [
        ("relu", [1e-300]),
        ("abs", [-1e-300]),
        ("maximum", [2.0, 2.0 + 2**-51]),
        ("minimum", [-3.0, 3.0]),
        ("where_positive", [SMALLEST, 2.0, 3.0]),
        ("where_positive", [-1.0, 0.0, 0.0]),
        ("hypot", [0.0, 1.0]),
        ("atan2", [0.0, 2.0]),
        ("atan2", [1e-300, -2.0]),
        ("pow", [0.0, 2.0]),
        ("pow", [3.0, 0.0]),
    ],
)
def test_kinks_are_not_where_an_operation_is_smooth(name, xs):
    assert table[name].kinks(floats, *xs) != 0.0


@pytest.mark.parametrize(
    ("name", "xs", "slope"),
    [
        ("sqrt", [0.0], INF),
        ("sqrt", [-0.0], INF),
        ("asin", [1.0], INF),
        ("asin", [-1.0], INF),
        ("acos", [1.0], -INF),
        ("acos", [-1.0], -INF),
        ("acosh", [1.0], INF),
        ("cbrt", [0.0], INF),
        ("cbrt", [-0.0], INF),
        ("pow", [0.0, 0.5], INF),
        ("pow", [-0.0, 0.5], INF),
        ("pow", [0.0, 0.999], INF),
    ],
)
def test_a_vertical_tangent_has_an_infinite_slope(name, xs, slope):
    assert computed(name, *xs).partials[0] == slope


@pytest.mark.parametrize(
    "f", [lambda x: x * x**0.5, lambda x: x * mb.sqrt(x), lambda x: mb.sqrt(x) * 0.0]
)
def test_a_vertical_tangent_that_nothing_depends_on_does_no_harm(f):
    assert gradients(f, 0.0) == (0.0, [0.0])
