"""Values and partials against 50 digits, all over the floats."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp.core import floats
from microbp.core.engine import Value
from microbp.core.ops import table
from tests.helpers.operations import computed, each_op
from tests.helpers.oracles import (
    cancellation,
    mp,
    mp_partial,
    mp_value,
    mpf,
    ulps_allowed,
    ulps_off,
)
from tests.helpers.strategies import LARGEST, SMALLEST, in_domain, operands_of

NORMAL = 2.0**-1022  # the smallest float with all its digits
ULPS = 4  # with glibc the worst is 3.0; other C libraries may be a little less exact


def value_of(op):
    """The exact value as a function of floats; None where there is none."""
    return lambda *xs: mp_value(lambda *xs: op.value(mp, *xs), xs) if in_domain(op, xs) else None


def partial_of(op, i):
    """The exact partial as a function of floats; None at kinks and where there is none."""

    def reference(*xs):
        fixed = op.name == "pow" and i == 1 and xs[0] <= 0.0  # an exponent that can't move
        if fixed or at_kink(op, xs) or not in_domain(op, xs):
            return None
        return mp_partial(lambda *xs: op.value(mp, *xs), xs, i)

    return reference


def at_kink(op, xs):
    return op.kinks is not None and op.kinks(floats, *xs) == 0.0


def assert_exact(got, reference, xs, forgiven=0.0):
    """`got` is within a few ulps of the reference, or of what an ulp of each operand makes it."""
    exact = reference(*xs)
    if exact is None or abs(mpf(got) - exact) <= forgiven:
        return
    assert not math.isnan(got)
    off = ulps_off(got, exact)
    assert off <= ULPS or off <= ULPS + len(xs) * ulps_allowed(
        reference, xs
    )  # n terms, n roundings


def assert_value_is_exact(op, xs):
    if at_kink(op, xs):
        return  # mpmath has no signed zero to tell the sides of a cut by
    if op.arity is None and math.isinf(op.value(floats, *map(abs, xs))):
        return  # a sum may overflow on the way to a smaller one
    forgiven = 0.0
    if op.name == "lgamma" and xs[0] < 0.0:
        forgiven = 2.0**-50  # near a zero that is no whole number
    if op.name == "gelu":
        forgiven = NORMAL  # where the probability that is a factor of it has underflowed
    assert_exact(op.value(floats, *xs), value_of(op), xs, forgiven)


def assert_partials_are_exact(op, xs):
    """Each as exact as the value, but where what it is made of has underflowed or overflowed."""
    y = op.value(floats, *xs)
    for i, partial in enumerate(op.partials(floats, y, *xs)):
        if not math.isinf(y) or not math.isinf(partial):
            assert_exact(partial, partial_of(op, i), xs, forgiven=max(NORMAL, cancellation(op, xs)))


@each_op
@given(data=st.data())
def test_values_are_exact_all_over(op, data):
    assert_value_is_exact(op, data.draw(operands_of(op)))


@each_op
@given(data=st.data())
def test_partials_are_exact_all_over(op, data):
    xs = data.draw(operands_of(op))
    assert_partials_are_exact(op, xs)


FAR = {
    "exp": [-745.2, -745.1, -708.5, 709.78, 709.79, 1e308],
    "expm1": [1e-300, -1e-17, 1e-9, -745.2, 709.79],
    "log": [SMALLEST, 1.0 - 2**-53, 1.0 + 2**-52, LARGEST],
    "log1p": [SMALLEST, 1e-17, -1e-9, -1.0 + 2**-53, LARGEST],
    "sqrt": [SMALLEST, NORMAL, LARGEST],
    "sin": [1e-300, 3.141592653589793, 1e22, LARGEST],
    "cos": [1e-300, 1.5707963267948966, 1e22, LARGEST],
    "tan": [1e-300, 1.5707963267948966, 1e22, LARGEST],
    "asin": [1e-300, 0.5, 1.0 - 2**-53, -1.0 + 2**-53],
    "acos": [1e-300, 0.5, 1.0 - 2**-53, -1.0 + 2**-53],
    "atan": [1e-300, 1e16, -1e154, 1e155, LARGEST],
    "sinh": [1e-300, 710.4, -710.5, 1e308],
    "cosh": [1e-300, 710.4, -710.5, 1e308],
    "tanh": [1e-300, 18.0, 20.0, -20.0, 300.0, -354.0, 355.0, 1e308],
    "sigmoid": [37.0, 40.0, -40.0, 700.0, -700.0, 745.0, -745.0, 1000.0, -1000.0, 1e308],
    "softplus": [-37.0, 37.0, -745.0, -800.0, 800.0, 1e308],
    "erf": [1e-300, 6.0, -6.0, 26.0, 28.0, 1e308],
    "erfc": [1e-300, 6.0, -6.0, 26.0, 28.0, 1e308],
    "log2": [SMALLEST, 1.0 - 2**-53, 1.0 + 2**-52, LARGEST],
    "log10": [SMALLEST, 1.0 - 2**-53, 1.0 + 2**-52, LARGEST],
    "exp2": [-1074.5, -1022.5, 1023.9, 1e-300],
    "cbrt": [SMALLEST, -1e-310, NORMAL, 27.0, -1e300, LARGEST],
    "asinh": [SMALLEST, 1e-300, -1e-9, 1e16, -1e154, 1e155, LARGEST],
    "acosh": [1.0 + 2**-52, 1.5, 1e16, 1e155, LARGEST],
    "atanh": [SMALLEST, 1e-300, 0.5, 1.0 - 2**-53, -1.0 + 2**-53],
    "silu": [1e-300, -37.0, 40.0, -700.0, -740.0, 745.0, -745.0, 1e308, -1e308],
    "gelu": [1e-300, -6.0, 8.0, -20.0, -37.0, -38.5, 40.0, 1e308, -1e308],
    "lgamma": [
        SMALLEST, -1e-300, 0.5, 1.0 - 2**-53, 1.0 + 2**-52, 1.0 + 1e-9, 2.0 - 2**-52, 2.0 + 2**-51,
        2.0 - 1e-9, 1.4616321449683623, 10.0, 170.0, 1e16, 2.5e305, -0.5, -1.5, -9.75, -10.25,
        -1e6 - 0.5,
    ],
    "digamma": [
        SMALLEST, -SMALLEST, -1e-300, 0.5, 1.4616321449683622, 1.4616321449683625, 10.0, 1e16,
        LARGEST, -0.5, -9.75, -10.25, -1e6 - 0.25,
    ],
    "div": [(1.0, SMALLEST), (LARGEST, 0.5), (1e-300, 1e300), (1e300, 1e-300), (1e-310, 3.0)],
    "pow": [
        (1e200, 2.0), (1e-200, 2.0), (-1e200, 3.0), (-1e-200, -3.0), (1.0 + 2**-52, 2.0**53),
        (1.0 - 2**-53, -1e15), (2.0, 1024.0), (2.0, -1074.0), (LARGEST, 1.0), (SMALLEST, 1.0),
        (1e-310, 1e-300), (1e300, 0.1), (1e-300, -0.001),
    ],
    "hypot": [
        (3e200, 4e200), (3e-200, 4e-200), (1e-300, 1e300), (LARGEST, LARGEST), (-1.5e308, 1.2e308),
        (LARGEST, 1.0), (1e-320, 1e-310),
    ],
    "atan2": [
        (3e200, 4e200), (3e-200, -4e-200), (1e-300, 1e300), (1e300, 1e-300), (1e-300, -1.0),
        (LARGEST, LARGEST), (1e-320, 1e-310),
    ],
    "logaddexp": [
        (1e308, 1e308), (-1e308, -1e308), (1e308, -1e308), (800.0, 0.0), (0.0, -800.0),
        (-1e-17, -40.0), (-math.log(2.0), -math.log(2.0)), (SMALLEST, -700.0),
    ],
    "logsumexp": [
        (1e308, 1e308, 1e308), (-1e308, -1e308), (1e308, 0.0, -1e308), (1e16, 1e16, 1e16 - 2.0),
        (800.0, 0.0, -800.0), (1000.0,), (-1e-17, -40.0, -41.0),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("op", "xs"),
    [
        pytest.param(table[name], xs if isinstance(xs, tuple) else (xs,), id=f"{name}({xs})")
        for name, points in FAR.items()
        for xs in points
    ],
)
def test_far_ends_are_exact(op, xs):
    assert_value_is_exact(op, xs)
    assert_partials_are_exact(op, xs)


# The same in plain digits, to hold the oracle itself to something. All from series by hand:
# exp(-40), 4 * exp(-40), 1 - 1.5 * 2**-53, log(3).
def test_some_far_ends_by_heart():
    assert computed("sigmoid", 1000.0).partials == computed("sigmoid", -1000.0).partials == (0.0,)
    assert computed("sigmoid", 40.0).partials == (pytest.approx(4.248354255291589e-18, rel=1e-15),)
    assert computed("tanh", 20.0).partials == (pytest.approx(1.6993417021166356e-17, rel=1e-15),)
    assert computed("tanh", 300.0).partials == (pytest.approx(4 * math.exp(-600), rel=1e-15),)
    assert computed("softplus", 800.0).data == 800.0
    assert computed("softplus", -800.0).data == 0.0
    assert computed("softplus", -700.0).data == math.exp(-700.0)
    assert computed("logsumexp", *[1e308] * 3).data == 1e308
    assert computed("logsumexp", *[1e308] * 3).partials == (pytest.approx(1 / 3, rel=1e-15),) * 3
    assert computed("logsumexp", *[1000.0] * 3).data == 1000.0 + math.log(3.0)
    assert computed("expm1", 1e-300).data == computed("log1p", 1e-300).data == 1e-300
    assert computed("hypot", 3e300, 4e300).data == pytest.approx(5e300, rel=1e-15)
    assert computed("hypot", 3e-320, 4e-320).data == 5e-320
    assert computed("hypot", LARGEST, LARGEST).partials == (pytest.approx(0.5**0.5, rel=1e-15),) * 2
    assert computed("atan2", 3e300, 3e300).data == math.pi / 4
    assert (Value(1e-200) ** 2).partials[0] == 2e-200
    assert (Value(1e200) ** 2).partials[0] == 2e200
