"""JAX's and PyTorch's ways to call jvp, vjp and hvp: errors that show the call that works here."""

from __future__ import annotations

from typing import Any

from microbp.autodiff.arguments import Function, as_code, described
from microbp.autodiff.function import check_function, signature_of, takes


def refuse_foreign_call(where: str, f: Function, point: Any, name: str, vector: Any) -> None:
    """TypeError for tuples of arguments, a missing vector, an f of several arguments or none.

    `vector` is the tangent or cotangent, and `name` says which.
    """
    check_function(where, f)
    if type(point) is tuple:
        call = _call_for(where, f, point, name, vector)
        raise TypeError(
            f"{where}: expected f's one argument, a number, an array, a list or a dict, and its "
            f"{name}, got the tuple {described(point)}: write {call}"
        )
    if vector is None:
        call = f"{where}(f, {as_code(point, 'point')}, {name})"
        raise TypeError(
            f"{where}: expected a {name} too: write {call}, or lambda {name}: {call} for a "
            f"function of the {name}"
        )
    if not takes(f, 1):
        raise TypeError(
            f"{where}: expected a function of one argument, got {signature_of(f)}: for one of "
            f"several write {where}(lambda x: f(*x), point, {name}), where the point is a list"
        )


def _call_for(where: str, f: Function, point: tuple[Any, ...], name: str, vector: Any) -> str:
    """The call for a tuple of f's arguments, and for the tuple of their tangents with it."""
    at: Any = point[0] if len(point) == 1 else list(point)
    if name == "tangent" and isinstance(vector, tuple):
        vector = vector[0] if len(vector) == 1 else list(vector)
    spread = len(point) != 1 and takes(f, len(point))
    function = "lambda x: f(*x)" if spread else "f"
    code = as_code(at, "point[0]" if len(point) == 1 else "list(point)")
    return f"{where}({function}, {code}, {name if vector is None else as_code(vector, name)})"
