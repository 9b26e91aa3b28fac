"""What transforms and checks are given by mistake, and what they answer, on both engines."""

import numpy as np
import pytest

from microbp import (
    Value,
    grad,
    gradcheck,
    hessian,
    hvp,
    jacobian,
    jvp,
    step_curve,
    value_and_grad,
    vjp,
)
from tests.helpers.engines import engine_in_use, pytest_generate_tests  # noqa: F401  # for pytest

TREES = "or an array, list, tuple or dict of numbers"
ONE = "expected f to give one number or Value"


def square(x):
    return x * x


def total(x):
    return x.sum()


# What is written, the error, and what it says.
WRONG = [
    # No function
    (lambda: grad(3)(0), "grad: expected a function, got 3: write grad(lambda x: x * x)(2.0)"),
    (lambda: jacobian([1.0]),
     "jacobian: expected a function, got [1.0]: write jacobian(lambda x: x * x)(2.0)"),
    (lambda: hessian(Value(3.0) * 2.0),
     "hessian: expected a function, got Value(6.0, grad=0.0, op=mul): write hessian(lambda x: "
     "x * x)(2.0); for a Value y computed from x it is y.backward(), and then x.grad"),
    (lambda: jvp(None, 1.0, 1.0),
     "jvp: expected a function, got None: write jvp(lambda x: x * x, 2.0, 1.0)"),
    (lambda: gradcheck(3, 1.0),
     "gradcheck: expected a function, got 3: write gradcheck(lambda x: x * x, 2.0)"),
    (lambda: step_curve("x**2", 1.0),
     "step_curve: expected a function, got the string 'x**2': "
     "write step_curve(lambda x: x * x, 2.0)"),
    # As elsewhere
    (lambda: grad(square, 2.0),
     "grad: expected a function alone, got 2.0 too: write grad(f)(2.0)"),
    (lambda: jacobian(square, np.ones(2)),
     "jacobian: expected a function alone, got an array of shape (2,) too: "
     "write jacobian(f)(np.array([1.0, 1.0]))"),
    (lambda: value_and_grad(square, argnums=1),
     "value_and_grad: expected a function alone, got argnums=1 too: for some of f's arguments "
     "alone, write value_and_grad(lambda y: f(2.0, y))(3.0)"),
    (lambda: grad(square)(x=2.0),
     "grad: expected f's arguments without names, got x=2.0: write grad(f)(2.0), "
     "and grad(lambda x: f(x, name=3.0))(2.0) for a constant"),
    (lambda: grad(square)(), "grad: expected f's arguments, got none: write grad(f)(2.0)"),
    (lambda: jvp(total, (np.ones(2),), (np.ones(2),)),
     "jvp: expected f's one argument, a number, an array, a list or a dict, and its tangent, got "
     "the tuple (array([1., 1.]),): write jvp(f, np.array([1.0, 1.0]), np.array([1.0, 1.0]))"),
    (lambda: hvp(total, [np.ones(9)]),
     "hvp: expected a tangent too: write hvp(f, point, tangent), or lambda tangent: "
     "hvp(f, point, tangent) for a function of the tangent"),
    # Too many arguments, or too few
    (lambda: grad(square)(1.0, 2.0),
     "grad: expected the arguments of square(x), got 2: write grad(f)(x)"),
    (lambda: gradcheck(lambda x, y: x * y, (1.0, 2.0)),
     "gradcheck: expected the arguments of f(x, y), got 1: write gradcheck(f, x, y) "
     "or gradcheck(lambda x: f(*x), x)"),
    (lambda: hessian(lambda x, y, z=1.0: x * y)([1.0, 2.0]),
     "hessian: expected the arguments of f(x, y, z=1.0), got 1: write hessian(f)(x, y) "
     "or hessian(lambda x: f(*x))(x)"),
    (lambda: step_curve(lambda: 1.0, 2.0),
     "step_curve: expected the arguments of f(), got 1: write step_curve(lambda x: x * x, 2.0)"),
    # No numbers
    (lambda: jacobian(square)("a"),
     f"jacobian: expected a number for x, {TREES}, got the string 'a': "
     "write jacobian(f)(2.0), say"),
    (lambda: grad(square)(b"2"),
     f"grad: expected a number for x, {TREES}, got the string b'2': write 2.0"),
    (lambda: gradcheck(square, "a"),
     f"gradcheck: expected a number for x, {TREES}, got the string 'a': "
     "write gradcheck(f, 2.0), say"),
    (lambda: step_curve(square, None),
     f"step_curve: expected a number for x, {TREES}, got None: write step_curve(f, 2.0), say"),
    (lambda: grad(square)({2.0}),
     f"grad: expected a number for x, {TREES}, got {{2.0}}: a set has no order, "
     "so write sorted(x)"),
    (lambda: grad(square)(range(3)),
     f"grad: expected a number for x, {TREES}, got range(0, 3): write list(x)"),
    (lambda: gradcheck(square, (t for t in [1.0])),
     f"gradcheck: expected a number for x, {TREES}, got a generator: write list(x)"),
    (lambda: grad(square)(2j),
     f"grad: expected a number for x, {TREES}, got 2j: derivatives are of real numbers, "
     "so write its real and imaginary parts as two"),
    (lambda: grad(square)([1.0, {"a": None}]),
     "grad: expected a number for x[1]['a'], got None: write a number there"),
    (lambda: grad(lambda *xs: xs[0])(1.0, ["2"]),
     "grad: expected a number for x2[0], got the string '2': write 2.0"),
    # Arrays of something else
    (lambda: grad(square)(np.array([1j])),
     f"grad: expected a number for x, {TREES}, got an array of shape (1,) and dtype complex128: "
     "derivatives are of real numbers, so write its real and imaginary parts as two"),
    (lambda: grad(square)(np.array(["a"])),
     f"grad: expected a number for x, {TREES}, got an array of shape (1,) and dtype <U1: "
     "write x.astype(float) if it holds numbers"),
    (lambda: grad(square)({"t": np.array(["2026-01-01"], dtype="M8[D]")}),
     "grad: expected a number for x['t'], got an array of shape (1,) and dtype datetime64[D]: "
     "write x['t'].astype(float) if it holds numbers"),
    (lambda: grad(square)(np.ma.array([1.0, 2.0], mask=[False, True])),
     f"grad: expected a number for x, {TREES}, got a MaskedArray of shape (2,) and dtype float64: "
     "write x.filled(0.0), or x.compressed() to leave out what is masked"),
    (lambda: grad(square)([np.ma.masked]),
     "grad: expected a number for x[0], got masked: write x[0].filled(0.0), "
     "or x[0].compressed() to leave out what is masked"),
    (lambda: grad(square)(np.zeros(2, dtype=[("a", float)])),
     f"grad: expected a number for x, {TREES}, got an array of shape (2,) and dtype "
     "[('a', '<f8')]: write a dict of its fields"),
    (lambda: grad(square)(np.ones((2, 2)).view(np.matrix)),
     f"grad: expected a number for x, {TREES}, got a matrix of shape (2, 2) and dtype float64: "
     "write np.asarray(x)"),
    (lambda: grad(square)(np.array([[1.0, 2.0], [3.0]], dtype=object)),
     "grad: expected a number for x[0], got [1.0, 2.0]: an entry of an array is one number, "
     "so write a list of arrays"),
    (lambda: grad(square)(np.array([[1.0, None]])),
     "grad: expected a number for x[0, 1], got None: write a number there"),
    # f's result
    (lambda: grad(square)(np.ones(3)),
     f"grad: {ONE}, got an array of shape (3,): write a function that returns one of them, "
     "or their sum; jacobian(f) takes several"),
    (lambda: hessian(lambda x: {"a": 1.0})(2.0),
     f"hessian: {ONE}, got {{'a': 1.0}}: write a function that returns one of them, or their sum"),
    (lambda: grad(lambda x: 2j)(1.0),
     f"grad: {ONE}, got 2j: derivatives are of real numbers, so write its real and imaginary "
     "parts as two"),
    (lambda: jacobian(lambda x: (t for t in [x]))(1.0),
     f"jacobian: expected a number for f(x), {TREES}, got a generator: write list(f(x))"),
    (lambda: jacobian(lambda x: [x, None])(1.0),
     "jacobian: expected a number for f(x)[1], got None: write a number there"),
    (lambda: gradcheck(lambda x: None, 1.0),
     f"gradcheck: expected a number for f(x), {TREES}, got None: does f end without return?"),
    (lambda: step_curve(lambda x: [x], 1.0),
     f"step_curve: {ONE}, got [Value(1.0, grad=0.0)]: write a function that returns one of them, "
     "or their sum"),
    # Parameters to check
    (lambda: gradcheck(lambda: 1.0, parameters=[1.0]),
     "gradcheck: expected parameters to be leaves, got 1.0: write parameters=net.parameters(), "
     "or a list of Values that you made from numbers"),
    (lambda: gradcheck(lambda: 1.0, parameters={"w": Value(1.0) * 2.0}),
     "gradcheck: expected parameters to be leaves, got Value(2.0, grad=0.0, op=mul): write "
     "parameters=net.parameters(), or a list of Values that you made from numbers"),
]  # fmt: skip

