"""The function that a transform takes, and how it is called. Errors say what to write instead."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from microbp._support.coerce import shown
from microbp._support.trees import is_item
from microbp.autodiff.arguments import EXAMPLES, Function, as_code, described
from microbp.core.engine import Value


def check_function(where: str, f: Any) -> None:
    """TypeError unless f can be called."""
    if callable(f):
        return
    call = EXAMPLES[where].replace("f", "lambda x: x * x")
    if isinstance(f, Value):
        call += "; for a Value y computed from x it is y.backward(), and then x.grad"
    raise TypeError(f"{where}: expected a function, got {described(f)}: write {call}")


def check_point(where: str, point: Sequence[Any], named: Mapping[str, Any]) -> None:
    """TypeError for f's arguments by name, or none at all."""
    if named:
        given = ", ".join(f"{name}={shown(x)}" for name, x in named.items())
        raise TypeError(
            f"{where}: expected f's arguments without names, got {given}: write "
            f"{EXAMPLES[where]}, and {where}(lambda x: f(x, name=3.0))(2.0) for a constant"
        )
    if not point:
        raise TypeError(f"{where}: expected f's arguments, got none: write {EXAMPLES[where]}")


def refuse_point(where: str, others: Sequence[Any], named: Mapping[str, Any]) -> NoReturn:
    """TypeError for grad(f, 2.0) and grad(f, argnums=1)."""
    given = [*map(described, others), *(f"{name}={shown(x)}" for name, x in named.items())]
    write = f"write {where}(f)({as_code(others[0], 'x') if others else '2.0'})"
    if named:
        write = f"for some of f's arguments alone, write {where}(lambda y: f(2.0, y))(3.0)"
    raise TypeError(f"{where}: expected a function alone, got {', '.join(given)} too: {write}")


def called(where: str, f: Function, arguments: Sequence[Any]) -> Any:
    """f's result; TypeError in words where f takes more arguments, or fewer."""
    try:
        return f(*arguments)
    except TypeError:
        if takes(f, len(arguments)):
            raise  # f's own
    parameters = inspect.signature(f).parameters.values()
    needed = ", ".join(p.name for p in parameters if p.default is p.empty)
    call = EXAMPLES[where].replace("2.0", needed)
    if not needed:
        call = EXAMPLES[where].replace("f", "lambda x: x * x")
    elif len(arguments) == 1 and not is_item(arguments[0]):
        call += " or " + EXAMPLES[where].replace("f", "lambda x: f(*x)").replace("2.0", "x")
    raise TypeError(
        f"{where}: expected the arguments of {signature_of(f)}, got {len(arguments)}: write {call}"
    )


def takes(f: Function, count: int) -> bool:
    """Whether f can be called with so many arguments; True where Python does not know."""
    try:
        inspect.signature(f).bind(*[None] * count)
    except ValueError:
        return True
    except TypeError:
        return False
    return True


def signature_of(f: Function) -> str:
    """f's name and its parameters: product(x, y)."""
    name = getattr(f, "__name__", "f")
    return f"{'f' if name == '<lambda>' else name}{inspect.signature(f)}"
