"""Hypothesis strategies drawn from the table: an operation is tested by being in it.

Operands come in two kinds. By default they lie anywhere in the operation's domain, with a
liking for the places where formulas fail: zeros of both signs, the far ends of the floats, ties.
With `smooth`, they are moderate and so far from edges and kinks that a finite difference can
judge a derivative.
"""

import math
import operator
from dataclasses import dataclass

from hypothesis import assume
from hypothesis import strategies as st

from microbp import floats, functions
from microbp.ops import Op, table

OPS = list(table.values())
INFIX = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "**"}

COUNTS = {"dot": (1, 3, 5)}  # weights, as many activities, and the bias
ANY_COUNT = (1, 2, 3, 4, 5, 6)

LARGEST, SMALLEST = 1.7976931348623157e308, 5e-324
# What formulas stumble over: the ends of the floats and of their square roots, where sigmoid
# and tanh saturate (20, 37, 40), where exp overflows (709.8) and vanishes (-745.2), the last
# number before 1, and where x + 1 is x.
FAR_ENDS = [
    0.0, SMALLEST, 1e-310, 2.2250738585072014e-308, 1e-300, 1e-160, 1.5e-154, 1e-16, 1e-8, 0.5,
    1.0 - 2**-53, 1.0, 1.0 + 2**-52, 2.0, 20.0, 37.0, 40.0, 709.7, 709.8, 745.1, 745.2, 1e8, 1e16,
    1e154, 1.5e154, 1e160, 1e300, 1e308, LARGEST,
]  # fmt: skip


def numbers(infinite=False, nan=False):
    """Floats of every size; infinities and NaN where asked for."""
    special = [*FAR_ENDS, math.inf] if infinite else FAR_ENDS
    special = [x for end in special for x in (end, -end)]
    return st.one_of(
        st.sampled_from([*special, math.nan] if nan else special),
        st.integers(-5, 5).map(float),
        st.floats(-1.0, 1.0),
        st.floats(-40.0, 40.0),
        st.floats(-800.0, 800.0),
        st.floats(allow_nan=nan, allow_infinity=infinite),
    )


def moderate():
    """Floats of everyday size, or 0; often within reach of every operation's domain."""
    ranges = st.floats(0.1, 3.0), st.floats(-0.9, 0.9), st.floats(-4.0, 4.0)
    return st.one_of(*ranges).map(lambda x: x if abs(x) > 1e-3 else 0.0)


def in_domain(op, xs):
    return op.domain is None or op.domain.holds(*xs)


def operands_of(op, *, smooth=False, infinite=False, nan=False):
    """Tuples of floats that the operation has a value at; any number of NaN among them if asked."""
    number = moderate() if smooth else numbers(infinite, nan)
    fit = steady if smooth else in_domain
    return _tuples(op, number, ties=not smooth).filter(lambda xs: fit(op, xs))


def operands_outside(op):
    """Tuples of floats that the operation has no value at."""
    number = st.sampled_from([0.0, -0.0, -SMALLEST, -0.5, -1.0, 2.5, -1e300, math.inf, -math.inf])
    return _tuples(op, number, ties=False).filter(lambda xs: not in_domain(op, xs))


@st.composite
def _tuples(draw, op, number, ties):
    count = op.arity or draw(st.sampled_from(COUNTS.get(op.name, ANY_COUNT)))
    xs = draw(st.lists(number, min_size=count, max_size=count))
    if ties and count > 1 and draw(st.booleans()):
        place = draw(st.integers(1, count - 1))
        xs[place] = draw(st.sampled_from([1.0, -1.0])) * xs[place - 1]
    return tuple(xs)


