"""Nodes for the tests of core: what one shows, a graph with a bit of everything."""

import math
import operator
import struct

from microbp import dot, total
from microbp.core.engine import Value

INF, NAN = math.inf, math.nan


def bits(x):
    """A float's own bits, in which -0.0 differs from 0.0 and NaN equals itself."""
    assert type(x) is float
    return struct.pack("<d", x)


def state(node):
    """All that a node shows."""
    partials = [bits(partial) for partial in node.partials]
    operands = [id(operand) for operand in node.operands]
    return bits(node.data), bits(node.grad), node.label, node.op, operands, partials


ARITHMETIC = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]
ORDER = [operator.lt, operator.le, operator.gt, operator.ge]


def type_name(x):
    return type(x).__name__


def graph():
    """A bit of everything: repeats, sharing, every arity, odd numbers, labels and gradients."""
    a, b, zero = Value(0.7, "a"), Value(-1.5, "β\n'"), Value(-0.0)
    h = a * b
    h.label = "h"
    inf, nan = h * 1e308 * 1e308, Value(NAN) + a
    y = dot([h, h, zero], [a, 2.0, h], nan) + total([h]) * inf + h.tanh() ** 2
    (h * h).backward()
    a.grad, zero.grad = -INF, -0.0
    return y
