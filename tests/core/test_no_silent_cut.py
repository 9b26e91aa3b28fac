"""No conversion to a plain number cuts the graph silently: the error says what to write.

Both engines use the same words. What has a derivative of 0 anyway is converted.
"""

import array
import cmath
import math
import operator

import numpy as np
import pytest

import microbp
from microbp.core.engine import Value
from tests.helpers.nodes import state

WRITE = (
    r"^float: expected a plain number, got Value\(0\.5, .*: write microbp\.exp\(x\) for "
    r"math\.exp\(x\) \(m\.exp\(x\) in a custom operation\), dtype=object for an array of "
    r"Values, and x\.data, x\.item\(\) or x\.detach\(\) for the plain number$"
)
OF_ONE = ["acos", "asin", "atan", "cbrt", "cos", "degrees", "erf", "exp", "expm1", "fabs", "frexp"]
OF_ONE += ["gamma", "isfinite", "isnan", "lgamma", "log", "log10", "log1p", "log2", "modf", "sin"]
OF_ONE += ["sqrt", "tan", "tanh", "ulp"]
OF_ONE = [getattr(math, name) for name in OF_ONE if hasattr(math, name)]  # cbrt is new in 3.11
OF_TWO = [math.atan2, math.copysign, math.fmod, math.hypot, math.ldexp, math.nextafter, math.pow]
CONVERSIONS = {
    "float": float,
    "complex": complex,
    **{f"math.{f.__name__}": f for f in OF_ONE},
    **{f"math.{f.__name__}(v, 2)": lambda v, f=f: f(v, 2) for f in OF_TWO},
    "math.fsum": lambda v: math.fsum([1.0, v]),
    "cmath.exp": cmath.exp,
    "array": lambda v: array.array("d", [v]),
    "%": lambda v: operator.mod("%.2f", v),
    "np.float64": np.float64,
    "np.asarray": lambda v: np.asarray([v, v], dtype=float),
    "np.asarray of one": lambda v: np.asarray(v, dtype=np.float32),
    "nested": lambda v: np.array([[v, 1.0], [2.0, v]], dtype=float),
    "complex array": lambda v: np.array([v], dtype=complex),
    "astype": lambda v: np.array([v, v]).astype(float),
    "an entry": lambda v: operator.setitem(np.zeros(2), 0, v),
    "a slice": lambda v: operator.setitem(np.zeros(2), slice(None), [v, v]),
    "fill": lambda v: np.zeros(2).fill(v),
    "np.full": lambda v: np.full(2, v, dtype=float),
    "np.interp": lambda v: np.interp(v, [0.0, 1.0], [0.0, 1.0]),
}


@pytest.mark.parametrize("convert", CONVERSIONS.values(), ids=CONVERSIONS)
def test_a_conversion_to_float_says_what_to_write(convert):
    x = Value(0.5, "x")
    for v in (Value(0.5), x, x * 1.0):
        before = state(v)
        with pytest.raises(TypeError, match=WRITE):
            convert(v)
        assert state(v) == before


PLACES = {
    "Value": Value,
    "data": lambda v: setattr(Value(1.0), "data", v),
    "grad": lambda v: setattr(Value(1.0), "grad", v),
    "backward": lambda v: Value(1.0).backward(v),
    "local_grads": lambda v: Value(1.0, (Value(2.0),), (v,)),
}


@pytest.mark.parametrize(("where", "use"), PLACES.items(), ids=PLACES)
def test_a_value_is_no_plain_number(where, use):
    x = Value(0.5, "x")
    for v in (x, x * 1.0):
        with pytest.raises(TypeError) as error:
            use(v)
        assert str(error.value) == (
            f"{where}: expected a plain number, got {v!r}: write x.data or x.item() for its "
            "number, or x.detach() for a leaf of it"
        )


def test_what_the_errors_say_to_write_works():
    x = Value(0.5, "x")
    y = x * 2.0
    assert y.data == y.item() == math.exp(y.detach().data * 0.0) == 1.0
    assert Value(y.data).data == y.detach().data == 1.0
    assert np.asarray([y, y], dtype=object)[0] is y
    assert math.exp(y.item()) == microbp.exp(y).data


def test_derivatives_never_lack_a_part_silently():
    with pytest.raises(TypeError, match=r"write microbp\.exp\(x\) for math\.exp\(x\)"):
        microbp.grad(math.exp)(1.0)

    def filled(b):
        c = np.zeros(2)
        c[0] = b[0] * b[0]
        return c

    with pytest.raises(TypeError, match=r"dtype=object for an array of Values"):
        microbp.jacobian(filled)([1.0, 2.0])


def test_a_custom_operation_with_a_plain_partial_has_no_second_derivative():
    half_differentiable = microbp.operation(
        "half_differentiable",
        value=lambda m, x: m.sin(x),
        partials=lambda m, y, x: (math.cos(x),),
    )
    assert microbp.grad(half_differentiable)(1.0) == math.cos(1.0)
    for second in (microbp.hessian, lambda f: microbp.grad(microbp.grad(f))):
        with pytest.raises(TypeError, match=r"\(m\.exp\(x\) in a custom operation\)"):
            second(half_differentiable)(1.0)


def test_whole_numbers_and_texts_are_plain():
    v = Value(2.5) * 1.0
    assert (int(v), round(v), round(v, 1), math.trunc(v)) == (2, 2, 2.5, 2)
    assert (math.floor(v), math.ceil(v), f"{v:.1f}") == (2, 3, "2.5")
