"""Mathematics on NumPy's arrays, number by number: the namespace `m` of replay without a compiler.

What `microbp.floats` gives for each number, to rounding. NumPy is imported with this module.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

sin, cos, tan = np.sin, np.cos, np.tan
asin, acos, atan, atan2 = np.arcsin, np.arccos, np.arctan, np.arctan2
sinh, cosh, tanh = np.sinh, np.cosh, np.tanh
exp, expm1, log, log1p, sqrt = np.exp, np.expm1, np.log, np.log1p, np.sqrt
hypot, logaddexp, pow, divide, sign = np.hypot, np.logaddexp, np.power, np.divide, np.sign
maximum, minimum, where = np.maximum, np.minimum, np.where

_erf = np.frompyfunc(math.erf, 1, 1)


def erf(x: Any) -> Any:
    """The error function."""
    return np.asarray(_erf(x), dtype=float)


def sigmoid(x: Any) -> Any:
    """1 / (1 + exp(-x)), without overflow and to full precision at both ends."""
    tail = np.exp(-np.abs(x))
    return np.where(x < 0.0, tail, 1.0) / (1.0 + tail)


def softplus(x: Any) -> Any:
    """log(1 + exp(x)), without overflow and to full precision at both ends."""
    return np.logaddexp(x, 0.0)


def relu(x: Any) -> Any:
    """x above 0, else 0."""
    return np.where(x <= 0.0, 0.0, x)


def step(a: Any, b: Any, tie: float) -> Any:
    """1 where a > b, 0 where a < b, `tie` where they are equal; NaN if either is."""
    return np.where(a > b, 1.0, np.where(a < b, 0.0, np.where(a == b, tie, np.nan)))


def logsumexp(*xs: Any) -> Any:
    """log of the sum of exp(x), without overflow; -inf for no terms at all."""
    if not xs:
        return -np.inf
    terms = np.stack(np.broadcast_arrays(*xs))
    top = np.max(terms, axis=0)
    return np.where(np.isinf(top), top, top + np.log(np.sum(np.exp(terms - top), axis=0)))


def softmax(*xs: Any) -> tuple[Any, ...]:
    """exp(x) of each number, divided by the sum over all; NaN where the largest is infinite."""
    if not xs:
        return ()
    terms = np.stack(np.broadcast_arrays(*xs))
    shares = np.exp(terms - np.max(terms, axis=0))
    return tuple(shares / np.sum(shares, axis=0))
