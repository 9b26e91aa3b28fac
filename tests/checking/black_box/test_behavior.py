"""Functions that are none: random numbers, leftovers of earlier calls, arguments changed."""

import random

import numpy as np
import pytest

from microbp import check_gradient


@pytest.mark.parametrize("share", [0.2, 0.05])
def test_f_that_is_random_is_found_and_said(share):
    rng = random.Random(1)

    def f(x):
        return x * x + (1e-6 if rng.random() < share else 0.0)

    report = check_gradient(f, lambda x: 2.0 * x, 3.0)
    assert report.verdict == "inconclusive"
    assert report.wrong[0].startswith("f is not deterministic: ")
    assert " of 100 calls at this very point return something else (9 to 9)." in report.wrong[0]


def test_rounding_that_differs_from_call_to_call_is_no_matter():
    rng = random.Random(1)
    report = check_gradient(lambda x: x * x + rng.choice([0.0, 1e-15]), lambda x: 2.0 * x, 3.0)
    assert report.verdict == "pass"


def test_gradients_that_are_not_reset():
    total = np.zeros(2)

    def gradient(x):
        nonlocal total
        total += 2.0 * x
        return total.copy()

    report = check_gradient(lambda x: float(x @ x), gradient, np.array([1.0, 2.0]))
    assert report.verdict == "fail"
    assert report.wrong == [
        "gradient: a second call returns twice as much: the gradients are not reset, and add up"
    ]


def test_a_gradient_that_is_random():
    rng = random.Random(1)
    report = check_gradient(lambda x: x * x, lambda x: 2.0 * x * rng.random(), 1.0)
    assert report.verdict == "fail"
    assert "gradient: a second call at this very point returns other numbers" in report.wrong[0]


def test_arguments_changed_in_place_are_told_and_harmless():
    at = np.array([1.0, 2.0])

    def f(x):
        x *= 2.0
        return float(x @ x)

    def gradient(x):
        x *= 8.0
        return x

    report = check_gradient(f, gradient, at)
    assert report.verdict == "pass"
    assert at.tolist() == [1.0, 2.0]
    assert [note.partition(" changes its arguments in place")[0] for note in report.notes] == [
        "f", "gradient",
    ]  # fmt: skip


def test_a_gradient_that_needs_f_to_have_been_called_is_told():
    kept = {}

    def f(x):
        kept["x"] = x
        return x**3

    report = check_gradient(f, lambda x: 3.0 * kept["x"] ** 2, 2.0)
    assert report.verdict == "pass"
    assert report.notes == [
        "gradient depends on the call of f before it, which was always at the same point here: "
        "elsewhere it is stale"
    ]


def test_ctrl_c_keeps_what_was_found():
    calls = 0

    def f(w):
        nonlocal calls
        calls += 1
        if calls > 300:
            raise KeyboardInterrupt
        return sum(x * x for x in w)

    report = check_gradient(f, lambda w: [2.0 * x for x in w], [float(i) for i in range(1, 50)])
    assert report.verdict == "inconclusive"
    assert 0 < len(report.entries) < 49
    assert f"interrupted: these are the {len(report.entries)} derivatives" in report.notes[0]


def test_f_may_raise_nearby():
    def f(x):
        if x > 1.0:
            raise RuntimeError("too far")
        return x * x

    assert check_gradient(f, lambda x: 2.0 * x, 1.0).verdict == "domain-edge"
    assert check_gradient(f, lambda x: 2.0 * x, 0.99).verdict == "pass"
    assert check_gradient(f, lambda x: 3.0 * x, 0.99).verdict == "fail"
    with pytest.raises(RuntimeError, match="too far"):
        check_gradient(f, lambda x: 2.0 * x, 1.1)


def test_f_without_a_finite_value():
    report = check_gradient(lambda x: x / 0.0 if x == 0.0 else np.inf, lambda x: 1.0, 1.0)
    assert (report.verdict, report.wrong) == ("inconclusive", ["f is not finite here"])
