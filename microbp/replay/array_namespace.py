"""The namespace `m` that operations use on arrays: elementwise functions of NumPy or JAX.

Each gives, to rounding, what `microbp.core.floats` gives for each number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from microbp.core import floats

SAME_NAME = (
    "sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "exp2", "expm1", "log", "log2", "log10",
    "log1p", "sqrt", "cbrt", "hypot", "logaddexp", "divide", "sign", "where",
)  # fmt: skip
OTHER_NAME = {
    "asin": "arcsin", "acos": "arccos", "atan": "arctan", "atan2": "arctan2", "asinh": "arcsinh",
    "acosh": "arccosh", "atanh": "arctanh", "pow": "power",
}  # fmt: skip


class Arrays:
    """A namespace m over the module `np`, NumPy or jax.numpy, and functions that it lacks."""

    def __init__(self, np: Any, special: Mapping[str, Callable[..., Any]]) -> None:
        self.np = np
        for name, function in special.items():
            setattr(self, name, function)
        for name in SAME_NAME:
            setattr(self, name, getattr(np, name))
        for name, theirs in OTHER_NAME.items():
            setattr(self, name, getattr(np, theirs))

    def __getattr__(
        self, name: str
    ) -> Any:  # for type checkers, which don't see the names set above
        raise AttributeError(f"no function {name!r} of arrays")

    def sigmoid(self, x: Any) -> Any:
        """1 / (1 + exp(-x)), without overflow and to full precision at both ends."""
        tail = self.np.exp(-self.np.abs(x))
        return self.np.where(x < 0.0, tail, 1.0) / (1.0 + tail)

    def times(self, a: Any, b: Any) -> Any:
        """a * b, but 0 for 0 times infinity."""
        np = self.np
        none = ((a == 0.0) & np.isinf(b)) | ((b == 0.0) & np.isinf(a))
        return np.where(none, 0.0, a * b)

    def polygamma(self, n: int, x: Any) -> Any:
        """The n-th derivative of digamma; one by one, unless the module of arrays has it."""
        return one_by_one(partial(floats.polygamma, n))(x)

    def softplus(self, x: Any) -> Any:
        """log(1 + exp(x)), without overflow and to full precision at both ends."""
        return self.np.logaddexp(x, 0.0)

    def relu(self, x: Any) -> Any:
        """x above 0, else 0."""
        return self.np.where(x <= 0.0, 0.0, x)

    def maximum(self, a: Any, b: Any) -> Any:
        """The larger of two numbers; of two zeros the first, where NumPy's own gives the second."""
        return self.np.where((a >= b) | (a != a), a, b)

    def minimum(self, a: Any, b: Any) -> Any:
        """The smaller of two numbers; of two zeros the first."""
        return self.np.where((a <= b) | (a != a), a, b)

    def step(self, a: Any, b: Any, tie: float) -> Any:
        """1 where a > b, 0 where a < b, `tie` where they are equal; NaN if either is."""
        where = self.np.where
        return where(a > b, 1.0, where(a < b, 0.0, where(a == b, tie, math.nan)))

    def logsumexp(self, *xs: Any) -> Any:
        """log of the sum of exp(x), without overflow; -inf for no terms at all."""
        if not xs:
            return -math.inf
        np = self.np
        terms = np.stack(np.broadcast_arrays(*xs))
        top, place = np.max(terms, axis=0), np.argmax(terms, axis=0)
        number = np.arange(len(xs)).reshape(-1, *[1] * place.ndim)
        rest = np.sum(np.where(number == place, 0.0, np.exp(terms - top)), axis=0)
        return np.where(np.isinf(top), top, top + np.log1p(rest))

    def softmax(self, *xs: Any) -> tuple[Any, ...]:
        """exp(x) of each number, divided by the sum over all; infinite ones share equally."""
        if not xs:
            return ()
        np = self.np
        terms = np.stack(np.broadcast_arrays(*xs))
        top = np.max(terms, axis=0)
        largest = np.isinf(terms) & (terms == top)
        shares = np.exp(np.where(largest, 0.0, terms - top))
        return tuple(shares / np.sum(shares, axis=0))


def one_by_one(function: Callable[[float], float]) -> Callable[[Any], Any]:
    """A function of arrays, from one of floats."""
    import numpy  # imported lazily: Program.source needs only the names above

    of_objects = numpy.frompyfunc(function, 1, 1)
    return lambda x: numpy.asarray(of_objects(x), dtype=float)
