"""Derivatives of 0 have no size of their own: they pass where they can be known."""

import math

import pytest

from microbp import cos, maximum, minimum, relu, sin, softplus, tanh, total, where_positive
from microbp.checking import gradcheck

ZERO = {
    "x |x|": (lambda x: x * abs(x), (0.0,)),
    "relu squared": (lambda x: relu(x) ** 2, (0.0,)),
    "relu times x": (lambda x: relu(x) * x, (0.0,)),
    "squared hinge at its margin": (lambda w: relu(1 - 2 * w) ** 2, (0.5,)),
    "Huber-like": (lambda x: where_positive(abs(x) - 1, abs(x), x**2), (0.0,)),
    "|x| cubed": (lambda x: abs(x) ** 3, (0.0,)),
    "losers of a max-pool": (
        lambda a, b, c, d: maximum(maximum(a, b), maximum(c, d)),
        (2.0, 1.0, 0.0, 0.0),
    ),
    "losers of a min-pool": (
        lambda a, b, c, d: minimum(minimum(a, b), minimum(c, d)),
        (-2.0, 1.0, 1.0, 1.0),
    ),
    "a dead unit": (lambda w, v: v * relu(w - 2), (1.0, 3.0)),
    "a unit after a dead one": (lambda x: relu(relu(x)), (-1.0,)),
    "a dead unit beside a tie": (lambda w, v: relu(v * relu(w) - 1), (0.0, 1.0)),
    "times 0": (lambda x: 0 * sin(x), (1.0,)),
    "an unused input": (lambda x, y: 3 * x, (1.0, 2.0)),
    "x - x": (lambda x: sin(x) - sin(x), (1.0,)),
    "a minimum": (lambda x: cos(x), (0.0,)),
    "x squared": (lambda x: x**2, (0.0,)),
    "equal values": (lambda a, b: (a - b) ** 2, (1.0, 1.0)),
    "a tiny slope": (lambda x: 1e-310 * x, (1.0,)),
    "a slope that underflows": (lambda x: 1e-200 * (1e-200 * x), (1.0,)),
}


@pytest.mark.parametrize("method", ["auto", "forward", "mpmath"])
@pytest.mark.parametrize("name", ZERO)
def test_they_pass(name, method):
    f, at = ZERO[name]
    report = gradcheck(f, *at, method=method)
    assert report.verdict == "pass", str(report)


@pytest.mark.parametrize("name", ZERO)
def test_differences_alone_pass_them_or_say_that_they_cannot_tell(name):
    f, at = ZERO[name]
    report = gradcheck(f, *at, method="central")
    assert report.verdict in ("pass", "inconclusive"), str(report)


def test_saturated_units_have_a_slope():
    report = gradcheck(lambda x: total([tanh(x), softplus(-x)]), 40.0)
    assert report.verdict == "pass"
    assert 0.0 < abs(report.entries[0].reference) < math.exp(-39)


def test_differences_say_why_they_cannot_tell():
    report = gradcheck(lambda a, b: maximum(a, b) ** 2, 3.0, 1.0, method="central")
    assert report.verdict in ("pass", "inconclusive")
    assert all(entry.note for entry in report.entries if entry.verdict == "inconclusive")
    report = gradcheck(lambda x, y: x * 0 + y, 1.0, 2.0, method="central")
    assert report.entries[0].note == "differences are not accurate enough to tell"
