"""Graphs built for each case and the same graphs replayed, to compare the two.

How near they are is shown in three steps. Graphs over small whole numbers know no rounding, in
whatever order sums are made, so each number must be equal: all the wiring is held to that. Values
of operations that IEEE 754 rounds correctly have the eager engine's own bits, at infinities, NaN
and zeros of either sign too. All else is as good as the elementary functions that are used: an
operation by itself is held to a few ulps, and graphs of everyday numbers to what these may grow to.
"""

import math
import struct
import warnings

import numpy as np
from hypothesis import strategies as st

from microbp import Value
from microbp.core.ops import table
from microbp.core.toposort import operands_first
from microbp.replay.program import record
from microbp.testing.expression import called

EPS = 2.0**-52


def bits(x):
    """A float's own bits; one NaN is as good as another."""
    return "nan" if math.isnan(x) else struct.pack("<d", x)


class Eager:
    """A function of Values, built for one case: its value and derivatives, or what it raised."""

    def __init__(self, f, row, is_input):
        self.leaves = [Value(x) for x in row]
        self.error = None
        try:
            self.root = f(*self.leaves)
            self.root.backward()
        except Exception as error:
            self.error = error
            return
        self.y = self.root.data
        grads = list(zip(self.leaves, is_input, strict=True))
        self.by_input = [leaf.grad for leaf, of_case in grads if of_case]
        self.by_parameter = [leaf.grad for leaf, of_case in grads if not of_case]

    def sizes(self):
        """For the root and each leaf: the sum over all paths of the absolute products."""
        order = operands_first(self.root)
        size = dict.fromkeys(order, 0.0)
        size[self.root] = 1.0
        for node in reversed(order):
            for operand, partial in zip(node.operands, node.partials, strict=True):
                size[operand] += size[node] * abs(partial)
        return size


class Replayed:
    """The same function recorded once, some of its leaves as inputs, and replayed over all rows."""

    def __init__(self, f, leaves, is_input):
        self.leaves = [Value(x) for x in leaves]
        self.is_input = is_input
        split = list(zip(self.leaves, is_input, strict=True))
        self.inputs = [leaf for leaf, of_case in split if of_case]
        self.parameters = [leaf for leaf, of_case in split if not of_case]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # inputs on which nothing depends
            self.program = record(f(*self.leaves), self.inputs, self.parameters)

    def cases(self, rows):
        table = [[x for x, i in zip(row, self.is_input, strict=True) if i] for row in rows]
        return np.array(table, dtype=float).reshape(len(rows), len(self.inputs))

    def run(self, cases, **options):
        """Values and their input gradients; their sum, and its gradient for the parameters."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # that something is not finite
            values = self.program.forward(cases, **options)
            by_input = self.program.input_gradient(cases, **options)
            for p in self.parameters:
                p.grad = 0.0
            error = self.program.backward(cases, **options)
        return values, by_input, error, [p.grad for p in self.parameters]


def tiled(rows, count):
    return [rows[i % len(rows)] for i in range(count)]


@st.composite
def problems(draw, graphs, number):
    """A graph, which of its leaves are inputs, and some rows of numbers for all its leaves.

    Parameters have the same number in all rows, and the first row may be the graph's own.
    """
    f = draw(graphs)
    is_input = draw(st.lists(st.booleans(), min_size=len(f.leaves), max_size=len(f.leaves)))
    rows = [
        [draw(number) if of_case else x for x, of_case in zip(f.leaves, is_input, strict=True)]
        for _ in range(draw(st.integers(1, 5)))
    ]
    return f, is_input, draw(st.permutations([list(f.leaves), *rows]))


EXACT = [
    "add", "sub", "mul", "neg", "abs", "relu", "maximum", "minimum", "where_positive", "dot",
    "total",
]  # fmt: skip


def close(name, got, want, xs):
    """Within 16 ulps: 4 for each elementary function of a formula, the eager engine's included.

    A logarithm of a sum near 1 is what the largest operand leaves, and as good as that one is.
    """
    if not math.isfinite(want):
        return bits(got) == bits(want)
    slack = 0.0
    if name in ("logaddexp", "logsumexp"):
        slack = 8 * EPS * abs(max(xs))
    return abs(got - want) <= 16 * math.ulp(want) + slack


def table_call(name, *xs):
    return called(table[name], *xs)
