"""A Value where Python wants a number: conversions, truth, order, equality, text."""

import math
import operator

import pytest

from microbp.core.engine import Value
from tests.helpers.nodes import INF, NAN, ORDER, state


def test_conversions_are_those_of_the_float():
    v = Value(-2.675)
    assert (v.item(), int(v), bool(v)) == (-2.675, -2, True)
    assert [math.trunc(v), math.floor(v), math.ceil(v)] == [-2, -3, -2]
    assert (round(v), round(v, None), round(v, 2), round(v, -1)) == (-3, -3, -2.67, -0.0)
    assert type(round(v)) is type(int(v)) is int
    assert type(round(v, 2)) is type(v.item()) is float


@pytest.mark.parametrize("convert", [int, round, math.trunc, math.floor, math.ceil])
def test_what_has_no_whole_number_is_refused_as_python_refuses_it(convert):
    for data, error in ((NAN, ValueError), (INF, OverflowError)):
        with pytest.raises(error, match=r"^cannot convert float "):
            convert(Value(data))


def test_a_value_is_no_index():
    with pytest.raises(TypeError):
        operator.index(Value(1.0))


@pytest.mark.parametrize("data", [0.0, -0.0, 1e-320, -1.0, NAN, INF])
def test_truth_is_that_of_the_float(data):
    assert bool(Value(data)) is bool(data)


def test_format_specs_are_those_of_floats():
    v = Value(1234.5678, "v")
    assert f"{v:.2f} {v:10.1f} {v:e} {v:,.1f} {v:+}" == (
        "1234.57     1234.6 1.234568e+03 1,234.6 +1234.5678"
    )
    assert f"{v}" == str(v) == repr(v)
    with pytest.raises(ValueError, match="format code 'x' for object of type 'float'"):
        f"{v:x}"


def test_repr_says_what_there_is_to_say():
    x = Value(3.0, "x's")
    y = x * 2
    y.backward()
    assert repr(Value(2)) == "Value(2.0, grad=0.0)"
    assert repr(x) == """Value(3.0, grad=2.0, label="x's")"""
    assert repr(y) == str(y) == "Value(6.0, grad=1.0, op=mul)"
    y.label = "y"
    assert repr(y) == "Value(6.0, grad=1.0, op=mul, label='y')"
    assert repr(Value(-0.0) / INF) == "Value(-0.0, grad=0.0, op=div)"
    assert repr(Value(NAN)) == "Value(nan, grad=0.0)"


def test_values_are_ordered_by_data_and_nan_by_nothing():
    assert sorted([c := Value(3.0), a := Value(-1.0), b := Value(2.0)]) == [a, b, c]
    assert max(a, b, c) is c
    nan = Value(NAN)
    assert not any(order(nan, other) for order in ORDER for other in (nan, 0, Value(1.0)))


def test_values_are_equal_only_to_themselves():
    x, twin = Value(3.0), Value(3.0)
    assert x == x
    assert x != twin
    assert x != 3.0
    assert operator.ne(3.0, x)
    assert x <= twin
    assert x >= twin
    assert len({x, twin, x}) == 2
    assert twin not in [x]
    nan = Value(NAN)
    assert nan == nan
    before = hash(x)
    x.data, x.grad, x.label = 4.0, 1.0, "x"
    assert hash(x) == before


def test_detach_cuts():
    x = Value(3.0, "x")
    y = x * 2
    y.label = "y"
    y.backward()
    cut = y.detach()
    assert state(cut) == state(Value(6.0, "y"))
    (cut * cut).backward()
    assert (x.grad, cut.grad) == (2.0, 12.0)
    assert x.detach() is not x
