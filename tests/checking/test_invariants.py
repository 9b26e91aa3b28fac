"""What must hold besides the derivatives: values, plain floats, repetition, symmetry."""

import math
from dataclasses import replace

import pytest

from microbp import DomainError, Value, exp, log, sin
from microbp.checking import gradcheck
from microbp.checking.invariants import backward_faults, symmetry_faults, trace_of, value_faults
from microbp.core.engine import apply
from microbp.core.functions import data_of
from microbp.core.ops import table
from tests.helpers.checking import SIN, verdict


def test_plain_numbers_made_of_inputs_are_told():
    report = gradcheck(lambda x: x * math.sin(data_of(x)), 1.0)
    assert report.verdict == "fail"
    assert "depends on this input outside the graph" in str(report)
    assert verdict(data_of, 1.0) == "fail"


def test_constants_that_move_but_cancel_pass():
    def by_hand(x, y):
        top = max(x.data, y.data) if isinstance(x, Value) else max(x, y)
        return log(exp(x - top) + exp(y - top)) + top

    assert verdict(by_hand, 1.0, 2.5) == "pass"


def test_a_function_that_gives_another_value_each_time():
    numbers = iter(range(100))
    report = gradcheck(lambda x: x * next(numbers), 1.0)
    assert report.verdict == "inconclusive"
    assert "another result" in str(report)


def test_plain_floats_must_agree():
    report = gradcheck(lambda x: x * (2.0 if isinstance(x, Value) else 2.5), 1.0)
    assert report.verdict == "fail"
    assert "plain floats give 2.5 where Values give 2.0" in str(report)


def test_where_plain_floats_raise_values_must():
    def f(x):
        if not isinstance(x, Value):
            raise ZeroDivisionError("division by zero")
        return x * 2

    assert "plain floats raise ZeroDivisionError" in str(gradcheck(f, 1.0))


def test_the_faults_of_a_backward_pass():
    x = Value(2.0)
    trace = trace_of(sin(x) * x, [x])
    assert not list(backward_faults(trace))
    assert not list(value_faults(trace))
    off = replace(trace, gradient=[1.0])
    assert len(list(backward_faults(off))) == 2
    wrong = apply(replace(table["exp"], value=lambda m, x: m.exp(x) * m.sign(m.sin(1e9 * x))), x)
    assert not list(value_faults(trace_of(wrong, [x])))
    odd = replace(SIN, value=lambda m, x, calls=[]: calls.append(x) or len(calls) * 1.0)
    assert "should be 2.0, its operation" in next(value_faults(trace_of(apply(odd, x), [x])))


def test_an_asymmetric_hessian_is_told():
    entries = gradcheck(lambda x, y: x * x * y, 2.0, 3.0, order=2).entries
    assert not list(symmetry_faults(entries, 2))
    entries[1] = replace(entries[1], backward=4.1)
    assert "not symmetric" in next(symmetry_faults(entries, 2))


def test_what_is_not_finite_is_inconclusive():
    assert verdict(exp, 1000.0) == "inconclusive"


def test_outside_the_domain_the_error_is_the_functions_own():
    with pytest.raises(DomainError, match="log"):
        gradcheck(log, -1.0)


def test_plain_numbers_are_found_where_their_difference_stays():
    report = gradcheck(lambda a, b, c: a * (b.data - c.data), 2.0, 3.0, 1.0)
    assert report.verdict == "fail"
    assert "depends on this input outside the graph" in str(report)
