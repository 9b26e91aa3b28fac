"""mpmath is optional, imported when needed, and keeps its precision."""

import re

import mpmath
import pytest

from microbp import sin, tanh
from microbp.checking import gradcheck, mpmath_oracle
from microbp.core.ops import table
from tests.helpers.checking import SIN, function, scaled, verdict


@pytest.fixture
def no_mpmath(monkeypatch):
    def missing(name):
        raise ImportError(name)

    mpmath_oracle.mathematics.cache_clear()
    monkeypatch.setattr(mpmath_oracle, "import_module", missing)
    yield
    mpmath_oracle.mathematics.cache_clear()


@pytest.mark.usefixtures("no_mpmath")
def test_without_mpmath_the_rest_does_what_it_can():
    with pytest.raises(ImportError, match=re.escape("pip install 'microbp[check]'")):
        gradcheck(sin, 1.0, method="mpmath")
    assert verdict(tanh, 20.0) == "pass"
    assert verdict(function(scaled(table["tanh"], 1.001)), 20.0) == "fail"
    assert "first wrong partial" in str(gradcheck(function(scaled(SIN, 1.001)), 1.0))


def test_mpmath_is_imported_only_when_asked_for(python):
    code = """
import sys
from microbp import sigmoid
from microbp.checking import gradcheck
assert gradcheck(sigmoid, 1.0).verdict == "pass"
assert "mpmath" not in sys.modules
"""
    done = python(code)
    assert done.returncode == 0, done.stderr


def test_the_precision_of_mpmath_is_left_alone():
    before = mpmath.mp.dps
    gradcheck(tanh, 300.0, method="mpmath")
    assert mpmath.mp.dps == before


@pytest.mark.parametrize("zero", [1, 2])
def test_lgamma_near_its_zeros_takes_no_minutes(zero):
    m = mpmath_oracle.mathematics()
    with m.context.workdps(60):
        near = m.context.mpf(zero) + m.context.mpf(10) ** -13
        assert abs(m.lgamma(near) / m.context.loggamma(near) - 1) < 1e-40
    with m.context.workdps(1000):
        off = m.context.mpf(10) ** -500
        slope = m.lgamma(zero + off) / off
        assert abs(slope - m.context.psi(0, zero)) < m.context.mpf(10) ** -400
