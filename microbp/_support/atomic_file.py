"""Files: each is complete or absent, never half of itself; one that does not fit is refused."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


class FileMismatch(ValueError):
    """A file does not hold what it should, or does not fit what should take it over."""


def write_whole(path: str | os.PathLike[str], content: str | bytes) -> Path:
    """Write a file beside its place, then move it there; returns its path. Text is UTF-8.

    Raises OSError where the folder is missing or can't be written; a file that stood there
    before stays as it was.
    """
    path = Path(path)
    data = content.encode() if isinstance(content, str) else content
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:50]}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(beside).chmod(0o666 & ~_umask())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    return path


def _umask() -> int:
    """The permissions that new files don't get here; mkstemp gives fewer than that."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
