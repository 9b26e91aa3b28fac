"""gradcheck on random expressions: what is counted, and that no verdict is false."""

import math
import re

import pytest

from benchmarks import random_gradients
from benchmarks.exact import exact_derivative
from benchmarks.random_gradients import (
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
    counts = counted(8, range(4000))
    assert not counts.number(FALSE_FAIL), str(counts)
    assert not counts.number(FALSE_PASS, moderate=True), str(counts)
    assert counts.number(FALSE_PASS) <= 4, str(counts)
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
    exact = exact_derivative(f, xs, 0, decades=300)
    assert exact.off(expected) <= 1e-15 * abs(expected)
    assert exact.off(expected * (1.0 + 1e-12) + 1e-20) > 0.0


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
