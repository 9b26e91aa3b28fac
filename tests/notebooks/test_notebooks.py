"""The course: every notebook runs, says what it says in the repository, and its checks judge well.

A cell is tagged exercise, check or solution where it is one; the first exercise goes with the
first check and the first solution, and so on.
"""

import re
from collections import Counter
from importlib import import_module

import nbformat
import pytest

from microbp.core import engine
from notebooks import execute

pytestmark = pytest.mark.thorough

FENCED = re.compile(r"```python\n(.*?)```", re.DOTALL)
NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?![\w])")

each_notebook = pytest.mark.parametrize("path", execute.NOTEBOOKS, ids=lambda path: path.stem[:2])


def skip_where_too_slow(path):
    if engine.name == "python" and path.stem[:2] in ("05", "06", "07", "10"):
        pytest.skip("what it trains takes minutes in plain Python, and rounding may grow otherwise")


def tagged(notebook, tag):
    return [cell for cell in notebook.cells if tag in cell.metadata.get("tags", [])]


def solution_in(cell):
    (code,) = FENCED.findall(cell.source)
    return code


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


@each_notebook
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
def test_checks_tell_mistakes_from_solutions(path):
    """Run to each check with the exercise as it is, with each mistake, and with the solution."""
    skip_where_too_slow(path)
    notebook = execute.read(path)
    exercises, checks = tagged(notebook, "exercise"), tagged(notebook, "check")
    solutions = map(solution_in, tagged(notebook, "solution"))
    mistakes = import_module(f"tests.notebooks.mistakes.notebook_{path.stem[:2]}").MISTAKES
    assert len(mistakes) == len(exercises)
    cells, expected = [], []
    tries = {
        check.id: [("not yet", exercise.source), *wrong, ("right", right)]
        for exercise, check, right, wrong in zip(
            exercises, checks, solutions, mistakes, strict=True
        )
    }
    for cell in notebook.cells:
        for words, code in tries.get(cell.id, []):
            cells.append(nbformat.v4.new_code_cell(code))
            cells.append(nbformat.v4.new_code_cell(cell.source))
            expected.append((len(cells) - 1, words, code))
        if cell.id not in tries:
            cells.append(cell)
    fresh = execute.executed(nbformat.v4.new_notebook(cells=cells))
    for place, words, code in expected:
        said = says(fresh.cells[place])
        if words in ("right", "not yet"):  # a mistake may also be to stop halfway
            assert said.startswith(words + ":"), f"{code}\nThe check says: {said}"
        else:
            assert said.startswith("not right: "), f"{code}\nThe check says: {said}"
            assert words in said, f"{code}\nThe check says: {said}"


@each_notebook
def test_every_exercise_has_a_check_and_then_a_hidden_solution(path):
    notebook = execute.read(path)
    kinds = ("exercise", "check", "solution")
    found = [
        tag for cell in notebook.cells for tag in cell.metadata.get("tags", []) if tag in kinds
    ]
    assert found == [*kinds] * len(tagged(notebook, "exercise"))
    assert 2 <= len(tagged(notebook, "exercise")) <= 4
    for cell in tagged(notebook, "solution"):
        assert cell.source.startswith("<details>\n<summary>Solution</summary>\n\n")
        assert cell.source.endswith("\n\n</details>")


@each_notebook
def test_a_notebook_opens_with_what_it_is_and_a_picture(path):
    notebook = execute.read(path)
    assert re.match(r"# \d+ · \w", notebook.cells[0].source)
    assert "pip install '.[plots,dot" in notebook.cells[0].source
    shown = [
        kind
        for cell in notebook.cells[:5]
        for output in cell.get("outputs", [])
        for kind in output.get("data", {})
    ]
    assert "image/png" in shown


def numbers_in(text):
    return [float(number.replace(",", "")) for number in NUMBER.findall(text)]


@each_notebook
def test_numbers_in_the_text_are_computed_in_the_notebook(path):
    """Those of two digits or more: each is also in a cell's code, or in what one puts out."""
    notebook = execute.read(path)
    computed = Counter()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            words = [
                word for out in cell.outputs for word in out.get("metadata", {}).get("words", [])
            ]
            for text in (cell.source.replace("_", ""), says(cell), *words):
                computed.update(numbers_in(text))
    for cell in notebook.cells:
        if cell.cell_type != "markdown" or cell in tagged(notebook, "solution"):
            continue
        text = re.sub(r"`[^`]*`|\]\([^)]*\)|\b(Nature 323, 533|1986|1943)\b", "", cell.source)
        for number in numbers_in(text):
            assert number in range(10) or computed[number], f"cell {cell.id}: {number}"


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
