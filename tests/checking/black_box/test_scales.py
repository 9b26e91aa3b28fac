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


def bent(w):
    return max(0.0, w[0] - 1e-3) * 3.0 + w[0] ** 2 * w[1] + math.sin(w[1])


@pytest.mark.parametrize("x", [0.0005, 0.00099, 0.0010001, 0.0015])
@pytest.mark.parametrize("factor", [0.99, 1.01, 1.1])
def test_a_kink_within_the_steps_hides_no_mistake(x, factor):
    def grad(w):
        return [3.0 * (w[0] > 1e-3) + 2.0 * w[0] * w[1], w[0] ** 2 + math.cos(w[1])]

    def wrong(w):
        return [grad(w)[0] * factor, grad(w)[1]]

    assert check_gradient(bent, grad, at=[x, 0.7]).verdict == "pass"
    report = check_gradient(bent, wrong, at=[x, 0.7])
    assert [entry.verdict for entry in report.entries] == ["fail", "pass"], str(report)


SIZES = np.array([1e-12, 1e-6, 1.0, 1e6, 1e12])


@pytest.mark.parametrize("factor", [0.9, 1.01])
@pytest.mark.parametrize("i", [0, 1, 2, 3])
def test_parameters_of_far_scales(i, factor):
    def loss(p):
        return math.fsum(np.sin(p / SIZES) * SIZES)

    def grad(p):
        return np.cos(p / SIZES)

    def wrong(p):
        return grad(p) * np.where(np.arange(5) == i, factor, 1.0)

    assert check_gradient(loss, grad, at=SIZES).verdict in ("pass", "inconclusive")

    def product(p):
        return math.prod(np.tanh(p / SIZES))

    def slopes(p):
        return product(p) / np.tanh(p / SIZES) / np.cosh(p / SIZES) ** 2 / SIZES

    assert check_gradient(product, slopes, at=SIZES).verdict == "pass"
    report = check_gradient(product, lambda p: slopes(p) * wrong(p) / grad(p), at=SIZES)
    assert {e.name for e in report.entries if e.verdict == "fail"} == {f"p[{i}]"}, str(report)


@pytest.mark.parametrize("x", [1e-45, 1e-12, -1e-300])
@pytest.mark.parametrize(("factor", "expected"), [(1.0, "pass"), (2.0, "fail")])
def test_a_number_that_is_almost_0(x, factor, expected):
    def loss(w):
        return 0.01 * math.exp(w[0]) + sum(w[1:])

    def grad(w):
        return [0.01 * factor * math.exp(w[0]), *w[1:]]

    for at in ([x], [x, 1.0]):
        assert check_gradient(loss, grad, at=at).verdict == expected


SATURATED = {
    "sigmoid": (lambda x: 1.0 / (1.0 + np.exp(-x[0])), 40.0, math.exp(-40.0)),
    "tanh": (lambda x: np.tanh(x[0]), 15.0, 1.0 / math.cosh(15.0) ** 2),
    "-tanh": (lambda x: 2.0 - np.tanh(x[0]), -16.0, -1.0 / math.cosh(16.0) ** 2),
    "asin": (lambda x: np.arcsin(x[0]), 1 - 1e-10, 1.0 / math.sqrt(1.0 - (1 - 1e-10) ** 2)),
}


@pytest.mark.parametrize("name", SATURATED)
def test_where_floats_show_no_slope_a_complex_step_does(name):
    f, x, slope = SATURATED[name]
    at = np.array([x])
    assert check_gradient(f, lambda x: np.array([slope]), at=at).verdict == "pass"
    report = check_gradient(f, lambda x: np.array([1.01 * slope]), at=at)
    assert report.verdict == "fail", str(report)


def test_a_complex_step_that_is_wrong_elsewhere_fails_nothing():
    def f(x):  # abs has no complex derivative
        return 1.0 / (1.0 + np.exp(-abs(x[0])))

    report = check_gradient(f, lambda x: np.array([math.exp(-40.0)]), at=np.array([40.0]))
    assert report.verdict in ("pass", "inconclusive"), str(report)
