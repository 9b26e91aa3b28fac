"""Python's operators on Values, and the methods."""

import math
import operator

import pytest

import microbp
from microbp import DomainError, dot, total
from microbp.core.engine import Value
from tests.helpers.nodes import INF, NAN, state


def test_operators_compute_what_python_computes():
    v = Value(-3.0)
    assert [(v + 2).data, (v - 2).data, (v * 2).data, (v / 2).data] == [-1.0, -5.0, -6.0, -1.5]
    assert [(2 + v).data, (2 - v).data, (2 * v).data, (2 / v).data] == [-1.0, 5.0, -6.0, 2 / -3]
    assert [(v**2).data, (2**v).data, (-v).data, abs(v).data] == [9.0, 0.125, 3.0, 3.0]


def test_plus_is_the_value_itself():
    x = Value(3.0)
    assert +x is x


METHODS = ("exp", "log", "relu", "sigmoid", "tanh")
SLOPES = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "pow": lambda a, b: a**b,
    "neg": lambda a, b: -a,
    "abs": lambda a, b: abs(a),
    "dot": lambda a, b: dot([a, b], [b, 3.0], a),
    "total": lambda a, b: total([a, b, a]),
    **{name: lambda a, b, name=name: getattr(a, name)() for name in METHODS},
}


@pytest.mark.parametrize("name", SLOPES)
def test_partials_are_slopes(name):
    """A hundredth of a per cent off is seen here; tests of the table itself go much further."""
    h = 1e-5
    for a in (0.7, 2.5):
        for b in (1.3, -0.4):
            y = SLOPES[name](A := Value(a), B := Value(b))
            slopes = [
                sum(p for p, x in zip(y.partials, y.operands, strict=True) if x is leaf)
                for leaf in (A, B)
            ]
            f = SLOPES[name]
            by_a = (f(Value(a + h), Value(b)).data - f(Value(a - h), Value(b)).data) / (2 * h)
            by_b = (f(Value(a), Value(b + h)).data - f(Value(a), Value(b - h)).data) / (2 * h)
            assert slopes == pytest.approx([by_a, by_b], rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("name", METHODS)
def test_methods_are_the_functions_of_the_same_name(name):
    x = Value(0.7)
    ours, theirs = getattr(x, name)(), getattr(microbp, name)(x)
    assert state(ours) == state(theirs)
    assert ours.op.name == name
    assert ours.data == getattr(microbp, name)(0.7)


def test_sum_and_product_of_values():
    values = [Value(2.0), Value(3.0), Value(4.0)]
    for y, slopes in ((sum(values), [1, 1, 1]), (math.prod(values), [12, 8, 6])):
        for x in values:
            x.grad = 0.0
        y.backward()
        assert [x.grad for x in values] == slopes


@pytest.mark.parametrize("base", [5e-324, 0.5, 2.0, 1e308, 0.0, -0.0, -2.0])
def test_to_the_power_of_zero_every_base_is_flat(base):
    y = Value(base) ** 0
    assert (y.data, y.partials[0]) == (1.0, 0.0)


def test_pow_takes_no_modulus():
    v = Value(2.0)
    for arguments in ((v, 2, 3), (2, v, 3), (2, 3, v)):
        with pytest.raises(TypeError):
            pow(*arguments)


@pytest.mark.parametrize("operation", [operator.floordiv, operator.mod, divmod, operator.matmul])
def test_operations_without_a_derivative_are_no_operators(operation):
    for operands in ((Value(5.0), 2), (5, Value(2.0)), (Value(5.0), Value(2.0))):
        with pytest.raises(TypeError, match="unsupported operand type"):
            operation(*operands)


def test_a_value_outside_the_domain_is_refused_by_name():
    w3 = Value(-0.25, "w3")
    with pytest.raises(DomainError) as error:
        w3.log()
    assert str(error.value) == "log(w3 = -0.25): the logarithm is defined for numbers above 0"
    with pytest.raises(DomainError) as error:
        1 / Value(0.0, "x")
    assert (
        str(error.value) == "div(1.0, x = 0.0): the quotient is defined for a divisor other than 0"
    )
    with pytest.raises(DomainError):
        Value(-8.0) ** 0.5


def test_overflow_gives_infinity_and_nan_passes_through():
    assert (Value(1e200) * 1e200).data == INF
    assert (Value(-1e308) - 1e308).data == -INF
    assert (Value(1e-200) ** -2).data == INF
    assert Value(1e308).exp().data == INF
    for y in (Value(NAN) + 1, Value(NAN) * 0, NAN / Value(1.0), Value(NAN).log(), -Value(NAN)):
        assert math.isnan(y.data)
