"""NumPy's scalars and arrays beside Values."""

import math

import numpy as np
import pytest

import microbp
from microbp.core.engine import Value
from tests.helpers.nodes import ARITHMETIC, ORDER, type_name

SCALARS = [np.float64(2), np.float32(2), np.float16(2), np.longdouble(2), np.int64(2), np.uint8(2)]


@pytest.mark.parametrize("scalar", SCALARS, ids=type_name)
def test_numpy_scalars_leave_the_partials_to_us(scalar):
    v = Value(3.0)
    for y in (scalar * v, v * scalar):
        y.backward()
        assert type(y) is Value
    assert v.grad == 4.0
    (scalar - v).backward()
    (scalar / v).backward()
    assert v.grad == 4.0 - 1.0 - 2.0 / 9.0


def test_object_arrays_of_values_compute_element_by_element():
    values = [Value(2.0), Value(3.0)]
    array = np.array(values)
    assert array.dtype == object
    assert list(array) == values
    v = Value(5.0)
    for y, expected in (
        (array + array, [4, 6]),
        (array * array, [4, 9]),
        (array + 1.5, [3.5, 4.5]),
        (1.5 + array, [3.5, 4.5]),
        (array * np.float64(2), [4, 6]),
        (np.float64(2) * array, [4, 6]),
        (array * np.array([1.0, 2.0]), [2, 6]),
        (v * array, [10, 15]),
        (array * v, [10, 15]),
        (v - array, [3, 2]),
        (array - v, [-3, -2]),
        (v / array, [2.5, 5 / 3]),
        (v**array, [25, 125]),
    ):
        assert [type(element) for element in y] == [Value, Value]
        assert [element.data for element in y] == expected
    assert list(v > array) == [True, True]
    assert list(array >= v) == [False, False]
    (array * array).sum().backward()
    assert [x.grad for x in values] == [4.0, 6.0]
    assert (array @ np.array([1.0, 2.0])).data == 8.0
    assert [y.op.name for y in np.tanh(array)] == ["tanh", "tanh"]


@pytest.mark.parametrize("operation", ARITHMETIC)
@pytest.mark.parametrize("array", [np.array([1.0, 2.0]), np.array([[1, 2], [3, 4]]), np.zeros(0)])
def test_an_array_of_numbers_is_computed_with_element_by_element(operation, array):
    v = Value(3.0)
    for y, elements in (
        (operation(v, array), [operation(v, float(x)).data for x in array.flat]),
        (operation(array, v), [operation(float(x), v).data for x in array.flat]),
    ):
        assert y.shape == array.shape
        assert [element.data for element in y.flat] == elements


@pytest.mark.parametrize("operation", ORDER)
def test_an_array_of_numbers_is_compared_element_by_element(operation):
    array = np.array([[1.0, 3.0], [4.0, 3.0]])
    assert (operation(Value(3.0), array) == operation(3.0, array)).all()
    assert (operation(array, Value(3.0)) == operation(array, 3.0)).all()


def test_arrays_of_what_is_no_number_are_refused():
    for array in (np.array(["1", "2"]), np.array([1j, 2.0])):
        with pytest.raises(TypeError, match=r"^mul: expected a real number or a Value, got"):
            Value(3.0) * array


SINGLE = ["exp", "expm1", "log1p", "sqrt", "sin", "cos", "tan", "arcsin", "arccos", "arctan"]
SINGLE += ["sinh", "cosh", "tanh", "log", "square", "abs", "negative", "sign", "conjugate", "log2"]
SINGLE += ["log10", "exp2", "cbrt", "arcsinh", "arctanh"]


def number(y):
    return y.data if isinstance(y, Value) else y


@pytest.mark.parametrize("name", SINGLE)
def test_numpys_functions_find_ours(name):
    xs = [0.5, 0.25]
    f = getattr(np, name)
    values = np.array([Value(x) for x in xs])
    for y, x in zip(f(values), xs, strict=True):
        assert number(y) == pytest.approx(float(f(x)), rel=1e-15)
    assert number(f(Value(0.5))) == pytest.approx(float(f(0.5)), rel=1e-15)


def test_numpys_arccosh_finds_ours():
    x = Value(1.5)
    y = np.arccosh(np.array([x]))[0]
    y.backward()
    assert (y.data, x.grad) == (np.arccosh(1.5), pytest.approx(1.25**-0.5, rel=1e-15))


@pytest.mark.parametrize("name", ["arctan2", "hypot", "maximum", "minimum", "add", "power"])
def test_numpys_functions_of_two_find_ours(name):
    f = getattr(np, name)
    y = f(np.array([Value(0.5), Value(2.0)]), np.array([Value(0.75), Value(0.25)]))
    expected = f(np.array([0.5, 2.0]), np.array([0.75, 0.25]))
    assert [element.data for element in y] == pytest.approx(list(expected), rel=1e-15)


@pytest.mark.parametrize(
    "reduced",
    [
        np.mean,
        np.var,
        np.std,
        np.sum,
        np.prod,
        np.linalg.norm,
        lambda x: np.dot(x, x),
        lambda x: x @ x,
        lambda x: np.einsum("i,i->", x, x),
        lambda x: np.vdot(x, x),
        lambda x: np.outer(x, x)[1, 2],
        lambda x: np.cumsum(x)[2],
        lambda x: np.clip(x, 0.0, 2.0)[0],
    ],
)
def test_numpys_sums_and_products(reduced):
    xs = [1.0, -2.5, 4.0]
    leaves = [Value(x) for x in xs]
    y = reduced(np.array(leaves))
    assert type(y) is Value
    assert y.data == pytest.approx(reduced(np.array(xs)), rel=1e-15)
    y.backward()
    for i, leaf in enumerate(leaves):
        moved = np.array(xs)
        moved[i] += 1e-6
        assert leaf.grad == pytest.approx((reduced(moved) - y.data) / 1e-6, abs=2e-5)


def test_numpy_itself_spreads_an_array_on_the_left():
    """It asks for `1.0 * v` and `2.0 * v`, and we can't know that it does."""
    y = np.array([1.0, 2.0]) * Value(3.0)
    assert [element.data for element in y] == [3.0, 6.0]


@pytest.mark.parametrize(
    "text",
    [np.str_("3"), np.bytes_(b"3"), np.array("3"), np.timedelta64(3, "s"), np.datetime64(3, "s")],
    ids=type_name,
)
def test_numpy_texts_and_times_are_no_numbers(text):
    """Though float() of most is 3.0."""
    for use in (Value, Value(3.0).__mul__, Value(3.0).__rmul__, microbp.exp):
        with pytest.raises(TypeError, match=r": expected (a|one) real number or (a )?Value, got "):
            use(text)


@pytest.mark.parametrize("x", [np.complex64(1 + 2j), np.clongdouble(1 + 2j), np.array(1 + 2j)])
def test_numpy_complex_numbers_are_refused(x):
    v = Value(3.0)
    for use in (Value, v.__mul__, lambda x: x * v, lambda x: x < v, microbp.exp, v.backward):
        with pytest.raises(TypeError, match=r"^(Value|mul|>|exp|backward): expected a real number"):
            use(x)


def test_rounding_gives_plain_numbers():
    xs = np.array([Value(x) for x in (0.25, -0.3, 1.5, 2.5, math.inf, -math.inf, math.nan)])
    assert repr(np.rint(xs).tolist()) == "[0.0, -0.0, 2.0, 2.0, inf, -inf, nan]"
    assert np.round(xs[:4], 1).tolist() == [0.2, -0.3, 1.5, 2.5]
