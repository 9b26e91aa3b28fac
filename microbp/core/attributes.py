"""Attributes of a program's own on leaves (`p.momentum = 0.0`): what may be one. For both engines.

They are kept where other nodes keep operands. The compiled engine's nodes are no garbage
collector's business, so that a cycle through an attribute would never be freed.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import BuiltinMethodType, CellType, FunctionType, MethodType, ModuleType
from typing import Any

from microbp._support.coerce import shown

_EMPTY = CellType()


def check(name: str, x: Any, kind: type) -> None:
    """Raise TypeError for a Value, of the class `kind`, and for what holds one."""
    stack, seen = [x], set[int]()
    while stack:
        part = stack.pop()
        if type(part) is kind:
            raise TypeError(
                f"{name}: expected numbers, strings or lists of them as an attribute of a Value, "
                f"got {shown(x)}: an attribute that holds Values may keep them from ever being "
                "freed. Keep them in a list or dict beside it"
            )
        if id(part) not in seen:
            seen.add(id(part))
            stack.extend(_parts(part))


def _parts(x: Any) -> Iterable[Any]:
    if isinstance(x, (list, tuple, set, frozenset)):
        return x
    if isinstance(x, dict):
        return [*x, *x.values()]
    if isinstance(x, FunctionType):
        cells = [cell.cell_contents for cell in x.__closure__ or () if cell != _EMPTY]
        return [*cells, *(x.__defaults__ or ())]
    if isinstance(x, (MethodType, BuiltinMethodType)):
        return [x.__self__]
    if str(getattr(x, "dtype", "")) == "object":
        return list(x.ravel())
    if isinstance(x, (type, ModuleType)):
        return ()
    return list(getattr(x, "__dict__", {}).values())


def refused(name: str, node: Any) -> AttributeError:
    """For a node that is no leaf."""
    return AttributeError(
        f"{name}: only a leaf takes attributes of your own, and {node!r} was computed by "
        f"{node.op.name}: keep it in a dict, or in a list beside the node"
    )


def missing(name: str) -> AttributeError:
    """In Python's own words."""
    return AttributeError(f"'Value' object has no attribute {name!r}")