def steady(op, xs, reach=0.05, steepest=math.inf):
    """Whether the result follows each operand about as far as `reach` without edge, kink or pole.

    Judged by values alone, not by the partials under test: the slopes on both sides are alike,
    and no steeper than asked.
    """
    if op.kinks is not None and not abs(op.kinks(floats, *xs)) > 2 * reach:
        return False
    for i, x in enumerate(xs):
        moved = [(*xs[:i], x + way, *xs[i + 1 :]) for way in (-reach, 0.0, reach)]
        diagonal = [tuple(x + way for x in xs) for way in (-reach, reach)]
        if not all(in_domain(op, each) for each in moved + diagonal):
            return False
        below, here, above = (op.value(floats, *each) for each in moved)
        left, right = (here - below) / reach, (above - here) / reach
        if not abs(right - left) <= 0.25 * (1.0 + abs(left) + abs(right)):
            return False
        if not abs(left) <= steepest:
            return False
    return True


def called(op, *xs):
    """The operation as users call it: by operator, or by a function of microbp."""
    if op.name in INFIX:
        return getattr(operator, {"div": "truediv"}.get(op.name, op.name))(*xs)
    if op.name in ("neg", "abs"):
        return getattr(operator, op.name)(*xs)
    function = getattr(functions, op.name)
    if op.name == "dot":
        terms = len(xs) // 2
        return function(xs[:terms], xs[terms:-1], xs[-1])
    return function(*xs) if op.arity else function(xs)


def spelled(op, *names):
    """`called` as code."""
    if op.name in INFIX:
        return f" {INFIX[op.name]} ".join(names)
    if op.name == "neg":
        return f"-{names[0]}"
    if op.name == "dot":
        terms = len(names) // 2
        return f"dot([{', '.join(names[:terms])}], [{', '.join(names[terms:-1])}], {names[-1]})"
    return f"{op.name}({', '.join(names)})" if op.arity else f"{op.name}([{', '.join(names)}])"


@dataclass(frozen=True)
class Expression:
    """A recipe for a graph, whose nodes are the leaves and then the result of each step.

    A step is an operation and, for each operand, how many nodes back it is: 1 is the latest.
    It prints as the program that computes it.
    """

    leaves: tuple[float, ...]
    steps: tuple[tuple[Op, tuple[int, ...]], ...]

    def nodes(self, leaves, call):
        """All nodes, the root last, where `call(op, *operands)` computes one."""
        nodes = list(leaves)
        for op, backs in self.steps:
            nodes.append(call(op, *(nodes[-back] for back in backs)))
        return nodes

    def over(self, m, leaves):
        """The root, by the table's formulas over the mathematics namespace `m`."""
        return self.nodes(leaves, lambda op, *operands: op.value(m, *operands))[-1]

    def __repr__(self):
        names = [f"x{i}" for i in range(len(self.leaves))]
        lines = [f"{x} = Value({data!r})" for x, data in zip(names, self.leaves, strict=True)]
        for op, backs in self.steps:
            name = f"y{len(names) - len(self.leaves)}"
            lines.append(f"{name} = {spelled(op, *(names[-back] for back in backs))}")
            names.append(name)
        return "\n".join(["", *lines, f"{names[-1]}.backward()"])


@st.composite
def expressions(draw, most_leaves=3, most_steps=10):
    """Graphs of moderate numbers, with shared nodes, that a finite difference can judge.

    Every step computes with the latest node, so that nothing is left aside. Steps that would
    leave the domain, come near a kink, or be steep are left out.
    """
    leaves = draw(st.lists(moderate(), min_size=1, max_size=most_leaves))
    nodes, steps = list(leaves), []
    for _ in range(draw(st.integers(1, most_steps))):
        op = draw(st.sampled_from(OPS))
        count = op.arity or draw(st.sampled_from(COUNTS.get(op.name, ANY_COUNT)))
        back = st.integers(1, len(nodes))
        backs = draw(st.lists(back, min_size=count, max_size=count))
        backs[draw(st.integers(0, count - 1))] = 1
        operands = [nodes[-back] for back in backs]
        if steady(op, operands, steepest=8.0):
            y = op.value(floats, *operands)
            if abs(y) < 20.0:
                nodes.append(y)
                steps.append((op, tuple(backs)))
    assume(steps)
    return Expression(tuple(leaves), tuple(steps))
