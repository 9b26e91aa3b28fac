"""What f, its gradient and `at` may be."""

import math
from collections import namedtuple

import numpy as np
import pytest

import microbp
from microbp import check_gradient

Point = namedtuple("Point", ["x", "y"])


def names(report):
    return [entry.name for entry in report.entries]


@pytest.mark.parametrize(
    ("f", "gradient", "at", "expected"),
    [
        (lambda x: x * x, lambda x: 2 * x, 3, ["x"]),
        (lambda x, y: x * y, lambda x, y: (y, x), (2.0, 3), ["x", "y"]),
        (lambda x, y: x * y, lambda x, y: np.array([y, x]), (2.0, 3), ["x", "y"]),
        (lambda x: x * x, lambda x: 2 * x, (3.0,), ["x"]),
        (lambda w: w[0] * w[1], lambda w: [w[1], w[0]], [2, 3.0], ["w[0]", "w[1]"]),
        (
            lambda w: w[0][0] * w[1][0] + w[1][1],
            lambda w: [[w[1][0]], [w[0][0], 1]],
            [[2.0], [3.0, 1.0]],
            ["w[0][0]", "w[1][0]", "w[1][1]"],
        ),
        (
            lambda p: p["w"]["b"][1] * p["c"],
            lambda p: {"c": p["w"]["b"][1], "w": {"b": [0.0, p["c"]]}},
            {"w": {"b": [1.0, 2.0]}, "c": 3.0},
            ["w.b[0]", "w.b[1]", "c"],
        ),
        (
            lambda W, b: float((W * b).sum()),
            lambda W, b: (np.broadcast_to(b, W.shape), W.sum(axis=0)),
            (np.ones((1, 2)), np.array([1, 2])),
            ["W[0, 0]", "W[0, 1]", "b[0]", "b[1]"],
        ),
        (lambda p: p.x * p.y, lambda p: [p.y, p.x], Point(2.0, 3.0), ["p[0]", "p[1]"]),
        (lambda x: x * x, lambda x: 2 * x, np.float32(1.5), ["x"]),
        (lambda x: x * x, lambda x: 2 * x, np.array(1.5), ["x"]),
    ],
)
def test_arguments_of_all_shapes(f, gradient, at, expected):
    report = check_gradient(f, gradient, at)
    assert report.verdict == "pass", str(report)
    assert expected is None or names(report) == expected
    assert check_gradient(f, lambda *a: _scaled(gradient(*a)), at).verdict == "fail"


def _scaled(tree):
    if isinstance(tree, (list, tuple)):
        return type(tree)(map(_scaled, tree))
    if isinstance(tree, dict):
        return {key: _scaled(part) for key, part in tree.items()}
    return tree * 1.01


def test_what_f_is_called_with_has_the_types_of_at():
    seen = []

    def f(a, b, c, d):
        seen.append((type(a), a.dtype, type(b[0]), type(c), d["x"].shape))
        return float(a.sum()) + b[0] + c + float(d["x"])

    at = (np.ones(2, np.float32), [1], 2, {"x": np.array(1.0)})
    check_gradient(f, lambda a, b, c, d: (np.ones(2), [1], 1, {"x": 1}), at)
    assert set(seen) == {(np.ndarray, np.dtype("float32"), float, float, ())}


def test_jacobian_in_each_shape():
    def f(x):
        return np.array([x[0] * x[1], x[0], x[1] ** 2])

    def jacobian(x):
        return [[x[1], x[0]], [1.0, 0.0], [0.0, 2 * x[1]]]

    report = check_gradient(f, at=np.array([2.0, 3.0]), jacobian=jacobian)
    assert report.verdict == "pass"
    assert [(e.name, e.output) for e in report.entries][:3] == [
        ("x[0]", 0), ("x[0]", 1), ("x[0]", 2),
    ]  # fmt: skip
    several = check_gradient(
        lambda x, y: [x * y, y],
        at=(2.0, np.array(3.0)),
        jacobian=lambda x, y: ([y, 0.0], np.array([x, 1.0])),
    )
    assert several.verdict == "pass"
    wrong = check_gradient(f, at=np.array([2.0, 3.0]), jacobian=lambda x: np.zeros((2, 3)))
    assert wrong.wrong == [
        "jacobian: expected shape (3, 2), outputs by inputs, for x; got (2, 3): is it transposed?"
    ]


def test_a_square_jacobian_that_is_transposed():
    report = check_gradient(
        lambda x: [x[0] * x[1], x[1] ** 2],
        at=[2.0, 3.0],
        jacobian=lambda x: [[x[1], 0.0], [x[0], 2.0 * x[1]]],
    )
    assert report.verdict == "fail"
    assert report.wrong == ["everything: transposed, inputs by outputs"]


