"""The root of y**3 + y = x by Newton's steps, with an implicit rule, in float32."""

import jax
import jax.numpy as jnp


def steps(x):
    y = jnp.zeros_like(x)
    for _ in range(30):
        y = y - (y**3 + y - x) / (3 * y**2 + 1)
    return y


@jax.custom_vjp
def root(x):
    return steps(x)


def root_fwd(x):
    y = steps(x)
    return y, y


def root_bwd(y, g):
    return (g / (3 * y**2 + 1),)


root.defvjp(root_fwd, root_bwd)

f = root
at = jnp.array([0.3, -1.5, 4.0])
