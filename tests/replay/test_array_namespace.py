"""Operations over NumPy's arrays: what they are over floats, in each place."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp.core import floats
from microbp.replay.numpy_interpreter import arrays
from tests.helpers.strategies import OPS, operands_of


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
@given(data=st.data())
def test_values_and_partials_are_those_over_floats(op, data):
    first = data.draw(operands_of(op, infinite=True, nan=True))
    second = data.draw(operands_of(op).filter(lambda xs: len(xs) == len(first)))
    ys = [op.value(floats, *xs) for xs in (first, second)]
    rows = [op.partials(floats, y, *xs) for y, xs in zip(ys, (first, second), strict=True)]
    columns = [np.array(pair) for pair in zip(first, second, strict=True)]
    with np.errstate(all="ignore"):
        found = np.broadcast_to(op.value(arrays, *columns), 2)
        partials = op.partials(arrays, np.array(ys), *columns)
    assert found == pytest.approx(ys, rel=1e-13, abs=5e-324, nan_ok=True)
    for got, exact in zip(partials, zip(*rows, strict=True), strict=True):
        expected = pytest.approx(list(exact), rel=1e-12, abs=1e-307, nan_ok=True)
        assert np.broadcast_to(got, 2) == expected


def test_logsumexp_keeps_the_small_rest_of_a_sum_near_1():
    found = arrays.logsumexp(np.array([0.0, -50.0]), np.array([-50.0, 0.0]))
    assert found.tolist() == pytest.approx([math.exp(-50.0)] * 2, rel=1e-13, abs=0.0)
    assert arrays.logsumexp() == -math.inf
    assert arrays.softmax() == ()
