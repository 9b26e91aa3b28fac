"""The file of a study: a line that says which study it is, then a line for each run, as it comes.

Lines are JSON, so that every float keeps its bits and reading never runs anything. A process
that is killed while it writes leaves at most its last line without an end; that line is cut off
when the study goes on, and its run counts as not done.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, TypeAlias

from microbp._support.atomic_file import write_whole
from microbp.nn import FileMismatch

Row: TypeAlias = dict[str, Any]
"""What a run gave: its "seed", and its results by name, or else its "failure"."""


class Ledger:
    """The rows of a study by seed; with a path, kept in that file and first read from it.

    Raises FileMismatch where the file is there and belongs to another study, which `header`
    tells, or to none; OSError where it can't be read or written. Two processes need a file each:
    in one they would repeat each other's runs, and one that starts may cut off a line that the
    other just wrote, whose run is then done again another time.
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

    def __enter__(self) -> Ledger:
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
        """Keep a run's line; returns the row, just as another process will read it."""
        row: Row = json.loads(line)
        if self._file is not None:
            self._file.write(line.encode() + b"\n")
            self._file.flush()
        self.rows[row["seed"]] = row
        return row

    def lacks(self, seed: int) -> bool:
        """Whether this run is still to be done: it never was, or it failed."""
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
