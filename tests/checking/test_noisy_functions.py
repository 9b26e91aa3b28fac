"""Custom operations whose values are off by more than rounding: their noise is measured."""

import math
import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from microbp import sin, total
from microbp.checking import gradcheck
from microbp.core.ops import Op
from tests.helpers.checking import function
from tests.helpers.profiles import examples


def bisection(x, tolerance=1e-9):
    """The root of y**3 + y = x."""
    low, high = 0.0, 10.0
    while high - low > tolerance:
        middle = (low + high) / 2
        low, high = (middle, high) if middle**3 + middle < x else (low, middle)
    return (low + high) / 2


def ode(x):
    """y(1) of y' = -x y**2, y(0) = 1, to about 1e-9, by steps of any length: 1 / (1 + x)."""

    def step(y, h):  # Runge and Kutta's
        a = -x * y * y
        b = -x * (y + h * a / 2) ** 2
        c = -x * (y + h * b / 2) ** 2
        d = -x * (y + h * c) ** 2
        return y + h * (a + 2 * b + 2 * c + d) / 6

    t, y, h = 0.0, 1.0, 0.1
    for _ in range(200):
        h = min(h, 1.0 - t)
        once, twice = step(y, h), step(step(y, h / 2), h / 2)
        error = abs(once - twice) + 1e-300
        if error <= 1e-8:
            y, t = twice, t + h
        if t >= 1.0:
            break
        h *= min(2.0, max(0.2, 0.9 * (1e-8 / error) ** 0.2))
    return y


def iteration(x):
    """The fixed point of y = x cos(y), to 1e-9."""
    y, last = 0.5, math.inf
    for _ in range(200):
        if abs(y - last) <= 1e-9:
            break
        y, last = x * math.cos(y), y
    return y


NOISY = {
    "bisection": (bisection, lambda x, y: 1 / (3 * y * y + 1)),
    "coarse bisection": (lambda x: bisection(x, 1e-6), lambda x, y: 1 / (3 * y * y + 1)),
    "ODE": (ode, lambda x, y: -((1 / (1 + x)) ** 2)),
    "iteration": (iteration, lambda x, y: math.cos(y) / (1 + x * math.sin(y))),
    "float32": (lambda x: float(np.float32(math.sin(x))), lambda x, y: math.cos(x)),
    "rounded": (lambda x: round(math.sin(x), 6), lambda x, y: math.cos(x)),
}


def noisy(name, factor=1.0):
    value, slope = NOISY[name]

    def plain(m, x):
        if not isinstance(x, float):
            raise TypeError("only for floats")
        return value(x)

    return function(
        Op(name, name, value=plain, partials=lambda m, y, x: (factor * slope(x, float(y)),))
    )


numbers = st.floats(0.2, 0.8)


@pytest.mark.parametrize("method", ["auto", "central"])
@pytest.mark.parametrize("name", NOISY)
@examples(20)
@given(numbers)
@example(0.687413631121919)  # most of the measured noise is smaller than that near here
def test_right_derivatives_do_not_fail(name, method, x):
    f = noisy(name)
    for g in (f, lambda x: f(x) * x + sin(x)):
        report = gradcheck(g, x, method=method)
        assert report.verdict in ("pass", "inconclusive"), str(report)


@pytest.mark.parametrize("name", NOISY)
@examples(8)
@given(numbers)
def test_wrong_ones_do_not_pass(name, x):
    report = gradcheck(noisy(name, 1.05), x)
    assert report.verdict in ("fail", "inconclusive"), str(report)
    assert gradcheck(noisy(name, 1.05), 0.3).verdict == "fail"


@pytest.mark.parametrize(("name", "verdict"), [("bisection", "pass"), ("rounded", "inconclusive")])
def test_the_noise_is_told(name, verdict):
    report = gradcheck(noisy(name), 0.3)
    assert report.verdict == verdict
    assert "f's values are off by about" in str(report)


