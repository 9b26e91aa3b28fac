"""Functions of all shapes: nested arguments, nets, custom operations; and invalid arguments."""

import math
import random
import re
from dataclasses import replace

import pytest

from microbp import Value, exp, logsumexp, sin, total
from microbp.checking import gradcheck
from microbp.core.functions import data_of
from microbp.nn import Net
from tests.helpers.checking import SIN, function, scaled, verdict


def test_nested_arguments_and_several_outputs():
    report = gradcheck(lambda x, w: [x * w[0][0], sin(w[1]) + x], 2.0, [[3.0], 0.5])
    assert report.verdict == "pass"
    assert [(e.output, e.name) for e in report.entries] == [
        (0, "x"), (0, "w[0][0]"), (0, "w[1]"), (1, "x"), (1, "w[0][0]"), (1, "w[1]"),
    ]  # fmt: skip
    assert [e.backward for e in report.entries] == [3.0, 2.0, 0.0, 1.0, 0.0, math.cos(0.5)]


def test_labels_name_the_inputs():
    report = gradcheck(lambda x: x * x, Value(2.0, label="speed"))
    assert report.entries[0].name == "speed"


def test_the_hessian():
    report = gradcheck(lambda x, y: sin(x * y[0]) + exp(y[1] * x), 2.0, [0.3, 0.1], order=2)
    assert report.verdict == "pass", str(report)
    assert [e.name for e in report.entries][:4] == ["x, x", "x, y[0]", "x, y[1]", "y[0], x"]


def test_a_wrong_second_derivative_fails_though_the_first_is_right():
    # The formula for the partial is right for floats, and constant for Values.
    blind = replace(SIN, partials=lambda m, y, x: (math.cos(data_of(x)),))
    assert verdict(function(blind), 1.0) == "pass"
    assert verdict(function(blind), 1.0, order=2) == "fail"


def net_and_loss():
    net = Net(3, rng=random.Random(8), init=1.0).add("hidden", 2).add("output", 1)
    return net, lambda: (net([1.0, 0.0, -1.0])[0] - 1.0) ** 2


def test_the_parameters_of_a_net():
    net, loss = net_and_loss()
    before = [(p.data, p.grad) for p in net.parameters()]
    report = gradcheck(loss, parameters=net.parameters())
    assert report.verdict == "pass", str(report)
    assert [e.name for e in report.entries] == [p.label for p in net.parameters()]
    assert [(p.data, p.grad) for p in net.parameters()] == before


def test_kinks_of_parameters_are_seen_while_they_are_moved():
    p = Value(0.0, "p")
    assert verdict(lambda: abs(p) + p, parameters=[p]) == "kink"
    q = Value(1e-7, "q")
    assert verdict(lambda: abs(q) + q, parameters=[q]) == "pass"


def test_parameters_are_put_back_whatever_happens():
    p, calls = Value(1.0), []

    def f():
        calls.append(p.data)
        if len(calls) > 3:
            raise KeyboardInterrupt
        return p * p

    with pytest.raises(KeyboardInterrupt):
        gradcheck(f, parameters=[p])
    assert p.data == 1.0
    assert calls[-1] != 1.0


def test_no_gradient_outside_changes():
    w = Value(3.0)
    w.grad = 7.0
    assert verdict(lambda x: w * sin(x), 1.0) == "pass"
    assert w.grad == 7.0


def test_custom_operations():
    square = function(replace(SIN, value=lambda m, x: x * x, partials=lambda m, y, x: (2 * x,)))
    assert verdict(square, 3.0) == "pass"
    cube = function(replace(SIN, value=lambda m, x: x * x * x, partials=lambda m, y, x: (3 * x,)))
    assert verdict(cube, 3.0) == "fail"


def test_an_operation_that_only_floats_can_go_through():
    floats_only = replace(SIN, value=lambda m, x: math.sin(float(x)))
    assert verdict(function(floats_only), 1.0) == "pass"
    assert verdict(function(floats_only), 1.0, method="mpmath") == "inconclusive"
    wrong = gradcheck(function(scaled(floats_only, 1.001)), 1.0)
    assert wrong.verdict == "fail"
    assert "the first wrong partial" in str(wrong)


def test_an_operation_whose_formula_loses_digits():
    versine = replace(
        SIN,
        value=lambda m, x: (1 - m.cos(x)) / (x * x),
        partials=lambda m, y, x: (-x / 12 + x * x * x / 180,),
        domain=None,
    )
    for x in (1e-9, 1e-8, 3e-8, 1e-7, 1e-6, 1e-5):
        assert verdict(function(versine), x) != "fail"
        assert verdict(function(scaled(versine, 2.0)), x) == "fail"


@pytest.mark.parametrize(
    ("at", "options", "message"),
    [
        (
            [1.0],
            {"method": "magic"},
            "method is one of auto, central, forward, mpmath, directions; got 'magic'",
        ),
        ([1.0], {"order": 3}, "order is 1 or 2, got 3"),
        ([], {}, "got none"),
        ([1.0], {"parameters": [Value(1.0)]}, "takes no arguments"),
    ],
)
def test_arguments_that_make_no_sense(at, options, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        gradcheck(lambda *xs: total(xs), *at, **options)


def test_arguments_are_numbers():
    with pytest.raises(TypeError, match=r"gradcheck: expected a number for x, .* write 1\.0"):
        gradcheck(sin, "1")


def test_logsumexp_of_many():
    assert verdict(lambda x: logsumexp(x), [0.1 * i for i in range(30)]) == "pass"
