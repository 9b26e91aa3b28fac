"""A kink excuses an operation's choice of a slope, and hides nothing else."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp import (
    Value,
    hypot,
    leaky_relu,
    maximum,
    minimum,
    relu,
    sin,
    sqrt,
    tanh,
    where_positive,
)
from microbp.checking import gradcheck
from microbp.core.ops import Op, table
from tests.helpers.checking import function, scaled, verdict
from tests.helpers.profiles import examples

METHODS = ["auto", "central", "forward", "mpmath"]
# At each of these, as functions of w at 1, an operation is at its kink.
AT_KINK = {
    "relu(0 w)": lambda w: relu(w * 0),
    "relu(w - w)": lambda w: relu(w - w),
    "abs squared": lambda w: abs(w - 1) ** 2,
    "relu squared": lambda w: relu(1 - w) ** 2,
    "a tie with itself": lambda w: maximum(w, w),
    "a tie of equal slopes": lambda w: minimum(w, 2 * w - w),
    "relu": lambda w: relu(w - 1),
    "hinge": lambda w: 3 * relu(1 - w),
    "abs": lambda w: abs(1 - w),
    "maximum": lambda w: maximum(w, w * w),
    "where": lambda w: where_positive(w - 1, 2 * w, w + 1),
    "leaky": lambda w: leaky_relu(w - 1),
    "hypot": lambda w: hypot(w - 1, 0.0),
    "deep": lambda w: sin(relu(tanh(w - 1)) * 2) * w,
    "relu - relu": lambda w: relu(w - 1) - relu(1 - w),  # smooth, and the backward pass gives 0
    "an if": lambda w: 2 * w if w > 1 else 3 * w - 1,
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", AT_KINK)
def test_no_right_gradient_fails(name, method):
    report = gradcheck(lambda w: sin(w) + AT_KINK[name](w), 1.0, method=method)
    assert report.verdict != "fail", str(report)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", AT_KINK)
@examples(8)
@given(st.data())
def test_no_kink_hides_a_wrong_partial(name, method, data):
    factor = 1 + data.draw(st.sampled_from([1.0, -1.0])) * 10.0 ** data.draw(st.floats(-5, 1))
    wrong = function(scaled(table["sin"], factor))
    report = gradcheck(lambda w: wrong(w) + AT_KINK[name](w), 1.0, method=method)
    unseen = name == "an if" and method in ("forward", "mpmath")  # the graph is not complete
    assert report.verdict == ("inconclusive" if unseen else "fail"), str(report)


def only_floats(m, x):
    if not isinstance(x, float):
        raise TypeError("only for floats")
    return math.sin(x)


@pytest.mark.parametrize("method", ["auto", "central"])
@pytest.mark.parametrize("name", AT_KINK)
def test_nor_one_that_no_oracle_can_judge(name, method):
    wrong = Op("hidden", "hidden", only_floats, lambda m, y, x: (1.05 * math.cos(float(x)),))
    report = gradcheck(lambda w: function(wrong)(w) + AT_KINK[name](w), 1.0, method=method)
    assert report.verdict in ("fail", "inconclusive"), str(report)
    assert report.verdict == "fail" or "f's values are off" in str(report)


@pytest.mark.parametrize("method", ["auto", "central"])
def test_nor_a_node_made_by_hand(method):
    def wrong(w):
        return Value(math.sin(w.data), (w,), (1.05 * math.cos(w.data),))

    assert verdict(lambda w: wrong(w) + relu(w * 0), 1.0, method=method) == "fail"


@pytest.mark.parametrize("method", ["auto", "central"])
@pytest.mark.parametrize("power", [1, 2, 3])
@pytest.mark.parametrize("distance", [0.0, 1e-4, -4e-4, 1e-2, 0.1])
def test_nor_does_a_kink_nearby(distance, power, method):
    def bent(w):
        return relu(w - 1.0 - distance) ** power

    def by_hand(factor):
        return lambda w: Value(math.sin(w.data), (w,), (factor * math.cos(w.data),))

    def answer(factor):
        node = by_hand(factor)
        return verdict(lambda w: node(w) + bent(w), 1.0, method=method)

    assert answer(1.05) == "fail"
    assert answer(1.0) in ("pass", "kink")


@pytest.mark.parametrize("method", METHODS)
def test_a_choice_that_is_not_between_the_slopes_fails(method):
    def choosing(slope):
        return function(
            replace(table["abs"], partials=lambda m, y, x: (m.where(x == 0, slope, m.sign(x)),))
        )

    assert verdict(choosing(0.5), 0.0, method=method) == "kink"
    assert verdict(choosing(-1.0), 0.0, method=method) == "kink"
    assert verdict(choosing(2.0), 0.0, method=method) == "fail"
    assert verdict(choosing(math.inf), 0.0, method=method) == "fail"


def test_a_choice_of_the_program_that_is_not_between_the_slopes_fails():
    assert verdict(lambda x: x if x > 0 else 3 * x if x < 0 else 2 * x, 0.0) == "kink"
    assert verdict(lambda x: x if x > 0 else 3 * x if x < 0 else 7 * x, 0.0) == "fail"


def std(xs):
    mean = sum(xs) / len(xs)
    return sqrt(sum((x - mean) ** 2 for x in xs) / len(xs))


@pytest.mark.parametrize(
    ("f", "at"),
    [
        (lambda *xs: std(xs), (1.0, 1.0, 1.0)),
        (lambda *xs: std(xs), (0.5, 0.5)),
        (lambda *xs: std(xs) + xs[0] ** 2, (2.0, 2.0, 2.0, 2.0)),
        (lambda x, y: sqrt(x * x + y * y), (0.0, 0.0)),
        (lambda x, y: hypot(x - y, 0.0), (2.0, 2.0)),
        (lambda x: sqrt(x**2), (0.0,)),
    ],
)
def test_kinks_under_a_root_are_found(f, at):
    report = gradcheck(f, *at)
    assert report.verdict == "kink", str(report)


def test_inconclusive_hides_no_kink():
    report = gradcheck(lambda a, b: tanh(a) + abs(b), 20.0, 0.0, method="central")
    assert {entry.verdict for entry in report.entries} == {"inconclusive", "kink"}
    assert report.verdict == "kink"
    assert "the slope is -1 below and 1 above" in str(report)
