"""The error of difference quotients against their step."""

import pytest

from microbp import exp, plots, sigmoid, sin
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


def test_the_plot_of_a_step_curve():
    from matplotlib import figure

    curve = step_curve(sigmoid, 1.0)
    ax = curve.plot(figure.Figure().add_subplot())
    assert ax.get_xscale() == ax.get_yscale() == "log"
    assert {"truncation", "rounding", "error"} <= {line.get_label() for line in ax.lines}
    assert plots.step_curve(curve, figure.Figure().add_subplot()).get_xlabel() == "step h"
