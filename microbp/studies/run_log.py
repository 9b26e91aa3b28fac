"""The file of a study: a line that says which study it is, then a line for each run as it ends.

Lines are JSON, so every float keeps its bits and reading runs no code. Each has a checksum of
itself (as in `_support/json_state.py`). A process that is killed while it writes leaves at most
an incomplete last line; that line is cut off when the study continues, and its run counts as
missing.
"""

from __future__ import annotations

import errno
import json
import os
import warnings
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, TypeAlias, cast

from microbp._support.atomic_file import FileMismatch, remove_leftovers, write_new
from microbp._support.file_lock import take_lock
from microbp._support.json_state import checksum, without_repeats

Row: TypeAlias = dict[str, Any]
"""What a run returned: its "seed" and its results by name, or its "failure"."""

VERSION = 2
LONGEST_HEADER = 2**20
"""Bytes of the first line."""
LONGEST_LINE = 2**22
"""Bytes of any other: a row of 200,000 numbers, or so."""


class RunLog:
    """The rows of a study by seed; with a path, read from that file and kept in it.

    Raises FileMismatch if the file is there and its first line differs from `header` or is not
    one, or if a line is damaged; OSError if it can't be read or written, or if another study
    writes to it. A header's "code" may be another: then there is a warning.

    A line that can't be written, as the disk is full, is kept, and written with a later one that
    can; `unsaved` says why.
    """

    def __init__(self, path: str | os.PathLike[str] | None, header: Mapping[str, Any]) -> None:
        self.rows: dict[int, Row] = {}
        self.unsaved = ""
        self._file: BinaryIO | None = None
        self._unwritten = b""
        if path is None:
            return
        path = Path(path)
        header = {"study": VERSION, **header}
        if not path.exists():
            with suppress(FileExistsError):  # another study has just begun there
                write_new(path, line_of(header).decode())
        remove_leftovers(path)
        self._file = path.open("r+b", buffering=0)
        try:
            if not take_lock(self._file.fileno()):
                problem = "study: another study is writing to this file"
                raise BlockingIOError(errno.EWOULDBLOCK, problem, str(path))
            self._end = self._read(path, header)
            self._file.truncate(self._end)
            self._file.seek(self._end)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> RunLog:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._write(b"")
            self._file.close()

    def add(self, line: str) -> Row:
        """Keep a run's line; returns the row as it will be read from the file."""
        row: Row = json.loads(line)
        self._write(line_of(row))
        self.rows[row["seed"]] = row
        return row

    def lacks(self, seed: int) -> bool:
        """Whether this run is missing or failed."""
        return seed not in self.rows or "failure" in self.rows[seed]

    def _write(self, line: bytes) -> None:
        """Write it, and what could not be written before."""
        if self._file is None:
            return
        self._unwritten += line
        written = 0
        try:
            while written < len(self._unwritten):
                written += self._file.write(self._unwritten[written:])
        except OSError as error:
            self.unsaved = str(error)
            with suppress(OSError):
                self._file.truncate(self._end)
                self._file.seek(self._end)
            return
        self._end += written
        self._unwritten, self.unsaved = b"", ""

    def _read(self, path: Path, header: Mapping[str, Any]) -> int:
        """Read all rows; returns where the last complete line ends."""
        with path.open("rb") as file:
            first = file.readline(LONGEST_HEADER)
            if not first:
                raise FileMismatch(f"{path.name} is not a file of study: it is empty")
            self._check_header(path.name, _object(first), header)
            end, number = len(first), 1
            while (line := file.readline(LONGEST_LINE)).endswith(b"\n"):
                number += 1
                self._check_row(path.name, number, _object(line))
                end += len(line)
            if len(line) == LONGEST_LINE:
                raise FileMismatch(f"{path.name} holds no run of a study in line {number + 1}")
        return end

    def _check_header(self, name: str, found: Row | None, header: Mapping[str, Any]) -> None:
        if found is None or "study" not in found:
            raise FileMismatch(f"{name} is not a file of study")
        if type(found["study"]) is not int or found["study"] != VERSION:
            raise FileMismatch(
                f"{name} is a file of study of version {found['study']!r}; this microbp reads "
                f"{VERSION}"
            )
        for key, ours in header.items():
            if key != "code" and found.get(key) != ours:
                theirs = found.get(key)
                raise FileMismatch(
                    f"{name} holds a study with {key} {theirs!r} where this one has {ours!r}"
                )
        if found.pop("checksum", None) != checksum(found):
            raise FileMismatch(f"{name} is damaged in line 1: it is not what its checksum says")
        code, now = str(found.get("code")), str(header.get("code"))
        if code != now and code.split()[:1] == now.split()[:1]:
            warnings.warn(
                f"study: the code of {header['experiment']} has changed since the runs in {name}",
                stacklevel=6,
            )

    def _check_row(self, name: str, number: int, row: Row | None) -> None:
        if row is None or type(row.get("seed")) is not int:
            raise FileMismatch(f"{name} holds no run of a study in line {number}")
        if row.pop("checksum", None) != checksum(row):
            raise FileMismatch(
                f"{name} is damaged in line {number}: it is not what its checksum says; delete the "
                f"line, and its run is made again"
            )
        if not self.lacks(row["seed"]):
            raise FileMismatch(f"{name} holds seed {row['seed']} again in line {number}")
        self.rows[row["seed"]] = row


def line_of(row: Mapping[str, Any]) -> bytes:
    """The line of a file for a row, or for the header."""
    return json.dumps({**row, "checksum": checksum(row)}).encode() + b"\n"


def _object(line: bytes) -> Row | None:
    try:
        found = json.loads(line, object_pairs_hook=without_repeats)
    except (ValueError, RecursionError):
        return None
    return cast(Row, found) if isinstance(found, dict) and line.endswith(b"\n") else None
