"""Every operation of the table: right partials never fail, and wrong ones never pass."""

import math
import sys
from operator import attrgetter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from microbp.checking import gradcheck
from microbp.core import floats
from tests.helpers.checking import fewer, function, scaled
from tests.helpers.strategies import OPS, operands_of


@pytest.mark.parametrize("op", OPS, ids=attrgetter("name"))
@fewer
@given(st.data())
def test_no_right_operation_fails(op, data):
    xs = data.draw(operands_of(op))
    assume(not any(0.0 < abs(x) < sys.float_info.min for x in xs))  # which partials overflow for
    for method in ("auto", "central", "forward"):
        report = gradcheck(function(op), *xs, method=method)
        assert report.verdict != "fail", str(report)


@pytest.mark.parametrize("op", OPS, ids=attrgetter("name"))
@fewer
@given(st.data())
def test_smooth_operations_pass(op, data):
    report = gradcheck(function(op), *data.draw(operands_of(op, smooth=True)))
    assert report.verdict == "pass", str(report)


@pytest.mark.parametrize("op", OPS, ids=attrgetter("name"))
@fewer
@given(st.data())
def test_a_partial_wrong_by_a_millionth_fails(op, data):
    xs = data.draw(operands_of(op, smooth=True))
    report = gradcheck(function(scaled(op, 1 + 1e-6)), *xs)
    for partial, entry in zip(partials(op, xs), report.entries, strict=True):
        assert entry.verdict == ("fail" if partial else "pass"), str(report)


@pytest.mark.parametrize("op", OPS, ids=attrgetter("name"))
@fewer
@given(st.data())
def test_a_partial_wrong_by_a_millionth_passes_nowhere(op, data):
    xs = data.draw(operands_of(op))
    report = gradcheck(function(scaled(op, 1 + 1e-6)), *xs)
    for partial, entry in zip(partials(op, xs), report.entries, strict=True):
        if 1e-290 < abs(partial) < math.inf:
            assert entry.verdict != "pass", str(report)


def partials(op, xs):
    return op.partials(floats, op.value(floats, *xs), *xs)
