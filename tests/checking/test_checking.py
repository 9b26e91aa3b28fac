"""gradcheck: right derivatives never fail, wrong ones never pass, and the report says why."""

import math
import random
import re
import sys
from dataclasses import replace
from operator import attrgetter

import mpmath
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import microbp
from microbp import (
    DomainError,
    Value,
    cos,
    exp,
    log,
    logsumexp,
    maximum,
    plots,
    relu,
    sigmoid,
    sin,
    sqrt,
    tanh,
    total,
    where_positive,
)
from microbp.checking import duals, gradcheck, mpmath_oracle
from microbp.checking.finite_differences import Line, extrapolated
from microbp.checking.invariants import sweep_faults, symmetry_faults, traced, value_faults
from microbp.checking.oracles import ORACLES, NoAnswer, derivative, dual
from microbp.checking.samples import of_arguments, sample
from microbp.checking.step_sizes import step_curve
from microbp.checking.verdict import MEANINGFUL
from microbp.core import floats
from microbp.core.engine import apply
from microbp.core.ops import table
from microbp.nn.layers import Net
from microbp.testing.api import expressions
from tests.helpers.strategies import OPS, operands_of


def scaled(op, factor):
    """The operation with every partial that much too large."""
    return replace(op, partials=lambda m, y, *xs: tuple(factor * p for p in op.partials(m, y, *xs)))


def function(op):
    """An operation, or a wrong copy of it, as a function of Values."""
    return lambda *xs: apply(op, *(x if isinstance(x, Value) else Value(x) for x in xs))


def verdict(f, *at, **options):
    return gradcheck(f, *at, **options).verdict


