"""The teacher's kit: worksheets, and the course for nbgrader without nbgrader."""

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "docs"))  # its programs are no package

from kit import course, nbgrader, sheet_01, sheets_02, sweep, worksheets

MARKED = re.compile(r"\n### BEGIN (SOLUTION|HIDDEN TESTS)\n.*\n### END \1", re.DOTALL)
BLANK = re.compile(r'<span class="blank"|<div class="line"|<rect ')


@pytest.mark.parametrize("sheet", worksheets.SHEETS, ids=lambda sheet: sheet.name)
def test_a_worksheet_has_blanks_where_its_copy_has_answers(sheet):
    blank = worksheets.text(sheet, answers=False)
    filled = worksheets.text(sheet, answers=True)
    assert 'class="answer"' not in blank
    assert not BLANK.search(filled)
    assert blank.count('class="blank"') == filled.count('<b class="answer"') > 10


def test_the_answers_are_those_of_the_notebook():
    filled = worksheets.text(worksheets.SHEETS[1], answers=True)
    for leaf, slope in {"w": 8, "x": 12, "b": 4}.items():
        assert f'dE/d{leaf} = <b class="answer">{slope}</b>' in filled
    filled = worksheets.text(worksheets.SHEETS[2], answers=True)
    for node, slope in {"d": "5", "t": "1", "p": "6", "q": "−4"}.items():
        assert f'dE/d{node} = <b class="answer">{slope}</b>' in filled


def test_a_table_that_the_engine_contradicts_is_refused():
    order = sheet_01.diamond()
    assert sweep.parts(order)[-1].now == 30
    y, u, v, h = sheet_01.diamond()
    with pytest.raises(ValueError, match="by hand"):
        sweep.parts([y, u, h, v])  # h has its turn too early


def test_a_blank_graph_tells_no_result():
    graph = worksheets.Copy(answers=False).graph(sheets_02.square_of_a_unit()[0])
    assert re.findall(r">(−?[\d.]+)</text>", graph) == ["3", "2", "−4"]  # the leaves' data alone
    assert "E = 4" not in graph


@pytest.mark.parametrize("path", course.NOTEBOOKS, ids=course.number)
def test_students_get_the_cells_of_the_notebook(path):
    made = nbgrader.assignment(path)["cells"]
    for cell, ours in zip(course.read(path)["cells"], made, strict=True):
        if cell["cell_type"] == "code":
            assert MARKED.sub("", course.source(ours)) == course.source(cell)
    points = sum(cell["metadata"].get("nbgrader", {}).get("points", 0) for cell in made)
    assert points == len(course.exercises(path))


def test_the_hidden_tests_want_a_right_answer(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for path in course.NOTEBOOKS[:2]:
        cells = {cell["id"]: cell["source"] for cell in nbgrader.assignment(path)["cells"]}
        for place in course.exercises(path):
            names = {}
            exec("from microbp import Value\nfrom microbp.course import check", names)
            exec(MARKED.sub("", cells[f"ex{place}"]), names)
            with pytest.raises(AssertionError, match="not yet"):
                exec(cells[f"check{place}"], names)
            exec(cells[f"ex{place}"], names)
            exec(cells[f"check{place}"], names)
