"""The course: every notebook runs, and says what it says in the repository.

A cell is tagged exercise or check where it is one. What checks say is tested in tests/course.
"""

import importlib
import inspect
import re
from collections import Counter

import pytest

from microbp.core import engine
from microbp.course import EXERCISES, solution
from notebooks import execute, times

pytestmark = pytest.mark.thorough

NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?![\w])")

each_notebook = pytest.mark.parametrize(
    "path", execute.NOTEBOOKS, ids=lambda path: path.stem.partition("-")[0]
)

each_that_can_run = pytest.mark.parametrize(
    "path",
    [path for path in execute.NOTEBOOKS if execute.can_be_executed(path)],
    ids=lambda path: path.stem.partition("-")[0],
)


def skip_where_too_slow(path):
    if engine.name == "python" and path.stem[:2] in ("05", "06", "07", "10"):
        pytest.skip("what it trains takes minutes in plain Python, and rounding may grow otherwise")


def tagged(notebook, tag):
    return [cell for cell in notebook.cells if tag in cell.metadata.get("tags", [])]


def says(cell):
    return "".join(output.get("text", "") for output in cell.outputs)


def outputs(cell):
    """What must be the same in a fresh run, whatever the versions of Graphviz and Matplotlib."""
    return [
        {
            "type": output.output_type,
            "text": output.get("text"),
            "words": output.metadata.get("words") if "metadata" in output else None,
            "data": {
                kind: "a picture" if kind.startswith("image/") else content
                for kind, content in output.get("data", {}).items()
            },
        }
        for output in cell.get("outputs", [])
    ]


@each_that_can_run
def test_a_fresh_run_gives_what_is_committed(path):
    skip_where_too_slow(path)
    committed = execute.read(path)
    fresh = execute.executed(committed)
    for old, new in zip(committed.cells, fresh.cells, strict=True):
        assert outputs(new) == outputs(old), f"{path.name}, cell {old.id}: run notebooks/execute.py"
    # All else is the same to the byte.
    for old, new in zip(committed.cells, fresh.cells, strict=True):
        if "outputs" in old:
            new.outputs = old.outputs
    assert execute.written(fresh) == path.read_text(encoding="utf-8")


@each_notebook
def test_every_exercise_has_a_check_and_no_answer_is_in_sight(path):
    notebook = execute.read(path)
    number = path.stem.partition("-")[0]
    exercises, checks = tagged(notebook, "exercise"), tagged(notebook, "check")
    assert [e for e in EXERCISES if e.partition(".")[0] == number] == [
        f"{number}.{place}" for place in range(1, len(exercises) + 1)
    ]
    for place, (exercise, check) in enumerate(zip(exercises, checks, strict=True), 1):
        assert (exercise.id, check.id) == (f"ex{place}", f"check{place}")
        assert re.fullmatch(rf'check\("{number}.{place}", .+\)', check.source)
        title = f"**{place}. {EXERCISES[f'{number}.{place}']}"
        assert any(title in cell.source for cell in notebook.cells), title
        code = re.findall(r"```python\n(.*?)```", solution(f"{number}.{place}"), re.DOTALL)[0]
        assert code.strip() not in path.read_text(encoding="utf-8")
    assert not tagged(notebook, "solution")


@each_notebook
def test_a_notebook_opens_with_what_it_is_and_a_picture(path):
    notebook = execute.read(path)
    assert re.match(r"# \d+b? · \w", notebook.cells[0].source)
    assert "pip install '.[plots,dot" in notebook.cells[0].source
    shown = [
        kind
        for cell in notebook.cells[:6]
        for output in cell.get("outputs", [])
        for kind in output.get("data", {})
    ]
    assert "image/png" in shown


@each_notebook
def test_a_notebook_says_how_long_it_takes(path):
    assert times.told(path) in execute.read(path).cells[0].source
    assert sum(times.minutes(path)) < 50


@each_notebook
def test_after_its_exercises_a_notebook_has_an_open_question(path):
    notebook = execute.read(path)
    *_, question, last = notebook.cells
    if not tagged(notebook, "exercise"):
        return
    assert (question.id, last.id) == ("open", "next")
    assert "**An open question.** " in question.source


@each_notebook
def test_every_picture_has_a_text_for_those_who_can_not_see_it(path):
    for cell in execute.read(path).cells:
        for output in cell.get("outputs", []):
            for kind in output.get("data", {}):
                if kind.startswith("image/"):
                    assert len(output.metadata[kind]["alt"]) > 20, cell.id


@each_notebook
def test_no_line_of_code_needs_scrolling(path):
    for cell in execute.read(path).cells:
        if cell.cell_type == "code":
            assert max(map(len, cell.source.splitlines())) <= 79, cell.id


def test_a_function_of_notebook_10_is_the_same_in_10b():
    (ten,) = (p for p in execute.NOTEBOOKS if p.name.startswith("10-"))
    (after,) = (p for p in execute.NOTEBOOKS if p.name.startswith("10b-"))
    (setup,) = (cell.source for cell in execute.read(after).cells if cell.id == "from-10")
    code = "\n".join(cell.source for cell in execute.read(ten).cells if cell.cell_type == "code")
    functions = re.findall(r"^def .*?(?=^\S|\Z)", setup, re.DOTALL | re.MULTILINE)
    assert len(functions) > 10
    assert all(function.rstrip() in code for function in functions)


def numbers_in(text):
    return [float(number.replace(",", "")) for number in NUMBER.findall(text)]


@each_notebook
def test_numbers_in_the_text_are_computed_in_the_notebook(path):
    """Those of two digits or more: each is in a cell's code or output, or in a check's code."""
    notebook = execute.read(path)
    number = path.stem.partition("-")[0]
    computed = Counter()
    if tagged(notebook, "check"):
        judges = importlib.import_module(f"microbp.course.judges.notebook_{number}")
        computed.update(numbers_in(inspect.getsource(judges)))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            words = [
                word for out in cell.outputs for word in out.get("metadata", {}).get("words", [])
            ]
            for text in (cell.source.replace("_", ""), says(cell), *words):
                computed.update(numbers_in(text))
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        text = re.sub(
            r"^# \d+b?|notebook \d+b?|`[^`]*`|\]\([^)]*\)|\b(Nature 323, 533|19\d\d)\b",
            "",
            cell.source.replace(times.told(path), ""),
        )
        for found in numbers_in(text):
            assert found in range(10) or computed[found], f"cell {cell.id}: {found}"


@each_notebook
def test_nothing_in_a_notebook_changes_from_run_to_run(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\bat 0x[0-9a-f]+|/(tmp|home|root)/", text)
    notebook = execute.read(path)
    assert all(re.fullmatch("[a-z0-9-]{1,24}", cell.id) for cell in notebook.cells)
    assert notebook.metadata == execute._METADATA


def test_links_lead_to_files_and_the_table_of_contents_is_complete():
    contents = (execute.HERE / "README.md").read_text(encoding="utf-8")
    texts = [contents]
    for path in execute.NOTEBOOKS:
        cells = execute.read(path).cells
        assert f"| [{cells[0].source.splitlines()[0][2:]}]({path.name}) |" in contents
        texts += [cell.source for cell in cells if cell.cell_type == "markdown"]
    links = [link for text in texts for link in re.findall(r"\]\(([^)]+)\)", text)]
    assert links
    for link in links:
        assert link.startswith("https://") or (execute.HERE / link).is_file(), link
