"""Right derivatives never fail and wrong ones never pass, in cases that mislead other checkers."""

import math
import re
from dataclasses import replace

import pytest

import microbp
from microbp import Value, cos, exp, log, maximum, relu, sin, sqrt, tanh, total, where_positive
from microbp.checking import gradcheck
from microbp.core.engine import apply
from microbp.core.ops import table
from tests.helpers.checking import SIN, function, scaled, verdict

FLAT_POW = replace(table["pow"], partials=lambda m, y, a, b: (0.0, 0.0))


SMOOTH = {
    "relu just above 0": (relu, 1e-7),
    "relu just below 0": (relu, -1e-7),
    "log at 1e-5": (log, 1e-5),
    "log at 1e-7": (log, 1e-7),
    "sqrt at 1e-8": (sqrt, 1e-8),
    "1 / x at 1e-3": (lambda x: 1 / x, 1e-3),
    "1e6 + x": (lambda x: 1e6 + x, 1.0),
    "a large x": (lambda x: x**2, 1e12),
    "a fast sine": (lambda x: sin(1e4 * x), 1.0),
    "a sine with a period of 2**-10": (lambda x: sin(2048 * math.pi * x), 1.0),
    "a tiny x": (lambda x: 3 * x + 1, 1e-200),
    "a derivative of 0": (cos, 0.0),
    "a constant": (lambda x: 3.0, 1.0),
    "the input itself": (lambda x: x, 1.0),
    "near its domain's end": (log, 5e-324 * 2**60),
}


@pytest.mark.parametrize("method", ["auto", "central"])
@pytest.mark.parametrize("name", SMOOTH)
def test_right_derivatives_pass(name, method):
    f, x = SMOOTH[name]
    report = gradcheck(f, x, method=method)
    assert report.verdict == "pass", str(report)


WRONG = {
    "0 for the slope of 4e-6 x^2": lambda x: 4e-6 * apply(FLAT_POW, x, Value(2.0)),
    "a sine 0.09 % wrong": function(scaled(SIN, 1.0009)),
    "a sine wrong in the seventh digit": function(scaled(SIN, 1 + 1e-7)),
    "the same among others": lambda x: exp(function(scaled(SIN, 1 + 1e-7))(x) * x) + x,
    "a sign": function(scaled(SIN, -1)),
    "NaN": function(scaled(SIN, math.nan)),
    "inf": function(scaled(SIN, math.inf)),
}


@pytest.mark.parametrize("method", ["auto", "central", "forward", "mpmath"])
@pytest.mark.parametrize("name", WRONG)
def test_wrong_derivatives_fail(name, method):
    report = gradcheck(WRONG[name], 1.0, method=method)
    assert report.verdict == "fail", str(report)
    assert "the first wrong partial" in str(report)


@pytest.mark.parametrize("method", ["auto", "central"])
@pytest.mark.parametrize(
    ("f", "left", "right"),
    [
        (abs, -1, 1),
        (relu, 0, 1),
        (lambda x: maximum(x, 3 * x), 1, 3),
        (lambda x: where_positive(x, 3 * x, x), 1, 3),
        (lambda x: x if x > 0 else 5 * x, 5, 1),  # kinks that only the program knows
        (lambda x: x * (1.0 if x > 0 else 2.0 if x < 0 else 1.5), 2, 1),
    ],
)
def test_a_kink_is_called_one(f, left, right, method):
    report = gradcheck(f, 0.0, method=method)
    assert report.verdict == "kink", str(report)
    assert f"the slope is {left} below and {right} above" in str(report)
    assert re.search(r"[\d.]+ lies between them", str(report))


def test_a_choice_beyond_both_slopes_fails():
    odd = replace(table["abs"], partials=lambda m, y, x: (2.0,))
    report = gradcheck(function(odd), 0.0)
    assert report.verdict == "fail"
    assert "2 does not lie between them" in str(report)


@pytest.mark.parametrize(
    "jump", [lambda x: microbp.atan2(x, -1.0), lambda x: where_positive(x, x + 1, x)]
)
def test_a_jump_is_called_one(jump):
    report = gradcheck(jump, 0.0)
    assert report.verdict == "kink"
    assert "jumps" in str(report)


def test_a_kink_that_the_function_does_not_show_is_none():
    assert verdict(lambda x: relu(x) ** 2, 0.0) in ("pass", "inconclusive")
    assert verdict(lambda x: relu(x) + relu(-x) - abs(x) + x, 0.0, method="central") != "fail"


