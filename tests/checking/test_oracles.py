"""Differences, dual numbers and mpmath agree on whole graphs and on every operation."""

import math
from operator import attrgetter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from microbp.checking import duals, gradcheck, mpmath_oracle
from microbp.checking.chain_rule import derivative
from microbp.checking.finite_differences import Line
from microbp.checking.invariants import trace_of
from microbp.checking.oracles import ORACLES, NoAnswer, dual
from microbp.checking.samples import of_arguments, sample
from microbp.core import floats
from microbp.testing import expressions
from tests.helpers.checking import fewer
from tests.helpers.strategies import OPS, operands_of


@given(expressions())
def test_right_graphs_do_not_fail(f):
    report = gradcheck(f, *f.leaves)
    # Infinity times 0 makes NaN of a derivative that may well exist; that is found.
    nan = any(entry.verdict == "fail" and math.isnan(entry.backward) for entry in report.entries)
    assert report.verdict != "fail" or nan, str(report)


@given(expressions(max_nodes=6))
def test_the_bound_holds(f):
    """Differences, dual numbers and mpmath agree within what each says it may be off."""
    subject = of_arguments(f, f.leaves, order=1)
    here = sample(subject, subject.point)
    assume(here)
    with subject.run(subject.point) as (leaves, outputs):
        trace = trace_of(outputs[0], leaves)
    for i, leaf in enumerate(leaves):
        try:
            exact = derivative(trace.order, leaf, ORACLES["mpmath"], slack=2.0**-52)
            by_duals = derivative(trace.order, leaf, ORACLES["forward"])
        except NoAnswer:
            continue
        off = abs(by_duals.value - exact.value)
        assert off <= by_duals.bound + exact.bound + 1e-300
        line = Line(subject, i, here)
        for estimate in (line.quick(0), line.thorough(0).both):
            if estimate is not None and math.isfinite(estimate.bound):
                off = abs(estimate.value - exact.value)
                assert off <= estimate.bound + exact.bound + 1e-300, (estimate, exact)


@pytest.mark.parametrize("op", OPS, ids=attrgetter("name"))
@fewer
@given(st.data())
def test_dual_numbers_agree_with_mpmath(op, data):
    xs = data.draw(operands_of(op))
    rates = [1.0 + i for i in range(len(xs))]
    assume(op.kinks is None or op.kinks(floats, *xs) != 0.0)
    try:
        rate, off = dual(op, xs, rates, 0.0)
        exact, error = mpmath_oracle.slope(op, xs, rates)
    except (ArithmeticError, ValueError):
        return
    if math.isfinite(rate) and math.isfinite(off):
        assert abs(rate - exact) <= off + error


def test_dual_numbers_carry_errors_of_formulas_that_cancel():
    def f(m, x):
        return (1 - m.cos(x)) / (x * x)

    x = 1e-6
    y = f(duals, duals.Dual(x, tangent=1.0))
    assert abs(y.data - 0.5) > 1e-6  # eight digits are lost
    assert abs(y.data - 0.5) <= y.error
    assert abs(y.tangent - -x / 12) <= y.tangent_error
