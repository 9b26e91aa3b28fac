"""The table of verdicts: names of files and notes are data, whatever is in them."""

import csv
import io

import pytest

from microbp.checking.submissions.outcome import Outcome
from microbp.checking.submissions.table import as_csv, as_lines


def rows(text):
    return list(csv.reader(io.StringIO(text)))


def test_files_stand_in_their_order_and_only_those_that_are_done():
    outcomes = {2: Outcome("pass"), 0: Outcome("fail", "", "W1[2, 3]", "doubled, or so")}
    text = as_csv(["a.py", "b.py", "c.py"], outcomes)
    assert rows(text) == [
        ["file", "verdict", "first wrong entry", "note"],
        ["a.py", "fail", "W1[2, 3]", "doubled, or so"],
        ["c.py", "pass", "", ""],
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start):
    name = f"{start}cmd|' /C calc'!A0"
    ((_, row),) = [rows(as_csv([name], {0: Outcome("error", note=f"{start}1, 2")}))]
    assert row[0][0] in "'\\"  # a tab is escaped, and so no longer one
    assert row[3] == f"'{start}1, 2"


@pytest.mark.parametrize(
    "name", ['a "quoted", b', "two\nlines", "bell\a", "half \udc80 a byte", "ü"]
)
def test_any_name_is_one_line_of_text(name):
    text = as_csv([name], {0: Outcome("pass")})
    assert len(rows(text)) == 2
    assert text.count("\n") == 2
    assert text.encode()
    assert as_lines([name], {0: Outcome("pass")}).encode().count(b"\n") == 2


def test_lines_end_with_a_count():
    outcomes = {1: Outcome("fail", "", "[0]", "sign"), 0: Outcome("pass")}  # as they were done
    assert as_lines(["a.py", "long.py", "c.py"], outcomes).splitlines() == [
        "a.py     pass",
        "long.py  fail          [0]: sign",
        "c.py     not checked",
        "",
        "2 of 3 files checked: 1 pass, 1 fail",
    ]
