"""The partials of powers, at the edges of the domain too."""

import math

import pytest

from microbp.core.engine import Value
from tests.helpers.operations import INF


@pytest.mark.parametrize(
    ("a", "b", "data", "by_base", "by_exponent"),
    [
        (0.0, 0.0, 1.0, 0.0, 0.0),
        (0.0, 1.0, 0.0, 1.0, 0.0),
        (0.0, 2.0, 0.0, 0.0, 0.0),
        (0.0, 0.5, 0.0, INF, 0.0),
        (0.0, 2.5, 0.0, 0.0, 0.0),
        (-2.0, 3.0, -8.0, 12.0, 0.0),
        (-2.0, 2.0, 4.0, -4.0, 0.0),
        (-2.0, -1.0, -0.5, -0.25, 0.0),
        (-2.0, 0.0, 1.0, 0.0, 0.0),
        (-1.0, 1.0, -1.0, 1.0, 0.0),
        (1.0, 5.0, 1.0, 5.0, 0.0),
        (2.0, 0.0, 1.0, 0.0, math.log(2)),
        (2.0, -0.0, 1.0, 0.0, math.log(2)),
        (4.0, 0.5, 2.0, 0.25, 2 * math.log(4)),
        (4.0, -1.5, 0.125, -0.046875, math.log(4) / 8),
    ],
)
def test_powers_have_the_partials_of_the_textbook(a, b, data, by_base, by_exponent):
    y = Value(a) ** Value(b)
    assert y.data == data
    assert y.partials == (by_base, by_exponent)
