"""Checks of many inputs: all together along random directions, and up to the first wrong one."""

import math

import pytest

from microbp import Value, exp, nn, relu, sin, total
from microbp.checking import gradcheck
from microbp.checking.directions import random_direction, wrong_ones
from tests.helpers.checking import SIN, function, scaled

WRONG = function(scaled(SIN, 1.01))
POINT = [0.5 + 0.37 * i % 2.0 for i in range(400)]


def sum_with_wrong(*places):
    """A sum of products, wrong by 1 % in these terms, and how often it was called."""
    calls = []

    def f(xs):
        calls.append(None)
        return total([(WRONG if i in places else sin)(x) * x for i, x in enumerate(xs)])

    return f, calls


def wrong_names(report):
    return [entry.name for entry in report.entries if entry.verdict == "fail"]


def test_all_inputs_are_checked_by_a_few_calls():
    f, calls = sum_with_wrong()
    report = gradcheck(f, POINT, method="directions")
    assert report.verdict == "pass"
    assert [entry.name for entry in report.entries] == ["all 400 together"] * 2
    assert len(calls) < 40
    one_by_one, calls_then = sum_with_wrong()
    assert gradcheck(one_by_one, POINT).verdict == "pass"
    assert len(calls_then) > 2000


def test_halving_finds_the_wrong_inputs():
    f, calls = sum_with_wrong(3, 170, 171, 399)
    report = gradcheck(f, POINT, method="directions")
    assert report.verdict == "fail"
    assert wrong_names(report) == ["xs[3]", "xs[170]", "xs[171]", "xs[399]"]
    assert "the first wrong partial is that of sin(xs[3])" in str(report)
    assert "the other 396 together" in str(report)
    assert len(calls) < 1000


@pytest.mark.parametrize("method", ["auto", "directions"])
def test_the_first_wrong_input_is_enough(method):
    f, calls = sum_with_wrong(5, 300)
    report = gradcheck(f, POINT, method=method, first=True)
    assert wrong_names(report) == ["xs[5]"]
    assert "stopped at the first that is wrong" in str(report)
    assert "that of sin(xs[5])" in str(report)
    assert len(calls) < 300


def test_many_wrong_inputs_cost_little():
    f, calls = sum_with_wrong(*range(100))
    assert len(wrong_names(gradcheck(f, POINT[:100]))) == 100
    assert len(calls) < 100 * 12
    report = gradcheck(f, POINT[:100], method="directions")
    assert wrong_names(report) == [f"xs[{i}]" for i in range(20)]
    assert "stopped after 20 that are not right" in str(report)


def test_with_nothing_wrong_first_changes_nothing():
    f, _ = sum_with_wrong()
    assert str(gradcheck(f, POINT[:5], first=True)) == str(gradcheck(f, POINT[:5]))


def test_the_directions_are_seeded():
    f, _ = sum_with_wrong()
    a, b, c = (gradcheck(f, POINT, method="directions", seed=seed) for seed in (1, 1, 2))
    assert a == b
    assert a != c


def test_directions_of_parameters():
    net = nn.Net(3, [8, 1], seed=1)
    report = gradcheck(
        lambda: net([0.1, -0.2, 0.3])[0] ** 2, parameters=net.parameters(), method="directions"
    )
    assert report.verdict == "pass", str(report)


def test_directions_of_several_outputs():
    def f(xs):
        return [total([x * x for x in xs]), total([WRONG(x) for x in xs[:2]] + xs[2:])]

    report = gradcheck(f, POINT[:10], method="directions")
    assert {(entry.name, entry.output) for entry in report.entries if entry.verdict == "fail"} == {
        ("xs[0]", 1),
        ("xs[1]", 1),
    }


def test_a_kink_among_many_inputs_is_found():
    at = [*POINT[:30], 0.0, *POINT[30:60]]
    report = gradcheck(lambda xs: total([abs(x) for x in xs]), at, method="directions")
    assert report.verdict == "kink"
    assert [entry.name for entry in report.entries if entry.verdict == "kink"] == ["xs[30]"]
    assert "the other 60 together" in str(report)


def test_nan_and_infinity_among_many_inputs_are_found():
    for factor in (math.nan, math.inf):
        bad = function(scaled(SIN, factor))
        report = gradcheck(
            lambda xs, bad=bad: total([*xs[:7], bad(xs[7]), *xs[8:]]), POINT, method="directions"
        )
        assert wrong_names(report) == ["xs[7]"]


def test_relus_on_both_sides_of_their_kinks():
    at = [0.01 * i - 1.005 for i in range(200)]
    f = lambda xs: total([relu(x) * exp(0.1 * x) for x in xs])  # noqa: E731
    assert gradcheck(f, at, method="directions").verdict == "pass"


def test_a_ripple_that_the_steps_are_too_large_for_does_not_pass():
    flat = function(scaled(SIN, 0.0))

    def f(xs):
        return total([3.0 * x + flat((x - 1.0) * 1e9) / 1e9 for x in xs])

    report = gradcheck(f, [1.0] * 20, method="directions")
    assert report.verdict == "fail"


def test_a_function_that_left_the_graph_does_not_pass():
    def f(xs):
        return total(
            [
                x if i != 4 or not isinstance(x, Value) else 2.0 * x.detach()
                for i, x in enumerate(xs)
            ]
        )

    assert gradcheck(f, POINT[:9], method="directions").verdict == "fail"


def test_halving_asks_no_more_than_it_must():
    asked = []

    def is_wrong(places):
        asked.append(places)
        return 37 in places

    assert next(wrong_ones(is_wrong, range(1024))) == 37
    assert len(asked) <= 10
    assert list(wrong_ones(is_wrong, range(1024))) == [37]


def test_every_input_moves_in_every_direction():
    for number in range(5):
        direction = random_direction([1e-3, 1.0, 1e3], seed=4, number=number)
        for u, scale in zip(direction, [1e-3, 1.0, 1e3], strict=True):
            assert 0.5 * scale <= abs(u) <= scale
