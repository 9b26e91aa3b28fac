"""The course for nbgrader: an assignment for each notebook, to be released and graded by it.

A cell for an answer has the solution between the marks that nbgrader takes out. A check below it
is worth a point; in what students get it is the check of the notebook, and nothing more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kit import course

CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "microbp"
# An answer's cell has its "..." already, so that a notebook without answers runs to its end.
c.ClearSolutions.code_stub = {"python": ""}
c.Execute.timeout = 600  # seconds for a cell: some train a net many times over
"""
HIDDEN = """\
### BEGIN HIDDEN TESTS
from microbp.course.checking import words

verdict = words({arguments})
assert verdict.startswith("right: "), verdict
### END HIDDEN TESTS"""
# A link to another notebook or page leads nowhere from an assignment's own folder.
_LINK = re.compile(r"\[([^\]]*)\]\((?!https?:)[^)]*\)")


def write(folder: Path) -> Iterable[Path]:
    """Write nbgrader's settings, and the source of each assignment."""
    config = folder / "nbgrader_config.py"
    config.write_text(CONFIG, "utf-8")
    yield config
    for path in course.NOTEBOOKS:
        if course.exercises(path):
            to = folder / "source" / course.number(path) / path.name
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_text(json.dumps(assignment(path), indent=1, ensure_ascii=False), "utf-8")
            yield to


def assignment(path: Path) -> dict[str, Any]:
    """A notebook as the instructor's version of an assignment."""
    notebook = course.read(path)
    for cell in notebook["cells"]:
        cell.update(outputs=[], execution_count=None) if cell["cell_type"] == "code" else None
        if cell["cell_type"] == "markdown":
            cell["source"] = _LINK.sub(r"\1", course.source(cell))
    cells = {cell["id"]: cell for cell in notebook["cells"]}
    for place, exercise in course.exercises(path).items():
        answer, check = cells[f"ex{place}"], cells[f"check{place}"]
        solved = f"### BEGIN SOLUTION\n{course.code(exercise)}\n### END SOLUTION"
        answer["source"] = f"{course.source(answer)}\n{solved}"
        answer["metadata"]["nbgrader"] = marks(answer, solution=True)
        given = course.source(check)
        arguments = given.removeprefix("check(").removesuffix(")")
        check["source"] = f"{given}\n{HIDDEN.format(arguments=arguments)}"
        check["metadata"]["nbgrader"] = marks(check, grade=True, locked=True, points=1)
    return notebook


def marks(cell: course.Cell, **given: object) -> dict[str, object]:
    """What nbgrader wants to know of a cell."""
    kind = {"grade": False, "locked": False, "solution": False, "task": False}
    return {"schema_version": 3, "grade_id": cell["id"], **kind, **given}
