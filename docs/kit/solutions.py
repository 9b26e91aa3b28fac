"""The solutions in files of their own: a page to print, and a program for each notebook.

A program is the notebook's own, with the solutions in their places; it ends as the notebook does,
with what the checks say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from kit import course, pages
from kit.markdown import Writer
from microbp.course import solution


def write(folder: Path) -> Iterable[Path]:
    """Write the page, and the programs."""
    page = folder / "solutions.html"
    page.write_text(text(), "utf-8")
    yield page
    for path in course.NOTEBOOKS:
        if course.exercises(path):
            to = folder / f"{path.stem}.py"
            to.write_text(program(path), "utf-8")
            yield to


def text() -> str:
    """All exercises and a solution of each, as a page in HTML."""
    writer = Writer({})
    parts = ["<h1>The exercises, and a solution of each</h1>"]
    for path in filter(course.exercises, course.NOTEBOOKS):
        notebook = course.read(path)
        cells = {cell["id"]: course.source(cell) for cell in notebook["cells"]}
        parts.append(f"<h2>{writer.line(course.title(notebook))}</h2>")
        for place, exercise in course.exercises(path).items():
            asked = "".join(writer.blocks(cells[f"ex{place}-text"]))
            answer = "".join(writer.blocks(solution(exercise)))
            parts.append(f'<section>{asked}<div class="solution">{answer}</div></section>')
    body = "<main>\n" + "\n".join(parts) + "\n</main>"
    return pages.page("Solutions", writer.filled(body), "solutions.css")


def program(path: Path) -> str:
    """A notebook's code, with the solutions in it."""
    exercises = course.exercises(path)
    parts = [f"# {course.title(course.read(path))}: the notebook's code, with the solutions"]
    for cell in course.read(path)["cells"]:
        if cell["cell_type"] == "code":
            place = cell["id"].removeprefix("ex")
            code = course.code(exercises[place]) if place in exercises else course.source(cell)
            parts.append(re.sub(r"^%.*\n", "", code, flags=re.MULTILINE))
    return "\n\n".join(parts) + "\n"
