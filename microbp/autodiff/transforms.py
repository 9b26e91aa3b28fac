"""Derivatives of functions: gradients, Jacobians, Hessians and products with them, of any order.

Each takes a function f of numbers, or of lists of numbers nested as you like, that computes with
Values. Given numbers, the results are floats. Given Values, they are Values, computed from
the same formulas and differentiable in turn: grad(grad(f)) is the second derivative.

No gradient of a Value outside changes: f may use a net's parameters.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from microbp._support.coerce import number, shown
from microbp._support.trees import flatten, same_structure, unflatten
from microbp.autodiff.call import Call, Function
from microbp.autodiff.foreign_calls import refuse_foreign_call
from microbp.autodiff.forward import tangents
from microbp.autodiff.reverse import gradient
from microbp.core.engine import Value
from microbp.core.functions import as_value, total


def grad(f: Function) -> Function:
    """The gradient of f, as a function of the same arguments: of the same nesting as they are.

    One argument gives its gradient alone, several a tuple.

    >>> grad(lambda x: x**3)(2.0)
    12.0
    >>> grad(grad(lambda x: x**3))(2.0)
    12.0
    >>> grad(lambda x, w: x * (w[0] + 2 * w[1]))(5.0, [1.0, 1.0])
    (3.0, [5.0, 10.0])

    Raises TypeError where f gives something other than one number or Value.
    """
    return wraps(f)(lambda *point: _value_and_grad("grad", f, point)[1])


def value_and_grad(f: Function) -> Function:
    """f and its gradient together, from one backward pass.

    >>> value_and_grad(lambda x: x**3)(2.0)
    (8.0, 12.0)

    Raises TypeError as `grad` does.
    """
    return wraps(f)(lambda *point: _value_and_grad("value_and_grad", f, point))


def jacobian(f: Function) -> Function:
    """The gradient of each number that f gives, nested as f's result; one backward pass for each.

    >>> jacobian(lambda x: [x[0] * x[1], x[0] + x[1]])([2.0, 3.0])
    [[3.0, 2.0], [1.0, 1.0]]

    Raises TypeError where f gives something other than numbers or Values.
    """
    return wraps(f)(lambda *point: _jacobian("jacobian", f, point))


def hessian(f: Function) -> Function:
    """The second derivatives of f: the gradient of each entry of its gradient.

    >>> hessian(lambda x: x[0] ** 2 * x[1])([3.0, 5.0])
    [[10.0, 6.0], [6.0, 0.0]]

    Raises TypeError where f gives something other than one number or Value.
    """

    def gradient_of_f(*point: Any) -> Any:
        return _value_and_grad("hessian", f, point)[1]

    return wraps(f)(lambda *point: _jacobian("hessian", gradient_of_f, point))


def jvp(f: Function, point: Any, tangent: Any = None) -> Any:
    """The Jacobian of f at a point, times a tangent: how fast f changes along the tangent.

    Forward mode, in one pass. `point` is f's one argument, a number or a list, and `tangent`
    is nested as it is. The result is nested as f's, and comes without f's value.

    >>> jvp(lambda x: [x[0] * x[1], x[0] + x[1]], [2.0, 3.0], [1.0, 0.0])
    [3.0, 1.0]

    Raises ValueError where the tangent is nested otherwise than the point, and TypeError for
    JAX's and PyTorch's tuples of arguments, with the call to write instead.
    """
    refuse_foreign_call("jvp", f, point, "tangent", tangent)
    call = Call("jvp", f, (point,))
    numbers = _matching("jvp", "tangent", tangent, "the point", point)
    return unflatten(call.result, iter(tangents(call, numbers)))


def vjp(f: Function, point: Any, cotangent: Any = None) -> Any:
    """A cotangent times the Jacobian of f: the gradient of f's outputs, each times its cotangent.

    Reverse mode, in one pass. `point` is f's one argument, a number or a list, and `cotangent`
    is nested as f's result. The product is nested as the point.

    >>> vjp(lambda x: [x[0] * x[1], x[0] + x[1]], [2.0, 3.0], [1.0, 10.0])
    [13.0, 12.0]

    Raises ValueError where the cotangent is nested otherwise than f's result, and TypeError for
    JAX's and PyTorch's ways to call it, with the call to write instead.
    """
    refuse_foreign_call("vjp", f, point, "cotangent", cotangent)
    call = Call("vjp", f, (point,))
    outputs = call.outputs
    data = unflatten(call.result, (y.data for y in outputs))
    numbers = _matching("vjp", "cotangent", cotangent, "f's result", data)
    return gradient(call, outputs, numbers)


def hvp(f: Function, point: Any, tangent: Any = None) -> Any:
    """The Hessian of f at a point, times a tangent: in two passes, however many inputs there are.

    It is the gradient of the directional derivative of f along the tangent. `point` is f's one
    argument, a number or a list, and `tangent` is nested as it is.

    >>> hvp(lambda x: x[0] ** 2 * x[1], [3.0, 5.0], [1.0, 0.0])
    [10.0, 6.0]

    Raises ValueError and TypeError as `jvp` does, and TypeError where f gives something other
    than one number or Value.
    """
    refuse_foreign_call("hvp", f, point, "tangent", tangent)
    numbers = _matching("hvp", "tangent", tangent, "the point", point)

    def directional_derivative(x: Any) -> Any:
        slopes = flatten(_value_and_grad("hvp", f, (x,))[1])
        return total([slope * t for slope, t in zip(slopes, numbers, strict=True)])

    return _value_and_grad("hvp", directional_derivative, (point,))[1]


def _value_and_grad(where: str, f: Function, point: tuple[Any, ...]) -> tuple[Any, Any]:
    call = Call(where, f, point)
    if isinstance(call.result, (list, tuple)):
        raise TypeError(
            f"{where}: expected f to give one number or Value, got {shown(call.result)}"
        )
    y = as_value(call.result, where)
    return call.as_given(y), gradient(call, [y], [1.0])


def _jacobian(where: str, f: Function, point: tuple[Any, ...]) -> Any:
    call = Call(where, f, point)
    return unflatten(call.result, (gradient(call, [y], [1.0]) for y in call.outputs))


def _matching(where: str, name: str, given: Any, of: str, pattern: Any) -> list[Any]:
    """The numbers in `given`; ValueError unless it is nested as `pattern` is."""
    if not same_structure(given, pattern):
        raise ValueError(
            f"{where}: expected a {name} nested as {of}, {shown(pattern)}, got {shown(given)}"
        )
    return [x if isinstance(x, Value) else number(x, where) for x in flatten(given)]
