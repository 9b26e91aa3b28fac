"""`assert_gradient_ok`: a gradient that somebody wrote, as an assertion."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import microbp
from microbp.testing import assert_gradient_ok
from tests.helpers.examples import repeatable


def loss(W):
    return float(np.sum(np.tanh(W) ** 2))


def right(W):
    return 2 * np.tanh(W) * (1 - np.tanh(W) ** 2)


def wrong(W):
    g = right(W)
    g[1, 0] *= 1.01
    return g


AT = np.array([[0.5, -1.0], [0.25, 2.0]])


def test_a_right_gradient_gives_the_report():
    report = assert_gradient_ok(loss, right, AT)
    assert report.verdict == "pass"
    assert [entry.name for entry in report.entries][2] == "W[1, 0]"


def test_a_wrong_gradient_raises_with_the_report():
    with pytest.raises(AssertionError) as error:
        assert_gradient_ok(loss, wrong, at=AT)
    assert str(error.value) == str(microbp.check_gradient(loss, wrong, AT))
    assert "W[1, 0]" in str(error.value)
    assert "fail" in str(error.value).splitlines()[0]


def test_options_go_to_the_check():
    def square(x):
        return x * x

    with pytest.raises(AssertionError):
        assert_gradient_ok(square, jacobian=square, at=np.array([0.5, 1.0]))
    with pytest.raises(TypeError, match="nosie"):
        assert_gradient_ok(square, square, 1.0, nosie=1e-3)


def test_what_the_code_raises_comes_through():
    with pytest.raises(ZeroDivisionError):
        assert_gradient_ok(lambda x: 1 / (x - x), lambda x: 0.0, at=1.0)


def test_only_a_pass_passes_unless_another_verdict_is_allowed():
    with pytest.raises(AssertionError, match="kink"):
        assert_gradient_ok(abs, lambda x: 0.0, at=0.0)
    assert assert_gradient_ok(abs, lambda x: 0.0, at=0.0, allow={"kink"}).verdict == "kink"


def test_in_hypothesis_what_cannot_be_judged_counts_for_nothing():
    seen = []

    @settings(repeatable, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from([0.0, 0.75]))
    def some(x):
        assert_gradient_ok(abs, lambda x: 1.0 if x > 0 else 0.0, at=x)
        seen.append(x)

    some()
    assert set(seen) == {0.75}


def test_it_imports_no_hypothesis(python):
    code = (
        "import sys\n"
        "from microbp.testing import assert_gradient_ok as ok\n"
        "print(ok(lambda x: x * x, lambda x: 2 * x, at=1.0).verdict, 'hypothesis' in sys.modules)"
    )
    run = python(code)
    assert run.stdout == "pass False\n", run.stderr
