"""check_gradient of JAX's objects: custom derivatives, and arrays as arguments."""

import jax
import jax.numpy as jnp
import pytest

from microbp import check_gradient

pytestmark = pytest.mark.jax


def sine(factor):
    @jax.custom_vjp
    def f(x, scale):
        return jnp.sin(x) * scale

    f.defvjp(
        lambda x, scale: (f(x, scale), (x, scale)),
        lambda kept, c: (factor * c * jnp.cos(kept[0]) * kept[1], jnp.sum(c * jnp.sin(kept[0]))),
    )
    return f


@pytest.mark.parametrize("at", [(jnp.array([0.5, 2.0]), 1.5), ([0.5, 2.0], 1.5)], ids=str)
def test_a_custom_vjp_right_and_wrong(at):
    assert check_gradient(sine(1.0), at=at).verdict in ("pass", "inconclusive")
    wrong = check_gradient(sine(1.1), at=at)
    assert {(e.name, e.output) for e in wrong.entries if e.verdict == "fail"} == {
        ("x[0]", 0), ("x[1]", 1),
    }  # fmt: skip


def test_functions_of_arrays():
    def loss(p):
        return jnp.mean((jnp.tanh(p["W"] @ jnp.array([1.0, -0.5])) - 0.3) ** 2)

    at = {"W": jnp.array([[0.1, 0.2], [0.3, -0.4]])}
    assert check_gradient(loss, jax.grad(loss), at).verdict in ("pass", "inconclusive")
    report = check_gradient(loss, lambda p: {"W": jax.grad(loss)(p)["W"].at[1, 0].mul(1.1)}, at)
    assert [e.name for e in report.entries if e.verdict == "fail"] == ["W[1, 0]"]


@pytest.mark.parametrize(("factor", "verdict"), [(1.0, "pass"), (1.02, "fail")])
def test_a_custom_vjp_of_several_outputs(factor, verdict):
    @jax.custom_vjp
    def f(x):
        return {"sum": x.sum(), "squares": x**2}

    f.defvjp(
        lambda x: (f(x), x),
        lambda x, upstream: (upstream["sum"] + factor * 2 * x * upstream["squares"],),
    )
    report = check_gradient(f, at=jnp.array([1.0, 2.0]))
    assert report.verdict == verdict, str(report)
