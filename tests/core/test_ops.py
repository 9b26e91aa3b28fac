"""The table of operations: every value and partial, from one far end of the floats to the other."""

import copy
import functools
import math
import pickle
import struct
from dataclasses import FrozenInstanceError
from operator import attrgetter

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import microbp
from microbp import DomainError
from microbp.core import floats, ops
from microbp.core import functions as mb
from microbp.core.engine import Value, apply, was_compared
from microbp.core.ops import table
from microbp.testing.expression import called
from tests.helpers.oracles import (
    Dual,
    dual_partials,
    duals,
    mp,
    mp_partial,
    mp_value,
    mpf,
    slope,
    ulps_allowed,
    ulps_off,
)
from tests.helpers.strategies import (
    LARGEST,
    OPS,
    SMALLEST,
    in_domain,
    numbers,
    operands_of,
    operands_outside,
)

INF, NAN = math.inf, math.nan
NORMAL = 2.0**-1022  # the smallest float with all its digits
ULPS = 4  # with glibc the worst is 3.0; other C libraries may be a little less exact

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
    """The data of f's root, and the gradient of each leaf after one sweep."""
    leaves = [Value(x) for x in xs]
    root = f(*leaves)
    root.backward()
    return root.data, [leaf.grad for leaf in leaves]


# --- What the table says


ISSUED = """
    add sub mul div neg pow abs exp expm1 log log1p sqrt sin cos tan asin acos atan atan2 sinh
    cosh tanh sigmoid softplus relu maximum minimum hypot logaddexp erf dot total logsumexp
    where_positive
""".split()  # fmt: skip  # noqa: SIM905
OPERATORS = {"add", "sub", "mul", "div", "neg", "pow", "abs"}


def test_the_table_holds_all_that_was_asked_for():
    assert set(ISSUED) <= set(table)


@pytest.mark.parametrize("name", [name for name in ISSUED if name not in OPERATORS])
def test_what_is_no_operator_is_a_function_of_the_package(name):
    assert name in microbp.__all__
    assert getattr(microbp, name) is getattr(mb, name)


def test_the_table_is_by_name_and_misses_nothing():
    assert [op.name for op in table.values()] == list(table)
    assert set(table.values()) >= set(ops.BUILTINS)
    named = {name: op for name, op in vars(ops).items() if isinstance(op, ops.Op)}
    assert named == {op.name.upper(): op for op in ops.BUILTINS}


@each_op
def test_an_operation_shows_its_name_and_symbol(op):
    assert repr(op) == f"<op {op.name}>"
    assert op.symbol.strip()


@each_op
def test_an_operation_is_the_same_one_after_any_copy(op):
    assert pickle.loads(pickle.dumps(op)) is op
    assert copy.deepcopy(op) is copy.copy(op) is op


@each_op
def test_an_operation_cannot_be_changed(op):
    with pytest.raises(FrozenInstanceError):
        op.symbol = "?"


@pytest.mark.parametrize(
    ("name", "arity"), [("exp", 1), ("neg", 1), ("pow", 2), ("atan2", 2), ("dot", None)]
)
def test_arity_counts_the_operands(name, arity):
    assert table[name].arity == arity


# --- Domains


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


# --- Values and partials over all floats


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
    assert_exact(op.value(floats, *xs), value_of(op), xs)


def assert_partials_are_exact(op, xs):
    """Each as exact as the value, but where what it is made of has underflowed or overflowed."""
    y = op.value(floats, *xs)
    for i, partial in enumerate(op.partials(floats, y, *xs)):
        if not math.isinf(y) or not math.isinf(partial):
            assert_exact(partial, partial_of(op, i), xs, forgiven=NORMAL)


def has_lost_exponent(op, xs):
    """pow's partial is b * a ** (b - 1): beyond 2**53, b - 1 is b, and even where it is odd."""
    return op.name == "pow" and xs[0] < 0.0 and abs(xs[1]) > 2.0**53


@each_op
@given(data=st.data())
def test_values_are_exact_all_over(op, data):
    assert_value_is_exact(op, data.draw(operands_of(op)))


@each_op
@given(data=st.data())
def test_partials_are_exact_all_over(op, data):
    xs = data.draw(operands_of(op))
    assume(not has_lost_exponent(op, xs))
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


