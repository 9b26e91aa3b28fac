"""Which exercises have been done: a small file beside the notebooks.

A notebook runs in its own folder, so the file is there, where a learner sees it and can delete it,
and a teacher finds it when the folder is handed in. It is a note, and no proof: anybody can edit
it. What was right once stays right.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from microbp._support.atomic_file import FileMismatch, write_whole
from microbp.course.exercises import EXERCISES

NAME = "microbp-course.json"
"""The name of the file, in the folder where `check` is called."""

LARGEST = 100_000
"""Bytes. Ours has some 500."""


def note(exercise: str) -> None:
    """Add an exercise to the file in the current folder; say so where that isn't possible."""
    try:
        done = right_in(".")
        if exercise not in done:
            content = json.dumps({"right": sorted({*done, exercise})}, indent=1) + "\n"
            write_whole(NAME, content)
    except (OSError, FileMismatch) as error:
        print(f"(This is not counted: {error})")


def right_in(folder: str | os.PathLike[str]) -> list[str]:
    """The exercises noted as right in a folder, in the order of the course; [] without a file.

    Raises FileMismatch where the file is no such note, OSError where it can't be read.
    """
    path = Path(folder) / NAME
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError
        right = json.loads(path.read_text(encoding="utf-8"))["right"]
        if not isinstance(right, list):
            raise TypeError
        return [exercise for exercise in EXERCISES if exercise in right]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError, KeyError, RecursionError):
        raise FileMismatch(
            f"{path}: expected a note of what is right in the course, as check writes it; delete "
            "the file to begin anew"
        ) from None
