"""A gradient that steps of another size agree with does not fail; a wrong one does still."""

import math

import numpy as np
import pytest

from microbp import check_gradient

LOST = {
    "(exp(x) - 1) / x": (lambda x: (math.exp(x) - 1) / x, 1e-9, 0.5),
    "log(1 + x) / x": (lambda x: math.log(1 + x) / x, 1e-9, -0.5),
    "(1 - cos x) / x^2": (lambda x: (1 - math.cos(x)) / x**2, 1e-3, -1e-3 / 12),
    "(x - sin x) / x^3": (lambda x: (x - math.sin(x)) / x**3, 1e-5, -1e-5 / 60),
}


@pytest.mark.parametrize("name", LOST)
def test_a_formula_that_loses_its_digits_is_no_fault_of_the_gradient(name):
    f, x, slope = LOST[name]
    report = check_gradient(f, lambda x: slope, at=x)
    assert report.verdict == "pass" or "f jumps" in str(report), str(report)
    assert report.verdict in ("pass", "inconclusive"), str(report)


ROUNDED = {
    "+ 1e7": lambda x: (x + 1e7) - 1e7,
    "+ 1e8": lambda x: (x + 1e8) - 1e8,
    "+ 1e10": lambda x: (x + 1e10) - 1e10,
    "+ 1e14": lambda x: (x + 1e14) - 1e14,
    "4 decimals": lambda x: round(x, 4),
    "2 decimals": lambda x: round(x, 2),
    "float32": lambda x: float(np.float32(x)),
    "float16": lambda x: float(np.float16(x)),
    "floor": lambda x: math.floor(100 * x) / 100,
}
WITHIN = {  # a function of x and of x rounded, its slope, and that between the jumps
    "product": (lambda x, r: x**2 * r, lambda x: 3 * x * x, lambda x: 2 * x * x),
    "sum": (lambda x, r: math.sin(x) + r, lambda x: math.cos(x) + 1, math.cos),
    "small": (lambda x, r: x**2 + 1e-3 * r, lambda x: 2 * x + 1e-3, lambda x: 2 * x),
}


@pytest.mark.parametrize("rounded", ROUNDED.values(), ids=ROUNDED)
@pytest.mark.parametrize("within", WITHIN.values(), ids=WITHIN)
@pytest.mark.parametrize("x", [2.0, 1.30003])
def test_the_slope_between_jumps_does_not_pass(rounded, within, x):
    f, slope, between = within
    report = check_gradient(lambda x: f(x, rounded(x)), slope, at=x)
    assert report.verdict in ("pass", "inconclusive"), str(report)
    report = check_gradient(lambda x: f(x, rounded(x)), between, at=x)
    (entry,) = report.entries
    seen = entry.resolution < abs(slope(x) - between(x))
    assert report.verdict in ("fail", "inconclusive") or not seen, str(report)
    report = check_gradient(lambda x: f(x, rounded(x)), lambda x: 2.0 * slope(x) + 9.0, at=x)
    assert report.verdict == "fail", str(report)


@pytest.mark.parametrize("x", [1.05, 1.5, 3.95])
def test_a_jump_aside_says_nothing(x):
    assert check_gradient(lambda x: x**2 + math.floor(x), lambda x: 2 * x, at=x).verdict == "pass"


def ripple(x):
    return 3.0 * x + 1e-8 * math.sin((x - 1.0) * 1e8)


def test_small_steps_may_agree_where_large_ones_do_not():
    report = check_gradient(ripple, lambda x: 4.0, at=1.0)
    assert report.verdict in ("pass", "inconclusive"), str(report)


@pytest.mark.parametrize(
    ("f", "slope", "x"),
    [
        (ripple, 4.0 * 1.02, 1.0),
        (lambda x: 3.0 * x + 1e-4 * math.sin(x * 1e4), 3.0, 1.0),  # the ripple is forgotten
        (lambda x: abs(x), 0.5, 1e-9),
        (lambda x: round(math.exp(x), 6), 1.02 * math.e, 1.0),
        (lambda x: math.exp(x) * 1e-3, 1.02e-3, 1e-9),
        (lambda x: (x + 1e8) - 1e8, 1.02, 1.0),
    ],
)
def test_a_wrong_gradient_fails_still(f, slope, x):
    report = check_gradient(f, lambda x: slope, at=x)
    assert report.verdict == "fail", str(report)


@pytest.mark.parametrize("x", [5e-324, -1e-320, 1e-310])
@pytest.mark.parametrize(
    ("f", "slope"),
    [(math.sin, 1.0), (lambda x: 3.0 * x + 2.0, 3.0), (lambda x: 0.0, 0.0), (math.exp, 1.0)],
)
def test_a_denormal_point(f, slope, x):
    assert check_gradient(f, lambda x: slope, at=x).verdict == "pass"
    assert check_gradient(f, lambda x: slope + 1.0, at=x).verdict == "fail"


@pytest.mark.parametrize("f", [math.sin, lambda x: 2.0 + math.cos(x)])
@pytest.mark.parametrize("x", [1e15, -3.3e15])
def test_a_wave_finer_than_the_floats_is_not_judged(f, x):
    slope = math.cos(x) if f is math.sin else -math.sin(x)
    assert check_gradient(f, lambda x: slope, at=x).verdict == "inconclusive"
