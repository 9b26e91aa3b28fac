"""Ripples that are finer than most steps: a partial of theirs that is wrong passes nowhere."""

import math
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from microbp import Value, sin
from microbp.checking import gradcheck
from microbp.core.ops import Op, table
from tests.helpers.checking import function
from tests.helpers.profiles import examples

FLAT = function(replace(table["sin"], partials=lambda m, y, x: (0.0,)))


def only_floats(m, x):
    if not isinstance(x, float):
        raise TypeError("only for floats")
    return math.sin(x)


HIDDEN = function(Op("hidden", "hidden", only_floats, lambda m, y, x: (0.0,)))

frequencies = st.floats(2, 11).map(lambda power: 10.0**power)
places = st.floats(0.5, 2.0)


@pytest.mark.parametrize("method", ["auto", "central", "forward", "mpmath"])
@examples(30)
@given(w=frequencies, x=places)
def test_a_ripple_without_its_slope_passes_nowhere(method, w, x):
    slope = math.cos((x - 1) * w)
    report = gradcheck(lambda x: 3 * x + FLAT((x - 1) * w) / w, x, method=method)
    assert report.verdict != "pass" or abs(slope) < 1e-6 + w * 1e-15, str(report)


@pytest.mark.parametrize("smooth", [lambda x: 3 * x, lambda x: x**3])  # a curve hides it better
@pytest.mark.parametrize("ripple", [FLAT, HIDDEN])
@pytest.mark.parametrize("w", [1e3, 1e5, 1e7, 1e9, 3e10, 1e11])
def test_none_is_too_fine_for_a_pass_to_be_confirmed(smooth, ripple, w):
    for method in ("auto", "central"):
        report = gradcheck(lambda x: smooth(x) + ripple((x - 1) * w) / w, 1.0, method=method)
        assert report.verdict != "pass", str(report)


@pytest.mark.parametrize("method", ["auto", "central"])
@examples(30)
@given(w=frequencies, x=places)
def test_nor_where_only_values_are_known(method, w, x):
    slope = math.cos((x - 1) * w)
    report = gradcheck(lambda x: 3 * x + HIDDEN((x - 1) * w) / w, x, method=method)
    assert report.verdict != "pass" or abs(slope) < 0.2, str(report)


@pytest.mark.parametrize("method", ["auto", "central", "forward"])
@examples(20)
@given(w=frequencies, x=places)
@example(w=86808414324.76137, x=1.0943570061773114)  # 378 periods fit between two steps
def test_with_its_slope_it_does_not_fail(method, w, x):
    report = gradcheck(lambda x: 3 * x + sin((x - 1) * w) / w, x, method=method)
    assert report.verdict != "fail", str(report)


@pytest.mark.parametrize("method", ["auto", "central"])
@pytest.mark.parametrize("w", [1e3, 1e4, 1e6, 1e8, 1e10, 1e12])
def test_a_right_ripple_by_hand_does_not_fail(w, method):
    def ripple(x):
        return Value(math.sin(x.data) / w, (x,), (math.cos(x.data) / w,))

    report = gradcheck(lambda x: 3 * x + ripple((x - 1) * w), 1.0, method=method)
    assert report.verdict in ("pass", "inconclusive"), str(report)


@pytest.mark.parametrize("x", [0.3, 0.77, 1.0, 2.7])
def test_differences_alone_fail_no_ripple_that_oracles_know(x):
    op = Op(
        "ripple",
        "ripple",
        value=lambda m, x: 3 * x + m.sin(x * 1e7) / 1e7,
        partials=lambda m, y, x: (3 + m.cos(x * 1e7),),
    )
    assert gradcheck(function(op), x, method="central").verdict in ("pass", "inconclusive")
