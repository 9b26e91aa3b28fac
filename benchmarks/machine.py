"""The machine a run took place on."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def machine_info() -> dict[str, str]:
    """The processor, its cores and vectors, the system and Python, for the head of the report."""
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "vectors": _vectors(),
        "system": platform.platform(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
    }


def _vectors() -> str:
    """The kind of vectors that replay uses here: MICROBP_VECTORS can ask for another."""
    try:
        from microbp.replay.compiled.interpreter import vectors
    except ImportError:
        return "not used"
    return vectors()


def _processor() -> str:
    """The model; on Linux, Python itself gives only the architecture."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.machine())