def test_a_vjp():
    def vjp(x, cotangent):
        assert isinstance(cotangent, np.ndarray)
        return cotangent * np.cos(x)

    at = np.array([0.5, 2.0])
    assert check_gradient(np.sin, at=at, vjp=vjp).verdict == "pass"
    wrong = check_gradient(np.sin, at=at, vjp=lambda x, c: c * np.cos(x) * [1.0, 1.01])
    assert [e.name for e in wrong.entries if e.verdict == "fail"] == ["x[1]"]


def test_the_hessian():
    def f(x):
        return x[0] ** 3 * x[1]

    def gradient(x):
        return [3 * x[0] ** 2 * x[1], x[0] ** 3]

    def hessian(x):
        return [[6 * x[0] * x[1], 3 * x[0] ** 2], [3 * x[0] ** 2, 0.0]]

    report = check_gradient(f, gradient, [2.0, 3.0], hessian=hessian)
    assert report.verdict == "pass"
    assert names(report) == ["x[0]", "x[1]", "x[0], x[0]", "x[1], x[0]", "x[0], x[1]", "x[1], x[1]"]
    wrong = check_gradient(f, gradient, [2.0, 3.0], hessian=lambda x: np.zeros((2, 2)))
    assert wrong.verdict == "fail"
    first = check_gradient(f, lambda x: [1.0, 1.0], [2.0, 3.0], hessian=hessian)
    assert names(first) == ["x[0]", "x[1]"]


def test_a_nested_hessian():
    report = check_gradient(
        lambda p: p["a"] * p["b"][0] ** 2,
        lambda p: {"a": p["b"][0] ** 2, "b": [2 * p["a"] * p["b"][0]]},
        {"a": 2.0, "b": [3.0]},
        hessian=lambda p: {
            "a": {"a": 0.0, "b": [2 * p["b"][0]]},
            "b": {"a": [2 * p["b"][0]], "b": [[2 * p["a"]]]},
        },
    )
    assert report.verdict == "pass", str(report)


def test_value_and_gradient_of_one_function():
    report = check_gradient(lambda w: (w[0] * w[1], [w[1], w[0]]), True, [2.0, 3.0])
    assert (report.verdict, names(report)) == ("pass", ["w[0]", "w[1]"])


class Square:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x**2 * y

    def backward(self, upstream):
        return upstream * 2.0 * self.x * self.y, upstream * self.x**2


@pytest.mark.parametrize("square", [Square, Square()], ids=["class", "object"])
def test_a_class_with_forward_and_backward(square):
    report = check_gradient(square, at=(np.array([1.0, 2.0]), 3.0 * np.ones(2)))
    assert report.verdict == "pass", str(report)
    assert check_gradient(square, at=(1.0, 2.0)).verdict == "pass"
    assert names(report)[::2] == ["x[0]", "x[1]", "y[0]", "y[1]"]


def test_nothing_of_numpy_is_loaded_for_plain_numbers(python):
    ran = python(
        "import sys; from microbp import check_gradient\n"
        "r = check_gradient(lambda w: w[0] * w[1], lambda w: [w[1], w[0]], [2.0, 3.0])\n"
        "print(r.verdict, *{'numpy', 'torch', 'jax', 'matplotlib'} & set(sys.modules))"
    )
    assert ran.stdout.split() == ["pass"], ran.stderr


def test_a_complex_step_where_differences_are_coarse():
    def f(x):
        return ((x + 1e11) - 1e11) * 0.3

    (entry,) = check_gradient(f, lambda x: 0.3, 1.3).entries
    assert (entry.verdict, entry.method) == ("pass", "complex step")
    arrays = check_gradient(lambda x: f(x).sum(), lambda x: np.full(2, 0.3), np.array([1.3, 2.0]))
    assert {entry.method for entry in arrays.entries} == {"complex step"}
    (real,) = check_gradient(lambda x: abs(f(x)), lambda x: 0.3, 1.3).entries
    assert real.method == "differences"
    assert check_gradient(f, lambda x: math.nan, 1.3).verdict == "fail"


def test_functions_of_values_and_their_grad():
    def f(w):
        return microbp.tanh(w[0]) * w[1]

    report = check_gradient(f, microbp.grad(f), [0.5, 2.0])
    assert report.verdict == "pass", str(report)


def test_a_vjp_of_very_many_outputs_is_checked_as_one_sum():
    at = np.linspace(0.1, 2.0, 400)
    right = check_gradient(np.sin, at=at, vjp=lambda x, c: c * np.cos(x))
    assert (right.verdict, len(right.entries)) == ("pass", 400)
    assert right.notes == ["the 400 outputs were checked as one sum, with random weights"]

    def vjp(x, c):
        g = c * np.cos(x)
        g[7] *= 1.01
        return g

    wrong = check_gradient(np.sin, at=at, vjp=vjp)
    assert [e.name for e in wrong.entries if e.verdict == "fail"] == ["x[7]"]