# --- Partials of moderate numbers


@each_op
@given(data=st.data())
def test_partials_are_slopes(op, data):
    xs = data.draw(operands_of(op, smooth=True))
    size = op.value(floats, *map(abs, xs)) if op.arity is None else None  # terms may cancel
    for i, partial in enumerate(called(op, *map(Value, xs)).partials):
        expected, error = slope(lambda *xs: op.value(floats, *xs), xs, i, size)
        assert abs(partial - expected) <= error


@each_op
@given(data=st.data())
def test_partials_are_those_of_dual_numbers(op, data):
    xs = data.draw(operands_of(op, smooth=True))
    expected = dual_partials(lambda *xs: op.value(duals, *xs), xs)
    assert called(op, *map(Value, xs)).partials == pytest.approx(expected, rel=1e-10, abs=1e-12)


@each_op
@given(data=st.data())
def test_formulas_serve_other_kinds_of_number(op, data):
    """Over mpmath the formulas give more digits than floats; over duals, second derivatives."""
    xs = data.draw(operands_of(op, smooth=True))
    precise = [mpf(x) for x in xs]
    partials = op.partials(mp, op.value(mp, *precise), *precise)
    for i, partial in enumerate(partials):
        exact = mp_partial(lambda *xs: op.value(mp, *xs), xs, i)
        assert abs(partial - exact) <= 1e-15 * abs(exact)  # erf has a factor that is a float
        moved = [Dual(x, 1.0 if j == i else 0.0) for j, x in enumerate(xs)]
        for j, second in enumerate(op.partials(duals, op.value(duals, *moved), *moved)):
            f = lambda *xs, j=j: op.partials(floats, op.value(floats, *xs), *xs)[j]  # noqa: E731
            expected, error = slope(f, xs, i)
            assert abs(getattr(second, "dx", 0.0) - expected) <= error + 1e-12


# --- Infinities, NaN and signed zeros


@each_op
@settings(max_examples=25)
@given(data=st.data())
def test_nan_passes_through_every_operand(op, data):
    xs = list(data.draw(operands_of(op)))
    xs[data.draw(st.integers(0, len(xs) - 1))] = NAN
    assume(not (op.name == "pow" and (xs[0] == 1.0 or xs[1] == 0.0)))
    assume(
        not (op.name == "where_positive" and math.isnan(xs[2 if xs[0] > 0.0 else 1]))
    )  # not chosen
    assert math.isnan(called(op, *map(Value, xs)).data)


@pytest.mark.parametrize(
    "name", ["add", "sub", "mul", "div", "maximum", "minimum", "atan2", "logaddexp", "logsumexp"]
)
def test_nan_passes_through_beside_an_infinity(name):
    for infinity in (INF, -INF):
        assert math.isnan(computed(name, infinity, NAN).data)
        assert math.isnan(computed(name, NAN, infinity).data)


def test_nan_does_not_matter_where_no_number_would():
    """As IEEE 754 has it: these powers and lengths are the same for every operand.

    And what `where_positive` does not choose is no part of its result.
    """
    assert computed("pow", NAN, 0.0).data == computed("pow", 1.0, NAN).data == 1.0
    assert computed("hypot", NAN, -INF).data == INF
    assert (
        computed("where_positive", 1.0, 2.0, NAN).data
        == computed("where_positive", 0.0, NAN, 2.0).data
        == 2.0
    )


@pytest.mark.parametrize("branches", [(2.0, 3.0), (2.0, 2.0), (NAN, 2.0), (INF, -INF)])
def test_a_condition_of_nan_chooses_neither(branches):
    y = computed("where_positive", NAN, *branches)
    assert all_bits([y.data, *y.partials]) == all_bits([NAN, 0.0, NAN, NAN])


@pytest.mark.parametrize("name", ["relu", "abs", "maximum", "minimum"])
def test_nan_has_no_slope(name):
    op = table[name]
    for partial in computed(name, *[NAN] * op.arity).partials:
        assert math.isnan(partial)


