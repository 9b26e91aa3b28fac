"""Programs as functions of JAX: its transformations find what the table says."""

import math
import sys

import jax
import mpmath
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import microbp
from microbp import Value
from microbp.core import engine, floats
from microbp.core.ops import BUILTINS, table
from microbp.replay.program import record
from tests.helpers.profiles import examples
from tests.helpers.recorded import programs
from tests.helpers.strategies import operands_of

pytestmark = pytest.mark.jax

OURS = BUILTINS
TINY = 1e-300  # not far below it XLA has zeros


@pytest.fixture(scope="module", autouse=True)
def wide():
    """64 bits, for these tests alone."""
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    yield
    jax.config.update("jax_enable_x64", before)


def unit():
    x, w, b = Value(0.0, "x"), Value(0.5, "w"), Value(-1.0, "b")
    return record(microbp.sigmoid(w * x + b) ** 2, inputs=[x], parameters=[w, b])


@pytest.fixture(scope="module")
def mixed():
    """A program of several operations and two outputs."""
    x, z, w, v = (Value(0.5, label) for label in "xzwv")
    h = microbp.dot([w, v], [x, z], 0.25)
    y = microbp.logsumexp([h, x * w, 0.5]) * microbp.softplus(-h) + microbp.hypot(x, v)
    return record([y, microbp.maximum(h, z)], inputs=[x, z], parameters=[w, v])


AT = np.array([0.75, -1.25])
CASES = np.array([[0.5, 2.0], [-1.0, 0.25], [3.0, -4.0], [0.125, 1.5]])


def set_to(program, at):
    for p, x in zip(program.parameters, at, strict=True):
        p.data, p.grad = float(x), 0.0


def test_vmap_and_jit_find_the_values(mixed):
    set_to(mixed, AT)
    f = mixed.to_jax()
    found = jax.jit(jax.vmap(f, (None, 0)))(AT, CASES)
    assert found.shape == (4, 2)
    assert found.dtype == jax.numpy.float64
    assert np.allclose(found, mixed.forward(CASES), rtol=1e-13)
    assert f(AT, CASES[0]).shape == (2,)
    assert unit().to_jax()(AT, CASES[0, :1]).shape == ()


def test_grad_finds_the_derivatives(mixed):
    set_to(mixed, AT)
    f = mixed.to_jax()
    by_input = jax.vmap(jax.jacrev(f, 1), (None, 0))(AT, CASES)
    assert np.allclose(by_input, mixed.input_gradient(CASES), rtol=1e-12)
    forward = jax.vmap(jax.jacfwd(f, 1), (None, 0))(AT, CASES)
    assert np.allclose(forward, by_input, rtol=1e-12)

    def error(weights):
        return jax.vmap(f, (None, 0))(weights, CASES)[:, 0].sum()

    mixed.backward(CASES)
    grads = [p.grad for p in mixed.parameters]
    assert np.allclose(jax.jit(jax.grad(error))(AT), grads, rtol=1e-12)


def test_the_hessian_is_that_of_microbp():
    f = unit().to_jax()
    found = jax.hessian(f)(AT, jax.numpy.array([2.0]))
    exact = microbp.hessian(lambda v: microbp.sigmoid(v[0] * 2.0 + v[1]) ** 2.0)(AT.tolist())
    assert np.allclose(found, exact, rtol=1e-12)


