"""The file of a study: a line that says which study it is, then a line for each run as it ends.

Lines are JSON, so every float keeps its bits and reading runs no code. A process that is killed
while it writes leaves at most an incomplete last line; that line is cut off when the study
continues, and its run counts as missing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, TypeAlias

from microbp._support.atomic_file import FileMismatch, write_whole

Row: TypeAlias = dict[str, Any]
"""What a run returned: its "seed" and its results by name, or its "failure"."""


class RunLog:
    """The rows of a study by seed; with a path, read from that file and kept in it.

    Raises FileMismatch if the file is there and its first line differs from `header` or is not
    one; OSError if it can't be read or written. Two processes need a file each: in one file they
    would repeat each other's runs, and the one that starts later may cut off a line that the
    other is writing.
    """

    def __init__(self, path: str | os.PathLike[str] | None, header: Mapping[str, Any]) -> None:
        self.rows: dict[int, Row] = {}
        self._file = None
        if path is None:
            return
        path = Path(path)
        if path.exists():
            self._read(path, header)
        else:
            write_whole(path, json.dumps(header) + "\n")
        self._file = path.open("ab")

    def __enter__(self) -> RunLog:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, line: str) -> Row:
        """Keep a run's line; returns the row as it will be read from the file."""
        row: Row = json.loads(line)
        if self._file is not None:
            self._file.write(line.encode() + b"\n")
            self._file.flush()
        self.rows[row["seed"]] = row
        return row

    def lacks(self, seed: int) -> bool:
        """Whether this run is missing or failed."""
        return seed not in self.rows or "failure" in self.rows[seed]

    def _read(self, path: Path, header: Mapping[str, Any]) -> None:
        content = path.read_bytes()
        end = content.rfind(b"\n") + 1
        first, *lines = content[:end].split(b"\n")
        found = _object(first)
        if found is None or "study" not in found:
            raise FileMismatch(f"{path.name} is not a file of study")
        for name, ours in header.items():
            if found.get(name) != ours:
                raise FileMismatch(
                    f"{path.name} holds a study with {name} {found.get(name)!r} "
                    f"where this one has {ours!r}"
                )
        for number, line in enumerate(lines[:-1], 2):
            row = _object(line)
            if row is None or type(row.get("seed")) is not int:
                raise FileMismatch(f"{path.name} holds no run of a study in line {number}")
            self.rows[row["seed"]] = row
        if end < len(content):
            os.truncate(path, end)


def _object(line: bytes) -> Row | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
