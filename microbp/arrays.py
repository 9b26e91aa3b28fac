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
where = np.where

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


def maximum(a: Any, b: Any) -> Any:
    """The larger of two numbers; of two zeros the first one, as NumPy's own has the second."""
    return np.where((a >= b) | (a != a), a, b)


def minimum(a: Any, b: Any) -> Any:
    """The smaller of two numbers; of two zeros the first one."""
    return np.where((a <= b) | (a != a), a, b)


def step(a: Any, b: Any, tie: float) -> Any:
    """1 where a > b, 0 where a < b, `tie` where they are equal; NaN if either is."""
    return np.where(a > b, 1.0, np.where(a < b, 0.0, np.where(a == b, tie, np.nan)))


def logsumexp(*xs: Any) -> Any:
    """log of the sum of exp(x), without overflow; -inf for no terms at all."""
    if not xs:
        return -np.inf
    terms = np.stack(np.broadcast_arrays(*xs))
    top = np.max(terms, axis=0)
    shares = np.exp(terms - top)
    np.put_along_axis(shares, np.argmax(terms, axis=0)[np.newaxis], 0.0, axis=0)
    return np.where(np.isinf(top), top, top + np.log1p(np.sum(shares, axis=0)))


def softmax(*xs: Any) -> tuple[Any, ...]:
    """exp(x) of each number, divided by the sum over all; NaN where the largest is infinite."""
    if not xs:
        return ()
    terms = np.stack(np.broadcast_arrays(*xs))
    shares = np.exp(terms - np.max(terms, axis=0))
    return tuple(shares / np.sum(shares, axis=0))
