"""What the compiled engine is built from, so that `import microbp` sees where that has changed."""

from __future__ import annotations

import hashlib
from pathlib import Path


def sources(package: Path) -> list[Path]:
    """Every Cython and C file of the package, written by hand; shared with setup.py."""
    kinds = {".pyx", ".pxd", ".pxi", ".h"}
    folders = (package / "core" / "compiled", package / "replay" / "compiled")
    return sorted(path for folder in folders for path in folder.iterdir() if path.suffix in kinds)


def fingerprint(package: Path) -> str:
    """A hash of all sources of the package; "" if there are none, as in an installed wheel."""
    files = sources(package)
    if not files:
        return ""
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:16]