@pytest.mark.parametrize(
    ("name", "xs", "data", "partials"),
    [
        ("exp", [INF], INF, [INF]),
        ("exp", [-INF], 0.0, [0.0]),
        ("exp", [710.0], INF, [INF]),
        ("expm1", [-INF], -1.0, [0.0]),
        ("expm1", [710.0], INF, [INF]),
        ("log", [INF], INF, [0.0]),
        ("log1p", [INF], INF, [0.0]),
        ("sqrt", [INF], INF, [0.0]),
        ("atan", [-INF], -math.pi / 2, [0.0]),
        ("sinh", [-711.0], -INF, [INF]),
        ("cosh", [-711.0], INF, [-INF]),
        ("tanh", [-INF], -1.0, [0.0]),
        ("sigmoid", [INF], 1.0, [0.0]),
        ("sigmoid", [-INF], 0.0, [0.0]),
        ("softplus", [INF], INF, [1.0]),
        ("softplus", [-INF], 0.0, [0.0]),
        ("erf", [INF], 1.0, [0.0]),
        ("relu", [INF], INF, [1.0]),
        ("relu", [-INF], 0.0, [0.0]),
        ("abs", [-INF], INF, [-1.0]),
        ("maximum", [-INF, 3.0], 3.0, [0.0, 1.0]),
        ("maximum", [INF, INF], INF, [0.5, 0.5]),
        ("minimum", [-INF, -INF], -INF, [0.5, 0.5]),
        ("where_positive", [INF, -INF, 3.0], -INF, [0.0, 1.0, 0.0]),
        ("where_positive", [-INF, 3.0, INF], INF, [0.0, 0.0, 1.0]),
        ("hypot", [LARGEST, INF], INF, [0.0, NAN]),
        ("atan2", [1.0, INF], 0.0, [NAN, -0.0]),
        ("logaddexp", [INF, 0.0], INF, [1.0, 0.0]),
        ("logaddexp", [-INF, 2.0], 2.0, [0.0, 1.0]),
        ("logaddexp", [-INF, -INF], -INF, [NAN, NAN]),
        ("logsumexp", [-INF, 2.0, -INF], 2.0, [0.0, 1.0, 0.0]),
        ("logsumexp", [INF, 2.0], INF, [NAN, NAN]),
        ("logsumexp", [-INF, -INF], -INF, [NAN, NAN]),
        ("add", [LARGEST, LARGEST], INF, [1.0, 1.0]),
        ("sub", [INF, INF], NAN, [1.0, -1.0]),
        ("mul", [1e200, 1e200], INF, [1e200, 1e200]),
        ("mul", [0.0, INF], NAN, [INF, 0.0]),
        ("div", [1.0, INF], 0.0, [0.0, -0.0]),
        ("div", [1.0, 1e-310], INF, [INF, -INF]),
        ("div", [-1e300, 2.0**-900], -INF, [2.0**900, INF]),
        ("pow", [1e200, 2.0], INF, [2e200, INF]),
        ("pow", [-1e200, 3.0], -INF, [INF, 0.0]),
        ("pow", [2.0, INF], INF, [INF, INF]),
        ("pow", [0.5, INF], 0.0, [0.0 * INF, -0.0]),
        ("pow", [-INF, 3.0], -INF, [INF, 0.0]),
        ("total", [1e308, 1e308, -1e308], INF, [1.0, 1.0, 1.0]),
        ("dot", [1e200, 1e200, 0.0], INF, [1e200, 1e200, 1.0]),
    ],
)  # fmt: skip
def test_infinities_are_as_ieee_arithmetic_has_them(name, xs, data, partials):
    y = computed(name, *xs)
    assert (bits(y.data), all_bits(y.partials)) == (bits(data), all_bits(partials))


@pytest.mark.parametrize(
    "name",
    ["expm1", "log1p", "sqrt", "sin", "tan", "asin", "atan", "sinh", "tanh", "erf", "total"],
)
def test_zeros_keep_their_sign(name):
    for zero in (0.0, -0.0):
        assert bits(computed(name, zero).data) == bits(zero)
    assert computed(name, -0.0).partials == computed(name, 0.0).partials


