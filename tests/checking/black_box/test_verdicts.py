"""Verdicts of check_gradient on functions of one number, right and wrong."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp import check_gradient
from tests.checking.test_noise import bisection, fixed_point
from tests.helpers.profiles import examples


def verdict(f, gradient, at):
    return check_gradient(f, gradient, at).verdict


def fixed_point_slope(x):
    y = fixed_point(x)
    return -y * math.sin(x * y) / (1.0 + x * math.sin(x * y))


NOISY = [
    ("1e8", lambda x: (x + 1e8) - 1e8, lambda x: 1.0),
    ("float32", lambda x: float(np.sin(np.float32(x))), math.cos),
    ("bisection", bisection, lambda x: 1.0 / (3.0 * bisection(x) ** 2 + 1.0)),
    ("iteration", fixed_point, fixed_point_slope),
    ("rounded", lambda x: round(math.exp(x), 6), math.exp),
    ("euler", lambda x: x + 0.1 * math.sin(x), lambda x: 1.0 + 0.1 * math.cos(x)),
]


@pytest.mark.parametrize(
    ("f", "gradient"), [case[1:] for case in NOISY], ids=[case[0] for case in NOISY]
)
@pytest.mark.parametrize("x", [0.7, 0.9, 1.0, 1.1])
def test_noise_fails_no_right_gradient_and_hides_no_wrong_one(f, gradient, x):
    assert verdict(f, gradient, x) in ("pass", "inconclusive")
    assert verdict(f, lambda x: 1.02 * gradient(x), x) == "fail"
    assert verdict(f, lambda x: 0.0, x) == "fail"


def test_the_noise_is_named():
    report = check_gradient(lambda x: (x + 1e8) - 1e8, lambda x: 1.0, 1.0)
    assert "x: f's values come in stairs: they are known to ± " in str(report)


def test_noise_that_is_given_counts():
    report = check_gradient(math.sin, math.cos, 1.0, noise=1e-3)
    (entry,) = report.entries
    assert report.verdict == "inconclusive"
    assert 1e-3 < entry.bound < 1.0


@pytest.mark.parametrize(
    ("claimed", "expected"), [(0.0, "kink"), (1.0, "kink"), (-0.3, "kink"), (1.1, "fail")]
)
def test_a_kink(claimed, expected):
    assert verdict(abs, lambda x: claimed, 0.0) == expected


def test_near_a_kink_is_no_kink():
    assert verdict(lambda x: abs(x - 1e-6), lambda x: -1.0, 0.0) == "pass"


def test_an_edge_of_the_domain():
    assert verdict(math.sqrt, lambda x: math.inf, 0.0) == "domain-edge"
    assert verdict(lambda x: math.sqrt(x) ** 3, lambda x: 0.0, 0.0) == "domain-edge"
    assert verdict(lambda x: math.sqrt(x) ** 3 + x, lambda x: 2.0, 0.0) == "fail"


def test_a_gradient_that_is_no_number_fails():
    report = check_gradient(lambda x: x * x, lambda x: math.nan, 1.0)
    assert report.verdict == "fail"
    assert report.entries[0].note == "the gradient is nan"


def test_zero_derivatives():
    assert verdict(lambda x: 3.0, lambda x: 0.0, 1.0) == "pass"
    assert verdict(lambda x: x * x, lambda x: 2.0 * x, 0.0) == "pass"
    assert verdict(lambda x: x * abs(x), lambda x: 2.0 * abs(x), 0.0) == "pass"
    assert verdict(lambda x: 3.0, lambda x: 1e-6, 1.0) == "fail"


def growth(rate, tolerance=1e-4):
    """y(5) for y' = rate y (1 - y) and y(0) = 0.1, by adaptive steps."""

    def step(y, h):
        slopes = [rate * y * (1 - y)]
        for part in (h / 2, h / 2, h):
            z = y + part * slopes[-1]
            slopes.append(rate * z * (1 - z))
        a, b, c, d = slopes
        return y + h / 6 * (a + 2 * b + 2 * c + d)

    t, y, h = 0.0, 0.1, 0.1
    while t < 5.0 - 1e-12:
        h = min(h, 5.0 - t)
        halves = step(step(y, h / 2), h / 2)
        error = abs(halves - step(y, h)) / 15
        if error > tolerance * abs(halves):
            h /= 2
            continue
        t, y = t + h, halves
        h *= 2 if error < tolerance * abs(y) / 64 else 1
    return y


def growth_slope(rate):
    y = 0.1 * math.exp(5 * rate) / (0.9 + 0.1 * math.exp(5 * rate))
    return 5 * y * (1 - y)


@pytest.mark.parametrize("rate", [0.7, 0.85, 1.0, 1.3])
def test_a_loose_solver_fails_no_right_gradient_and_hides_no_wrong_one(rate):
    report = check_gradient(growth, growth_slope, at=rate)
    assert report.verdict in ("pass", "inconclusive"), str(report)
    assert report.verdict == "pass" or "nearby" in str(report), str(report)
    assert verdict(growth, lambda x: 1.05 * growth_slope(x), rate) == "fail"


@pytest.mark.parametrize("period", [1e-2, 1e-4, 1e-6])
def test_a_fast_ripple_is_not_stepped_over(period):
    def f(x):
        return 3.0 * x + period * math.sin(x / period)

    assert verdict(f, lambda x: 3.0 + math.cos(x / period), 1.0) == "pass"
    assert verdict(f, lambda x: 3.0, 1.0) == "fail"


SMOOTH = {
    "sin": (math.sin, math.cos),
    "exp": (math.exp, math.exp),
    "tanh": (math.tanh, lambda x: 1.0 / math.cosh(x) ** 2),
    "identity": (lambda x: x, lambda x: 1.0),
}


@given(
    st.lists(st.integers(-300, 300).map(lambda i: i / 100.0), min_size=1, max_size=4),
    st.floats(-2.0, 2.0),
    st.sampled_from(sorted(SMOOTH)),
    st.floats(1e-4, 1.0),
)
@examples(100)
def test_random_functions_right_and_wrong(coefficients, x, name, error):
    inner, inner_slope = SMOOTH[name]

    def f(x):
        return sum(c * inner(x) ** n for n, c in enumerate(coefficients, 1))

    def slope(x):
        outer_slope = sum(n * c * inner(x) ** (n - 1) for n, c in enumerate(coefficients, 1))
        return outer_slope * inner_slope(x)

    assert verdict(f, slope, x) == "pass"
    wrong = slope(x) * (1.0 + error)
    if abs(wrong - slope(x)) > 1e-6:
        assert verdict(f, lambda x: wrong, x) == "fail"
