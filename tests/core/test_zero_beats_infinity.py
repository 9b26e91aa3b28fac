"""In the chain rule 0 times anything is 0, even infinity: in every way to find a derivative."""

import math
import warnings

import numpy as np
import pytest

import microbp
from microbp import detect_anomaly, grad, hessian, jvp, maximum, record, relu, sqrt, where_positive
from microbp.core.engine import Value
from microbp.replay.numpy_interpreter import NumpyReplay
from tests.helpers.python_source import module

INF, NAN = math.inf, math.nan
CASES = {
    "sqrt(relu(x))": (lambda x: sqrt(relu(x)), [-1.0], [0.0]),
    "sqrt(relu(0))": (lambda x: sqrt(relu(x)), [0.0], [0.0]),
    "sqrt(max(x, y))": (lambda x, y: sqrt(maximum(x, y)), [-1.0, 0.0], [0.0, INF]),
    "sqrt(max(x, y, z))": (lambda *xs: sqrt(maximum(*xs)), [-1.0, 0.0, -2.0], [0.0, INF, 0.0]),
    "sqrt(clip(x))": (lambda x: sqrt(microbp.clip(x, 0.0, 1.0)), [-1.0], [0.0]),
    "sqrt(where(x, y, 0))": (
        lambda x, y: sqrt(where_positive(x, y, 0.0)), [-1.0, 1.0], [0.0, 0.0],
    ),
    "asin(min(x, 1))": (lambda x: microbp.asin(microbp.minimum(x, 1.0)), [2.0], [0.0]),
    "sqrt(abs(x))": (lambda x: sqrt(abs(x)), [0.0], [0.0]),
    "sqrt(x * x)": (lambda x: sqrt(x * x), [0.0], [0.0]),
    "sqrt(x * x + y * y)": (lambda x, y: sqrt(x * x + y * y), [0.0, 0.0], [0.0, 0.0]),
    "sqrt(x ** 4)": (lambda x: sqrt(x**4), [0.0], [0.0]),
    "sqrt(hypot(x, y))": (lambda x, y: sqrt(microbp.hypot(x, y)), [0.0, 0.0], [0.0, 0.0]),
    "sqrt(dot)": (lambda x, y: sqrt(microbp.dot([x, y], [0.0, 0.0])), [3.0, 4.0], [0.0, 0.0]),
    "cbrt(x) * 0": (lambda x: microbp.cbrt(x) * 0.0, [0.0], [0.0]),
    "w sqrt(x)": (lambda w, x: w * sqrt(x), [0.0, 0.0], [0.0, 0.0]),
    "relu(sqrt(x) - 1)": (lambda x: relu(sqrt(x) - 1.0), [0.0], [0.0]),
    "sqrt(x)": (lambda x: sqrt(x), [0.0], [INF]),
    "sqrt(x) + y": (lambda x, y: sqrt(x + y), [0.0, 0.0], [INF, INF]),
}  # fmt: skip
each_case = pytest.mark.parametrize(("f", "at", "right"), CASES.values(), ids=CASES)


@pytest.fixture(autouse=True)
def quiet():
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


@each_case
def test_a_backward_pass(f, at, right):
    leaves = [Value(x) for x in at]
    f(*leaves).backward()
    assert [leaf.grad for leaf in leaves] == right
    leaves = [Value(x) for x in at]
    y = f(*leaves)
    if INF not in right:
        with detect_anomaly():
            leaves = [Value(x) for x in at]
            y = f(*leaves)
            if all(map(math.isfinite, y.partials)):
                y.backward()
                assert [leaf.grad for leaf in leaves] == right


@each_case
def test_derivatives_of_functions_in_both_modes(f, at, right):
    def of_list(xs):
        return f(*xs)

    units = [[float(i == j) for j in range(len(at))] for i in range(len(at))]
    assert grad(of_list)(at) == right
    assert [jvp(of_list, at, unit) for unit in units] == right
    assert [x.data for x in grad(of_list)([Value(x) for x in at])] == right


@each_case
def test_replays_and_source(f, at, right):
    leaves = [Value(x, f"x{i}") for i, x in enumerate(at)]
    program = record(f(*leaves), leaves, parameters=[])
    assert program.input_gradient([at, at]).tolist() == [right, right]
    interpreted = NumpyReplay(program._recording, np.array([at]), [])
    adjoints = interpreted.adjoints(program._recording.outputs[0])
    assert [float(adjoints[i][0]) for i in range(len(at))] == right
    for given in (at, [np.array([x, x]) for x in at]):
        _, found = module(program.source())["backward"](*given)
        assert [float(np.ravel(x)[0]) for x in found.values()] == right


@pytest.mark.jax
@each_case
def test_jax_where_it_can(f, at, right):
    """JAX itself multiplies an adjoint of 0 by an infinite partial, and sums of products."""
    jax = pytest.importorskip("jax")
    leaves = [Value(x) for x in at]
    to_jax = record(f(*leaves), leaves, parameters=[]).to_jax()
    with jax.enable_x64(True):
        found = jax.grad(to_jax, 1)(jax.numpy.zeros(0), jax.numpy.array(at)).tolist()
    if not any(map(math.isnan, found)):
        assert found == right
    else:
        assert f not in [CASES[name][0] for name in list(CASES)[:8]]


def test_a_loser_hears_nothing_of_nan_either():
    x = Value(-1.0)
    y = relu(x) * NAN
    y.backward()
    assert x.grad == 0.0


def test_second_derivatives_at_kinks_are_those_of_the_documented_choice():
    """Of abs(x)**2 it is 2, which the chain rule can't tell from two zeros: see docs/values.md."""
    assert hessian(lambda x: microbp.hypot(x[0], x[1]))([0.0, 0.0]) == [[0.0, 0.0], [0.0, 0.0]]
    assert hessian(lambda x: microbp.atan2(x[0], x[1]))([0.0, 0.0]) == [[0.0, 0.0], [0.0, 0.0]]
    assert hessian(lambda x: abs(x) ** 2)(0.0) == 0.0
    assert hessian(lambda x: x[0] * x[0] + x[1] * x[1])([0.0, 0.0]) == [[2.0, 0.0], [0.0, 2.0]]
    for f in (lambda x: abs(x) ** 2, lambda x: microbp.hypot(x, 0.0) ** 2, abs):
        assert microbp.gradcheck(f, 0.0, order=2).verdict == "kink"


@pytest.mark.parametrize("x", [710.0, 711.0, -711.0, 1e155, 1e308])
def test_second_derivatives_beyond_where_cosh_overflows(x):
    assert hessian(microbp.tanh)(x) == 0.0
    assert abs(hessian(microbp.atan)(x)) <= 2.0 / abs(x) / x / x


def test_second_derivatives_of_a_quotient_by_a_tiny_number():
    found = hessian(lambda x: x[0] / x[1])([-3.0, 1e-300])
    assert found == [[0.0, -INF], [-INF, -INF]]


def test_an_exponent_that_is_even_leaves_an_odd_one():
    for n in (1e16, 2.0**53 + 2.0, -1e16):
        assert grad(lambda x, n=n: x**n)(-1.0) == -n
        assert grad(lambda x, n=n: x**n)(1.0) == n
    assert grad(lambda x: x ** (2.0**53))(-1.0) == -(2.0**53)
    assert grad(lambda x: x ** (2.0**53 - 1.0))(-1.0) == 2.0**53 - 1.0
