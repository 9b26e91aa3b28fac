"""Operands much older than what uses them."""

import copy
import pickle

import pytest

from microbp import Value, total


@pytest.mark.parametrize("gap", [0, 1, 13, 14, 15, 100, 4095, 4096, 70_000, 300_000])
def test_operands_may_be_much_older_than_what_uses_them(gap):
    """Ages differ by little or by much, and by just what separates one block from the next."""
    x = Value(2.0)
    old = x * x
    for _ in range(gap):
        _ = -x
    middle = old * 3.0
    for _ in range(gap):
        _ = -x
    y = total([old * middle, middle, old, x * old])
    y.backward()
    y.backward()
    # y = 3 h^2 + 4 h + x h with h = x^2
    assert (x.grad, old.grad) == (2 * (12 * 8 + 8 * 2 + 3 * 4), 6 * 4 + 4 + 2)


def test_many_ages_far_apart():
    x = Value(1.0)
    kept = []
    for i in range(60):
        kept.append(x * (i + 1.0))
        for _ in range(i * i):
            _ = -x
    y = total([a * b for a, b in zip(kept, reversed(kept), strict=True)])
    y.backward()
    assert x.grad == sum(2 * (i + 1) * (60 - i) for i in range(60))
    assert copy.deepcopy(y).data == pickle.loads(pickle.dumps(y)).data == y.data


@pytest.mark.parametrize("before", [7, 1365, 3000])
def test_many_ages_close_together(before):
    """Each mean is of one just made and of one made long before."""
    x = Value(1.0)
    means = [x]
    for i in range(8000):
        means.append(means[-1] * 0.5 + means[max(i - before, 0)] * 0.5)
    means[-1].backward()
    assert x.grad == pytest.approx(1.0, rel=1e-12)
