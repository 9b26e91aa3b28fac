"""Any real number is data and an operand, on either side."""

import operator
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp import DomainError
from microbp.core.engine import Value
from tests.helpers.nodes import ARITHMETIC, INF, NAN, ORDER, bits, state, type_name


class Celsius(float):
    pass


class Count(IntEnum):
    TWO = 2


class Quantity:
    def __float__(self):
        return 2.0


NUMBERS = [
    2,
    2.0,
    True,
    Fraction(1, 3),
    Decimal("0.1"),
    Celsius(2.0),
    Count.TWO,
    Quantity(),
    np.float64(2),
    np.float32(0.1),
    np.float16(0.1),
    np.longdouble(2),
    np.int64(2),
    np.uint8(2),
    np.bool_(True),
    np.array(2.0),
    -0.0,
    INF,
    NAN,
]


@pytest.mark.parametrize("number", NUMBERS, ids=type_name)
def test_any_real_number_becomes_a_float_at_the_door(number):
    x = Value(number)
    x.grad = number
    assert bits(x.data) == bits(x.grad) == bits(float(number))
    x.data = 1.0
    x.data = number
    assert bits(x.data) == bits(float(number))


@pytest.mark.parametrize("number", NUMBERS, ids=type_name)
@pytest.mark.parametrize("operation", ARITHMETIC)
def test_any_real_number_is_an_operand_on_either_side(operation, number):
    v, leaf = Value(3.0), Value(float(number))
    if number == 0 and operation is operator.truediv:
        with pytest.raises(DomainError):
            operation(v, number)
    else:
        ours, theirs = operation(v, number), operation(v, leaf)
        assert state(ours)[::5] == state(theirs)[::5]
        assert ours.operands[0] is v
    ours, theirs = operation(number, v), operation(leaf, v)
    assert type(ours) is Value
    assert (state(ours)[::5], ours.op) == (state(theirs)[::5], theirs.op)
    assert ours.operands[1] is v


@pytest.mark.parametrize("number", NUMBERS, ids=type_name)
@pytest.mark.parametrize("order", ORDER)
def test_any_real_number_compares_on_either_side(order, number):
    for data in (1.0, 2.0, 3.0):
        assert order(Value(data), number) == order(data, float(number))
        assert order(number, Value(data)) == order(float(number), data)


@given(st.integers(-(2**70), 2**70))
def test_whole_numbers_become_the_nearest_float(n):
    assert (Value(n).data, (Value(0.0) + n).data) == (float(n), float(n))
