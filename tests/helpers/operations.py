"""Operations for the tests of core, by name, and bit by bit."""

import math
import struct
from operator import attrgetter

import pytest

from microbp.core.engine import Value, apply
from microbp.core.ops import table
from tests.helpers.strategies import OPS

INF, NAN = math.inf, math.nan
each_op = pytest.mark.parametrize("op", OPS, ids=attrgetter("name"))


def bits(x):
    """A float's own bits, in which -0.0 differs from 0.0; the same for every NaN."""
    assert type(x) is float
    return b"NaN" if math.isnan(x) else struct.pack("<d", x)


def all_bits(xs):
    return [bits(x) for x in xs]


def computed(name, *xs):
    """The node of an operation at these floats."""
    return apply(table[name], *map(Value, xs))


def gradients(f, *xs):
    """The data of f's root, and the gradient of each leaf after one backward pass."""
    leaves = [Value(x) for x in xs]
    root = f(*leaves)
    root.backward()
    return root.data, [leaf.grad for leaf in leaves]


OPERATORS = {"add", "sub", "mul", "div", "neg", "pow", "abs"}
