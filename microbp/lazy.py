"""Rooms imported when a name of theirs is first asked for, which keeps `import microbp` quick."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def names_from(
    package: str, rooms: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """A package's `__getattr__` and `__dir__` (PEP 562), by the room in which each name lives."""

    def find(name: str) -> Any:
        if name not in rooms:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found = getattr(import_module(f"{package}.{rooms[name]}"), name)
        setattr(sys.modules[package], name, found)  # so that nobody asks here again
        return found

    def list_all() -> list[str]:
        return sorted({*vars(sys.modules[package]), *rooms})

    return find, list_all
