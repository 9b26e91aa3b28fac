"""A recording as a JAX function, with the partials of microbp's own table of operations.

Each operation is a `jax.custom_jvp`: JAX takes the partials from the table instead of
differentiating the formula of the value. The partials call such functions in turn, so that the
choices at kinks and the accuracy at far ends hold for derivatives of any order.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from functools import cache, partial
from importlib import import_module
from typing import Any

from microbp._support.packages import how_to_install
from microbp.core import ops
from microbp.core.engine import call
from microbp.core.ops import Op, table
from microbp.replay.recording import Recording

PLAIN = frozenset([ops.ADD, ops.SUB, ops.MUL, ops.NEG, ops.DOT, ops.TOTAL])
"""Sums and products, which JAX differentiates to the same partials."""


CHOOSING = frozenset(
    [
        ops.ABS, ops.RELU, ops.MAXIMUM, ops.MINIMUM, ops.LARGEST, ops.SMALLEST, ops.WHERE_POSITIVE,
    ]
)  # fmt: skip
"""Operations whose partials are steps, so that a partial of 0 has no derivative either."""


def to_jax(recording: Recording, *, several: bool) -> Callable[[Any, Any], Any]:
    """See `microbp.replay.program.Program.to_jax`."""
    jax, jnp = _jax(), import_module("jax.numpy")
    functions = {op: _function(op) for op in recording.ops}
    number = jax.ShapeDtypeStruct((), jnp.result_type(float))
    custom = {op: len(operands) for _, op, operands in recording.operations() if not op.builtin}
    for op, count in custom.items():  # fail here, not in the first call
        jax.eval_shape(partial(_answer, functions[op]), *[number] * count)
    fixed = _fixed(recording)
    shapes = {"parameters": (len(recording.parameters),), "a case": (recording.inputs,)}

    def program(parameters: Any, case: Any) -> Any:
        given = [jnp.asarray(parameters), jnp.asarray(case)]
        dtype = jnp.result_type(*given, float)
        for (what, shape), array in zip(shapes.items(), given, strict=True):
            if array.shape != shape:
                raise ValueError(f"expected {what} of shape {shape}, got shape {array.shape}")
        weights, xs = (array.astype(dtype) for array in given)
        values = [*xs, *weights, *(jnp.asarray(x, dtype) for x in recording.constants)]
        for at, op, operands in recording.operations():
            if at in fixed:
                values.append(jnp.asarray(fixed[at], dtype))
            else:
                values.append(functions[op](*(values[operand] for operand in operands)))
        outputs = [values[output] for output in recording.outputs]
        return jnp.stack(outputs) if several else outputs[0]

    return program


def _answer(function: Any, *xs: Any) -> Any:
    return _jax().jvp(function, xs, xs)


def _jax() -> Any:
    try:
        return import_module("jax")
    except ImportError:
        how = how_to_install("jax", "'microbp[jax]'")
        raise ImportError(f"to_jax needs JAX: {how}") from None


@cache
def _mathematics() -> tuple[Any, Any]:
    """The namespace m over JAX arrays, and the same with the table's partials as derivatives."""
    from microbp.replay.array_namespace import Arrays

    theirs = import_module("jax.scipy.special")
    special = {
        "erf": theirs.erf,
        "erfc": theirs.erfc,
        "lgamma": theirs.gammaln,
        "digamma": theirs.digamma,
        "polygamma": _polygamma,
    }
    plain = Arrays(import_module("jax.numpy"), special)
    smooth = copy.copy(plain)
    for op in table.values():
        if op not in PLAIN and op.builtin:
            setattr(smooth, op.name, _differentiable(op, plain, smooth))
    return plain, smooth


def _polygamma(n: int, x: Any) -> Any:
    """JAX's polygamma, but for large numbers, where a power of 1 / x on its way is too small."""
    numpy = import_module("jax.numpy")
    large = x > 1e17  # where the series' second term, n / (2 x) times the first, no longer counts
    first = (-1.0) ** (n + 1) * math.factorial(n - 1) * (1.0 / numpy.where(large, x, 1.0)) ** n
    theirs = import_module("jax.scipy.special").polygamma(n, numpy.where(large, 1.0, x))
    return numpy.where(large, first, theirs)


def _function(op: Op) -> Any:
    """The operation as a JAX function."""
    plain, smooth = _mathematics()
    if op in PLAIN:
        return lambda *xs: op.value(plain, *xs)
    return getattr(smooth, op.name) if op.builtin else _differentiable(op, plain, smooth)


def _differentiable(op: Op, m: Any, of_partials: Any) -> Any:
    """An operation with its own partials, which can be differentiated in turn."""

    function = _jax().custom_jvp(partial(_computed, op, op.value, m))

    if op is ops.DIV:
        function.defjvp(lambda xs, changes: _quotient_answer(function, xs, changes))
        return function

    def answer(xs: Sequence[Any], changes: Sequence[Any]) -> tuple[Any, Any]:
        y = function(*xs)
        partials = _computed(op, op.partials, of_partials, y, *xs)
        change = m.np.zeros_like(y)
        for by_x, dx in zip(partials, changes, strict=True):
            if not isinstance(dx, _jax().custom_derivatives.SymbolicZero):
                moved = by_x * dx
                if op in CHOOSING:  # what is not chosen passes on 0, even from infinity
                    moved = m.np.where(by_x == 0.0, 0.0, moved)
                change = change + moved
        return y, change

    function.defjvp(answer, symbolic_zeros=True)
    return function


def _quotient_answer(
    divided: Callable[..., Any], xs: Sequence[Any], changes: Sequence[Any]
) -> tuple[Any, Any]:
    """a / b, and (da - y db) times 1 / b: never 1 / b^2, which may overflow."""
    (a, b), (da, db) = xs, changes
    y = divided(a, b)
    return y, (da - y * db) * divided(1.0, b)


def _computed(op: Op, formula: Callable[..., Any], *operands: Any) -> Any:
    """A formula over JAX arrays; TypeError where a custom operation is not written for them."""
    if op.builtin:
        return formula(*operands)
    try:
        return formula(*operands)
    except Exception as error:
        reason = str(error).partition("\n")[0]
        raise TypeError(
            f"to_jax: a formula of operation {op.name!r} is not written for arrays: {reason}"
        ) from error


def _fixed(recording: Recording) -> dict[int, float]:
    """The values of operations that depend on constants alone."""
    first = recording.inputs + len(recording.parameters)
    known = dict(enumerate(recording.constants, first))
    found = {}
    for number, op, operands in recording.operations():
        if all(operand in known for operand in operands):
            xs = [known[operand] for operand in operands]
            known[number] = found[number] = float(call(op, *xs))
    return found
