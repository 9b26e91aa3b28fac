"""The tables for people who come from elsewhere: each row is run, and gives what it says.

A row is what one writes there, what one writes here, and the result here: a repr, or an error.
The examples on the page come first, anew for each row.
"""

import ast
import doctest
import re
from pathlib import Path

import pytest

PAGES = sorted((Path(__file__).parents[2] / "docs").glob("coming-from-*.md"))
ROW = re.compile(r"^\| .+? \| (?:the same|`(?P<here>[^`]+)`) \| (?:`(?P<gives>[^`]+)`)? *\|$")


def rows(page):
    lines = page.read_text().splitlines()
    tables = [i for i, line in enumerate(lines) if line.startswith("|---")]
    assert tables
    for start in tables:
        for line in lines[start + 1 :]:
            if not line.startswith("|"):
                break
            yield line


def result(code, names):
    """The repr of its last line; the error it raises; "" where there is none."""
    *first, last = ast.parse(code).body
    try:
        exec(compile(ast.Module(first, []), "row", "exec"), names)
        if isinstance(last, ast.Expr):
            found = eval(compile(ast.Expression(last.value), "row", "eval"), names)
            return "" if found is None else repr(found)
        exec(compile(ast.Module([last], []), "row", "exec"), names)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


CASES = [
    pytest.param(page, row, id=f"{page.stem.removeprefix('coming-from-')}-{i}")
    for page in PAGES
    for i, row in enumerate(rows(page))
]


@pytest.mark.parametrize(("page", "row"), CASES)
def test_a_row_gives_what_it_says(page, row):
    match = ROW.match(row)
    assert match, row
    names = {}
    for example in doctest.DocTestParser().get_examples(page.read_text()):
        exec(compile(example.source, "setup", "single"), names)
    if match["here"]:
        assert result(match["here"], names) == (match["gives"] or "")
