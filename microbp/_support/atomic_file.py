"""Files that are complete or absent, never half written; one that does not fit is refused."""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from microbp._support.coerce import shown
from microbp._support.file_lock import take_lock


class FileMismatch(ValueError):
    """A file does not hold what it should, or does not fit the object that is to load it."""


def as_path(path: str | os.PathLike[str], where: str) -> Path:
    """The path of a file; TypeError or ValueError for anything else, naming the function `where`.

    Such as "", ".", a folder, or a name with a null character. OSError where the folder for it is
    missing, or the name is longer than the system allows.
    """
    text = os.fspath(path) if isinstance(path, (str, os.PathLike)) else None
    if not isinstance(text, str):
        raise TypeError(f"{where}: expected the name of a file, got {shown(path)}")
    try:
        os.fsencode(text)
        if not Path(text).name or "\0" in text or Path(text).is_dir():
            raise ValueError
        there = Path(text).parent.is_dir()
    except ValueError:  # also of a lone surrogate, which no name can have
        problem = f"{where}: expected the name of a file, got {shown(path)}"
        raise ValueError(problem) from None
    except OSError as error:
        problem = f"{where}: {(error.strerror or str(error)).lower()}"
        raise type(error)(error.errno, problem, text) from None
    if not there:
        problem = f"{where}: there is no folder {str(Path(text).parent)!r}"
        raise FileNotFoundError(errno.ENOENT, problem, text)
    return Path(text)


def write_whole(path: str | os.PathLike[str], content: str | bytes) -> Path:
    """Write a new file beside `path`, then move it there; returns the path. Text is UTF-8.

    A file that stands there keeps its permissions and, where the system lets us, its owner. A
    link stays, and what it points to is replaced; other hard links keep the old content. What is
    no plain file, such as /dev/null or a pipe, is written to as it is. What writes to the same
    path left behind when they were killed is removed.

    Raises OSError where the folder is missing or the file can't be written; a file that stood
    there before then stays as it was.
    """
    path = Path(path)
    with _told_by_name(path):
        target, old = _target(path)
        if old is not None and not stat.S_ISREG(old.st_mode):
            with target.open("wb", buffering=0) as file:
                file.write(_bytes(content))
            return path
        remove_leftovers(path)
        while True:
            beside = _beside(target)
            try:
                _write(beside, old, _bytes(content))
                beside.replace(target)
                return path
            except BaseException as error:
                beside.unlink(missing_ok=True)
                if not (isinstance(error, FileNotFoundError) and target.parent.is_dir()):
                    raise  # else another process has taken it for a leftover


def write_new(path: Path, content: str) -> None:
    """The same for a file that must not be there yet; FileExistsError if it is.

    Of two processes that do so at once, one gets the error.
    """
    with _told_by_name(path):
        remove_leftovers(path)
        target, old = _target(path)
        if old is not None:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        beside = _beside(target)
        try:
            _write(beside, None, _bytes(content))
            _link_new(beside, target)
            beside.unlink(missing_ok=True)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise


def check_writable(path: Path, size: int = 1) -> None:
    """OSError if a file of so many bytes can't be written to this path now; nothing changes."""
    with _told_by_name(path):
        target, old = _target(path)
        if old is None or stat.S_ISREG(old.st_mode):
            beside = _beside(target)
            try:
                _write(beside, old, bytes(size))
                beside.unlink(missing_ok=True)
            except BaseException:
                beside.unlink(missing_ok=True)
                raise


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


@contextmanager
def _told_by_name(path: Path) -> Iterator[None]:
    """Name the file in an OSError that doesn't, such as that of a full disk, or names another."""
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error


def _target(path: Path) -> tuple[Path, os.stat_result | None]:
    """What a write to the path replaces, links followed, and its status; None if there is none."""
    try:
        old = path.stat()
    except FileNotFoundError:
        return Path(os.path.realpath(path)), None
    if not stat.S_ISREG(old.st_mode):
        return path, old
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return Path(os.path.realpath(path)), old


def _beside(target: Path) -> Path:
    """The name of a new file in the same folder. Known before there is one, and so removed after
    an interruption at any moment."""
    return target.parent / f"{_start(target)}{secrets.token_hex(8)}.part"


def _write(beside: Path, old: os.stat_result | None, data: bytes) -> None:
    """Write a new file, with the permissions of the old one or of any new file."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    # Of the permissions of a new file, the system takes off what the umask says.
    handle = os.open(beside, flags, 0o600 if old else 0o666)
    with os.fdopen(handle, "wb") as file:
        take_lock(handle)  # not a leftover
        if old is not None:
            by = handle if os.chmod in os.supports_fd else beside
            with suppress(OSError, AttributeError):  # another's file, or Windows
                os.chown(by, old.st_uid, old.st_gid)
            os.chmod(by, stat.S_IMODE(old.st_mode))  # noqa: PTH101  # by handle
        file.write(data)


def _link_new(beside: Path, target: Path) -> None:
    """Give the file its name; FileExistsError if there is one of that name."""
    try:
        os.link(beside, target)
    except (AttributeError, OSError) as error:
        if isinstance(error, FileExistsError):
            raise
        beside.replace(target)  # no hard links there


def _start(target: Path) -> str:
    return f".{target.name[:50]}-"


def remove_leftovers(path: Path) -> None:
    """Remove what writes to this path have left beside it when they were killed."""
    target = Path(os.path.realpath(path))
    if target in _looked_at:
        return
    if len(_looked_at) >= 1000:
        _looked_at.clear()
    _looked_at.add(target)
    ours = re.compile(re.escape(_start(target)) + r"[0-9a-f]{16}\.part")
    with suppress(OSError):  # a folder that can't be listed
        for entry in [entry for entry in os.scandir(target.parent) if ours.fullmatch(entry.name)]:
            with suppress(OSError):
                handle = os.open(entry.path, os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0))
                try:
                    dead = take_lock(handle)
                finally:
                    os.close(handle)
                if dead:
                    Path(entry.path).unlink()  # on Windows an error, if it is open


_looked_at: set[Path] = set()
"""Paths beside which this process has looked for leftovers: its own writes leave none."""
