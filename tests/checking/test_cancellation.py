"""Formulas that lose their digits: no method passes what is far off, and the report teaches."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp import cos, exp, expm1, log, log1p, sigmoid, sin, softplus, sqrt, tan, tanh
from microbp.checking import gradcheck, mpmath_oracle
from microbp.checking.cancellation import ADVICE
from microbp.checking.judging import MEANINGFUL
from microbp.core.ops import table
from tests.helpers.checking import function, scaled
from tests.helpers.profiles import examples

# Each formula, its derivative with all digits, and the smallest and largest number to ask it at.
LOSING = {
    "1 - cos": (lambda x: (1 - cos(x)) / x**2, lambda m, x: _versine(m, x), 1e-8, 1e-3),
    "exp - 1": (lambda x: (exp(x) - 1) / x, lambda m, x: (m.exp(x) - 1) / x, 1e-11, 1e-4),
    "log(1 + x)": (lambda x: log(1 + x) / x, lambda m, x: m.log(1 + x) / x, 1e-11, 1e-4),
    "x - sin": (lambda x: (x - sin(x)) / x**3, lambda m, x: (x - m.sin(x)) / x**3, 1e-7, 1e-3),
    "sqrt": (
        lambda x: sqrt(x + 1) - sqrt(x),
        lambda m, x: m.sqrt(x + 1) - m.sqrt(x),
        1e6,
        1e15,
    ),
    "power": (
        lambda x: ((1 + x) ** 10 - 1) / x,
        lambda m, x: ((1 + x) ** 10 - 1) / x,
        1e-13,
        1e-5,
    ),
    "tan - sin": (lambda x: tan(x) - sin(x), lambda m, x: m.tan(x) - m.sin(x), 1e-7, 1e-2),
    "squares": (
        lambda x: (x * x - 1) / (x - 1),
        lambda m, x: (x * x - 1) / (x - 1),
        1 + 1e-12,
        1 + 1e-3,
    ),
    "quadratic": (lambda b: sqrt(b * b - 4) - b, lambda m, b: m.sqrt(b * b - 4) - b, 1e3, 1e8),
    "log-sum-exp": (
        lambda x: log(exp(x) + exp(-x)) - x,
        lambda m, x: m.log(m.exp(x) + m.exp(-x)) - x,
        1.0,
        30.0,
    ),
    "1 - sigmoid": (
        lambda x: log(1 - sigmoid(x)),
        lambda m, x: m.log(1 - m.sigmoid(x)),
        5.0,
        36.0,
    ),
    "1 - tanh**2": (
        lambda x: log(1 - tanh(x) ** 2),
        lambda m, x: m.log(1 - m.tanh(x) ** 2),
        1.0,
        18.0,
    ),
    "absorbed": (
        lambda x: ((x + 1e16) - 1e16) ** 2,
        lambda m, x: x**2,
        0.1,
        100.0,
    ),
}


def _versine(m, x):
    return (1 - m.cos(x)) / x**2


def exact(name, x):
    """The derivative to 40 digits."""
    m = mpmath_oracle.mathematics()
    with m.context.workdps(400):
        return +m.diff(lambda t: LOSING[name][1](m, t), m.mpf(x))


@pytest.mark.parametrize("name", LOSING)
@examples(8)
@given(st.data())
def test_only_what_is_right_for_the_formula_passes(name, data):
    f, _, low, high = LOSING[name]
    x = math.exp(data.draw(st.floats(math.log(low), math.log(high))))
    for method in ("auto", "central", "forward", "mpmath"):
        report = gradcheck(f, x, method=method)
        entry = report.entries[0]
        assert report.verdict in ("pass", "inconclusive"), str(report)
        if report.verdict == "pass":
            off = abs(entry.backward - exact(name, x))
            assert off <= entry.resolution, str(report)
            assert off <= 2 * MEANINGFUL * abs(exact(name, x)), str(report)


TAUGHT = [
    (LOSING["1 - cos"][0], 1e-7, "sin(x / 2)**2"),
    (LOSING["exp - 1"][0], 1e-9, "expm1"),
    (LOSING["log(1 + x)"][0], 1e-9, "log1p"),
    (LOSING["sqrt"][0], 1e15, "(a - b) / (sqrt(a) + sqrt(b))"),
    (LOSING["squares"][0], 1 + 1e-12, "(a - b) * (a + b)"),
    (LOSING["1 - sigmoid"][0], 30.0, "sigmoid(-x)"),
    (LOSING["x - sin"][0], 1e-5, "nothing cancels"),
]


@pytest.mark.parametrize("method", ["auto", "forward", "mpmath"])
@pytest.mark.parametrize(("f", "x", "advice"), TAUGHT)
def test_the_report_says_where_and_what_to_write(f, x, advice, method):
    report = gradcheck(f, x, method=method)
    assert report.verdict == "inconclusive"
    assert "the formula loses its digits here" in str(report)
    assert advice in str(report)


def test_the_derivative_without_rounding_is_told():
    entry = gradcheck(LOSING["1 - cos"][0], 1e-7).entries[0]
    assert entry.backward > 1000.0
    assert entry.reference == pytest.approx(-1e-7 / 12, rel=1e-9)


@pytest.mark.parametrize(
    ("loses", "keeps", "x"),
    [
        (LOSING["exp - 1"][0], lambda x: expm1(x) / x, 1e-5),
        (LOSING["log(1 + x)"][0], lambda x: log1p(x) / x, 1e-5),
        (LOSING["1 - cos"][0], lambda x: 2 * sin(x / 2) ** 2 / x**2, 1e-3),
        (LOSING["sqrt"][0], lambda x: 1 / (sqrt(x + 1) + sqrt(x)), 1e15),
        (LOSING["log-sum-exp"][0], lambda x: softplus(-2 * x), 15.0),
        (LOSING["1 - sigmoid"][0], lambda x: log(sigmoid(-x)), 30.0),
    ],
)
def test_as_advised_it_passes(loses, keeps, x):
    assert gradcheck(loses, x).verdict == "inconclusive"
    report = gradcheck(keeps, x)
    assert report.verdict == "pass", str(report)


def test_where_only_the_paths_of_the_derivative_cancel_that_is_told():
    report = gradcheck(lambda x: log1p(x) / x, 1e-9)  # (1 / (1 + x) - log1p(x) / x) / x
    assert report.verdict == "inconclusive"
    assert "terms of the size 2e+09 add up to -0.5" in str(report)


def test_a_wrong_partial_is_one_where_digits_are_lost_too():
    wrong = function(scaled(table["cos"], 1.5))
    assert gradcheck(lambda x: (1 - wrong(x)) / x**2, 1e-2).verdict == "fail"
    assert gradcheck(lambda x: (1 - wrong(x)) / x**2, 1e-7).verdict != "pass"


def test_without_mpmath_what_rounding_may_do_is_told(monkeypatch):
    def missing():
        raise mpmath_oracle.MpmathMissing("not installed")

    monkeypatch.setattr("microbp.checking.whole_formula.mathematics", missing)
    report = gradcheck(LOSING["1 - cos"][0], 1e-7)
    assert report.verdict == "inconclusive"
    assert "the formula loses its digits here" in str(report)
    assert "rounding may change this derivative by" in str(report)


def test_advice_is_for_operations_that_there_are():
    assert {name for pair in ADVICE for name in pair} <= set(table)


def test_a_zero_that_nothing_was_rounded_to_loses_no_digits():
    report = gradcheck(lambda x, y: abs(x) + (1 - cos(y)) / y**2, 0.0, 1e-7)
    assert report.verdict == "kink"
    assert "sub(1.0, cos(y))" in report.entries[1].note
