"""Two ways to write a function have one gradient."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp.core import functions as mb
from microbp.core.engine import Value
from tests.helpers.operations import gradients
from tests.helpers.strategies import numbers


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (lambda a, b: a - b, lambda a, b: a + (-b)),
        (lambda a, b: a * b, lambda a, b: b * a),
        (lambda a, b: a / b, lambda a, b: a * b**-1),
        (lambda a, b: a**b, lambda a, b: mb.exp(b * mb.log(a))),
        (lambda a, b: (a + b) ** 2, lambda a, b: a * a + 2 * a * b + b * b),
        (lambda a, b: a**2, lambda a, b: a * a),
        (lambda a, b: mb.sqrt(a), lambda a, b: a**0.5),
        (lambda a, b: mb.log(mb.exp(a)), lambda a, b: a),
        (lambda a, b: mb.log(a * b), lambda a, b: mb.log(a) + mb.log(b)),
        (lambda a, b: mb.expm1(a), lambda a, b: mb.exp(a) - 1),
        (lambda a, b: mb.log1p(a), lambda a, b: mb.log(1 + a)),
        (lambda a, b: mb.sin(a + b), lambda a, b: mb.sin(a) * mb.cos(b) + mb.cos(a) * mb.sin(b)),
        (lambda a, b: mb.sin(a) ** 2 + mb.cos(a) ** 2, lambda a, b: Value(1.0)),
        (lambda a, b: mb.tan(a / 3), lambda a, b: mb.sin(a / 3) / mb.cos(a / 3)),
        (lambda a, b: mb.asin(mb.sin(a / 3)), lambda a, b: a / 3),
        (lambda a, b: mb.asin(b / 4) + mb.acos(b / 4), lambda a, b: Value(math.pi / 2)),
        (lambda a, b: mb.atan2(a, b), lambda a, b: mb.atan(a / b)),
        (lambda a, b: mb.sinh(a), lambda a, b: (mb.exp(a) - mb.exp(-a)) / 2),
        (lambda a, b: mb.cosh(a) ** 2 - mb.sinh(a) ** 2, lambda a, b: Value(1.0)),
        (lambda a, b: mb.tanh(a), lambda a, b: mb.sinh(a) / mb.cosh(a)),
        (lambda a, b: mb.sigmoid(a - b), lambda a, b: (1 + mb.tanh((a - b) / 2)) / 2),
        (lambda a, b: mb.softplus(a), lambda a, b: -mb.log(mb.sigmoid(-a))),
        (lambda a, b: mb.softplus(a) - mb.softplus(-a), lambda a, b: a),
        (lambda a, b: mb.relu(a) + mb.relu(-b), lambda a, b: mb.maximum(a, 0) + mb.maximum(0, -b)),
        (lambda a, b: abs(a - b), lambda a, b: mb.maximum(a, b) - mb.minimum(a, b)),
        (lambda a, b: mb.maximum(a, b) + mb.minimum(a, b), lambda a, b: a + b),
        (lambda a, b: mb.where_positive(a - b, a, b), lambda a, b: a if a > b else b),
        (lambda a, b: mb.where_positive(a - b, b * b, a), lambda a, b: b * b if a > b else a),
        (
            lambda a, b: mb.where_positive(a * b, a, 3.0) + mb.where_positive(-a, b, 0),
            lambda a, b: a,
        ),
        (lambda a, b: mb.hypot(a, b), lambda a, b: mb.sqrt(a * a + b * b)),
        (lambda a, b: mb.logsumexp([a, b]), lambda a, b: mb.logaddexp(a, b)),
        (lambda a, b: mb.logaddexp(a, b), lambda a, b: mb.log(mb.exp(a) + mb.exp(b))),
        (lambda a, b: mb.logsumexp([a + b, b, b]), lambda a, b: b + mb.logsumexp([a, 0, 0])),
        (lambda a, b: mb.erf(-a), lambda a, b: -mb.erf(a)),
        (lambda a, b: mb.dot([a, b], [b, 3.0], a), lambda a, b: a * b + b * 3.0 + a),
        (lambda a, b: mb.total([a, b, a, 2.0]), lambda a, b: sum([a, b, a, 2.0])),
    ],
)  # fmt: skip
@given(a=st.floats(0.1, 3.0), b=st.floats(0.1, 3.0))
def test_two_ways_to_write_a_function_have_one_gradient(one, other, a, b):
    data, gradient = gradients(one, a, b)
    expected, expected_gradient = gradients(other, a, b)
    assert data == pytest.approx(expected, rel=1e-12, abs=1e-12)
    assert gradient == pytest.approx(expected_gradient, rel=1e-11, abs=1e-11)


@given(numbers())
def test_tanh_and_sigmoid_are_symmetric_everywhere(x):
    assert gradients(mb.tanh, -x)[0] == -gradients(mb.tanh, x)[0]
    for f in (mb.tanh, mb.sigmoid):
        assert gradients(f, -x)[1] == gradients(f, x)[1]


@given(st.floats(-3.0, 3.0))
def test_the_product_rule(x):
    f, df = gradients(mb.sin, x)
    g, dg = gradients(mb.exp, x)
    _, [product] = gradients(lambda x: mb.sin(x) * mb.exp(x), x)
    assert product == pytest.approx(df[0] * g + f * dg[0], rel=1e-13, abs=1e-13)