OTHERWISE_NESTED = [
    (lambda: jvp(square, np.ones(2), [1.0, 2.0]),
     "jvp: expected a tangent nested as the point, an array of shape (2,), got [1.0, 2.0]: "
     "write np.array(tangent)"),
    (lambda: hvp(total, [1.0], np.ones(1)),
     "hvp: expected a tangent nested as the point, [1.0], got an array of shape (1,): "
     "write tangent.tolist()"),
    (lambda: vjp(square, np.ones(2), np.ones(3)),
     "vjp: expected a cotangent nested as f's result, an array of shape (2,), "
     "got an array of shape (3,)"),
    (lambda: jvp(lambda x: x["a"], {"a": 1.0}, {"b": 1.0}),
     "jvp: expected a tangent nested as the point, {'a': 1.0}, got {'b': 1.0}"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "text"), WRONG)
def test_a_wrong_call_is_told_what_to_write(call, text):
    with pytest.raises(TypeError) as error:
        call()
    assert str(error.value) == text


@pytest.mark.parametrize(("call", "text"), OTHERWISE_NESTED)
def test_a_vector_nested_otherwise_is_told_how(call, text):
    with pytest.raises(ValueError, match=r"expected a (co)?tangent nested as") as error:
        call()
    assert str(error.value) == text


@pytest.mark.parametrize("call", [grad, lambda f: lambda x: gradcheck(f, x)])
def test_an_error_of_fs_own_comes_through(call):
    with pytest.raises(TypeError, match=r"missing 1 required positional argument: 'y'"):
        call(lambda x: (lambda x, y: x)(x))(1.0)


def test_an_error_leaves_gradients_as_they_are():
    w = Value(2.0)
    w.grad = 7.0
    for wrong in (lambda: grad(lambda x: [w * x])(1.0), lambda: gradcheck(lambda x: {w}, 1.0)):
        with pytest.raises(TypeError):
            wrong()
    assert w.grad == 7.0
