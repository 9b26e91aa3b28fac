"""Mistakes in the custom functions of PyTorch and JAX."""

from tests.checking.black_box.corpus.loading import Mistake

TORCH = [
    Mistake(
        "swish: sigmoid's slope without x",
        "torch/swish",
        "dx = s + beta * x * s * (1 - s)",
        "dx = s + beta * s * (1 - s)",
        of=("x",),
    ),
    Mistake(
        "swish: beta's gradient without the upstream one",
        "torch/swish",
        "(grad_output * dbeta).sum()",
        "dbeta.sum()",
        of=("beta",),
    ),
    Mistake(
        "linear: the weight not transposed",
        "torch/linear",
        "grad_output.mm(weight)",
        "grad_output.mm(weight.t())",
        of=("inputs",),
    ),
    Mistake(
        "log cosh: the upstream gradient forgotten",
        "torch/log_cosh",
        "return grad_output * torch.tanh(x)",
        "return torch.tanh(x)",
        of=("x",),
    ),
    Mistake(
        "norm: a power too low",
        "torch/rms_norm",
        "r.pow(3)",
        "r.pow(2)",
        of=("x",),
    ),
]
JAX = [
    Mistake(
        "softplus: the complement",
        "jax/softplus",
        "g * (1.0 - 1.0 / (1.0 + jnp.exp(x)))",
        "g * (1.0 / (1.0 + jnp.exp(x)))",
        of=("x",),
    ),
    Mistake(
        "bilinear: one factor exchanged",
        "jax/bilinear",
        "g * (A.T @ x)",
        "g * A[0] * y",
        of=("y",),
    ),
    Mistake(
        "a root: its equation's slope at x",
        "jax/cubic_root",
        "    y = steps(x)\n    return y, y\n",
        "    return steps(x), x\n",
        of=("x",),
    ),
]
