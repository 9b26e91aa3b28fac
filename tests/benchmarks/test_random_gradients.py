"""gradcheck on random expressions: what is counted, and that no verdict is false."""

import math
import re

import pytest

from benchmarks import exact, random_gradients
from benchmarks.exact import exact_derivative
from benchmarks.random_gradients import (
    FALSE,
    FALSE_FAIL,
    FALSE_PASS,
    Counts,
    case_of,
    outcome_of,
    report_of,
)
from microbp.checking.report import Entry, Report


def counted(seed, numbers):
    counts = Counts()
    for number in numbers:
        counts.add(seed, number)
    return counts


def test_no_verdict_on_random_expressions_is_false():
    counts = counted(7, [n for n in range(250) if case_of(7, n).moderate])
    assert not counts.offenders, str(counts)
    assert counts.number("inconclusive") <= 0.02 * sum(counts.counts.values())
    assert counts.number("pass", mistake="") > 50
    assert counts.number("fail") > 40


@pytest.mark.thorough
def test_no_verdict_on_many_random_expressions_is_false():
    counts = counted(8, range(1000))
    assert not counts.offenders, str(counts)
    moderate = sum(n for (size, _, _), n in counts.counts.items() if size)
    assert counts.number("inconclusive", moderate=True) <= 0.02 * moderate


@pytest.mark.parametrize(
    ("f", "xs", "expected"),
    [
        (lambda m, xs: m.sin(xs[0]) * xs[1], [0.5, 3.0], 3.0 * math.cos(0.5)),
        (lambda m, xs: (1 - m.cos(xs[0])) / xs[0] ** 2, [1e-7], -1e-7 / 12.0),
        (lambda m, xs: m.cos(xs[0]), [0.0], 0.0),
        (lambda m, xs: xs[0] * abs(xs[0]), [0.0], 0.0),
        (lambda m, xs: xs[1] - xs[1] + xs[0], [1.0, 1e300], 1.0),
    ],
)
def test_a_derivative_to_many_digits(f, xs, expected):
    found = exact_derivative(f, xs, 0, decades=300)
    assert found.off(expected) <= 1e-15 * abs(expected)
    assert found.off(expected * (1.0 + 1e-12) + 1e-20) > 0.0


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda m, xs: abs(xs[0]), 0.0),
        (lambda m, xs: m.sqrt(xs[0]), 0.0),
        (lambda m, xs: 1 / xs[0], 0.0),
    ],
)
def test_where_there_is_no_derivative(f, x):
    assert exact_derivative(f, [x], 0) is None


@pytest.mark.parametrize("f", ["sin", "cos", "tan"])
@pytest.mark.parametrize("x", [1e22, -1.9866165195396196e203, 1.7e308])
def test_waves_at_huge_numbers_are_not_stepped_over(f, x):
    slope = {"sin": math.cos(x), "cos": -math.sin(x), "tan": 1.0 / math.cos(x) ** 2}[f]
    found = exact_derivative(lambda m, xs: getattr(m, f)(xs[0]), [x], 0, decades=308)
    assert found.relative(slope) < 1e-14


FUNCTIONS = [
    "exp", "expm1", "exp2", "log", "log1p", "log2", "log10", "sqrt", "cbrt", "sin", "cos",
    "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "atanh", "erf", "erfc",
    "lgamma", "digamma", "sigmoid", "softplus", "relu",
]  # fmt: skip


@pytest.mark.parametrize("name", FUNCTIONS)
def test_dual_numbers_in_many_digits_agree_with_differences(name):
    def f(m, xs):
        return getattr(m, name)(xs[0] * xs[0])

    for x in (0.3, -0.7):
        by_dual_numbers = exact_derivative(f, [x], 0)
        by_differences = exact._by_differences(f, [x], 0, decades=0)
        assert by_dual_numbers.relative(float(by_differences.value)) < 1e-15


@pytest.mark.parametrize(
    "f",
    [
        lambda m, x, y: m.pow(x, y),
        lambda m, x, y: m.pow(y, x),
        lambda m, x, y: m.atan2(x, -y),
        lambda m, x, y: m.hypot(x, y),
        lambda m, x, y: m.logaddexp(x, y) / m.logsumexp(y, x, x),
        lambda m, x, y: m.maximum(x, y) - m.minimum(x, y) * m.where(x > y, x, y),
        lambda m, x, y: m.times(3 - x, 1 / m.divide(y, x)),
    ],
)
def test_those_of_two_numbers_too(f):
    for i in (0, 1):
        by_dual_numbers = exact_derivative(lambda m, xs: f(m, *xs), [0.3, 1.7], i)
        by_differences = exact._by_differences(lambda m, xs: f(m, *xs), [0.3, 1.7], i, decades=0)
        assert by_dual_numbers.relative(float(by_differences.value)) < 1e-15


ONCE_FALSE = [
    (202, 9777), (202, 9433), (202, 12981), (101, 4657), (101, 12031), (4242, 1341),
    (503, 32496), (503, 39033), (503, 43531), (503, 58186),
]  # fmt: skip


@pytest.mark.parametrize(("seed", "number"), ONCE_FALSE)
def test_what_was_false_once(seed, number):
    case = case_of(seed, number)
    assert outcome_of(case, report_of(case))[0] not in FALSE


def answered(case, verdict):
    """The report on a case with another verdict in its place."""
    report = report_of(case)
    entries = [Entry(**{**vars(entry), "verdict": verdict}) for entry in report.entries]
    return Report(verdict, entries, report.wrong)


def test_false_verdicts_are_found():
    right = next(case for n in range(0, 99, 2) if (case := case_of(1, n)).moderate)
    wrong = next(case for n in range(1, 99, 20) if (case := case_of(1, n)).moderate)
    assert outcome_of(right, report_of(right)) == ("pass", "")
    assert outcome_of(wrong, report_of(wrong)) == ("fail", "")
    outcome, reason = outcome_of(right, answered(right, "fail"))
    assert (outcome, "is right" in reason) == (FALSE_FAIL, True)
    outcome, reason = outcome_of(wrong, answered(wrong, "pass"))
    assert (outcome, "passed, and is" in reason) == (FALSE_PASS, True)


def test_an_interrupted_run_keeps_what_was_counted(monkeypatch, capsys):
    left = iter(range(3))

    def interrupted(case):
        if next(left, None) is None:
            raise KeyboardInterrupt
        return report_of(case)

    monkeypatch.setattr(random_gradients, "report_of", interrupted)
    random_gradients.main(["--cases", "100"])
    printed = capsys.readouterr().out
    assert "Interrupted: what was counted is kept." in printed
    assert f"{FALSE_PASS}: 0" in printed
    assert sum(map(int, re.findall(r"(?<=\| )\d+(?= \|)", printed))) == 3


def test_an_error_is_counted_and_ends_nothing(monkeypatch, capsys):
    monkeypatch.setattr(random_gradients, "report_of", lambda case: 1 / 0)
    random_gradients.main(["--cases", "3"])
    assert "error: 6\n--- error (" in capsys.readouterr().out


def test_a_case_can_be_seen_again(capsys):
    random_gradients.main(["--seed", "3", "--only", "5"])
    printed = capsys.readouterr().out
    assert "python -m benchmarks.random_gradients --seed 3 --only 5" in printed
    assert "gradcheck:" in printed
