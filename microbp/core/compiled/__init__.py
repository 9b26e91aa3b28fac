"""The engine in Cython: the same Value, the same bits in every result, many times faster.

Built where setup.py finds a C compiler. Start reading at value.pyx.

fault: why it can't be used, in a sentence; "" if it can.
stale: whether its sources have changed since it was built.
lacking: of its other parts, those that were not built, and why.
"""

from __future__ import annotations

from pathlib import Path

from microbp.core.compiled.fingerprint import fingerprint
from microbp.core.ops import BUILTINS

lacking: dict[str, str] = {}
try:
    from microbp.core.compiled.value import SOURCES

    try:
        from microbp.core.compiled import optimizer_steps as optimizer_steps
    except ImportError as error:
        lacking["optimizer_steps"] = str(error)
except ImportError as error:
    stale, fault = False, f"the compiled engine is not built ({error})"
except Exception:  # its sources and the table of operations may have become anything since
    stale = True
else:
    now = fingerprint(Path(__file__).parents[2], [op.name for op in BUILTINS])
    stale, fault = now not in ("", SOURCES), ""
if stale:
    fault = "the compiled engine is older than its sources: pip install -e . again"
