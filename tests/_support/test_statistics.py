import math
import random

import numpy as np
import pytest

from microbp._support.statistics import quantiles

Q = [0.05, 0.25, 0.5, 0.75, 0.95]


def between_neighbors(numbers, q):
    """The quantile by its definition: on the line between the two elements beside its place."""
    ordered = sorted(numbers)
    place = q * (len(ordered) - 1)
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    return high if low == high else low + (place - math.floor(place)) * (high - low)


@pytest.mark.parametrize("infinite", [0, 1, 3])
def test_quantiles_by_their_definition(infinite):
    rng = random.Random(1)
    for n in range(1, 12):
        numbers = [rng.random() for _ in range(n)] + [math.inf] * infinite
        rng.shuffle(numbers)
        expected = [between_neighbors(numbers, q) for q in Q]
        assert quantiles(numbers, Q) == pytest.approx(expected, rel=1e-12)


def test_quantiles_of_each_column():
    table = np.array([[1.0, math.inf], [3.0, 5.0], [2.0, 4.0]])
    assert quantiles(table, 0.5).tolist() == [2.0, 5.0]
    assert quantiles(table, 0.75).tolist() == [2.5, math.inf]


def test_quantiles_beside_either_infinity():
    assert quantiles([-math.inf, 1.0], Q).tolist() == [-math.inf] * 5
    assert quantiles([math.inf, math.inf], Q).tolist() == [math.inf] * 5
    assert np.isnan(quantiles([-math.inf, math.inf], 0.5))
