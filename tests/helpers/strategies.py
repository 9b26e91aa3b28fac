"""Hypothesis strategies drawn from the table: an operation is tested by being in it.

`microbp.testing` has those for whole graphs. These are for one operation, whose operands come in
two kinds. By default they lie anywhere in the operation's domain, with a liking for the places
where formulas fail: zeros of both signs, the far ends of the floats, ties. With `smooth`, they
are moderate and so far from edges and kinks that a finite difference can judge a derivative.
"""

import math

from hypothesis import strategies as st

from microbp.core.ops import table
from microbp.testing.strategies import FAR_ENDS, counts, moderate, steady

OPS = list(table.values())
LARGEST, SMALLEST = 1.7976931348623157e308, 5e-324


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
    count = draw(st.sampled_from(counts(op)))
    xs = draw(st.lists(number, min_size=count, max_size=count))
    if ties and count > 1 and draw(st.booleans()):
        place = draw(st.integers(1, count - 1))
        xs[place] = draw(st.sampled_from([1.0, -1.0])) * xs[place - 1]
    return tuple(xs)