def test_signs_of_zero_are_those_of_ieee_arithmetic():
    assert bits((-Value(0.0)).data) == bits(-0.0)
    assert bits(abs(Value(-0.0)).data) == bits(0.0)
    assert bits((Value(-0.0) + -0.0).data) == bits(-0.0)
    assert bits((Value(0.0) * -1).data) == bits((Value(0.0) / -1).data) == bits(-0.0)
    assert mb.atan2(Value(-0.0), -1.0).data == -math.pi
    assert mb.atan2(Value(0.0), -1.0).data == math.pi


# --- Kinks and vertical tangents


@pytest.mark.parametrize(
    ("name", "xs", "data", "partials"),
    [
        ("relu", [0.0], 0.0, [0.0]),
        ("relu", [-0.0], 0.0, [0.0]),
        ("abs", [0.0], 0.0, [0.0]),
        ("abs", [-0.0], 0.0, [0.0]),
        ("maximum", [2.0, 2.0], 2.0, [0.5, 0.5]),
        ("maximum", [0.0, -0.0], 0.0, [0.5, 0.5]),
        ("minimum", [-3.0, -3.0], -3.0, [0.5, 0.5]),
        ("where_positive", [0.0, 2.0, 3.0], 3.0, [0.0, 0.0, 1.0]),
        ("where_positive", [-0.0, 2.0, 2.0], 2.0, [0.0, 0.0, 1.0]),
        ("hypot", [0.0, -0.0], 0.0, [0.0, 0.0]),
        ("atan2", [0.0, 0.0], 0.0, [0.0, 0.0]),
        ("atan2", [0.0, -2.0], math.pi, [-0.5, 0.0]),
        ("pow", [0.0, 0.0], 1.0, [0.0, 0.0]),
    ],
)
def test_kinks_give_the_documented_choice(name, xs, data, partials):
    y = computed(name, *xs)
    assert y.data == data
    assert list(y.partials) == partials
    assert table[name].kinks(floats, *xs) == 0.0


@pytest.mark.parametrize(
    ("name", "xs"),
    [
        ("relu", [1e-300]),
        ("abs", [-1e-300]),
        ("maximum", [2.0, 2.0 + 2**-51]),
        ("minimum", [-3.0, 3.0]),
        ("where_positive", [SMALLEST, 2.0, 3.0]),
        ("where_positive", [-1.0, 0.0, 0.0]),
        ("hypot", [0.0, 1.0]),
        ("atan2", [0.0, 2.0]),
        ("atan2", [1e-300, -2.0]),
        ("pow", [0.0, 2.0]),
        ("pow", [3.0, 0.0]),
    ],
)
def test_kinks_are_not_where_an_operation_is_smooth(name, xs):
    assert table[name].kinks(floats, *xs) != 0.0


@pytest.mark.parametrize(
    ("name", "xs", "slope"),
    [
        ("sqrt", [0.0], INF),
        ("sqrt", [-0.0], INF),
        ("asin", [1.0], INF),
        ("asin", [-1.0], INF),
        ("acos", [1.0], -INF),
        ("acos", [-1.0], -INF),
        ("pow", [0.0, 0.5], INF),
        ("pow", [-0.0, 0.5], INF),
        ("pow", [0.0, 0.999], INF),
    ],
)
def test_a_vertical_tangent_has_an_infinite_slope(name, xs, slope):
    assert computed(name, *xs).partials[0] == slope


@pytest.mark.parametrize(
    "f", [lambda x: x * x**0.5, lambda x: x * mb.sqrt(x), lambda x: mb.sqrt(x) * 0.0]
)
def test_a_vertical_tangent_that_nothing_depends_on_does_no_harm(f):
    assert gradients(f, 0.0) == (0.0, [0.0])


# --- Powers


@pytest.mark.parametrize(
    ("a", "b", "data", "by_base", "by_exponent"),
    [
        (0.0, 0.0, 1.0, 0.0, 0.0),
        (0.0, 1.0, 0.0, 1.0, 0.0),
        (0.0, 2.0, 0.0, 0.0, 0.0),
        (0.0, 0.5, 0.0, INF, 0.0),
        (0.0, 2.5, 0.0, 0.0, 0.0),
        (-2.0, 3.0, -8.0, 12.0, 0.0),
        (-2.0, 2.0, 4.0, -4.0, 0.0),
        (-2.0, -1.0, -0.5, -0.25, 0.0),
        (-2.0, 0.0, 1.0, 0.0, 0.0),
        (-1.0, 1.0, -1.0, 1.0, 0.0),
        (1.0, 5.0, 1.0, 5.0, 0.0),
        (2.0, 0.0, 1.0, 0.0, math.log(2)),
        (2.0, -0.0, 1.0, 0.0, math.log(2)),
        (4.0, 0.5, 2.0, 0.25, 2 * math.log(4)),
        (4.0, -1.5, 0.125, -0.046875, math.log(4) / 8),
    ],
)
def test_powers_have_the_partials_of_the_textbook(a, b, data, by_base, by_exponent):
    y = Value(a) ** Value(b)
    assert y.data == data
    assert y.partials == (by_base, by_exponent)