@pytest.mark.parametrize("name", ["bisection", "ODE", "iteration", "float32"])
def test_right_derivatives_pass_mostly_for_what_differences_can_see(name):
    entries = [gradcheck(noisy(name), 0.2 + 0.03 * i).entries[0] for i in range(20)]
    passed = [entry for entry in entries if entry.verdict == "pass"]
    assert len(passed) >= 12
    assert all(entry.resolution <= 3e-4 * abs(entry.reference) for entry in passed)


@pytest.mark.parametrize("name", NOISY)
def test_none_but_the_right_partial_is_expected_in_place_of_a_wrong_one(name):
    told = 0
    for i in range(12):
        x = 0.2 + 0.05 * i
        report = gradcheck(noisy(name, 1.05), x)
        found = re.search(r": (\S+) in place of (\S+)", "".join(report.wrong))
        if found:
            wrong, expected = map(float, found.groups())
            assert expected == pytest.approx(wrong / 1.05, rel=1e-2)
            told += 1
    assert told >= 10 or name in ("coarse bisection", "rounded")


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "longdouble"])
def test_arrays_of_less_precision_beside_plain_floats(dtype):
    xs = np.array([0.1, 0.2, 0.7], dtype=dtype)
    for f in (lambda w: total([w * x for x in xs]), lambda w: (w * xs).sum(), lambda w: w * xs[0]):
        report = gradcheck(f, 0.3)
        assert report.verdict == "pass", str(report)


def bisection_of_numbers(m, x):
    """The same root, by an interval of the type of x."""
    low, high = 0 * x, 10 + 0 * x
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if middle * middle * middle + middle < x else (low, middle)
    return (low + high) / 2


def iteration_of_numbers(m, x):
    y, last = 0.5, math.inf
    for _ in range(200):
        if abs(y - last) <= 1e-11:
            break
        y, last = x * m.cos(y), y
    return y


def newton(m, x):
    y = 1.0
    for _ in range(100):
        step = (y * y * y + y - x) / (3 * y * y + 1)
        y = y - step
        if abs(step) < 1e-6:
            break
    return y


ANY_NUMBERS = {  # values that oracles take too: they see the stairs and stops, not the slope
    "bisection": (lambda m, x: bisection(x), NOISY["bisection"][1]),
    "bisection of numbers": (bisection_of_numbers, NOISY["bisection"][1]),
    "iteration": (iteration_of_numbers, NOISY["iteration"][1]),
    "Newton": (newton, NOISY["bisection"][1]),
}


@pytest.mark.parametrize("factor", [1.0, 1.05])
@pytest.mark.parametrize("method", ["auto", "central", "forward", "mpmath"])
@pytest.mark.parametrize("name", ANY_NUMBERS)
@examples(10)
@given(st.floats(0.2, 0.9))
def test_oracles_are_not_misled_by_stairs(name, method, factor, x):
    value, slope = ANY_NUMBERS[name]
    f = function(
        Op("solver", "solver", value, lambda m, y, x: (factor * slope(float(x), float(y)),))
    )
    report = gradcheck(f, x, method=method)
    right = ("pass", "inconclusive") if factor == 1.0 else ("fail", "inconclusive")
    assert report.verdict in right, str(report)


@pytest.mark.parametrize("method", ["auto", "forward", "mpmath"])
def test_a_ripple_is_no_stair(method):
    def ripple(factor):
        return function(
            Op(
                "ripple",
                "ripple",
                value=lambda m, x: 3 * x + m.sin(x * 1e7) / 1e7,
                partials=lambda m, y, x: (factor * (3 + m.cos(x * 1e7)),),
            )
        )

    for x in (0.3, 1.0, 2.7):
        assert gradcheck(ripple(1.0), x, method=method).verdict == "pass"
        assert gradcheck(ripple(1.05), x, method=method).verdict == "fail"
