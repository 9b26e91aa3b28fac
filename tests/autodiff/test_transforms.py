"""Gradients, Jacobians, Hessians and products with them, of any order."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import microbp
from microbp import Value
from microbp.autodiff import call
from microbp.autodiff.transforms import grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from microbp.nn import Net
from microbp.testing import expressions
from microbp.testing.expression import called
from tests.helpers.oracles import mp, mpf, precise
from tests.helpers.strategies import OPS, operands_of

moderate = st.floats(-3.0, 3.0)


def nth_derivative(f, n):
    for _ in range(n):
        f = grad(f)
    return f


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
@settings(max_examples=10)
@given(data=st.data())
def test_five_derivatives_of_every_operation_agree_with_mpmath(op, data):
    xs = data.draw(operands_of(op, smooth=True))
    i = data.draw(st.integers(0, len(xs) - 1))
    if op.name == "pow" and xs[0] <= 0.0:
        return  # whole exponents only: no neighborhood to differentiate in, tested below

    def along(x):
        return called(op, *xs[:i], x, *xs[i + 1 :])

    def exact(x):
        return op.value(mp, *map(mpf, xs[:i]), x, *map(mpf, xs[i + 1 :]))

    with precise.workdps(60):
        expected = [precise.diff(exact, mpf(xs[i]), n) for n in range(1, 6)]
    f = along
    for n, wanted in enumerate(expected, 1):
        f = grad(f)
        scale = max(1.0, *(abs(float(x)) for x in expected[: n + 1]))
        assert f(xs[i]) == pytest.approx(float(wanted), rel=1e-9, abs=1e-10 * scale)


@pytest.mark.parametrize("base", [-2.0, -1.0, 2.0])
def test_derivatives_of_whole_powers_of_any_base(base):
    wanted = [4 * base**3, 12 * base**2, 24 * base, 24.0, 0.0]
    assert [nth_derivative(lambda x: x**4, n)(base) for n in range(1, 6)] == wanted


@given(expressions(smooth=True))
def test_hessians_are_symmetric_and_gradients_are_those_of_a_backward_pass(expression):
    def f(xs):
        return expression(*xs)

    leaves = list(map(Value, expression.leaves))
    microbp.total([f(leaves)]).backward()
    at = list(expression.leaves)
    slopes, rows = grad(f)(at), hessian(f)(at)
    assert slopes == pytest.approx([x.grad for x in leaves], rel=1e-12, abs=1e-12)
    for i, row in enumerate(rows):
        assert row == pytest.approx([other[i] for other in rows], rel=1e-7, abs=1e-7)


@given(st.lists(moderate, min_size=3, max_size=3), st.lists(moderate, min_size=3, max_size=3))
def test_products_with_the_jacobian_and_the_hessian_are_what_they_say(point, vector):
    def several(x):
        return [microbp.tanh(x[0] * x[1]), x[2] * x[0] + x[1], microbp.exp(x[2])]

    def one(x):
        return microbp.sigmoid(x[0] * x[1]) * x[2] + x[2] ** 2

    rows = jacobian(several)(point)
    forward = [sum(a * b for a, b in zip(row, vector, strict=True)) for row in rows]
    back = [sum(row[j] * d for row, d in zip(rows, vector, strict=True)) for j in range(3)]
    assert jvp(several, point, vector) == pytest.approx(forward, rel=1e-12, abs=1e-12)
    assert vjp(several, point, vector) == pytest.approx(back, rel=1e-12, abs=1e-12)
    curved = [sum(a * b for a, b in zip(row, vector, strict=True)) for row in hessian(one)(point)]
    assert hvp(one, point, vector) == pytest.approx(curved, rel=1e-12, abs=1e-12)


def test_results_are_nested_as_the_arguments():
    def f(a, b):
        return a["x" == "y"] if isinstance(a, dict) else a[0][0] * b + a[1][0] * a[1][1]

    value, slopes = value_and_grad(f)([[2.0], (3.0, 5.0)], 7.0)
    assert (value, slopes) == (29.0, ([[7.0], (5.0, 3.0)], 2.0))
    assert jacobian(lambda x: ([x], x * x))(3.0) == ([1.0], 6.0)


def test_numbers_give_floats_and_values_give_values():
    x = Value(2.0)
    slope = grad(lambda t: t**3)(x)
    assert isinstance(slope, Value)
    slope.backward()
    assert (slope.data, x.grad) == (12.0, 12.0)
    assert type(grad(lambda t: t**3)(2)) is float


def test_the_same_value_twice_is_two_arguments():
    x = Value(3.0)
    first, second = grad(lambda a, b: a * b * b)(x, x)
    assert (first.data, second.data) == (9.0, 18.0)


def test_a_gradient_inside_a_function_sees_its_variables():
    assert grad(lambda x: grad(lambda y: x * y)(2.0))(5.0) == 1.0
    assert grad(lambda x: x * grad(lambda y: x + y)(1.0))(1.0) == 1.0  # no confusion of the two


def test_what_does_not_depend_on_the_arguments_has_derivative_0():
    assert grad(lambda x: 5.0)(1.0) == 0.0
    assert grad(lambda x: Value(5.0))(1.0) == 0.0
    assert grad(lambda x, y: x)(1.0, 2.0) == (1.0, 0.0)
    assert jvp(lambda x: [5.0, x], 1.0, 2.0) == [0.0, 2.0]
    assert hessian(lambda x: x[0])([1.0, 2.0]) == [[0.0, 0.0], [0.0, 0.0]]


def test_a_zero_adjoint_passes_zero_to_an_infinite_partial():
    assert grad(lambda x: x * x**0.5)(0.0) == 0.0
    assert grad(lambda x: x * x**0.5)(Value(0.0)).data == 0.0
    assert grad(grad(lambda x: x * x**0.5))(0.0) == math.inf


def test_vertical_tangents_are_infinite_in_values_too():
    for f in (microbp.sqrt, lambda x: x**0.5):
        assert grad(f)(Value(0.0)).data == math.inf


def test_gradients_outside_stay_as_they_are():
    net = Net(2, rng=random.Random(0)).add("hidden", 2).add("output", 1)
    net.parameters()[0].grad = 0.25
    before = [p.grad for p in net.parameters()]
    grad(lambda x: net(x)[0])([0.5, 1.0])
    hessian(lambda x: net(x)[0])([0.5, 1.0])
    assert [p.grad for p in net.parameters()] == before


def test_hvp_builds_a_graph_that_grows_with_f_and_not_with_its_square(monkeypatch):
    def nodes(n):
        made = []
        original = call.operands_first

        def counting(*roots, **options):
            found = original(*roots, **options)
            made.append(len(found))
            return found

        monkeypatch.setattr(call, "operands_first", counting)
        hvp(lambda x: microbp.tanh(microbp.dot(x, x)), [0.01] * n, [1.0] * n)
        monkeypatch.undo()
        return len(made), sum(made)

    (passes, small), (same, large) = nodes(20), nodes(200)
    assert passes == same == 2
    assert large < 12 * small


def test_deep_functions_need_no_recursion():
    def f(x):
        for _ in range(20_000):
            x = x * 0.9999 + 0.0001
        return x

    assert grad(f)(0.5) == pytest.approx(0.9999**20_000)
