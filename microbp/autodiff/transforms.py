"""Derivatives of functions: gradients, Jacobians, Hessians and products with them, of any order.

Each takes a function f of numbers, alone or in arrays, lists, tuples and dicts, nested as you like.
f gets Values in their places, in an array of objects where an array was given. Given numbers, the
results are floats. Given Values, they are Values, computed from the same formulas and
differentiable in turn: grad(grad(f)) is the second derivative.

No gradient of a Value outside changes: f may use a net's parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeAlias

from microbp._support.trees import array as array_of
from microbp._support.trees import (
    flatten,
    in_order_of,
    is_array,
    mapped,
    names,
    same_structure,
    unflatten,
)
from microbp.autodiff.arguments import Function, described, scalars
from microbp.autodiff.call import Call
from microbp.autodiff.foreign_calls import refuse_foreign_call
from microbp.autodiff.forward import tangents
from microbp.autodiff.function import check_function, check_point, refuse_point
from microbp.autodiff.reverse import gradient
from microbp.core.functions import total

Transform: TypeAlias = Callable[[Function], Function]


def _transform(derivative: Transform) -> Transform:
    """A transform of a function alone, with errors for anything else that it is given."""

    @wraps(derivative)
    def of_function(f: Function, *others: Any, **named: Any) -> Function:
        where = derivative.__name__
        check_function(where, f)
        if others or named:
            refuse_point(where, others, named)
        at = derivative(f)

        @wraps(f)
        def at_point(*point: Any, **named: Any) -> Any:
            check_point(where, point, named)
            return at(*point)

        return at_point

    return of_function


@_transform
def grad(f: Function) -> Function:
    """The gradient of f, as a function of the same arguments: of the same nesting as they are.

    One argument gives its gradient alone, several a tuple. An array gives an array of floats,
    a dict a dict.

    >>> grad(lambda x: x**3)(2.0)
    12.0
    >>> grad(grad(lambda x: x**3))(2.0)
    12.0
    >>> grad(lambda x, w: x * (w[0] + 2 * w[1]))(5.0, [1.0, 1.0])
    (3.0, [5.0, 10.0])
    >>> import numpy as np
    >>> grad(lambda p: (p["W"] @ p["W"]).sum() * p["b"])({"W": np.eye(2), "b": 3.0})
    {'W': array([[6., 6.],
           [6., 6.]]), 'b': 2.0}

    Raises TypeError where f gives something other than one number or Value.
    """
    return lambda *point: _value_and_grad("grad", f, point)[1]


@_transform
def value_and_grad(f: Function) -> Function:
    """f and its gradient together, from one backward pass.

    >>> value_and_grad(lambda x: x**3)(2.0)
    (8.0, 12.0)

    Raises TypeError as `grad` does.
    """
    return lambda *point: _value_and_grad("value_and_grad", f, point)


@_transform
def jacobian(f: Function) -> Function:
    """The gradient of each number that f gives, nested as f's result; one backward pass for each.

    >>> jacobian(lambda x: [x[0] * x[1], x[0] + x[1]])([2.0, 3.0])
    [[3.0, 2.0], [1.0, 1.0]]

    Arrays are kept whole: a result of shape t and an argument of shape s give an array of shape
    t + s, and a number has the shape (). With lists, tuples and dicts around them, it is nested
    as f's result outside, and as its arguments inside.

    >>> import numpy as np
    >>> A = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    >>> jacobian(lambda x: A @ x)(np.zeros(3))
    array([[1., 2., 3.],
           [4., 5., 6.]])
    >>> jacobian(lambda p: p["W"] @ p["x"])({"W": A, "x": np.ones(3)})["W"].shape
    (2, 2, 3)
    >>> jacobian(lambda x: {"sum": x.sum(), "all": 2 * x})(np.zeros(2))
    {'sum': array([1., 1.]), 'all': array([[2., 0.],
           [0., 2.]])}

    Raises TypeError where f gives something other than numbers or Values.
    """
    return lambda *point: _jacobian("jacobian", f, point)


@_transform
def hessian(f: Function) -> Function:
    """The second derivatives of f: the gradient of each entry of its gradient.

    >>> hessian(lambda x: x[0] ** 2 * x[1])([3.0, 5.0])
    [[10.0, 6.0], [6.0, 0.0]]

    It is the Jacobian of the gradient, and shaped as `jacobian` says: an argument of shape s gives
    an array of shape s + s, and in a dict it has an entry for each two keys.

    >>> import numpy as np
    >>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([3.0, 5.0]))
    array([[10.,  6.],
           [ 6.,  0.]])
    >>> hessian(lambda p: p["a"] ** 2 * p["b"])({"a": 3.0, "b": 5.0})
    {'a': {'a': 10.0, 'b': 6.0}, 'b': {'a': 6.0, 'b': 0.0}}

    Raises TypeError where f gives something other than one number or Value.
    """

    @wraps(f)
    def gradient_of_f(*point: Any) -> Any:
        return _value_and_grad("hessian", f, point)[1]

    return lambda *point: _jacobian("hessian", gradient_of_f, point)


def jvp(f: Function, point: Any, tangent: Any = None) -> Any:
    """The Jacobian of f at a point, times a tangent: how fast f changes along the tangent.

    Forward mode, in one pass. `point` is f's one argument: a number, or an array, list,
    tuple or dict. `tangent` is nested as it is. The result is nested as f's, and comes without
    f's value.

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

    Reverse mode, in one pass. `point` is f's one argument: a number, or an array, list, tuple or
    dict. `cotangent` is nested as f's result. The product is nested as the point.

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
    return call.nested(gradient(call, outputs, numbers))


