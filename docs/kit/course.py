"""The course as the kit reads it: its committed notebooks, with or without the solutions."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, TypeAlias

from kit.pages import ROOT
from microbp.course import EXERCISES, solution

Cell: TypeAlias = dict[str, Any]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
_CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)


def read(path: Path) -> dict[str, Any]:
    """A notebook, as its file has it."""
    notebook: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return notebook


def source(cell: Cell) -> str:
    """The text of a cell."""
    return "".join(cell["source"])


def number(path: Path) -> str:
    """The number of a notebook in the course, such as "02b"."""
    return path.stem.partition("-")[0]


def title(notebook: dict[str, Any]) -> str:
    """The heading of its first cell."""
    return source(notebook["cells"][0]).partition("\n")[0].removeprefix("# ")


def exercises(path: Path) -> dict[str, str]:
    """The exercises of a notebook: the ending that its cells' ids share, and the exercise.

    >>> exercises(NOTEBOOKS[0])
    {'1': '01.1', '2': '01.2', '3': '01.3'}
    """
    own = (name.rpartition(".") for name in EXERCISES)
    return {place: f"{book}.{place}" for book, _, place in own if book == number(path)}


def code(exercise: str) -> str:
    """The program in its solution."""
    return "\n".join(_CODE.findall(solution(exercise))).rstrip()
