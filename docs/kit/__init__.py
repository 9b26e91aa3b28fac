"""What `python docs/make_kit.py` makes for teachers, of the engine and the committed notebooks."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

PARTS = ["worksheets", "slides", "solutions", "nbgrader"]
"""Each is a module, and a page of docs/teach."""


def make(part: str, folder: Path) -> Iterable[Path]:
    """Make one part, and say which files it wrote. Its libraries are imported here: heavy."""
    folder.mkdir(parents=True, exist_ok=True)
    written: Iterable[Path] = import_module(f"kit.{part}").write(folder)
    return written
