"""A function under differentiation, called at a point: what both modes start from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from typing import Any

from microbp._support.trees import Shape, unflatten
from microbp.autodiff import value_namespace
from microbp.autodiff.arguments import Function, argument_names, one_output, outputs, scalars
from microbp.autodiff.function import called
from microbp.autodiff.outside import depends_outside
from microbp.core.engine import Value
from microbp.core.functions import as_value, data_of, total
from microbp.core.toposort import operands_first

_inside: ContextVar[bool] = ContextVar("inside a function under differentiation", default=False)


@contextmanager
def _differentiating() -> Iterator[None]:
    token = _inside.set(True)
    try:
        yield
    finally:
        _inside.reset(token)


class Call:
    """f called on nodes of its own, one for each number in its arguments.

    `where` names the transform in errors.
    """

    def __init__(self, where: str, f: Function, arguments: Sequence[Any]) -> None:
        self.where, self.f, self.arguments = where, f, arguments
        given = scalars(where, arguments, lambda: argument_names(f, arguments))
        # A sum of one term is a node between the caller's graph and f's.
        self.variables = [total([x]) if isinstance(x, Value) else Value(x) for x in given]
        # Inside another f that is being differentiated, what looks like a plain number may
        # meet that one's variables: then everything stays differentiable.
        self.differentiable = _inside.get() or any(isinstance(x, Value) for x in given)
        with _differentiating():
            self.result = called(where, f, unflatten(arguments, iter(self.variables)))

    @cached_property
    def outputs(self) -> list[Value]:
        """The numbers in f's result."""
        return outputs(self.where, self.result)

    @property
    def output(self) -> Value:
        """The number that is f's result; TypeError where it is none, or several."""
        one_output(self.where, self.result)
        return self.outputs[0]

    def as_given(self, x: Any) -> Any:
        """A result in the kind of number that the caller gave."""
        return as_value(x, self.where) if self.differentiable else data_of(x)

    def nested(self, items: Iterable[Any], outer: Shape = ()) -> Any:
        """One item for each variable, nested as the arguments; for one argument, as it."""
        nested = unflatten(self.arguments, iter(items), outer)
        return nested[0] if len(self.arguments) == 1 else nested

    def graph(self, outputs: Sequence[Value]) -> tuple[list[Value], set[Value]]:
        """The graph from the variables to the outputs, operands first.

        And those of its nodes that depend on a variable.
        """
        active = set(self.variables)
        order = operands_first(*outputs, stop=active)
        for node in order:
            if any(operand in active for operand in node.operands):
                active.add(node)
        if self.where != "gradcheck" and not active.issuperset(outputs):  # which reports it
            self._check_constant([y for y in outputs if y not in active])
        return order, active

    def _check_constant(self, unreached: Sequence[Value]) -> None:
        """TypeError where one of these outputs, which reach no input, depends on one all the same.

        f is called again, at points nearby; a constant stays what it is.
        """
        pairs = zip(self.outputs, self._depends_outside, strict=False)
        if any(depends and y in unreached for y, depends in pairs):
            raise TypeError(
                f"{self.where}: f's result changes with its inputs, but does not reach them: f "
                "computes it from plain numbers (x.data, x.item(), x.detach()), which have no "
                "derivative: write x itself, and microbp.exp(x) for math.exp(x.data)"
            )

    @cached_property
    def _depends_outside(self) -> list[bool]:
        def at(point: Sequence[float]) -> list[float]:
            leaves = iter([Value(x) for x in point])
            result = self.f(*unflatten(self.arguments, leaves))
            return [y.data for y in outputs(self.where, result)]

        with _differentiating():
            return depends_outside(at, [x.data for x in self.variables])

    def partials(self, node: Value) -> Sequence[Any]:
        """The node's partials; as Values, if they are to be differentiable in turn."""
        if not self.differentiable:
            return node.partials
        if node.op is None:
            return ()
        partials: Sequence[Any] = node.op.partials(value_namespace, node, *node.operands)
        return partials


def times(rate: Any, partial: Any) -> Any:
    """rate * partial, without a node for a factor of 1; 0 times infinity or NaN is 0."""
    if isinstance(partial, float) and partial == 1.0:
        return rate
    if isinstance(rate, float) and rate == 1.0:
        return partial
    a, b = data_of(rate), data_of(partial)
    if (a == 0.0 and not math.isfinite(b)) or (b == 0.0 and not math.isfinite(a)):
        return 0.0
    return rate * partial


def is_zero(x: Any) -> bool:
    """A plain 0; a Value of 0 may still have derivatives."""
    return not isinstance(x, Value) and x == 0.0
