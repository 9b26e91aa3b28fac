"""How long notebooks take, by words and lines: `python notebooks/times.py`.

Read: 120 words a minute, as a text with numbers in it is read, and 12 lines of
code; but not that of cells tagged seen, which an earlier notebook has. Do: five
minutes for an exercise. These are estimates: nobody was timed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

WORDS_A_MINUTE = 120
LINES_A_MINUTE = 12
MINUTES_FOR_AN_EXERCISE = 5


class Minutes(NamedTuple):
    """Of reading, and of doing the exercises."""

    read: float
    do: float


def minutes(path: Path) -> Minutes:
    """How long this notebook takes."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    sources = [("".join(cell["source"]), cell) for cell in cells]
    words = sum(
        len(text.split())
        for text, cell in sources
        if cell["cell_type"] == "markdown"
    )
    lines = sum(
        bool(line.strip())
        for text, cell in sources
        if cell["cell_type"] == "code" and "seen" not in cell["metadata"].get("tags", [])
        for line in text.splitlines()
    )
    exercises = sum(
        "exercise" in cell["metadata"].get("tags", []) for cell in cells
    )
    return Minutes(
        words / WORDS_A_MINUTE + lines / LINES_A_MINUTE,
        exercises * MINUTES_FOR_AN_EXERCISE,
    )


def told(path: Path) -> str:
    """As a notebook says it, in steps of five minutes."""
    read, do = (5 * round(part / 5) for part in minutes(path))
    if not do:
        return f"About {read} minutes."
    return f"About {read + do} minutes: {read} to read, {do} for the exercises."


if __name__ == "__main__":
    for notebook in sorted(Path(__file__).parent.glob("*.ipynb")):
        print(f"{notebook.name:36} {told(notebook)}")
