"""Partials against finite differences, dual numbers and other kinds of number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp.core import floats
from microbp.core.engine import Value
from microbp.testing.expression import called
from tests.helpers.operations import each_op
from tests.helpers.oracles import Dual, dual_partials, duals, mp, mp_partial, mpf, slope
from tests.helpers.strategies import operands_of


@each_op
@given(data=st.data())
def test_partials_are_slopes(op, data):
    xs = data.draw(operands_of(op, smooth=True))
    size = op.value(floats, *map(abs, xs)) if op.arity is None else None  # terms may cancel
    for i, partial in enumerate(called(op, *map(Value, xs)).partials):
        expected, error = slope(lambda *xs: op.value(floats, *xs), xs, i, size)
        assert abs(partial - expected) <= error


@each_op
@given(data=st.data())
def test_partials_are_those_of_dual_numbers(op, data):
    xs = data.draw(operands_of(op, smooth=True))
    expected = dual_partials(lambda *xs: op.value(duals, *xs), xs)
    assert called(op, *map(Value, xs)).partials == pytest.approx(expected, rel=1e-10, abs=1e-12)


@each_op
@given(data=st.data())
def test_formulas_serve_other_kinds_of_number(op, data):
    """Over mpmath the formulas give more digits than floats; over duals, second derivatives."""
    xs = data.draw(operands_of(op, smooth=True))
    precise = [mpf(x) for x in xs]
    partials = op.partials(mp, op.value(mp, *precise), *precise)
    terms = 0.5 if op.name in ("gelu", "silu") else None  # that cancel near the partial's zero
    for i, partial in enumerate(partials):
        exact = mp_partial(lambda *xs: op.value(mp, *xs), xs, i)
        size = 0.2 if op.name == "gelu" else abs(exact)  # of terms that may cancel
        assert abs(partial - exact) <= 1e-15 * size  # erf and gelu have a factor that is a float
        moved = [Dual(x, 1.0 if j == i else 0.0) for j, x in enumerate(xs)]
        for j, second in enumerate(op.partials(duals, op.value(duals, *moved), *moved)):
            f = lambda *xs, j=j: op.partials(floats, op.value(floats, *xs), *xs)[j]  # noqa: E731
            expected, error = slope(f, xs, i, terms)
            assert abs(getattr(second, "dx", 0.0) - expected) <= error + 1e-12
