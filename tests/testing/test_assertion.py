"""`assert_grad_ok`, in Hypothesis tests and outside."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

import microbp
from microbp import DomainError, Value, relu, sigmoid, sqrt
from microbp.core import ops
from microbp.testing import assert_grad_ok
from tests.helpers.examples import BOTH, repeatable


def off_by(factor):
    """An identity whose partial is not 1."""
    op = ops.Op("off", "off", lambda m, x: 1.0 * x, lambda m, y, x: (factor,))
    return lambda x: microbp.core.functions.call(op, x)


def test_a_right_derivative_gives_the_report():
    assert assert_grad_ok(lambda x, y: x * sigmoid(y), 2.0, Value(0.5)).verdict == "pass"
    assert assert_grad_ok(lambda x: x**3, 2.0, order=2).verdict == "pass"
    assert assert_grad_ok(BOTH).verdict == "pass"
    assert [entry.name for entry in assert_grad_ok(BOTH, 0.1, 0.2).entries] == ["x0", "x1"]


def test_a_wrong_derivative_raises_with_the_report():
    with pytest.raises(AssertionError) as error:
        assert_grad_ok(off_by(1.001), 2.0)
    assert str(error.value) == str(microbp.gradcheck(off_by(1.001), 2.0))
    assert str(error.value).startswith("gradcheck: fail\n")


UNJUDGED = {
    "kink": (relu, 0.0),
    "domain-edge": (sqrt, 0.0),
    "inconclusive": (lambda x: x * 1e200 * 1e200, 1.0),
}


@pytest.mark.parametrize("verdict", UNJUDGED)
def test_outside_hypothesis_only_a_pass_passes(verdict):
    f, x = UNJUDGED[verdict]
    with pytest.raises(AssertionError, match=f"^gradcheck: {verdict}\n"):
        assert_grad_ok(f, x)
    assert assert_grad_ok(f, x, allow={verdict}).verdict == verdict


@pytest.mark.parametrize("verdict", UNJUDGED)
def test_in_hypothesis_what_cannot_be_judged_counts_for_nothing(verdict):
    f, x = UNJUDGED[verdict]
    passed = []

    @settings(repeatable, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from([x, 0.75]))
    def some(at):
        assert_grad_ok(f if at == x else sigmoid, at)
        passed.append(at)

    some()
    assert set(passed) == {0.75}

    @settings(repeatable, suppress_health_check=list(HealthCheck))
    @given(st.just(x))
    def none(at):
        assert_grad_ok(f, at)

    with pytest.raises(Unsatisfiable):
        none()


def test_what_f_raises_comes_through():
    with pytest.raises(DomainError, match=r"^sqrt\(x = -1\.0\): "):
        assert_grad_ok(sqrt, Value(-1.0, "x"))
    with pytest.raises(ValueError, match="argument"):
        assert_grad_ok(BOTH, 1.0)
