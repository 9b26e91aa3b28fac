"""The engine in use: everything above it imports Value from here.

`name` tells which one it is; the environment variable MICROBP_ENGINE asks for one by name.
"""

from __future__ import annotations

import os

from microbp.value import Value as Value
from microbp.value import apply as apply

name = "python"

if (_asked := os.environ.get("MICROBP_ENGINE", name)) != name:
    raise SystemExit(
        f"MICROBP_ENGINE={_asked}: this installation of microbp has the engine '{name}' only"
    )
