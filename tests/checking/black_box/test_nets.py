"""Random nets in every precision: a right gradient never fails, a wrong one never passes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp import check_gradient
from tests.helpers.profiles import examples

ACTIVATIONS = {
    "tanh": (np.tanh, lambda z, y: 1.0 - y * y),
    "relu": (lambda z: np.maximum(z, 0.0), lambda z, y: z > 0.0),
    "sigmoid": (lambda z: 1.0 / (1.0 + np.exp(-z)), lambda z, y: y * (1.0 - y)),
}


def net(seed, activation, precision, offset):
    """The loss of a net that computes in this precision, its gradient, and parameters."""
    rng = np.random.default_rng(seed)
    cases, inputs, hidden, outputs = rng.integers([1, 1, 1, 1], [9, 5, 6, 4])
    X, T = rng.normal(size=(cases, inputs)), rng.normal(size=(cases, outputs))
    value, slope = ACTIVATIONS[activation]

    def loss(W1, b1, W2):
        W1, b1, W2, x = (array.astype(precision) for array in (W1, b1, W2, X))
        return ((value(x @ W1 + b1) @ W2 - T) ** 2).mean() + offset

    def grad(W1, b1, W2):
        z = X @ W1 + b1
        y = value(z)
        d = 2.0 * (y @ W2 - T) / T.size
        dz = d @ W2.T * slope(z, y)
        return X.T @ dz, dz.sum(axis=0), y.T @ d

    scale = 10.0 ** rng.uniform(-2.0, 0.5)
    at = (
        scale * rng.normal(size=(inputs, hidden)),
        scale * rng.normal(size=hidden),
        rng.normal(size=(hidden, outputs)),
    )
    return loss, grad, at


@pytest.mark.parametrize("precision", ["float64", "float32", "float16"])
@given(st.integers(0, 2**32), st.sampled_from([*ACTIVATIONS]), st.sampled_from([0.0, 1e3]))
@examples(30)
def test_right_nets_never_fail_and_wrong_ones_never_pass(precision, seed, activation, offset):
    loss, grad, at = net(seed, activation, precision, offset)
    report = check_gradient(loss, grad, at)
    assert report.verdict in ("pass", "inconclusive"), str(report)
    if precision == "float64" and offset == 0.0 and activation != "relu":
        assert report.verdict == "pass", str(report)
    if any(np.abs(g).max() > 1e-3 for g in grad(*at)):
        wrong = check_gradient(loss, lambda *parameters: [-g for g in grad(*parameters)], at)
        assert wrong.verdict in ("fail", "inconclusive"), str(wrong)
        assert wrong.verdict == "fail" or precision == "float16", str(wrong)
