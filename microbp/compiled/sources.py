"""What the compiled engine is made from: whoever imports it sees if that has changed since."""

from __future__ import annotations

import hashlib
from pathlib import Path


def fingerprint(folder: Path) -> str:
    """A hash of every Cython and C file in the folder; "" if there is none, as in an installed wheel."""
    files = sorted(path for path in folder.iterdir() if path.suffix in {".pyx", ".pxd", ".pxi", ".h"})
    if not files:
        return ""
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:16]
