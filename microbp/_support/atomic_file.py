"""Files that are complete or absent, never half written; one that does not fit is refused."""

from __future__ import annotations

import errno
import os
import secrets
from pathlib import Path

from microbp._support.coerce import shown


class FileMismatch(ValueError):
    """A file does not hold what it should, or does not fit the object that is to load it."""


def as_path(path: str | os.PathLike[str], where: str) -> Path:
    """The path of a file; TypeError or ValueError for anything else, naming the function `where`.

    Such as "", ".", a folder, or a name with a null character. FileNotFoundError where the folder
    for it is missing.
    """
    text = os.fspath(path) if isinstance(path, (str, os.PathLike)) else None
    if not isinstance(text, str):
        raise TypeError(f"{where}: expected the name of a file, got {shown(path)}")
    if not Path(text).name or "\0" in text or Path(text).is_dir():
        raise ValueError(f"{where}: expected the name of a file, got {shown(path)}")
    if not Path(text).parent.is_dir():
        problem = f"{where}: there is no folder {str(Path(text).parent)!r}"
        raise FileNotFoundError(errno.ENOENT, problem, text)
    return Path(text)


def write_whole(path: str | os.PathLike[str], content: str | bytes) -> Path:
    """Write a new file beside `path`, then move it there; returns the path. Text is UTF-8.

    The file gets the permissions of any new file, whether or not it replaces another. Raises
    OSError where the folder is missing or can't be written; a file that stood there before then
    stays as it was.
    """
    path = Path(path)
    data = content.encode() if isinstance(content, str) else content
    beside = path.parent / f".{path.name[:50]}-{secrets.token_hex(8)}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(beside, flags, 0o666)  # the system takes off what the umask says
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return path
