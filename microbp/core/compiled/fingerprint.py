"""A hash of what the compiled engine is built from, to notice when it is out of date."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def sources(package: Path) -> list[Path]:
    """Every Cython and C file of the package; setup.py uses this too."""
    kinds = {".pyx", ".pxd", ".pxi", ".h"}
    folders = (package / "core" / "compiled", package / "replay" / "compiled")
    return sorted(path for folder in folders for path in folder.iterdir() if path.suffix in kinds)


def fingerprint(package: Path, operations: Iterable[str]) -> str:
    """A hash of all sources of the package, and of the operations in the order of their codes.

    "" if there are no sources, as in an installed wheel.
    """
    files = sources(package)
    if not files:
        return ""
    parts = [*(path.read_bytes() for path in files), " ".join(operations).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]
