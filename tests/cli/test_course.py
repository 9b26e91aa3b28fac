"""`microbp course` counts what is right."""

import json

import pytest

from microbp.cli.main import main
from microbp.course import EXERCISES
from microbp.course.progress import NAME


def note(folder, *right):
    folder.mkdir(exist_ok=True)
    (folder / NAME).write_text(json.dumps({"right": right}))
    return str(folder)


def test_one_folder_shows_what_is_left(tmp_path, capsys):
    assert main(["course", note(tmp_path, "01.1", "01.2", "01.3", "02.2")]) == 0
    first, second, *_, last = capsys.readouterr().out.splitlines()
    assert first == "01   3 of 3"
    assert second == "02   1 of 3   left: 02.1 By hand, 02.3 Many cases"
    assert last == f"4 of {len(EXERCISES)} right"


def test_nothing_is_done_where_there_is_no_note(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["course"]) == 0
    assert capsys.readouterr().out.endswith(f"\n0 of {len(EXERCISES)} right\n")


def test_a_class_has_a_line_for_each(tmp_path, capsys):
    ann, bob = note(tmp_path / "ann", "01.1"), note(tmp_path / "bob")
    assert main(["course", ann, bob]) == 0
    total = len(EXERCISES)
    assert capsys.readouterr().out == (
        f" 1 of {total} right   {ann}\n 0 of {total} right   {bob}\n"
    )


def test_a_folder_or_a_note_that_can_not_be_read(tmp_path, capsys):
    (tmp_path / NAME).write_text("[]")
    for folder, words in [(tmp_path / "x", "expected a folder, got"), (tmp_path, "begin anew")]:
        with pytest.raises(SystemExit) as ended:
            main(["course", str(folder)])
        assert ended.value.code == 2
        assert words in capsys.readouterr().err
