"""The course for nbgrader, graded by nbgrader, in an environment that has it."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import nbgrader  # noqa: F401  # conftest leaves this file out where it is missing
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))  # its programs are no package

from kit import course  # noqa: E402
from kit import nbgrader as ours  # noqa: E402

pytestmark = pytest.mark.thorough
WRONG = {
    "01": {"ex1": "answer_1 = 42", "ex2": "def partial_of_cube(x):\n    return 3 * x^2",
           "ex3": "def in_order(root):\n    return [root]"},
    "02": {"ex1": course.code("02.1"), "ex2": "def my_backward(order):\n    raise KeyError",
           "ex3": "def derivative(w, cases):\n    import sys\n    sys.exit()"},
}  # fmt: skip


def run(folder, *arguments):
    command = [sys.executable, "-m", "nbgrader", *arguments]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # has alembic
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": path}
    made = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr


def hand_in(folder, student, path, answers):
    """The released notebook with these cells in it; a check says what the student would like."""
    notebook = json.loads((folder / "release" / course.number(path) / path.name).read_text())
    for cell in notebook["cells"]:
        cell["source"] = answers.get(cell["id"], cell["source"])
    to = folder / "submitted" / student / course.number(path) / path.name
    to.parent.mkdir(parents=True)
    to.write_text(json.dumps(notebook))


@pytest.mark.parametrize("book", ["01", "02"])
def test_answers_get_their_points(book, tmp_path):
    list(ours.write(tmp_path))
    (path,) = (path for path in course.NOTEBOOKS if course.number(path) == book)
    run(tmp_path, "generate_assignment", book)
    exercises = course.exercises(path)
    right = {f"ex{place}": course.code(name) for place, name in exercises.items()}
    hand_in(tmp_path, "right", path, right)
    hand_in(tmp_path, "empty", path, {})
    hand_in(tmp_path, "wrong", path, WRONG[book])
    hand_in(tmp_path, "cheat", path, {f"check{place}": "print('right')" for place in exercises})
    run(tmp_path, "autograde", book)
    run(tmp_path, "export")
    with (tmp_path / "grades.csv").open() as file:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert scores == {"right": 3.0, "empty": 0.0, "wrong": {"01": 0.0, "02": 1.0}[book],
                      "cheat": 0.0}  # fmt: skip