# --- Every way to compute, the same bits


def table_says(op, xs):
    """The bits of the value and the partials; or the DomainError's text."""
    if not in_domain(op, xs):
        return f"{op.name}({', '.join(map(repr, xs))}): {op.domain.sentence}"
    y = op.value(floats, *xs)
    return bits(y), all_bits(op.partials(floats, y, *xs))


def outcome(op, operands):
    try:
        y = called(op, *operands)
    except DomainError as error:
        return str(error)
    return bits(y.data), all_bits(y.partials)


@pytest.mark.parametrize("op", [table[name] for name in sorted(OPERATORS)], ids=attrgetter("name"))
@given(data=st.data())
def test_operators_written_out_by_hand_compute_what_the_table_says(op, data):
    xs = data.draw(st.tuples(*[numbers(infinite=True, nan=True)] * op.arity))
    expected = table_says(op, xs)
    values = [Value(x) for x in xs]
    assert outcome(op, values) == expected
    if op.arity == 2:
        assert outcome(op, (values[0], xs[1])) == expected
        assert outcome(op, (xs[0], values[1])) == expected


@each_op
@given(data=st.data())
def test_any_operands_give_the_floats_that_the_table_says(op, data):
    """An overflow is inf and not OverflowError, and nothing else is raised either."""
    xs = data.draw(operands_of(op, infinite=True, nan=True))
    y, partials = expected = table_says(op, xs)
    assert len(partials) == len(xs)
    assert outcome(op, [Value(x) for x in xs]) == expected
    if op.name not in OPERATORS:
        assert bits(called(op, *xs)) == y


@pytest.mark.parametrize("name", ["exp", "log", "tanh", "sigmoid", "relu"])
@given(data=st.data())
def test_methods_compute_what_the_functions_do(name, data):
    xs = data.draw(operands_of(table[name], infinite=True, nan=True))
    y = getattr(Value(*xs), name)()
    assert (bits(y.data), all_bits(y.partials)) == table_says(table[name], xs)


@each_op
@settings(max_examples=10)
@given(data=st.data())
def test_a_node_that_was_compared_is_the_same_node_still(op, data):
    leaves = tuple(map(Value, data.draw(operands_of(op, smooth=True))))
    ys = [called(op, *leaves) for _ in range(2)]
    bool(ys[0] < 1.0)
    assert (was_compared(ys[0]), was_compared(ys[1])) == (True, False)
    compared, other = ((y.op, y.operands, bits(y.data), all_bits(y.partials)) for y in ys)
    assert compared == other
    assert compared[0] is op


