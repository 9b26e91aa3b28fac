"""Outside its domain an operation says what it got and where it is defined."""

from operator import attrgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp import DomainError
from microbp.core import functions as mb
from microbp.core.engine import Value
from microbp.testing.expression import called
from tests.helpers.operations import INF, NAN
from tests.helpers.strategies import OPS, operands_outside


@pytest.mark.parametrize("op", [op for op in OPS if op.domain], ids=attrgetter("name"))
@given(data=st.data())
def test_outside_its_domain_an_operation_says_what_it_got_and_where_it_is_defined(op, data):
    xs = data.draw(operands_outside(op))
    with pytest.raises(DomainError) as error:
        called(op, *map(Value, xs))
    assert str(error.value) == f"{op.name}({', '.join(map(repr, xs))}): {op.domain.sentence}"


QUOTIENT = "the quotient is defined for a divisor other than 0"
ROOT = "the square root is defined for numbers from 0 on"
POWER = (
    "the power is defined for a base above 0, for 0 to a power of at least 0, "
    "and for a negative base to a whole power"
)
COSINE = "the inverse hyperbolic cosine is defined for numbers from 1 on"
TANGENT = "the inverse hyperbolic tangent is defined for numbers between -1 and 1"
POLE = "is defined for all numbers but 0 and the negative whole ones"


def X(data):
    return Value(data, label="x")


@pytest.mark.parametrize(
    ("compute", "text"),
    [
        (lambda: 1 / X(0.0), f"div(1.0, x = 0.0): {QUOTIENT}"),
        (lambda: X(NAN) / 0, f"div(x = nan, 0.0): {QUOTIENT}"),
        (lambda: X(-8.0) ** 0.5, f"pow(x = -8.0, 0.5): {POWER}"),
        (lambda: X(-8.0) ** (1 / 3), f"pow(x = -8.0, 0.3333333333333333): {POWER}"),
        (lambda: X(0.0) ** -1, f"pow(x = 0.0, -1.0): {POWER}"),
        (lambda: X(-0.0) ** -INF, f"pow(x = -0.0, -inf): {POWER}"),
        (lambda: (-2) ** X(0.5), f"pow(-2.0, x = 0.5): {POWER}"),
        (lambda: mb.log(X(-0.0)), "log(x = -0.0): the logarithm is defined for numbers above 0"),
        (lambda: mb.log1p(X(-1)), "log1p(x = -1.0): log(1 + x) is defined for numbers above -1"),
        (lambda: mb.log2(X(0)), "log2(x = 0.0): the logarithm is defined for numbers above 0"),
        (lambda: mb.log10(X(-1)), "log10(x = -1.0): the logarithm is defined for numbers above 0"),
        (lambda: mb.acosh(X(0.5)), f"acosh(x = 0.5): {COSINE}"),
        (lambda: mb.atanh(X(-1)), f"atanh(x = -1.0): {TANGENT}"),
        (lambda: mb.lgamma(X(-3)), f"lgamma(x = -3.0): the logarithm of the gamma function {POLE}"),
        (lambda: mb.digamma(X(0)), f"digamma(x = 0.0): the digamma function {POLE}"),
        (lambda: mb.sqrt(X(-1)), f"sqrt(x = -1.0): {ROOT}"),
        (lambda: mb.asin(X(1.5)), "asin(x = 1.5): the arcsine is defined from -1 to 1"),
        (lambda: mb.acos(X(-INF)), "acos(x = -inf): the arccosine is defined from -1 to 1"),
        (lambda: mb.sin(X(INF)), "sin(x = inf): the sine is defined for finite numbers"),
        (lambda: mb.cos(X(INF)), "cos(x = inf): the cosine is defined for finite numbers"),
        (lambda: mb.tan(X(-INF)), "tan(x = -inf): the tangent is defined for finite numbers"),
    ],
)  # fmt: skip
def test_domain_errors_name_operands_by_label_and_data(compute, text):
    with pytest.raises(DomainError) as error:
        compute()
    assert str(error.value) == text
    assert isinstance(error.value, ValueError)
    assert isinstance(error.value, ArithmeticError)


def test_plain_numbers_have_the_same_domains():
    with pytest.raises(DomainError, match=r"^log\(-1\.0\): the logarithm is defined "):
        mb.log(-1)
