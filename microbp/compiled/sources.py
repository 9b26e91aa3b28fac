"""What the compiled engine is made from: whoever imports it sees if that has changed since."""

from __future__ import annotations

import hashlib
from pathlib import Path


def sources(folder: Path) -> list[Path]:
    """Every Cython and C file in the folder that was written by hand."""
    kinds = {".pyx", ".pxd", ".pxi", ".h"}
    return sorted(path for path in folder.iterdir() if path.suffix in kinds)


def fingerprint(folder: Path) -> str:
    """A hash of all sources in the folder; "" if there are none, as in an installed wheel."""
    files = sources(folder)
    if not files:
        return ""
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:16]
