"""The functions of each library under the names that the cases use, for single numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any


def of_numpy() -> Any:
    import numpy as np

    return SimpleNamespace(
        **{name: getattr(np, name) for name in _SHARED},
        asin=np.arcsin,
        atan=np.arctan,
        atan2=np.arctan2,
        erf=lambda x: math.erf(x),
        sigmoid=lambda x: 1.0 / (1.0 + np.exp(-x)),
        softplus=lambda x: np.logaddexp(x, 0.0),
        relu=lambda x: np.maximum(x, 0.0),
    )


def of_jax() -> Any:
    import jax
    import jax.numpy as jnp

    return SimpleNamespace(
        **{name: getattr(jnp, name) for name in _SHARED},
        asin=jnp.arcsin,
        atan=jnp.arctan,
        atan2=jnp.arctan2,
        erf=jax.scipy.special.erf,
        sigmoid=jax.nn.sigmoid,
        softplus=jax.nn.softplus,
        relu=jax.nn.relu,
    )


def of_torch() -> Any:
    import torch

    def of_tensors(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *xs: function(*(torch.as_tensor(x, dtype=torch.float64) for x in xs))

    names = (*_SHARED, "asin", "atan", "atan2", "erf", "sigmoid", "relu")
    functions = {name: of_tensors(getattr(torch, name)) for name in names}
    return SimpleNamespace(**functions, softplus=lambda x: functions["logaddexp"](x, 0.0))


_SHARED = (
    "exp", "log", "sin", "cos", "tan", "tanh", "sqrt", "hypot", "logaddexp", "maximum", "minimum"
)  # fmt: skip