# For all of some thirty operations: a thousand each by the profile `thorough`.
fewer = settings(max_examples=max(1, settings.default.max_examples // 2))

SIN = table["sin"]
FLAT_POW = replace(table["pow"], partials=lambda m, y, a, b: (0.0, 0.0))

# --- The cases of which other checkers get some wrong

SMOOTH = {
    "relu just above 0": (relu, 1e-7),
    "relu just below 0": (relu, -1e-7),
    "log at 1e-5": (log, 1e-5),
    "log at 1e-7": (log, 1e-7),
    "sqrt at 1e-8": (sqrt, 1e-8),
    "1 / x at 1e-3": (lambda x: 1 / x, 1e-3),
    "1e6 + x": (lambda x: 1e6 + x, 1.0),
    "a large x": (lambda x: x**2, 1e12),
    "a fast sine": (lambda x: sin(1e4 * x), 1.0),
    "a sine with a period of 2**-10": (lambda x: sin(2048 * math.pi * x), 1.0),
    "a tiny x": (lambda x: 3 * x + 1, 1e-200),
    "a derivative of 0": (cos, 0.0),
    "a constant": (lambda x: 3.0, 1.0),
    "the input itself": (lambda x: x, 1.0),
    "near its domain's end": (log, 5e-324 * 2**60),
}


@pytest.mark.parametrize("method", ["auto", "central"])
@pytest.mark.parametrize("name", SMOOTH)
def test_right_derivatives_pass(name, method):
    f, x = SMOOTH[name]
    report = gradcheck(f, x, method=method)
    assert report.verdict == "pass", str(report)


WRONG = {
    "0 for the slope of 4e-6 x^2": lambda x: 4e-6 * apply(FLAT_POW, x, Value(2.0)),
    "a sine 0.09 % wrong": function(scaled(SIN, 1.0009)),
    "a sine wrong in the seventh digit": function(scaled(SIN, 1 + 1e-7)),
    "the same among others": lambda x: exp(function(scaled(SIN, 1 + 1e-7))(x) * x) + x,
    "a sign": function(scaled(SIN, -1)),
    "NaN": function(scaled(SIN, math.nan)),
    "inf": function(scaled(SIN, math.inf)),
}


@pytest.mark.parametrize("method", ["auto", "central", "forward", "mpmath"])
@pytest.mark.parametrize("name", WRONG)
def test_wrong_derivatives_fail(name, method):
    report = gradcheck(WRONG[name], 1.0, method=method)
    assert report.verdict == "fail", str(report)
    assert "the first wrong partial" in str(report)


@pytest.mark.parametrize("method", ["auto", "central"])
@pytest.mark.parametrize(
    ("f", "left", "right"),
    [
        (abs, -1, 1),
        (relu, 0, 1),
        (lambda x: maximum(x, 3 * x), 1, 3),
        (lambda x: where_positive(x, 3 * x, x), 1, 3),
        (lambda x: x if x > 0 else 5 * x, 5, 1),  # kinks that only the program knows
        (lambda x: x * (1.0 if x > 0 else 2.0 if x < 0 else 1.5), 2, 1),
    ],
)
def test_a_kink_is_called_one(f, left, right, method):
    report = gradcheck(f, 0.0, method=method)
    assert report.verdict == "kink", str(report)
    assert f"the slope is {left} below and {right} above" in str(report)
    assert re.search(r"[\d.]+ lies between them", str(report))


def test_a_choice_beyond_both_slopes_is_told():
    odd = replace(table["abs"], partials=lambda m, y, x: (2.0,))
    report = gradcheck(function(odd), 0.0)
    assert report.verdict == "kink"
    assert "2 does not lie between them" in str(report)


@pytest.mark.parametrize(
    "jump", [lambda x: microbp.atan2(x, -1.0), lambda x: where_positive(x, x + 1, x)]
)
def test_a_jump_is_called_one(jump):
    report = gradcheck(jump, 0.0)
    assert report.verdict == "kink"
    assert "jumps" in str(report)


def test_a_kink_that_the_function_does_not_show_is_none():
    assert verdict(lambda x: relu(x) ** 2, 0.0) in ("pass", "inconclusive")
    assert verdict(lambda x: relu(x) + relu(-x) - abs(x) + x, 0.0, method="central") != "fail"


def test_an_input_that_does_not_move_the_kink_passes():
    report = gradcheck(lambda a, b: relu(a) * 2 + b, 0.0, 1.0)
    assert [entry.verdict for entry in report.entries] == ["kink", "pass"]


def test_second_order_kink():
    report = gradcheck(lambda x: x * abs(x), 0.0, order=2)
    assert report.verdict == "kink"
    assert "-2 below and 2 above; 0 lies between" in str(report)


def test_where_rounding_hides_all_differences_say_so_and_oracles_settle():
    assert verdict(tanh, 20.0, method="central") == "inconclusive"
    settled = gradcheck(tanh, 20.0)
    assert settled.verdict == "pass"
    assert settled.entries[0].method == "dual numbers"
    assert verdict(function(scaled(table["tanh"], 1.001)), 20.0) == "fail"
    assert (
        verdict(function(replace(table["tanh"], partials=lambda m, y, x: (1 - y * y,))), 20.0)
        == "fail"
    )


@pytest.mark.parametrize(
    ("f", "x"), [(sqrt, 0.0), (microbp.asin, 1.0), (lambda x: x**1.5, 0.0), (lambda x: x**1.1, 0.0)]
)
def test_the_edge_of_a_domain(f, x):
    assert verdict(f, x) == "domain-edge"


def test_a_wrong_slope_at_the_edge_is_told():
    wrong = replace(table["pow"], partials=lambda m, y, a, b: (5.0, 0.0))
    report = gradcheck(lambda x: apply(wrong, x, Value(1.5)), 0.0)
    assert report.verdict == "domain-edge"
    assert "only above, where the slope seems to be" in str(report)


def test_one_wrong_entry_among_a_thousand_is_named():
    wrong = function(scaled(SIN, 1.0009))

    def f(x):
        return total([wrong(v) if i == 617 else v * v for i, v in enumerate(x)])

    report = gradcheck(f, [0.5 + i / 1000 for i in range(1000)])
    assert report.verdict == "fail"
    assert [entry.name for entry in report.entries if entry.verdict == "fail"] == ["x[617]"]
    assert all(entry.verdict == "pass" for entry in report.entries if entry.name != "x[617]")
    assert "sin(x[617]) by its operand x[617]" in str(report)
    assert "sin → total" in str(report)


def test_a_large_constant():
    assert verdict(lambda x: 1e9 + x, 1.0) == "pass"
    assert verdict(lambda x: 1e9 + x, 1.0, method="central") in ("pass", "inconclusive")


def test_steps_far_beyond_a_period_prove_nothing():
    assert verdict(cos, 1.4783671219146878e-15, method="central") == "inconclusive"
    assert verdict(cos, 1.4783671219146878e-15) == "pass"


# The next float is from an eighth to sixteen away, a good part of a period or several of them.
COARSE = [math.pi * 1e15, 1.2e15, 8.3e15, 1.0967759918522072e16, 6.258568138135655e16, 1e17]


@pytest.mark.parametrize("method", ["auto", "central", "forward", "mpmath"])
@pytest.mark.parametrize("x", COARSE)
@pytest.mark.parametrize("name", ["sin", "cos", "tan"])
def test_where_floats_are_a_period_apart_nothing_is_failed_nor_passed_wrongly(name, x, method):
    assert verdict(function(table[name]), x, method=method) != "fail"
    assert verdict(function(scaled(table[name], 1 + 1e-6)), x, method=method) != "pass"


@pytest.mark.parametrize(
    ("name", "x"),
    [("sin", 904980905436841.6), ("cos", 740917228034940.5), ("tan", 782528647456833.0)],
)
def test_noise_that_changes_from_float_to_float_bounds_nothing(name, x):
    ones_own = function(scaled(table[name], 1.0))  # it may be off by what the rounding of x does
    assert verdict(ones_own, x, method="central") == "inconclusive"


def test_what_looks_like_a_kink_from_afar_may_be_none():
    at = 2.67821229598007e-265, 1.000945995905792e-274  # steps of 1e-15 are far beyond both
    assert verdict(function(table["hypot"]), *at, method="central") != "fail"


def test_a_derivative_of_0_by_cancellation_has_no_size_for_differences():
    assert verdict(lambda x: sin(x) - sin(x), 1.0) == "pass"
    assert verdict(lambda x: sin(x) - sin(x), 1.0, method="central") == "inconclusive"


# --- The whole table


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


# --- Graphs


@given(expressions())
def test_right_graphs_do_not_fail(f):
    report = gradcheck(f, *f.leaves)
    # Infinity times 0 makes NaN of a derivative that may well exist; that is found.
    nan = any(entry.verdict == "fail" and math.isnan(entry.sweep) for entry in report.entries)
    assert report.verdict != "fail" or nan, str(report)


@given(expressions(max_nodes=6))
def test_the_bound_holds(f):
    """Differences, dual numbers and mpmath agree within what each says it may be off."""
    subject = of_arguments(f, f.leaves, order=1)
    here = sample(subject, subject.at)
    assume(here)
    with subject.run(subject.at) as (leaves, outputs):
        trace = traced(outputs[0], leaves)
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
    y = f(duals, duals.Dual(x, rate=1.0))
    assert abs(y.data - 0.5) > 1e-6  # eight digits are lost
    assert abs(y.data - 0.5) <= y.off
    assert abs(y.rate - -x / 12) <= y.rate_off


# --- Functions of all shapes


def test_nested_arguments_and_several_outputs():
    report = gradcheck(lambda x, w: [x * w[0][0], sin(w[1]) + x], 2.0, [[3.0], 0.5])
    assert report.verdict == "pass"
    assert [(e.output, e.name) for e in report.entries] == [
        (0, "x"), (0, "w[0][0]"), (0, "w[1]"), (1, "x"), (1, "w[0][0]"), (1, "w[1]"),
    ]  # fmt: skip
    assert [e.sweep for e in report.entries] == [3.0, 2.0, 0.0, 1.0, 0.0, math.cos(0.5)]


def test_labels_name_the_inputs():
    report = gradcheck(lambda x: x * x, Value(2.0, label="speed"))
    assert report.entries[0].name == "speed"


def test_the_hessian():
    report = gradcheck(lambda x, y: sin(x * y[0]) + exp(y[1] * x), 2.0, [0.3, 0.1], order=2)
    assert report.verdict == "pass", str(report)
    assert [e.name for e in report.entries][:4] == ["x, x", "x, y[0]", "x, y[1]", "y[0], x"]


def test_a_wrong_second_derivative_fails_though_the_first_is_right():
    # The formula for the partial is right for floats, and constant for Values.
    blind = replace(SIN, partials=lambda m, y, x: (math.cos(x),))
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


def test_operations_of_ones_own():
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


# --- Beyond derivatives


def test_plain_numbers_made_of_inputs_are_told():
    report = gradcheck(lambda x: x * math.sin(x), 1.0)
    assert report.verdict == "fail"
    assert "another way than the graph" in str(report)
    assert verdict(lambda x: float(x), 1.0) == "fail"


def test_constants_that_move_but_cancel_pass():
    def by_hand(x, y):
        top = max(x.data, y.data) if isinstance(x, Value) else max(x, y)
        return log(exp(x - top) + exp(y - top)) + top

    assert verdict(by_hand, 1.0, 2.5) == "pass"


def test_a_function_that_gives_another_value_each_time():
    numbers = iter(range(100))
    report = gradcheck(lambda x: x * next(numbers), 1.0)
    assert report.verdict == "inconclusive"
    assert "another value" in str(report)


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


def test_the_faults_of_a_sweep():
    x = Value(2.0)
    trace = traced(sin(x) * x, [x])
    assert not list(sweep_faults(trace))
    assert not list(value_faults(trace))
    off = replace(trace, gradient=[1.0])
    assert len(list(sweep_faults(off))) == 2
    wrong = apply(replace(table["exp"], value=lambda m, x: m.exp(x) * m.sign(m.sin(1e9 * x))), x)
    assert not list(value_faults(traced(wrong, [x])))
    odd = replace(SIN, value=lambda m, x, calls=[]: calls.append(x) or len(calls) * 1.0)
    assert "should be 2.0 by its operation" in next(value_faults(traced(apply(odd, x), [x])))


def test_an_asymmetric_hessian_is_told():
    entries = gradcheck(lambda x, y: x * x * y, 2.0, 3.0, order=2).entries
    assert not list(symmetry_faults(entries, 2))
    entries[1] = replace(entries[1], sweep=4.1)
    assert "not symmetric" in next(symmetry_faults(entries, 2))


def test_what_is_not_finite_is_inconclusive():
    assert verdict(exp, 1000.0) == "inconclusive"


def test_outside_the_domain_the_error_is_the_functions_own():
    with pytest.raises(DomainError, match="log"):
        gradcheck(log, -1.0)


# --- The report


def test_a_report_is_no_truth_value():
    report = gradcheck(sin, 1.0)
    with pytest.raises(TypeError, match=r"compare report\.verdict, which is 'pass'"):
        assert report


def test_the_resolution_is_what_would_have_been_seen():
    (entry,) = gradcheck(sin, 1.0).entries
    assert 0.0 < entry.resolution < MEANINGFUL * entry.sweep
    factor = 1.0 + 1.01 * entry.resolution / entry.sweep
    assert verdict(function(scaled(SIN, factor)), 1.0) == "fail"


def test_a_table_of_a_failure():
    report = str(gradcheck(lambda x: x * function(scaled(SIN, 1.001))(2 * x), 1.0))
    lines = report.splitlines()
    assert lines[0] == "gradcheck: fail"
    assert lines[2].split("  ")[-1] == "would have seen an error of"
    assert re.match(r"x +0\.0761\d+ +0\.0770\d+ ± \S+ +differences +fail +\S+ or more", lines[3])
    assert "that of sin(mul(2.0, x)) by its operand mul(2.0, x): -0.41656" in report
    assert re.search(r"at sin\(2\.0\) = 0\.909\S+, node \d of \d: sin → mul", report)


def test_a_long_table_shows_the_gravest_first():
    report = str(gradcheck(lambda x: total([abs(v) for v in x]), [*[1.0] * 30, 0.0]))
    assert report.splitlines()[3].startswith("x[30]")
    assert "... and 11 more: pass" in report


# --- Without mpmath


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


# --- Arguments that make no sense


@pytest.mark.parametrize(
    ("at", "options", "message"),
    [
        (
            [1.0],
            {"method": "magic"},
            "method is one of auto, central, forward, mpmath; got 'magic'",
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
    with pytest.raises(TypeError, match="gradcheck: expected a real number"):
        gradcheck(sin, "1")


# --- Differences


def test_extrapolation_needs_what_smaller_steps_confirm():
    steps = [0.4 * 0.5**j for j in range(8)]
    quotients = [7.0, 7.0, 7.0, 7.0, 1.0, 1.0, 1.0, 1.0]
    noises = [1e-9] * 8
    assert abs(extrapolated(steps, quotients, noises, 2).value - 1.0) < 1e-6


def test_slow_convergence_has_a_wide_bound():
    steps = [0.5**j for j in range(40)]
    quotients = [h**0.1 for h in steps]
    estimate = extrapolated(steps, quotients, [0.0] * 40, 1)
    assert abs(estimate.value) <= estimate.bound < 1.0


def test_the_step_curve_is_a_v():
    curve = step_curve(lambda x: sin(x) * exp(x), 1.0)
    best = min(range(len(curve.steps)), key=curve.errors.__getitem__)
    assert curve.optimum / 1000 < curve.steps[best] < curve.optimum * 10
    for error, truncation, rounding, h in zip(
        curve.errors, curve.truncation, curve.rounding, curve.steps, strict=True
    ):
        if h < 0.1:
            assert error <= 1.2 * truncation + rounding
        if 100 * curve.optimum < h < 0.1:
            assert error == pytest.approx(truncation, rel=0.1)


def test_a_straight_line_has_no_truncation():
    curve = step_curve(lambda x: 3 * x, 2.0)
    assert set(curve.truncation) == {0.0}
    assert curve.optimum == 2.0


def test_the_plot_of_a_step_curve():
    from matplotlib import figure

    curve = step_curve(sigmoid, 1.0)
    ax = curve.plot(figure.Figure().add_subplot())
    assert ax.get_xscale() == ax.get_yscale() == "log"
    assert {"truncation", "rounding", "error"} <= {line.get_label() for line in ax.lines}
    assert plots.step_curve(curve, figure.Figure().add_subplot()).get_xlabel() == "step h"


def test_logsumexp_of_many():
    assert verdict(lambda x: logsumexp(x), [0.1 * i for i in range(30)]) == "pass"