@pytest.mark.parametrize("op", [op for op in OURS if op.arity in (1, 2)], ids=lambda op: op.name)
def test_second_derivatives_are_finite_and_right(op):
    at = [1.6 if op.name == "acosh" else 0.6, 0.3][: op.arity]
    xs = [Value(x) for x in at]
    f = record(engine.call(op, *xs), inputs=xs).to_jax()
    found = jax.hessian(f, 1)(jax.numpy.zeros(0), jax.numpy.array(at))
    exact = microbp.hessian(lambda v: engine.call(op, *v))(at)
    assert np.allclose(found, exact, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize(
    ("root", "order", "exact"),
    [(microbp.softplus, 2, 0.25), (microbp.sigmoid, 1, 0.25), (microbp.sigmoid, 3, -0.125)],
)
def test_derivatives_of_any_order_are_the_tables_and_not_the_formulas(root, order, exact):
    x = Value(0.0)  # where the formula of sigmoid has a kink, and sigmoid has none
    f = record(root(x), inputs=[x]).to_jax()
    derivative = lambda x: f(jax.numpy.zeros(0), x[None])  # noqa: E731
    for _ in range(order):
        derivative = jax.grad(derivative)
    assert float(derivative(jax.numpy.array(0.0))) == exact


def test_the_functions_in_partials_have_the_tables_derivatives_as_well():
    x, w = Value(-2.0), Value(3.0)
    f = record(x**w, inputs=[x]).to_jax()
    mixed = jax.jacfwd(jax.grad(f, 1))(jax.numpy.array([3.0]), jax.numpy.array([-2.0]))
    assert mixed.tolist() == [[4.0]]  # JAX's own power has NaN, as the exponent can't move


def test_second_derivatives_hold_at_far_ends():
    x = Value(0.0)
    f = record(microbp.sigmoid(x), inputs=[x]).to_jax()
    second = jax.grad(jax.grad(lambda x: f(jax.numpy.zeros(0), x[None])))
    assert float(second(jax.numpy.array(-700.0))) == pytest.approx(math.exp(-700.0))
    assert float(second(jax.numpy.array(700.0))) == pytest.approx(-math.exp(-700.0))
    assert float(second(jax.numpy.array(1e6))) == 0.0


@pytest.mark.parametrize("op", OURS, ids=lambda op: op.name)
@given(data=st.data())
def test_values_and_partials_are_the_tables(op, data):
    xs = data.draw(operands_of(op))
    y = op.value(floats, *xs)
    partials = op.partials(floats, y, *xs)
    assume(math.isfinite(y))
    assume(all(x == 0.0 or abs(x) > TINY for x in xs))
    # In some formula a number on the way is too small for XLA, or too large for anyone.
    assume(all(p == 0.0 or not 0.0 < abs(p) < 1e-290 for p in partials))
    # XLA makes b / length / length one division by a square.
    assume(op.name != "digamma" or xs[0] > 0.0)  # JAX's polygamma has eight digits below 0
    assume(op.name not in ("atan2", "hypot") or 1e-150 < max(map(abs, xs)) < 1e150)
    value, found = function_of(op, xs)(jax.numpy.array(xs))
    # XLA may fuse a product and a sum into one operation, which rounds once.
    products = [abs(p * x) for p, x in zip(partials, xs, strict=True) if op.name == "dot"]
    # Near their zeros, XLA's gamma functions are differences of numbers of about 1.
    cancelled = 4e-15 if op.name in ("lgamma", "digamma") else 0.0
    in_partials = 4e-15 if op.name == "lgamma" else 0.0
    assert float(value) == pytest.approx(y, rel=1e-13, abs=TINY + 1e-15 * sum(products) + cancelled)
    assert found.tolist() == pytest.approx(list(partials), rel=1e-11, abs=1e-290 + in_partials)


@pytest.mark.parametrize("x", [0.5, 9e16, 1.1e17, 1e154, 1e200, 1.7e308])
def test_derivatives_of_the_digamma_function_hold_at_large_numbers(x):
    leaf = Value(x)
    f = record(microbp.digamma(leaf), inputs=[leaf]).to_jax()
    slope = jax.grad(lambda x: f(jax.numpy.zeros(0), x[None]))
    exact = mpmath.polygamma(1, x), mpmath.polygamma(2, x)
    found = slope(jax.numpy.array(x)), jax.grad(slope)(jax.numpy.array(x))
    assert [float(d) for d in found] == pytest.approx(list(map(float, exact)), rel=1e-11, abs=TINY)


FUNCTIONS = {}


def function_of(op, xs):
    """The operation's value and derivatives by JAX, compiled once for each number of operands."""
    if (op, len(xs)) not in FUNCTIONS:
        leaves = [Value(x) for x in xs]
        f = record(engine.call(op, *leaves), inputs=leaves).to_jax()
        FUNCTIONS[op, len(xs)] = jax.jit(jax.value_and_grad(lambda xs: f(jax.numpy.zeros(0), xs)))
    return FUNCTIONS[op, len(xs)]


@examples(40)
@given(programs(smooth=True))
def test_the_function_finds_what_the_program_does(drawn):
    program, cases = drawn
    f, several = program.to_jax(), program._several
    weights = jax.numpy.array([p.data for p in program.parameters], dtype=float)
    own = cases[0]
    assert np.allclose(f(weights, own), program.forward(cases[:1])[0], rtol=1e-9, atol=1e-12)
    by_weight, by_input = jax.jacrev(f, (0, 1))(weights, own)
    assert np.allclose(by_input, program.input_gradient(cases[:1])[0], rtol=1e-9, atol=1e-9)
    for p in program.parameters:
        p.grad = 0.0
    program.backward(cases[:1])
    by_weight = by_weight[0] if several else by_weight
    assert np.allclose(by_weight, [p.grad for p in program.parameters], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("root", "at", "slope"),
    [
        (microbp.relu, 0.0, 0.0),
        (abs, 0.0, 0.0),
        (lambda x: microbp.maximum(x, 1.0), 1.0, 0.5),
        (lambda x: microbp.minimum(x, 1.0), 1.0, 0.5),
        (lambda x: microbp.hypot(x, 0.0), 0.0, 0.0),
        (lambda x: x**0.0, 0.0, 0.0),
        (lambda x: microbp.softplus(x), -1e5, 0.0),
        (lambda x: microbp.logsumexp([x, 1e300]), 1e300, 0.5),
        (microbp.tanh, 1e4, 0.0),
    ],
)
def test_kinks_and_far_ends_keep_the_documented_choice(root, at, slope):
    x = Value(at)
    f = record(root(x), inputs=[x], parameters=[]).to_jax()
    assert float(jax.grad(f, 1)(jax.numpy.zeros(0), jax.numpy.array([at]))[0]) == slope


def test_a_parameter_that_is_not_asked_for_does_not_disturb_with_its_infinite_partial():
    w, x = Value(0.0), Value(0.5)
    f = record(w**x, inputs=[x]).to_jax()
    at, zero = jax.numpy.array([0.5]), jax.numpy.zeros(1)
    assert jax.grad(f)(zero, at).tolist() == [math.inf]
    assert jax.grad(f, 1)(zero, at).tolist() == [0.0]
    assert float(jax.jvp(lambda x: f(zero, x), (at,), (at,))[1]) == 0.0


def test_zero_times_an_infinite_partial_is_nan_as_everywhere_in_jax():
    x = Value(0.0)
    program = record(microbp.sqrt(x) * 0.0, inputs=[x], parameters=[])
    assert program.input_gradient([[0.0]]).tolist() == [[0.0]]
    assert np.isnan(jax.grad(program.to_jax(), 1)(jax.numpy.zeros(0), jax.numpy.array([0.0])))[0]


def test_numbers_of_32_bits_and_whole_numbers_are_taken():
    f = unit().to_jax()
    narrow = f(AT.astype("float32"), CASES[0, :1].astype("float32"))
    assert narrow.dtype == jax.numpy.float32
    assert narrow == pytest.approx(float(f(AT, CASES[0, :1])), rel=1e-6)
    assert f(jax.numpy.array([1, 2]), jax.numpy.array([1])) == f(
        jax.numpy.array([1.0, 2.0]), jax.numpy.array([1.0])
    )


def test_constants_are_computed_once_and_outputs_may_be_leaves():
    x, w, c = Value(1.0), Value(2.0), Value(3.0)
    f = record([microbp.exp(c) * x, w, x, c], inputs=[x], parameters=[w]).to_jax()
    assert f([5.0], [7.0]).tolist() == [math.exp(3.0) * 7.0, 5.0, 7.0, 3.0]


@pytest.mark.parametrize(
    ("weights", "case", "message"),
    [
        ([1.0], [1.0], r"expected parameters of shape \(2,\), got shape \(1,\)"),
        ([1.0, 2.0], [], r"expected a case of shape \(1,\), got shape \(0,\)"),
        ([1.0, 2.0], [[1.0], [2.0]], r"expected a case of shape \(1,\), got shape \(2, 1\)"),
    ],
)
def test_arrays_of_other_shapes_are_refused(weights, case, message):
    with pytest.raises(ValueError, match=message):
        unit().to_jax()(jax.numpy.array(weights), jax.numpy.array(case))


@pytest.fixture
def own(monkeypatch):
    """Makes custom operations, and takes them out of the table again."""
    monkeypatch.setattr("microbp.core.custom_op._own", {})
    yield microbp.operation
    for name in set(table) - {op.name for op in OURS}:
        del table[name]


def test_an_operation_of_ones_own_works_if_it_is_written_for_arrays(own):
    swish = own(
        "swish",
        value=lambda m, x: x * m.sigmoid(x),
        partials=lambda m, y, x: (m.sigmoid(x) + y * m.sigmoid(-x),),
    )
    x = Value(0.5)
    program = record(swish(x), inputs=[x])
    f = program.to_jax()
    assert np.allclose(
        jax.grad(f, 1)(jax.numpy.zeros(0), jax.numpy.array([0.5])),
        program.input_gradient([[0.5]])[0],
    )


@pytest.mark.parametrize(
    "formulas",
    [
        {"value": lambda m, x: x if x > 0 else 2 * x, "partials": lambda m, y, x: (1.0,)},
        {"value": lambda m, x: x * 2, "partials": lambda m, y, x: (math.exp(x),)},
        {
            "value": lambda m, x: m.cubed(x) if m is not floats else x,
            "partials": lambda m, y, x: (x,),
        },
    ],
)
def test_an_operation_of_ones_own_that_is_not_is_refused_at_once(own, formulas):
    x = Value(0.5)
    program = record(own("odd", **formulas)(x), inputs=[x])
    with pytest.raises(TypeError, match="to_jax: a formula of operation 'odd' is not written for"):
        program.to_jax()


def test_without_jax_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "jax", None)
    with pytest.raises(ImportError, match=r"to_jax needs JAX: pip install 'microbp\[jax\]'"):
        unit().to_jax()


