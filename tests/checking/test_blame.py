"""The operation named for a wrong derivative is the one whose partial is wrong, or none."""

import math
from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from microbp import Value, exp, relu, sin
from microbp.checking import gradcheck
from microbp.checking.blame import explanation
from microbp.checking.invariants import trace_of
from microbp.checking.report import Entry
from microbp.testing import expressions
from microbp.testing.expression import Expression
from tests.helpers.checking import SIN, function, scaled
from tests.helpers.profiles import examples


def planted(data, f):
    """The expression with one partial of a step in it scaled, and what by; its name tells."""
    j = data.draw(st.integers(0, len(f.steps) - 1))
    op, backs = f.steps[j]
    i = data.draw(st.integers(0, len(backs) - 1))
    factor = data.draw(st.sampled_from([0.0, -1.0, 0.9, 1.01, 1 + 1e-4, 1 + 1e-6, 2.0, 1e6]))

    def partials(m, y, *xs):
        return tuple(factor * p if k == i else p for k, p in enumerate(op.partials(m, y, *xs)))

    wrong = replace(op, name="planted", partials=partials, builtin=False)
    return Expression(f.leaves, (*f.steps[:j], (wrong, backs), *f.steps[j + 1 :]))


@examples(200)
@given(expressions(smooth=True), st.data())
def test_the_planted_operation_is_named(f, data):
    wrong = planted(data, f)
    report = gradcheck(wrong, *wrong.leaves)
    assume(report.verdict == "fail")
    assert "the first wrong partial is that of planted(" in report.wrong[-1], str(report)


@examples(200)
@given(expressions(), st.data())
def test_no_other_operation_is_named_anywhere(f, data):
    wrong = planted(data, f)
    report = gradcheck(wrong, *wrong.leaves)
    assume(report.verdict == "fail")
    said = report.wrong[-1]
    if "the first wrong partial" in said:
        assert "that of planted(" in said, str(report)
    else:
        assert "can't be told" in said or "infinity times 0" in said, str(report)


def test_infinity_is_not_blamed_for_being_infinity():
    # d (1 / x) / dx is beyond the floats, in the formula as for the oracles
    leaf = Value(1e-200)
    entry = Entry("x", 0, "fail", -math.inf, -1e300, 1e280, "mpmath")
    assert "inf in place of" not in explanation(trace_of(1 / leaf, [leaf]), entry, leaf, True)


def failed(f, x, backward, reference):
    leaf = Value(x)
    entry = Entry("x", 0, "fail", backward, reference, 1e-12, "differences")
    return explanation(trace_of(f(leaf), [leaf]), entry, leaf, complete=True)


def test_a_sum_is_blamed_only_if_it_is_wrong():
    assert "does not add them up right" in failed(lambda x: exp(x) + sin(x), 0.0, 1.0, 2.0)
    assert "each partial is right to within" in failed(lambda x: exp(x) + sin(x), 0.0, 2.0, 3.0)


def test_what_no_oracle_can_judge_is_said():
    def by_hand(x):
        return Value(math.exp(x.data), (x,), (2.0,))

    said = failed(lambda x: sin(by_hand(x)), 1.0, 2.0 * math.cos(math.e), 1.0)
    assert said == "which partial is wrong can't be told: no oracle can judge that of custom(...)"
    said = failed(lambda x: relu(x) * 3.0, 0.0, 0.0, 3.0)
    assert "no oracle can judge that of relu(...)" in said


def test_a_partial_beside_one_that_no_oracle_can_judge_is_named_still():
    doubled = function(scaled(SIN, 2.0))
    said = failed(lambda x: relu(x) + doubled(x), 0.0, 2.0, 1.0)
    assert "the first wrong partial is that of sin(" in said
