"""The teacher's kit: its slides and solutions, which need the extra `docs`."""

import os
import re
import subprocess
import sys
from pathlib import Path

import mdit_py_plugins  # noqa: F401  # conftest leaves this file out where it is missing
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))  # its programs are no package

from kit import course, markdown, slides, solutions  # noqa: E402

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize("path", course.NOTEBOOKS[:2], ids=course.number)
def test_a_program_with_the_solutions_says_right(path, tmp_path):
    program = tmp_path / "program.py"
    program.write_text(solutions.program(path), "utf-8")
    made = subprocess.run(
        [sys.executable, str(program)], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert len(re.findall("^right: ", made.stdout, re.MULTILINE)) == len(course.exercises(path))


@pytest.mark.parametrize("path", course.NOTEBOOKS, ids=course.number)
def test_a_slide_begins_at_each_heading(path):
    cells = course.read(path)["cells"]
    headings = [
        line.lstrip("# ")
        for cell in cells
        if cell["cell_type"] == "markdown"
        for line in course.source(cell).splitlines()
        if re.match("##? ", line)
    ]
    made = list(slides.slides(cells, markdown.Writer({})))
    assert [heading for heading, _ in made] == headings
    assert "check(&quot;" not in "".join(part for _, parts in made for part in parts)


def test_a_long_program_is_shared_out_whole():
    code = "\n\n".join(f"def f{i}():\n    return {i}\n" for i in range(20))
    pieces = list(slides.shared_out(code))
    assert len(pieces) > 2
    assert all(piece.count("\n") < slides.LINES for piece in pieces)
    whole = re.sub("<.*?>", "", "\n".join(pieces)).split()
    assert whole == code.split()


def test_a_link_into_the_repository_becomes_text():
    writer = markdown.Writer({"02.ipynb": "02.html"})
    (text,) = writer.blocks("[a](02.ipynb) [b](../docs/x.md) [c](https://example.org)")
    assert re.findall('href="(.*?)"', text) == ["02.html", "https://example.org"]
    assert "b" in text
