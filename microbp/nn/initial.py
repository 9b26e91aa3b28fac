"""How the weights of a layer start."""

from __future__ import annotations

import math

from microbp._support.coerce import number, shown
from microbp._support.suggest import did_you_mean

RANGE = 0.3
"""Weights start between -0.3 and 0.3, as the paper's do."""

INITS = ("uniform", "xavier", "he", "zeros")

_ALSO_CALLED = {
    "glorot": "xavier",
    "glorot_uniform": "xavier",
    "xavier_uniform": "xavier",
    "kaiming": "he",
    "kaiming_uniform": "he",
    "he_uniform": "he",
}
_NEARLY_LINEAR_ABOVE_0 = ("relu", "leaky_relu", "gelu", "silu", "softplus")


def fitting(activation: str) -> str:
    """The `init` that suits units of this activation: "he" or "xavier"."""
    return "he" if activation in _NEARLY_LINEAR_ABOVE_0 else "xavier"


def checked_init(init: float | str, where: str) -> float | str:
    """A number, or one of INITS; raises TypeError or ValueError for anything else."""
    where = f"{where}: init"
    if isinstance(init, str):
        name = _ALSO_CALLED.get(init, init)
        if name not in INITS:
            hint = did_you_mean(name, INITS, _ALSO_CALLED)
            raise ValueError(
                f"{where}: expected a number or one of {', '.join(INITS)}; got {init!r}{hint}"
            )
        return RANGE if name == "uniform" else name
    try:
        r = number(init, where)
    except TypeError:
        raise TypeError(
            f"{where}: expected a number or one of {', '.join(INITS)}; got {shown(init)}"
        ) from None
    if not math.isfinite(r):
        raise ValueError(f"{where}: expected a finite number, got {r}")
    return r


def ranges(init: float | str, inputs: int, units: int) -> tuple[float, float | None]:
    """How far from 0 the weights and the biases of a layer may start; None for biases of 0.

    `init` is as `checked_init` gives it.
    """
    if init == "xavier":
        return math.sqrt(6.0 / (inputs + units)), None
    if init == "he":
        return math.sqrt(6.0 / inputs), None
    if init == "zeros":
        return 0.0, None
    return float(init), float(init)
