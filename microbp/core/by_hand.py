"""What programs for micrograd's or microgpt's Value expect of ours. Both engines use it.

The arguments of `Value(...)`, in words where they are wrong, and micrograd's symbols.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from microbp._support.coerce import listed, number, shown
from microbp.core.ops import Op

POSITIONAL = ("data", "children", "local_grads")
NAMES = (*POSITIONAL, "label")
NOTHING: Any = object()
"""Stands for data that were not given."""


def data(x: Any) -> float:
    """A new leaf's data; raises TypeError for what is no number, and for nothing."""
    if x is NOTHING:
        raise TypeError("Value: expected a number, as in Value(3.0) or Value(3.0, label='x')")
    return number(x, "Value")


SYMBOLS = {"mul": "*", "div": "/", "pow": "**", "relu": "ReLU"}


def symbol(node: Any) -> str:
    """The operation's symbol, as in micrograd: "**2" for a square, and "" for a leaf."""
    op: Op | None = node.op
    if op is None:
        return ""
    if op.name == "pow":
        exponent = node.operands[1]
        if exponent.op is None and not exponent.label:  # a plain number, as far as can be seen
            x = exponent.data
            return f"**{int(x) if x.is_integer() else x}"
    return SYMBOLS.get(op.name, op.symbol)


def pass_on(node: Any) -> None:
    """Add the node's gradient, times each partial, to its operands' gradients."""
    for operand, partial in zip(node.operands, node.partials, strict=True):
        if node.grad != 0.0 and partial != 0.0:
            operand.grad += node.grad * partial


def refuse_subclass(*_: Any, **__: Any) -> NoReturn:
    """For `class Mine(Value)`."""
    raise TypeError(
        "Value: expected no class to be based on it, as results would be plain Values again: write "
        "functions of Values, or an operation (microbp.operation); set attributes on Values "
        "(x.color = 'red'), or keep a Value in an object of your class"
    )


def no_closure() -> AttributeError:
    """For `out._backward = ...`."""
    return AttributeError(
        "_backward: expected derivatives as numbers instead of a function: write "
        "Value(data, (a, b), (da, db)) with the derivative of data with respect to each child"
    )


def constructed(
    arguments: Sequence[Any], named: dict[str, Any], kind: type
) -> tuple[float, Any, tuple[Any, ...], tuple[float, ...]]:
    """Data, label, children and local gradients, as `Value(*arguments, **named)` gives them.

    `kind` is the engine's Value. Raises TypeError or ValueError, and says what to write.
    """
    given = _by_name(arguments, named)
    children, partials = given.get("children", ()), given.get("local_grads", ())
    y = data(given.get("data", NOTHING))
    children = _listed(children, "Values as children")
    for child in children:
        if type(child) is not kind:
            raise TypeError(f"Value: expected Values as children, got {shown(child)}")
    if isinstance(partials, str) and (children or partials):
        raise TypeError(
            f"Value: expected local_grads, a number for each child, got {shown(partials)}: write "
            "Value(data, (a, b), (da, db)) with the derivative of data with respect to each child, "
            "or compute with microbp's own operations (a + b, microbp.tanh(a), microbp.operation)"
        )
    partials = _listed(partials, "numbers as local_grads")
    if len(children) != len(partials):
        raise ValueError(
            f"Value: {len(children)} children but {len(partials)} local_grads: write "
            "Value(data, (a, b), (da, db)) with the derivative of data with respect to each child"
        )
    grads = tuple(number(partial, "local_grads") for partial in partials)
    return y, given.get("label", ""), children, grads


def _by_name(arguments: Sequence[Any], named: dict[str, Any]) -> dict[str, Any]:
    """The arguments by name; those of micrograd's constructor too."""
    if len(arguments) == 4 and isinstance(arguments[2], str):  # micrograd's, with its label
        arguments, named = arguments[:3], {**named, "label": arguments[3]}
    if len(arguments) > 3:
        raise TypeError(
            f"Value: expected data, children and local_grads, got {len(arguments)} arguments"
        )
    names = list(POSITIONAL)
    if len(arguments) == 2 and isinstance(arguments[1], str):
        names[1] = "label"
    given = dict(zip(names, arguments, strict=False))
    for name, x in named.items():
        name = {"_children": "children", "_op": "local_grads"}.get(name, name)
        if name not in NAMES:
            raise TypeError(f"Value: expected {', '.join(NAMES)}, got the argument {name!r}")
        if name in given:
            raise TypeError(f"Value: got {name} twice")
        given[name] = x
    return given


def _listed(items: Any, what: str) -> tuple[Any, ...]:
    if isinstance(items, (set, frozenset)):
        raise TypeError(f"Value: expected a list of {what}, got {shown(items)}, which has no order")
    return () if isinstance(items, str) and not items else tuple(listed(items, "Value", what))
