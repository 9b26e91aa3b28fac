"""The engine in use. Everything outside core imports Value from here.

`name` tells which one it is: "compiled" where core/compiled was built, else "python", and
`why_python` why it is not the compiled one. `missing()` tells for which parts of the compiled
engine plain Python has to do the work. The environment variable MICROBP_ENGINE asks for an engine
by name.
"""

from __future__ import annotations

import os
import warnings
from importlib import import_module
from typing import TYPE_CHECKING

asked = os.environ.get("MICROBP_ENGINE", "")
if asked not in ("", "python", "compiled"):
    raise SystemExit(f"MICROBP_ENGINE={asked}: expected 'python' or 'compiled'")

name, why_python = "python", "MICROBP_ENGINE asks for it"
if asked != "python":
    from microbp.core import compiled

    why_python = compiled.fault
    if not compiled.fault:
        name = "compiled"
    elif asked:
        raise SystemExit(f"MICROBP_ENGINE=compiled: {compiled.fault}")
    elif compiled.stale:
        warnings.warn(f"microbp runs in plain Python: {compiled.fault}", stacklevel=2)

if TYPE_CHECKING or name == "python":
    from microbp.core.python import optimizer_steps as optimizer_steps
    from microbp.core.python.backward import reverse_order as reverse_order
    from microbp.core.python.layers import (
        activities,
        activities_into,
        layer,
        paired,
        squared_error,
        unit,
    )
    from microbp.core.python.node import was_compared as was_compared
    from microbp.core.python.value import Value, apply, call, dot, leaves, restored
else:
    if "optimizer_steps" in compiled.lacking:
        from microbp.core.python import optimizer_steps as optimizer_steps
    else:
        from microbp.core.compiled import optimizer_steps as optimizer_steps
    from microbp.core.compiled.value import (
        Value,
        activities,
        activities_into,
        apply,
        call,
        dot,
        layer,
        leaves,
        paired,
        restored,
        squared_error,
        unit,
    )
    from microbp.core.compiled.value import reverse_order as reverse_order
    from microbp.core.compiled.value import was_compared as was_compared


def missing() -> dict[str, str]:
    """Those parts of the compiled engine that are not there, and why; plain Python does their work.

    >>> from microbp import engine
    >>> engine.missing()
    {}
    """
    if name == "python":
        return {}
    of_replay = import_module("microbp.replay.compiled")  # a layer above: not before asked
    return {**compiled.lacking, **of_replay.missing()}


__all__ = [
    "Value",
    "activities",
    "activities_into",
    "apply",
    "call",
    "dot",
    "layer",
    "leaves",
    "missing",
    "name",
    "optimizer_steps",
    "paired",
    "restored",
    "reverse_order",
    "squared_error",
    "unit",
    "was_compared",
    "why_python",
]
