"""The interpreter in C, and the first pass of recording; each there where setup.py could build it.

Where one of them is missing, plain Python does its work; the rest of the compiled engine is used.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from microbp.core import engine


def extension(name: str) -> Any:
    """The module `interpreter` or `flatten`, or None where plain Python has to do."""
    return None if engine.name == "python" else _imported(name)[0]


def missing() -> dict[str, str]:
    """Of these two, those that can't be imported, and why."""
    found = {name: _imported(name)[1] for name in ("flatten", "interpreter")}
    return {name: fault for name, fault in found.items() if fault}


@cache
def _imported(name: str) -> tuple[Any, str]:
    try:
        return import_module(f"{__name__}.{name}"), ""
    except ImportError as error:
        return None, str(error)
