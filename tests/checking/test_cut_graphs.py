"""A function that has left the graph is never passed nor called a kink."""

import math

import pytest

from microbp import Value, exp, log, relu, sin
from microbp.checking import gradcheck
from tests.helpers.checking import verdict

CUT = {
    "data": (lambda x: Value(x.data**2), 2.0),
    "data at 0": (lambda x: Value(x.data**2), 0.0),
    "rounded data": (lambda x: Value(x.data**2), 0.7),
    "math alone": (lambda x: Value(math.exp(x.data)), 0.7),
    "half of it": (lambda x: x * x.data, 2.0),
    "half of it at 0": (lambda x: x * x.data, 0.0),
    "detach": (lambda x: x.detach() * 3, 2.0),
    "a kink of detached": (lambda x: abs(x.detach()), 0.0),
    "relu of detached": (lambda x: relu(x.detach()), 0.0),
    "a detached kink and more": (lambda x: abs(x.detach()) + x, 0.0),
    "a kink and more detached": (lambda x: abs(x) + x.detach(), 0.0),
    "math": (lambda x: x * math.exp(x.data), 1.0),
    "math at a zero of the slope": (lambda x: Value(math.cos(x.data)), 0.0),
    "a plain float": (lambda x: x.item() ** 3 if isinstance(x, Value) else x**3, 2.0),
    "in a term": (lambda x: sin(x) + 1e-3 * x.data, 1.0),
}


@pytest.mark.parametrize("method", ["auto", "central"])
@pytest.mark.parametrize("name", CUT)
def test_it_fails(name, method):
    f, x = CUT[name]
    report = gradcheck(f, x, method=method)
    assert report.verdict == "fail", str(report)
    assert "outside the graph" in str(report)


@pytest.mark.parametrize("method", ["forward", "mpmath"])
@pytest.mark.parametrize("name", CUT)
def test_oracles_say_that_nothing_was_recorded(name, method):
    f, x = CUT[name]
    report = gradcheck(f, x, method=method)
    entry = report.entries[0]
    assert report.verdict in ("fail", "inconclusive"), str(report)
    assert "nothing was recorded" in str(report) or report.verdict == "fail"
    if report.verdict == "inconclusive":
        assert math.isinf(entry.resolution)


@pytest.mark.parametrize("method", ["auto", "central"])
def test_what_only_looks_like_it_passes(method):
    def stable(x, y):
        top = max(x.data, y.data)
        return log(exp(x - top) + exp(y - top)) + top

    def at_0(x):
        return x * x if x > 0 else Value(0.0)

    def with_values(f):
        return lambda *xs: f(*(x if isinstance(x, Value) else Value(x) for x in xs))

    assert verdict(with_values(stable), 1.0, 2.0, method=method) == "pass"
    assert verdict(with_values(stable), 1.0, 1.0, method=method) == "pass"
    assert verdict(with_values(at_0), 0.0, method=method) in ("pass", "inconclusive")
    assert verdict(lambda x: 3.0, 1.0, method=method) == "pass"
    assert verdict(lambda x: 1.0 if x > 0 else 0.0, 0.5, method=method) == "pass"
