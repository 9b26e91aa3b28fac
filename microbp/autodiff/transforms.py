"""Derivatives of functions: gradients, Jacobians, Hessians, of any order; and forward mode.

Each takes a function f of numbers, or of lists of numbers nested as you like, that computes with
Values. Given numbers, the results are floats. Given Values, they are Values, computed from
the same formulas and differentiable in turn: grad(grad(f)) is the second derivative.

No gradient of a Value outside changes: f may use a net's parameters.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeAlias

from microbp._support.coerce import number, shown
from microbp.autodiff import value_namespace
from microbp.core.engine import Value
from microbp.core.functions import as_value, total
from microbp.core.toposort import operands_first

Function: TypeAlias = Callable[..., Any]

_inside: ContextVar[bool] = ContextVar("inside a function under differentiation", default=False)


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

    return wraps(f)(lambda *at: value_and_grad(f)(*at)[1])


def value_and_grad(f: Function) -> Function:
    """f and its gradient together, from one sweep.

    >>> value_and_grad(lambda x: x**3)(2.0)
    (8.0, 12.0)
    """

    @wraps(f)
    def both(*at: Any) -> Any:
        call = _Call(f, at)
        y = _only(call.outputs)
        return call.given(y), call.gradient([y], [1.0])

    return both


def jacobian(f: Function) -> Function:
    """The gradient of each number that f gives, in a list like f's own; one sweep for each.

    >>> jacobian(lambda x: [x[0] * x[1], x[0] + x[1]])([2.0, 3.0])
    [[3.0, 2.0], [1.0, 1.0]]
    """

    @wraps(f)
    def rows(*at: Any) -> Any:
        call = _Call(f, at)
        return _like(call.outputs, (call.gradient([y], [1.0]) for y in _flat(call.outputs)))

    return rows


def hessian(f: Function) -> Function:
    """The second derivatives of f: the gradient of each entry of its gradient.

    >>> hessian(lambda x: x[0] ** 2 * x[1])([3.0, 5.0])
    [[10.0, 6.0], [6.0, 0.0]]
    """
    return jacobian(grad(f))


def vjp(f: Function, at: Any, weights: Any) -> Any:
    """The gradient of the sum of f's outputs, each times its weight: one reverse sweep.

    `at` is f's one argument, `weights` is nested as its result is.

    >>> vjp(lambda x: [x[0] * x[1], x[0] + x[1]], [2.0, 3.0], [1.0, 10.0])
    [13.0, 12.0]
    """
    call = _Call(f, (at,))
    return call.gradient(list(_flat(call.outputs)), _matching("vjp", weights, call.outputs))


def jvp(f: Function, at: Any, direction: Any) -> Any:
    """How fast each of f's outputs moves as `at` moves in a direction: forward mode.

    Every node is a dual number, its data and its rate of change, found from the operands' in
    one sweep forwards. `direction` is nested as `at` is, f's one argument.

    >>> jvp(lambda x: [x[0] * x[1], x[0] + x[1]], [2.0, 3.0], [1.0, 0.0])
    [3.0, 1.0]
    """
    call = _Call(f, (at,))
    return _like(call.outputs, iter(call.rates(_matching("jvp", direction, at))))


def hvp(f: Function, at: Any, direction: Any) -> Any:
    """The Hessian of f times a direction, in two sweeps however many inputs there are.

    It is the gradient of the slope of f along the direction.

    >>> hvp(lambda x: x[0] ** 2 * x[1], [3.0, 5.0], [1.0, 0.0])
    [10.0, 6.0]
    """

    def slope(x: Any) -> Any:
        return total([g * d for g, d in zip(_flat(grad(f)(x)), toward, strict=True)])

    toward = _matching("hvp", direction, at)
    return grad(slope)(at)


class _Call:
    """f called on nodes of its own, one for each number in its arguments."""

    def __init__(self, f: Function, at: Sequence[Any]) -> None:
        given = list(_flat(at))
        # A sum of one term is a node between the caller's graph and f's.
        self.variables = [total([x]) if isinstance(x, Value) else Value(x) for x in given]
        # Inside another f that is being differentiated, what looks like a plain number may
        # meet that one's variables: then everything stays differentiable.
        self.in_values = _inside.get() or any(isinstance(x, Value) for x in given)
        self.at = at
        token = _inside.set(True)
        try:
            self.outputs = f(*_like(at, iter(self.variables)))
        finally:
            _inside.reset(token)

    def given(self, x: Any) -> Any:
        """A result in the kind of number that the caller gave."""
        return x if self.in_values else float(x)

    def gradient(self, outputs: list[Any], seeds: list[Any]) -> Any:
        """d sum(seed * output) / d variable, nested as the arguments; for one argument, as it."""
        adjoints = self._swept_back([as_value(y, "grad") for y in outputs], seeds)
        flat = (self.given(adjoints.get(variable, 0.0)) for variable in self.variables)
        nested = _like(self.at, flat)
        return nested[0] if len(self.at) == 1 else nested

    def _swept_back(self, outputs: list[Value], seeds: list[Any]) -> dict[Value, Any]:
        adjoints: dict[Value, Any] = {}
        for y, seed in zip(outputs, seeds, strict=True):
            adjoints[y] = adjoints[y] + seed if y in adjoints else seed
        order, active = self._order(outputs)
        for node in reversed(order):
            adjoint = adjoints.get(node)
            if node not in active or adjoint is None or _is_zero(adjoint):
                continue
            for operand, partial in zip(node.operands, self._partials(node), strict=True):
                if operand in active:
                    share = _times(adjoint, partial)
                    adjoints[operand] = adjoints[operand] + share if operand in adjoints else share
        return adjoints

    def rates(self, toward: list[Any]) -> list[Any]:
        """The rate of each output as the variables move with these rates."""
        rates: dict[Value, Any] = dict(zip(self.variables, toward, strict=True))
        outputs = [as_value(y, "jvp") for y in _flat(self.outputs)]
        order, active = self._order(outputs)
        for node in order:
            if node in active and node not in rates:
                pairs = zip(node.operands, self._partials(node), strict=True)
                shares = [
                    _times(rates[operand], partial)
                    for operand, partial in pairs
                    if operand in active and not _is_zero(rates[operand])
                ]
                rates[node] = sum(shares[1:], shares[0]) if shares else 0.0
        return [self.given(rates.get(y, 0.0)) for y in outputs]

    def _order(self, outputs: list[Value]) -> tuple[list[Value], set[Value]]:
        """The graph from the variables to the outputs, and its nodes that a variable reaches."""
        active = set(self.variables)
        order = operands_first(*outputs, stop=active)
        for node in order:
            if any(operand in active for operand in node.operands):
                active.add(node)
        return order, active

    def _partials(self, node: Value) -> Sequence[Any]:
        if not self.in_values:
            return node.partials
        if node.op is None:
            return ()
        partials: Sequence[Any] = node.op.partials(value_namespace, node, *node.operands)
        return partials


def _times(adjoint: Any, partial: Any) -> Any:
    """adjoint * partial, without a node for a factor of 1; 0 times infinity is 0."""
    if isinstance(partial, float) and partial == 1.0:
        return adjoint
    if isinstance(adjoint, float) and adjoint == 1.0:
        return partial
    if float(adjoint) == 0.0 and not math.isfinite(partial):
        return 0.0
    return adjoint * partial


def _is_zero(x: Any) -> bool:
    """A plain 0; a Value of 0 may still have derivatives."""
    return not isinstance(x, Value) and x == 0.0


def _only(outputs: Any) -> Any:
    """f's result, if it is one number."""
    if isinstance(outputs, (list, tuple)):
        raise TypeError(f"grad: expected f to give one number or Value, got {shown(outputs)}")
    return as_value(outputs, "grad")


def _flat(nested: Any) -> Iterator[Any]:
    """The numbers in nested lists and tuples, in order."""
    if isinstance(nested, (list, tuple)):
        for part in nested:
            yield from _flat(part)
    else:
        yield nested


def _like(nested: Any, flat: Iterator[Any]) -> Any:
    """Lists and tuples nested the same way, with other numbers."""
    if isinstance(nested, (list, tuple)):
        return type(nested)(_like(part, flat) for part in nested)
    return next(flat)


def _matching(where: str, given: Any, pattern: Any) -> list[Any]:
    """The numbers in `given`, which must be nested as `pattern` is; ValueError where it isn't."""
    if _like(given, iter(lambda: None, 0)) != _like(pattern, iter(lambda: None, 0)):
        raise ValueError(f"{where}: expected {shown(given)} to be nested as {shown(pattern)} is")
    return [x if isinstance(x, Value) else number(x, where) for x in _flat(given)]