def test_an_input_that_does_not_move_the_kink_passes():
    report = gradcheck(lambda a, b: relu(a) * 2 + b, 0.0, 1.0)
    assert [entry.verdict for entry in report.entries] == ["kink", "pass"]


def test_second_order_kink():
    report = gradcheck(lambda x: x * abs(x), 0.0, order=2)
    assert report.verdict == "kink"
    assert "-2 below and 2 above; 0 lies between" in str(report)


def test_where_rounding_hides_all_differences_say_so_and_oracles_settle():
    assert verdict(tanh, 20.0, method="central") == "inconclusive"
    settled = gradcheck(tanh, 20.0)
    assert settled.verdict == "pass"
    assert settled.entries[0].method == "dual numbers"
    assert verdict(function(scaled(table["tanh"], 1.001)), 20.0) == "fail"
    assert (
        verdict(function(replace(table["tanh"], partials=lambda m, y, x: (1 - y * y,))), 20.0)
        == "fail"
    )


@pytest.mark.parametrize(
    ("f", "x"), [(sqrt, 0.0), (microbp.asin, 1.0), (lambda x: x**1.5, 0.0), (lambda x: x**1.1, 0.0)]
)
def test_the_edge_of_a_domain(f, x):
    assert verdict(f, x) == "domain-edge"


def test_a_wrong_slope_at_the_edge_is_told():
    wrong = replace(table["pow"], partials=lambda m, y, a, b: (5.0, 0.0))
    report = gradcheck(lambda x: apply(wrong, x, Value(1.5)), 0.0)
    assert report.verdict == "domain-edge"
    assert "only above, where the slope seems to be" in str(report)


def test_one_wrong_entry_among_a_thousand_is_named():
    wrong = function(scaled(SIN, 1.0009))

    def f(x):
        return total([wrong(v) if i == 617 else v * v for i, v in enumerate(x)])

    report = gradcheck(f, [0.5 + i / 1000 for i in range(1000)])
    assert report.verdict == "fail"
    assert [entry.name for entry in report.entries if entry.verdict == "fail"] == ["x[617]"]
    assert all(entry.verdict == "pass" for entry in report.entries if entry.name != "x[617]")
    assert "sin(x[617]) with respect to its operand x[617]" in str(report)
    assert "sin → total" in str(report)


def test_a_large_constant():
    assert verdict(lambda x: 1e9 + x, 1.0) == "pass"
    assert verdict(lambda x: 1e9 + x, 1.0, method="central") in ("pass", "inconclusive")


def test_steps_far_beyond_a_period_prove_nothing():
    assert verdict(cos, 1.4783671219146878e-15, method="central") == "inconclusive"
    assert verdict(cos, 1.4783671219146878e-15) == "pass"


# The next float is from an eighth to sixteen away, a good part of a period or several of them.
COARSE = [math.pi * 1e15, 1.2e15, 8.3e15, 1.0967759918522072e16, 6.258568138135655e16, 1e17]


@pytest.mark.parametrize("method", ["auto", "central", "forward", "mpmath"])
@pytest.mark.parametrize("x", COARSE)
@pytest.mark.parametrize("name", ["sin", "cos", "tan"])
def test_where_floats_are_a_period_apart_nothing_is_failed_nor_passed_wrongly(name, x, method):
    assert verdict(function(table[name]), x, method=method) != "fail"
    assert verdict(function(scaled(table[name], 1 + 1e-6)), x, method=method) != "pass"


@pytest.mark.parametrize(
    ("name", "x"),
    [("sin", 904980905436841.6), ("cos", 740917228034940.5), ("tan", 782528647456833.0)],
)
def test_noise_that_changes_from_float_to_float_bounds_nothing(name, x):
    unknown = function(scaled(table[name], 1.0))  # it may be off by what the rounding of x does
    assert verdict(unknown, x, method="central") == "inconclusive"


def test_what_looks_like_a_kink_from_afar_may_be_none():
    at = 2.67821229598007e-265, 1.000945995905792e-274  # steps of 1e-15 are far beyond both
    assert verdict(function(table["hypot"]), *at, method="central") != "fail"


def test_a_derivative_of_0_by_cancellation_has_no_size_for_differences():
    assert verdict(lambda x: sin(x) - sin(x), 1.0) == "pass"
    assert verdict(lambda x: sin(x) - sin(x), 1.0, method="central") == "inconclusive"
