"""The numbers that a transform takes, and those that f gives. Errors say what to write instead."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from itertools import islice
from typing import Any, TypeAlias

from microbp._support.coerce import number, shown
from microbp._support.trees import flatten, is_array, is_item, mapped, names
from microbp.core.engine import Value

Function: TypeAlias = Callable[..., Any]

EXAMPLES = {
    "grad": "grad(f)(2.0)",
    "value_and_grad": "value_and_grad(f)(2.0)",
    "jacobian": "jacobian(f)(2.0)",
    "hessian": "hessian(f)(2.0)",
    "jvp": "jvp(f, 2.0, 1.0)",
    "vjp": "vjp(f, 2.0, 1.0)",
    "hvp": "hvp(f, 2.0, 1.0)",
    "gradcheck": "gradcheck(f, 2.0)",
    "step_curve": "step_curve(f, 2.0)",
}
MOST_ENTRIES = 6
"""Longer arrays stand in an error as their shape."""


def scalars(where: str, tree: Any, named: Callable[[], Iterator[str]]) -> list[Any]:
    """The items of a tree, as Values and floats; TypeError names the one that is no number.

    `named` gives the items' names, for the error.
    """
    found: list[Any] = []
    x: Any = None
    try:
        for x in flatten(tree):
            found.append(x if isinstance(x, Value) else _float(x, where))
    except TypeError:
        name = next(islice(named(), len(found), None))
        trees = "" if name.endswith("]") else ", or an array, list, tuple or dict of numbers"
        raise TypeError(
            f"{where}: expected a number for {name}{trees}, got {described(x)}: "
            f"{_instead(where, name, x)}"
        ) from None
    return found


def data(where: str, point: Any, named: Callable[[], Iterator[str]]) -> list[float]:
    """The same, as floats alone."""
    return [x.data if isinstance(x, Value) else x for x in scalars(where, point, named)]


def outputs(where: str, result: Any) -> list[Value]:
    """The numbers in f's result, as Values."""
    found = scalars(where, result, lambda: names("f(x)", result))
    return [y if isinstance(y, Value) else Value(y) for y in found]


def one_output(where: str, result: Any) -> Value:
    """f's result, as a Value; TypeError unless it is one number."""
    if not is_item(result):
        raise TypeError(
            f"{where}: expected f to give one number or Value, got {described(result)}: write a "
            "function that returns one of them, or their sum"
            f"{'; jacobian(f) takes several' if where.endswith('grad') else ''}"
        )
    (y,) = flatten(result)
    try:
        return y if isinstance(y, Value) else Value(_float(y, where))
    except TypeError:
        raise TypeError(
            f"{where}: expected f to give one number or Value, got {described(y)}: "
            f"{_instead(where, 'f(x)', y)}"
        ) from None


def argument_names(f: Function, point: Sequence[Any]) -> Iterator[str]:
    """The names of the numbers in f's arguments: x, w[0], params['W'][2, 3]."""
    try:
        parameters = list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    plain = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    for i, argument in enumerate(point):
        yield from names(plain[i] if i < len(plain) else f"x{i + 1}", argument)


def described(x: Any) -> str:
    """Any object, for an error message; an array by its shape."""
    shape = getattr(x, "shape", None)
    if isinstance(shape, tuple) and shape:
        kind = "array" if type(x).__name__ == "ndarray" else type(x).__name__
        dtype = "" if is_array(x) or not hasattr(x, "dtype") else f" and dtype {x.dtype}"
        return f"{_a(kind)} of shape {shape}{dtype}"
    if isinstance(x, (str, bytes)):
        return f"the string {shown(x)}"
    text = shown(x)
    return _a(type(x).__name__) if text.startswith("<") else text  # <generator object at 0x7f...>


def as_code(x: Any, otherwise: str) -> str:
    """A point as an expression, for an error; `otherwise` where that would be long."""
    if is_array(x):
        return f"np.array({x.tolist()})" if x.size <= MOST_ENTRIES else otherwise
    arrays: list[bool] = []
    mapped(lambda part: arrays.append(is_array(part)), x)
    return otherwise if any(arrays) else shown(x)


def _float(x: Any, where: str) -> float:
    if type(x) is float:
        return x
    if getattr(x, "shape", ()) != () or hasattr(x, "compressed"):
        raise TypeError  # an array within an array, one of another kind, or a masked entry
    return number(x, where)


def _instead(where: str, name: str, x: Any) -> str:
    """What to write in place of x, which the user calls `name`."""
    kind = getattr(getattr(x, "dtype", None), "kind", None)
    if not is_item(x):
        return "an entry of an array is one number, so write a list of arrays"
    if hasattr(x, "compressed"):
        return f"write {name}.filled(0.0), or {name}.compressed() to leave out what is masked"
    if isinstance(x, complex) or kind == "c":
        return "derivatives are of real numbers, so write its real and imaginary parts as two"
    if kind == "V":
        return "write a dict of its fields"
    if kind is not None and kind in "mMSTU":
        return f"write {name}.astype(float) if it holds numbers"
    if hasattr(x, "__array__"):
        return f"write np.asarray({name})"
    if isinstance(x, Set):
        return f"a set has no order, so write sorted({name})"
    if isinstance(x, Mapping):
        return f"write dict({name})"
    if isinstance(x, Iterable) and not isinstance(x, (str, bytes)):
        return f"write list({name})"
    if name == "f(x)":
        return "does f end without return?" if x is None else "write an f that returns x * x, say"
    if name.endswith("]"):
        return f"write {_as_number(x) or 'a number there'}"
    return f"write {_as_number(x) or EXAMPLES[where] + ', say'}"


def _as_number(x: Any) -> str:
    """The number that a string says."""
    try:
        return repr(float(x))
    except (TypeError, ValueError):
        return ""


def _a(noun: str) -> str:
    return f"{'an' if noun[0].lower() in 'aeiou' else 'a'} {noun}"
