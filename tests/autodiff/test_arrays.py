"""Arrays, dicts and lists in, and the same shapes out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp import (
    Value,
    grad,
    gradcheck,
    hessian,
    hvp,
    jacobian,
    jvp,
    sigmoid,
    sin,
    step_curve,
    tanh,
    value_and_grad,
    vjp,
)

A = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
numbers = st.integers(-9, 9).map(float)


def matrices(rows, columns):
    rows_of = st.lists(numbers, min_size=columns, max_size=columns)
    return st.lists(rows_of, min_size=rows, max_size=rows).map(np.array)


@given(matrices(2, 3), matrices(3, 2))
def test_derivatives_of_products_of_matrices_are_numpys_own(a, b):
    value, (da, db) = value_and_grad(lambda a, b: (a @ b).sum())(a, b)
    assert value == (a @ b).sum()
    assert np.array_equal(da, np.broadcast_to(b.sum(axis=1), (2, 3)))
    assert np.array_equal(db, np.broadcast_to(a.sum(axis=0)[:, None], (3, 2)))
    assert da.dtype == db.dtype == float


@given(matrices(2, 3), matrices(1, 3), matrices(1, 2))
def test_jacobians_of_arrays_have_the_results_shape_first(a, x, u):
    x, u = x[0], u[0]
    by_a, by_x = jacobian(lambda a, x: a @ x)(a, x)
    assert np.array_equal(by_x, a)
    assert np.array_equal(by_a, np.einsum("ij,k->ijk", np.eye(2), x))
    assert np.array_equal(jvp(lambda x: a @ x, x, a[0]), a @ a[0])
    assert np.array_equal(vjp(lambda x: a @ x, x, u), u @ a)


@given(matrices(2, 2))
def test_hessians_of_arrays_have_the_arguments_shape_twice(w):
    def f(w):
        return (w * w * w).sum() + w[0, 0] * w[1, 1]

    curved, v = hessian(f)(w), np.array([[1.0, 2.0], [-3.0, 0.5]])
    expected = np.einsum("ij,ik,jl->ijkl", 6 * w, np.eye(2), np.eye(2))
    expected[0, 0, 1, 1] = expected[1, 1, 0, 0] = 1.0
    assert np.array_equal(curved, expected)
    assert np.array_equal(hvp(f, w, v), np.einsum("ijkl,kl", expected, v))


FUNCTIONS = {
    "sum": np.sum,
    "mean": np.mean,
    "prod": np.prod,
    "max": np.max,
    "dot": lambda x: np.dot(x.ravel(), x.ravel()),
    "matmul": lambda x: (A @ x.T).sum(),
    "einsum": lambda x: np.einsum("ij,kj->", A, x),
    "tensordot": lambda x: np.tensordot(A, x),
    "trace": np.trace,
    "outer": lambda x: np.outer(x[0], x[1]).sum(),
    "loop": lambda x: sum(tanh(t) for row in x for t in row),
    "cumsum": lambda x: np.cumsum(x)[3],
    "where": lambda x: np.where(x > 1.5, x * x, -x).sum(),
    "concatenate": lambda x: np.concatenate([x, 2 * x]).sum(),
    "vectorize": lambda x: np.vectorize(sigmoid, otypes=[object])(x).sum(),
    "norm": np.linalg.norm,
    "norm of rows": lambda x: np.linalg.norm(x, axis=1).sum(),
    "var": np.var,
    "std": np.std,
    "abs": lambda x: np.abs(x).sum(),
    "maximum": lambda x: np.maximum(x, 0.25).sum(),
    "clip": lambda x: np.clip(x, -1.5, 1.5).sum(),
    "softmax": lambda x: (np.exp(x) / np.exp(x).sum())[0, 0],
    "sqrt": lambda x: np.sqrt(x * x + 1.0).sum(),
    "log": lambda x: np.log(x * x).sum(),
    "tanh": lambda x: np.tanh(A @ x.T)[0, 1],
    "sin": lambda x: np.sin(x).sum() * np.cos(x).sum(),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_numpys_functions_work_inside_f(name):
    x = np.array([[1.0, -2.0, 3.0], [0.5, 2.0, -1.0]])
    report = gradcheck(FUNCTIONS[name], x)
    assert report.verdict == "pass", str(report)
    assert grad(FUNCTIONS[name])(x).shape == x.shape


@pytest.mark.parametrize(
    "dtype", ["bool", "int8", "uint16", "int64", "float16", "float32", "float64", "longdouble", "O"]
)
def test_numbers_of_any_dtype_give_floats(dtype):
    x = np.array([[1, 0], [1, 1]], dtype=dtype)
    slopes = grad(lambda x: (x * x).sum())(x)
    assert (slopes.dtype, slopes.tolist()) == (float, [[2.0, 0.0], [2.0, 2.0]])
    assert x.tolist() == [[1, 0], [1, 1]]


@pytest.mark.parametrize(
    "layout", [np.asfortranarray, np.transpose, lambda x: x[::-1, ::2], lambda x: x[None]]
)
def test_arrays_of_any_layout(layout):
    x = layout(A)
    assert np.array_equal(grad(lambda x: (x * x * x).sum())(x), 3 * x * x)


@pytest.mark.parametrize("x", [np.float32(2.0), np.int64(2), np.array(2.0), np.array(2)])
def test_scalars_and_arrays_without_axes_are_numbers(x):
    assert type(grad(lambda x: x**3)(x)) is float
    assert grad(lambda x: x**3)(x) == 12.0
    assert hessian(lambda x: np.array(x**3))(x) == 12.0
    assert jvp(lambda x: [x, np.array(x * x)], x, np.array(1.0)) == [1.0, 4.0]


def test_dicts_lists_and_arrays_nest():
    point = {"W": A, "b": [1.0, (2.0,)], "c": {"d": np.ones(2)}}

    def f(p):
        return (p["W"] @ np.ones(3)) @ p["c"]["d"] * p["b"][0] + p["b"][1][0] ** 2

    value, slopes = value_and_grad(f)(point)
    assert value == 25.0
    assert list(slopes) == list(point)
    assert slopes["W"].tolist() == [[1.0] * 3] * 2
    assert slopes["b"] == [21.0, (4.0,)]
    assert slopes["c"]["d"].tolist() == [6.0, 15.0]
    curved = hessian(f)(point)
    assert curved["W"]["c"]["d"].shape == (2, 3, 2)
    assert curved["c"]["d"]["W"].shape == (2, 2, 3)
    assert curved["b"][1][0]["b"] == [0.0, (2.0,)]
    assert curved["b"][0]["W"].tolist() == [[1.0] * 3] * 2


def test_a_jacobian_nests_as_the_result_outside_and_as_the_arguments_inside():
    found = jacobian(lambda p: {"y": A @ p["x"], "z": [p["x"][0] * p["b"]]})(
        {"x": np.ones(3), "b": 2.0}
    )
    assert found["y"]["x"].tolist() == A.tolist()
    assert found["y"]["b"].tolist() == [0.0, 0.0]
    assert found["z"][0]["x"].tolist() == [2.0, 0.0, 0.0]
    assert found["z"][0]["b"] == 1.0
    rows = jacobian(lambda x: A @ x)([1.0, 1.0, 1.0])  # a list of numbers, each an argument
    assert [column.tolist() for column in rows] == A.T.tolist()


def test_arrays_without_entries():
    nothing = np.zeros((0, 2))
    assert grad(lambda x: x.sum() + 1.0)(nothing).shape == (0, 2)
    assert jacobian(lambda x: np.ones(3))(nothing).shape == (3, 0, 2)
    assert jacobian(lambda x: nothing)(np.ones(3)).shape == (0, 2, 3)
    assert jvp(lambda x: x, nothing, nothing).shape == (0, 2)


def test_arrays_of_values_give_arrays_of_values():
    x = np.array([Value(1.0), Value(2.0)])
    slopes = grad(lambda x: (x * x * x).sum())(x)
    assert slopes.dtype == object
    slopes.sum().backward()
    assert [t.grad for t in x] == [6.0, 12.0]
    constant = grad(np.sum)(x)
    assert [type(t) for t in constant] == [Value, Value]


def test_a_gradient_inside_a_function_of_arrays_sees_its_variables():
    def slope_length(x):
        return (grad(lambda x: (x**3).sum())(x) ** 2).sum()

    assert grad(slope_length)(np.array([1.0, 2.0])).tolist() == [36.0, 36.0 * 8.0]


def test_tangents_go_by_key():
    def f(p):
        return p["x"] * p["y"]

    assert jvp(f, {"x": 2.0, "y": 3.0}, {"y": 10.0, "x": 1.0}) == 23.0
    assert hvp(f, {"x": 2.0, "y": 3.0}, {"y": 10.0, "x": 1.0}) == {"x": 10.0, "y": 1.0}


def test_f_may_change_its_arrays():
    def f(x):
        x[0] = x[0] * x[1]
        x += 1.0
        return x.sum()

    x = np.array([2.0, 3.0])
    assert grad(f)(x).tolist() == [3.0, 3.0]
    assert gradcheck(f, x).verdict == "pass"
    assert x.tolist() == [2.0, 3.0]


def test_a_report_names_entries():
    report = gradcheck(
        lambda params, w: (params["W1"][0] * w).sum(), {"W1": [2.0]}, np.ones((1, 2))
    )
    assert report.verdict == "pass"
    assert [e.name for e in report.entries] == ["params['W1'][0]", "w[0, 0]", "w[0, 1]"]
    labeled = gradcheck(np.prod, np.array([Value(2.0, "a"), Value(3.0)]))
    assert [e.name for e in labeled.entries] == ["a", "a[1]"]


def test_the_hessian_of_arrays_is_checked():
    report = gradcheck(lambda w, b: sin(w @ w * b[0]) * b[1], A[0] / 8, [1.0, 2.0], order=2)
    assert report.verdict == "pass", str(report)
    names = ["w[0]", "w[1]", "w[2]", "b[0]", "b[1]"]
    assert [e.name for e in report.entries] == [f"{i}, {j}" for i in names for j in names]
    several = gradcheck(lambda w: {"all": w * w, "one": [w[0] * w[1]]}, A[0, :2], order=2)
    assert [e.output for e in several.entries] == [0] * 4 + [1] * 4 + [2] * 4
    assert [e.backward for e in several.entries if e.output == 2] == [0.0, 1.0, 1.0, 0.0]


def test_parameters_may_be_nested():
    params = {"W": np.array([[Value(2.0), Value(3.0)]]), "b": Value(1.0, "bias")}
    report = gradcheck(lambda: params["W"].sum() * params["b"], parameters=params)
    assert report.verdict == "pass"
    assert [e.name for e in report.entries] == [
        "parameters['W'][0, 0]", "parameters['W'][0, 1]", "bias",
    ]  # fmt: skip


def test_step_curves_are_nested_as_the_point():
    def f(p):
        return sin(p["x"][0]) * p["x"][1] / p["x"][2]

    curves = step_curve(f, {"x": np.array([1.0, 2.0, 3.0])})["x"]
    assert curves.shape == (3,)
    alone = step_curve(lambda t: sin(t) * 2.0 / 3.0, 1.0)
    assert curves[0] == alone
    assert set(curves[1].truncation) == {0.0}


def test_numpy_stays_unimported_where_nobody_has_an_array(python):
    done = python(
        "import sys\n"
        "from microbp import grad, hessian, gradcheck, step_curve\n"
        "grad(lambda p: p['a'] * p['b'][0])({'a': 1.0, 'b': [2.0]})\n"
        "hessian(lambda x: x[0] * x[1])([1.0, 2.0])\n"
        "gradcheck(lambda x: x[0] * x[1], (1.0, 2.0), order=2)\n"
        "assert 'numpy' not in sys.modules\n"
    )
    assert done.returncode == 0, done.stderr