TWO_DEVICES = """
import jax, jax.numpy as jnp, numpy as np, random
jax.config.update("jax_enable_x64", True)
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from microbp import Value
from microbp.losses import squared_error
from microbp.nn import Net
from microbp.replay.program import record

assert len(jax.devices()) == 2
net = Net(6, rng=random.Random(8), init=0.3).add("hidden", 2).add("output", 1)
xs, d = [Value(0.0) for _ in range(6)], Value(0.0)
program = record(squared_error(net(xs), [d]), inputs=[*xs, d], parameters=net.parameters())
f = program.to_jax()
rng = np.random.default_rng(0)
cases = rng.integers(0, 2, (64, 7)).astype(float)
weights = jnp.array([p.data for p in program.parameters])
E = jax.jit(jax.value_and_grad(lambda w, cases: jax.vmap(f, (None, 0))(w, cases).sum()))
mesh = Mesh(np.array(jax.devices()), ("cases",))
sharded = jax.device_put(cases, NamedSharding(mesh, PartitionSpec("cases")))
assert len(sharded.sharding.device_set) == 2
each = jax.jit(jax.vmap(f, (None, 0)))(weights, sharded)
assert len(each.sharding.device_set) == 2
assert np.allclose(each, program.forward(cases), rtol=1e-13)
error = program.backward(cases)
for table in (cases, sharded):
    found, gradient = E(weights, table)
    assert np.allclose(found, error, rtol=1e-13)
    assert np.allclose(gradient, [p.grad for p in program.parameters], rtol=1e-11)
print("the same on two")
"""


def test_cases_are_shared_out_to_two_devices(python):
    flags = "--xla_force_host_platform_device_count=2"
    ran = python(TWO_DEVICES, XLA_FLAGS=flags, JAX_PLATFORMS="cpu")
    assert ran.stdout == "the same on two\n", ran.stderr
