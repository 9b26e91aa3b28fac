"""f as a function of a vector, and its gradient; each call with fresh arguments."""

from __future__ import annotations

import math
import random
import sys
from operator import mul
from typing import Any

from microbp._support.coerce import shown
from microbp.autodiff.function import signature_of, takes
from microbp.checking.black_box.adapters import Program
from microbp.checking.black_box.inputs import WHERE, Inputs, Vector, list_shape
from microbp.checking.black_box.outputs import (
    finite,
    flat,
    gradient_of,
    jacobian_of,
    plain,
    shape_of,
    values_of,
)


class Function:
    """f near `at`, and its derivative there: `here` and `rows`.

    `changes` tells which of both change their arguments in place, by their names.
    """

    def __init__(self, program: Program, inputs: Inputs) -> None:
        self.program, self.inputs = program, inputs
        self.calls = 0
        self.changes: dict[str, bool] = {}
        self.outputs = self._called("f", program.f, inputs.x)
        self.here = values_of(self.outputs)

    def __call__(self, vector: Vector) -> list[float] | None:
        """f's outputs; None where it raises, or they are not finite. f may change the vector."""
        self.calls += 1
        try:
            ys = values_of(self.program.f(*self.inputs.arguments(vector)))
        except Exception:  # whatever f raises outside of its domain
            return None
        return ys if len(ys) == len(self.here) and finite(ys) else None

    def summed(self, rng: random.Random) -> Program:
        """The sum of the outputs with random weights, and its gradient by one vjp."""
        weights = [rng.choice((-1.0, 1.0)) * rng.uniform(0.5, 1.0) for _ in self.here]
        f, vjp = self.program.f, self.program.derivative
        shaped = _like(self.outputs, weights)

        def total(*arguments: Any) -> float:
            return math.fsum(map(mul, weights, values_of(f(*arguments))))

        def gradient(*arguments: Any) -> Any:
            return vjp(*arguments, shaped)

        total.__wrapped__ = f  # type: ignore[attr-defined]  # the names of its arguments
        return Program(total, gradient, "gradient", self.program.at, self.program.name)

    def complex_at(self, vector: Vector) -> list[Any] | None:
        """f's outputs for complex numbers, if it takes them."""
        if not self.inputs.takes_complex:
            return None
        try:
            ys = list(flat(plain(self.program.f(*self.inputs.arguments(vector)))))
        except Exception:  # whatever f raises if it takes no complex numbers
            return None
        return ys if len(ys) == len(self.here) else None

    def rows(self, vector: Vector | None = None, call_f: bool = True) -> list[list[float]]:
        """The derivative, at `at` or elsewhere, a row for each output.

        Raises Fault if it has another shape. f is called first, unless `call_f` is false: its
        gradient may use what that leaves behind.
        """
        kind, name, inputs = self.program.kind, self.program.name, self.inputs
        x = inputs.x if vector is None else vector
        if call_f:
            self.program.f(*inputs.arguments(x.copy()))
        if kind == "vjp":
            many = len(self.here)
            return [self.pulled([float(i == k) for i in range(many)], x) for k in range(many)]
        result = self._whole(self._called(name, self.program.derivative, x))
        if kind == "jacobian":
            return jacobian_of(result, self.outputs, inputs, name)
        return [gradient_of(result, inputs, name)]

    def pulled(self, cotangent: list[float], vector: Vector) -> list[float]:
        """The vjp of a cotangent, as numbers."""
        shaped = _like(self.outputs, cotangent)
        result = self._called(self.program.name, self.program.derivative, vector, shaped)
        return gradient_of(self._whole(result), self.inputs, self.program.name)

    def _whole(self, result: Any) -> Any:
        """A result with a part for each argument, if there are several in `at`."""
        if self.inputs.several and len(self.inputs.at) == 1:
            return result if isinstance(result, tuple) else (result,)
        return result

    def _called(self, name: str, function: Any, vector: Vector, *more: Any) -> Any:
        """The result; the first call shows whether the arguments are changed."""
        given = self.inputs.arguments(vector.copy())
        arguments = (*given, *more)
        if not takes(function, len(arguments)):
            raise TypeError(
                f"{WHERE}: expected {name} to take {len(arguments)} argument"
                f"{'s' * (len(arguments) > 1)}, got {signature_of(function)}: "
                "a tuple as at is several arguments, anything else is one"
            )
        result = function(*arguments)
        if name not in self.changes:
            self.changes[name] = plain(given) != plain(self.inputs.arguments(vector.copy()))
        return result


def _like(outputs: Any, numbers: list[float]) -> Any:
    """Numbers as f's outputs are: a float, a list, or an array of NumPy, PyTorch or JAX."""
    package = type(outputs).__module__.partition(".")[0]
    if package == "torch":
        return outputs.detach().new_tensor(numbers).reshape(outputs.shape)
    if package in ("jax", "jaxlib"):
        jnp = sys.modules["jax"].numpy
        return jnp.asarray(numbers, dtype=outputs.dtype).reshape(outputs.shape)
    if package == "numpy" and shape_of(outputs):
        return sys.modules["numpy"].array(numbers, dtype=outputs.dtype).reshape(outputs.shape)
    if list_shape(outputs) or not isinstance(outputs, (list, tuple, dict)):
        items = iter(numbers)
        return _refilled(outputs, items)
    raise TypeError(f"{WHERE}: expected one array or number from f for a vjp, got {shown(outputs)}")


def _refilled(tree: Any, items: Any) -> Any:
    return [_refilled(part, items) for part in tree] if isinstance(tree, list) else next(items)