# --- Identities, through sweeps


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (lambda a, b: a - b, lambda a, b: a + (-b)),
        (lambda a, b: a * b, lambda a, b: b * a),
        (lambda a, b: a / b, lambda a, b: a * b**-1),
        (lambda a, b: a**b, lambda a, b: mb.exp(b * mb.log(a))),
        (lambda a, b: (a + b) ** 2, lambda a, b: a * a + 2 * a * b + b * b),
        (lambda a, b: a**2, lambda a, b: a * a),
        (lambda a, b: mb.sqrt(a), lambda a, b: a**0.5),
        (lambda a, b: mb.log(mb.exp(a)), lambda a, b: a),
        (lambda a, b: mb.log(a * b), lambda a, b: mb.log(a) + mb.log(b)),
        (lambda a, b: mb.expm1(a), lambda a, b: mb.exp(a) - 1),
        (lambda a, b: mb.log1p(a), lambda a, b: mb.log(1 + a)),
        (lambda a, b: mb.sin(a + b), lambda a, b: mb.sin(a) * mb.cos(b) + mb.cos(a) * mb.sin(b)),
        (lambda a, b: mb.sin(a) ** 2 + mb.cos(a) ** 2, lambda a, b: Value(1.0)),
        (lambda a, b: mb.tan(a / 3), lambda a, b: mb.sin(a / 3) / mb.cos(a / 3)),
        (lambda a, b: mb.asin(mb.sin(a / 3)), lambda a, b: a / 3),
        (lambda a, b: mb.asin(b / 4) + mb.acos(b / 4), lambda a, b: Value(math.pi / 2)),
        (lambda a, b: mb.atan2(a, b), lambda a, b: mb.atan(a / b)),
        (lambda a, b: mb.sinh(a), lambda a, b: (mb.exp(a) - mb.exp(-a)) / 2),
        (lambda a, b: mb.cosh(a) ** 2 - mb.sinh(a) ** 2, lambda a, b: Value(1.0)),
        (lambda a, b: mb.tanh(a), lambda a, b: mb.sinh(a) / mb.cosh(a)),
        (lambda a, b: mb.sigmoid(a - b), lambda a, b: (1 + mb.tanh((a - b) / 2)) / 2),
        (lambda a, b: mb.softplus(a), lambda a, b: -mb.log(mb.sigmoid(-a))),
        (lambda a, b: mb.softplus(a) - mb.softplus(-a), lambda a, b: a),
        (lambda a, b: mb.relu(a) + mb.relu(-b), lambda a, b: mb.maximum(a, 0) + mb.maximum(0, -b)),
        (lambda a, b: abs(a - b), lambda a, b: mb.maximum(a, b) - mb.minimum(a, b)),
        (lambda a, b: mb.maximum(a, b) + mb.minimum(a, b), lambda a, b: a + b),
        (lambda a, b: mb.where_positive(a - b, a, b), lambda a, b: a if a > b else b),
        (lambda a, b: mb.where_positive(a - b, b * b, a), lambda a, b: b * b if a > b else a),
        (
            lambda a, b: mb.where_positive(a * b, a, 3.0) + mb.where_positive(-a, b, 0),
            lambda a, b: a,
        ),
        (lambda a, b: mb.hypot(a, b), lambda a, b: mb.sqrt(a * a + b * b)),
        (lambda a, b: mb.logsumexp([a, b]), lambda a, b: mb.logaddexp(a, b)),
        (lambda a, b: mb.logaddexp(a, b), lambda a, b: mb.log(mb.exp(a) + mb.exp(b))),
        (lambda a, b: mb.logsumexp([a + b, b, b]), lambda a, b: b + mb.logsumexp([a, 0, 0])),
        (lambda a, b: mb.erf(-a), lambda a, b: -mb.erf(a)),
        (lambda a, b: mb.dot([a, b], [b, 3.0], a), lambda a, b: a * b + b * 3.0 + a),
        (lambda a, b: mb.total([a, b, a, 2.0]), lambda a, b: sum([a, b, a, 2.0])),
    ],
)  # fmt: skip
@given(a=st.floats(0.1, 3.0), b=st.floats(0.1, 3.0))
def test_two_ways_to_write_a_function_have_one_gradient(one, other, a, b):
    data, gradient = gradients(one, a, b)
    expected, expected_gradient = gradients(other, a, b)
    assert data == pytest.approx(expected, rel=1e-12, abs=1e-12)
    assert gradient == pytest.approx(expected_gradient, rel=1e-11, abs=1e-11)


@given(numbers())
def test_tanh_and_sigmoid_are_symmetric_everywhere(x):
    assert gradients(mb.tanh, -x)[0] == -gradients(mb.tanh, x)[0]
    for f in (mb.tanh, mb.sigmoid):
        assert gradients(f, -x)[1] == gradients(f, x)[1]


@given(st.floats(-3.0, 3.0))
def test_the_product_rule(x):
    f, df = gradients(mb.sin, x)
    g, dg = gradients(mb.exp, x)
    _, [product] = gradients(lambda x: mb.sin(x) * mb.exp(x), x)
    assert product == pytest.approx(df[0] * g + f * dg[0], rel=1e-13, abs=1e-13)
