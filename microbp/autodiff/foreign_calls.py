"""JAX's and PyTorch's ways to call jvp, vjp and hvp: errors that show the call that works here."""

from __future__ import annotations

import inspect
from typing import Any

from microbp._support.coerce import shown
from microbp.autodiff.call import Function


def refuse_foreign_call(where: str, f: Function, point: Any, name: str, vector: Any) -> None:
    """TypeError for tuples of arguments, a missing vector, and an f of several arguments.

    `vector` is the tangent or cotangent, and `name` says which.
    """
    if type(point) is tuple:
        raise TypeError(
            f"{where}: expected f's one argument, a number or a list, and its {name}, "
            f"got the tuple {shown(point)}: write {_call_for(where, f, point, name, vector)}"
        )
    if vector is None:
        call = f"{where}(f, {shown(point)}, {name})"
        raise TypeError(
            f"{where}: expected a {name} too: write {call}, or lambda {name}: {call} for a "
            f"function of the {name}"
        )
    if not _takes(f, 1):
        function = f"{getattr(f, '__name__', 'f')}{inspect.signature(f)}"
        raise TypeError(
            f"{where}: expected a function of one argument, got {function}: for one of several "
            f"write {where}(lambda x: f(*x), point, {name}), where the point is a list"
        )


def _call_for(where: str, f: Function, point: tuple[Any, ...], name: str, vector: Any) -> str:
    """The call for a tuple of f's arguments, and for the tuple of their tangents with it."""
    at: Any = point[0] if len(point) == 1 else list(point)
    if name == "tangent" and isinstance(vector, tuple):
        vector = vector[0] if len(vector) == 1 else list(vector)
    spread = len(point) != 1 and _takes(f, len(point))
    function = "lambda x: f(*x)" if spread else "f"
    return f"{where}({function}, {shown(at)}, {name if vector is None else shown(vector)})"


def _takes(f: Function, count: int) -> bool:
    """Whether f can be called with so many arguments; True where Python does not know."""
    try:
        inspect.signature(f).bind(*[None] * count)
    except ValueError:
        return True
    except TypeError:
        return False
    return True
