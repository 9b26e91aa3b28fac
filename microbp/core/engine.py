"""The engine in use. Everything outside core imports Value from here.

`name` tells which one it is: "compiled" where core/compiled was built, else "python". The
environment variable MICROBP_ENGINE asks for one by name.
"""

from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING

asked = os.environ.get("MICROBP_ENGINE", "")
if asked not in ("", "python", "compiled"):
    raise SystemExit(f"MICROBP_ENGINE={asked}: expected 'python' or 'compiled'")

name = "python"
if asked != "python":
    from microbp.core import compiled

    if not compiled.fault:
        name = "compiled"
    elif asked:
        raise SystemExit(f"MICROBP_ENGINE=compiled: {compiled.fault}")
    elif compiled.stale:
        warnings.warn(f"microbp runs in plain Python: {compiled.fault}", stacklevel=2)

if TYPE_CHECKING or name == "python":
    from microbp.core.python import optimizer_steps as optimizer_steps
    from microbp.core.python.backward import reverse_order as reverse_order
    from microbp.core.python.node import was_compared as was_compared
    from microbp.core.python.value import Value, apply, call, dot, leaves, restored, unit
else:
    from microbp.core.compiled import optimizer_steps as optimizer_steps
    from microbp.core.compiled.value import Value, apply, call, dot, leaves, restored, unit
    from microbp.core.compiled.value import reverse_order as reverse_order
    from microbp.core.compiled.value import was_compared as was_compared

__all__ = [
    "Value",
    "apply",
    "call",
    "dot",
    "leaves",
    "name",
    "optimizer_steps",
    "restored",
    "reverse_order",
    "unit",
    "was_compared",
]