def hvp(f: Function, point: Any, tangent: Any = None) -> Any:
    """The Hessian of f at a point, times a tangent: in two passes, however many inputs there are.

    It is the gradient of the directional derivative of f along the tangent. `point` is f's one
    argument: a number, or an array, list, tuple or dict. `tangent` is nested as it is.

    >>> hvp(lambda x: x[0] ** 2 * x[1], [3.0, 5.0], [1.0, 0.0])
    [10.0, 6.0]

    Raises ValueError and TypeError as `jvp` does, and TypeError where f gives something other
    than one number or Value.
    """
    refuse_foreign_call("hvp", f, point, "tangent", tangent)
    numbers = _matching("hvp", "tangent", tangent, "the point", point)

    @wraps(f)
    def directional_derivative(x: Any) -> Any:
        slopes = flatten(_value_and_grad("hvp", f, (x,))[1])
        return total([slope * t for slope, t in zip(slopes, numbers, strict=True)])

    return _value_and_grad("hvp", directional_derivative, (point,))[1]


def _value_and_grad(where: str, f: Function, point: tuple[Any, ...]) -> tuple[Any, Any]:
    call = Call(where, f, point)
    y = call.output
    return call.as_given(y), call.nested(gradient(call, [y], [1.0]))


def _jacobian(where: str, f: Function, point: tuple[Any, ...]) -> Any:
    call = Call(where, f, point)
    rows = iter([gradient(call, [y], [1.0]) for y in call.outputs])

    def block(result: Any) -> Any:
        """The rows of one number or array of f's result."""
        if not is_array(result):
            return call.nested(next(rows))
        of_array = [next(rows) for _ in range(result.size)]
        columns = [[row[i] for row in of_array] for i in range(len(call.variables))]
        shape = result.shape
        return call.nested((array_of(column, shape) for column in columns), outer=shape)

    return mapped(block, call.result)


def _matching(where: str, name: str, given: Any, of: str, pattern: Any) -> list[Any]:
    """The numbers in `given`; ValueError unless it is nested as `pattern` is."""
    if not same_structure(given, pattern):
        write = ""
        if is_array(pattern) and isinstance(given, list):
            write = f": write np.array({name})"
        elif is_array(given) and isinstance(pattern, list):
            write = f": write {name}.tolist()"
        raise ValueError(
            f"{where}: expected a {name} nested as {of}, {described(pattern)}, "
            f"got {described(given)}{write}"
        )
    ordered = in_order_of(pattern, given)
    return scalars(where, ordered, lambda: names(name, ordered))
