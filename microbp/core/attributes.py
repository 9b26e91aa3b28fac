"""Attributes that a program sets on Values (`p.momentum = 0.0`), of any kind. For both engines.

The plain engine keeps them in `__dict__`, the compiled one in a dict that only such nodes have.
Neither makes the class look up each attribute that is set, which would slow every other one down.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

OURS = ("_asked", "_place")
"""What the engines keep there themselves."""


def own(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Those that the program has set."""
    return {name: x for name, x in attributes.items() if name not in OURS}
