"""The strategy `values`."""

import math

import pytest

from microbp import Value
from microbp.testing import values
from tests.helpers.examples import drawn


def test_values_are_leaves_of_any_float():
    leaves = drawn(values())
    assert all(type(x) is Value and x.op is None and x.grad == 0.0 for x in leaves)
    data = [x.data for x in leaves]
    assert any(map(math.isnan, data))
    assert any(map(math.isinf, data))


@pytest.mark.parametrize(
    ("options", "holds"),
    [
        ({"min_value": 0.0, "max_value": 1.0}, lambda x: 0.0 <= x <= 1.0),
        ({"allow_nan": False}, lambda x: not math.isnan(x)),
        ({"allow_nan": False, "allow_infinity": False}, math.isfinite),
        (
            {"min_value": 0.0, "max_value": 1.0, "exclude_min": True, "exclude_max": True},
            lambda x: 0.0 < x < 1.0,
        ),
    ],
)
def test_values_have_the_options_of_floats(options, holds):
    data = [x.data for x in drawn(values(**options))]
    assert len(set(data)) > 20
    assert all(map(holds, data))
