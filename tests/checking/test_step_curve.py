"""The error of difference quotients against their step."""

import math

import pytest

from microbp import exp, log, plots, sigmoid, sin, sqrt
from microbp.checking.step_sizes import step_curve


def test_the_step_curve_is_a_v():
    curve = step_curve(lambda x: sin(x) * exp(x), 1.0)
    best = min(range(len(curve.steps)), key=curve.errors.__getitem__)
    assert curve.optimum / 1000 < curve.steps[best] < curve.optimum * 10
    for error, truncation, rounding, h in zip(
        curve.errors, curve.truncation, curve.rounding, curve.steps, strict=True
    ):
        if h < 0.1:
            assert error <= 1.2 * truncation + rounding
        if 100 * curve.optimum < h < 0.1:
            assert error == pytest.approx(truncation, rel=0.1)


def test_a_straight_line_has_no_truncation():
    curve = step_curve(lambda x: 3 * x, 2.0)
    assert set(curve.truncation) == {0.0}
    assert curve.optimum == 2.0
    assert "f'''(x) is 0" in curve.note


def test_a_tiny_x_does_not_hide_the_v():
    curve = step_curve(exp, 1e-300)
    assert curve.steps[-1] < 1e-3 * curve.optimum < curve.optimum < 1e-3 * curve.steps[0]
    assert not curve.note


@pytest.mark.parametrize(
    ("f", "x", "reason"),
    [
        (lambda x: 3 * x, 0.0, "is 0"),
        (lambda x: 0 * x, 1.0, "is 0"),
        (abs, 0.0, "is 0"),
        (lambda x: x**5, 0.0, "is 0"),
        (sigmoid, 800.0, "is 0"),
        (log, 1e-300, "is inf"),
        (sin, 0.0, "expects 3.5e-108, beyond all steps"),
        (sin, 1e17, "beyond all steps"),
    ],
)
def test_the_best_step_is_measured_where_theory_has_none(f, x, reason):
    curve = step_curve(f, x)
    assert curve.optimum in curve.steps
    best = curve.errors[curve.steps.index(curve.optimum)]
    assert best <= min(
        error + noise for error, noise in zip(curve.errors, curve.rounding, strict=True)
    )
    assert reason in curve.note


@pytest.mark.parametrize(
    ("f", "x", "reason"),
    [
        (sqrt, 0.0, "leaves the domain"),
        (lambda x: x**1.5, 0.0, "leaves the domain"),
        (lambda x: x**3, 1e200, "not finite here"),
        (sin, math.nan, "not finite here"),
        (lambda x: x, math.inf, "not finite here"),
    ],
)
def test_no_best_step_is_none_and_says_why(f, x, reason):
    curve = step_curve(f, x)
    assert curve.optimum is None
    assert reason in curve.note
    assert reason in curve.plot().get_title(loc="right")


def test_the_plot_of_a_step_curve():
    from matplotlib import figure

    curve = step_curve(sigmoid, 1.0)
    ax = curve.plot(figure.Figure().add_subplot())
    assert ax.get_xscale() == ax.get_yscale() == "log"
    assert {"truncation", "rounding", "error"} <= {line.get_label() for line in ax.lines}
    assert plots.step_curve(curve, figure.Figure().add_subplot()).get_xlabel() == "step h"
