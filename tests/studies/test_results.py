"""What a study found, as a table, a summary and a picture."""

import csv
import math

import pytest

from microbp.studies import Study

ROWS = [
    {"seed": 0, "kind": "a", "solved_at": 10, "error": 0.25, "sure": True},
    {"seed": 1, "kind": "b", "solved_at": 30, "error": 0.5, "sure": True},
    {"seed": 2, "failure": 'ValueError: a "quoted", text'},
    {"seed": 3, "kind": "a", "solved_at": 40, "error": 0.75, "sure": False},
    {"seed": 4, "kind": "none", "solved_at": None, "error": math.nan, "sure": False},
]


def test_the_table_as_csv(tmp_path):
    with Study(ROWS).to_csv(tmp_path / "table.csv").open(newline="") as file:
        table = list(csv.DictReader(file))
    assert list(table[0]) == ["seed", "kind", "solved_at", "error", "sure", "failure"]
    assert table[1]["error"] == "0.5"
    assert table[2]["failure"] == 'ValueError: a "quoted", text'
    assert table[4]["solved_at"] == ""


def test_the_table_as_a_frame():
    frame = Study(ROWS).to_pandas()
    assert frame.index.tolist() == [0, 1, 2, 3, 4]
    assert frame.kind.value_counts().to_dict() == {"a": 2, "b": 1, "none": 1}
    assert frame.solved_at.median() == 30
    assert Study([]).to_pandas().empty


def test_the_summary_counts_the_solved_and_each_word():
    text = Study(ROWS, "somewhere.guess", {"sweeps": 50}).summary(by=[5, 30])
    for line in (
        "Study of somewhere.guess",
        "settings    sweeps 50",
        "runs        5 (seeds 0 to 4); all runs done",
        "failed      1 with an error",
        "solved      3 of 4, 75.0 % (30.1 to 95.4)",
        "  by sweep      5  0 of 4, 0.0 % (0.0 to 49.0)",
        "  by sweep     30  2 of 4, 50.0 % (15.0 to 85.0)",
        "solved at   median 30, quartiles 20 and 35, of those solved",
        "runs        2                     1                    1",
        "error       0.5 (0.375 to 0.625)  0.5 (0.5 to 0.5)     -",
    ):
        assert " ".join(line.split()) in [" ".join(found.split()) for found in text.splitlines()]
    assert [line.split() for line in text.splitlines() if line.startswith(("kind", "sure"))] == [
        ["kind", "a", "b", "none"],
        ["sure", "False", "True"],
    ]


def test_where_none_are_solved_there_is_no_median():
    text = Study([{"seed": 0, "solved_at": None}]).summary()
    assert "solved      0 of 1, 0.0 % (0.0 to 79.3)" in text
    assert "solved at" not in text
    assert "by sweep" not in text


def test_the_picture_is_the_share_solved_by_each_sweep():
    from matplotlib import figure

    ax = Study(ROWS, settings={"sweeps": 50}).plot(figure.Figure().add_subplot())
    curves = {line.get_label(): line.get_xydata().tolist() for line in ax.lines}
    assert curves["all"] == [[0, 0], [10, 25], [30, 50], [40, 75], [50, 75]]
    assert curves["a"] == [[0, 0], [10, 25], [40, 50], [50, 50]]
    assert list(curves) == ["all", "a", "b"]
    Study([]).plot(figure.Figure().add_subplot())
    with pytest.raises(ValueError, match=r"expected results named 'solved_at', got \['x'\]"):
        Study([{"seed": 0, "x": 1}]).plot(figure.Figure().add_subplot())
