"""`microbp study`: its files, its exit status, and what it refuses."""

import sys

import pytest

from microbp.cli.main import main
from microbp.experiments import Experiment
from tests.helpers.studies import lines


def command(capsys, *arguments):
    status = main(["study", "symmetry", *map(str, arguments)])
    return status, capsys.readouterr().out


def test_the_command_writes_its_files_and_continues(capsys, tmp_path):
    options = ["--sweeps", 12, "--first-seed", 5, "--jobs", 1, "--out", tmp_path / "here"]
    status, text = command(capsys, "--seeds", 3, *options)
    assert status == 0
    assert "runs        3 (seeds 5 to 7); all runs done" in text
    here = tmp_path / "here"
    names = ["results.jsonl", "table.csv", "summary.txt", "solved.png"]
    assert text.splitlines()[-4:] == [f"  {here / name}" for name in names]
    assert sorted(path.name for path in here.iterdir()) == sorted(names)
    assert (here / "summary.txt").read_text() in text
    assert (here / "solved.png").read_bytes().startswith(b"\x89PNG")
    first = (here / "results.jsonl").read_bytes()
    status, text = command(capsys, "--seeds", 5, *options)
    assert status == 0
    assert (here / "results.jsonl").read_bytes().startswith(first)
    assert [row["seed"] for row in lines(here / "results.jsonl")[1:]] == [5, 6, 7, 8, 9]
    assert len((here / "table.csv").read_text().splitlines()) == 1 + 5


def test_the_command_refuses_the_folder_of_other_settings(capsys, tmp_path):
    command(capsys, "--seeds", 1, "--sweeps", 2, "--jobs", 1, "--out", tmp_path)
    with pytest.raises(SystemExit) as stop:
        command(capsys, "--seeds", 1, "--sweeps", 3, "--jobs", 1, "--out", tmp_path)
    assert stop.value.code == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith(
        f"microbp study symmetry: error: {tmp_path}: results.jsonl holds a study"
    )
    assert last.endswith("; --out names another folder")


@pytest.mark.parametrize(
    ("raised", "status"), [(KeyboardInterrupt, 3), (ZeroDivisionError, 1), (None, 0)]
)
def test_the_status_of_the_command_says_how_it_ended(capsys, tmp_path, monkeypatch, raised, status):
    def measure(self, seed, **settings):
        if raised and seed == 1:
            raise raised
        return {"solved_at": None}

    monkeypatch.setattr(Experiment, "measure", measure)
    monkeypatch.chdir(tmp_path)
    got, text = command(capsys, "--seeds", 2, "--jobs", 1)
    assert got == status
    assert ("Interrupted: the same command goes on from here." in text) == (status == 3)
    assert len(lines(tmp_path / "symmetry-study" / "results.jsonl")) == 1 + (
        1 if status == 3 else 2
    )
    assert (tmp_path / "symmetry-study" / "table.csv").exists()


def test_bad_options_of_the_command_are_named(capsys):
    with pytest.raises(SystemExit) as stop:
        command(capsys, "--jobs", "0")
    assert stop.value.code == 2
    assert "--jobs: expected a whole number from 1 on, got '0'" in capsys.readouterr().err


@pytest.mark.parametrize("missing", ["joblib", "matplotlib"])
def test_what_is_missing_is_told(capsys, tmp_path, monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    monkeypatch.setitem(sys.modules, f"{missing}.figure", None)
    options = ["--seeds", 1, "--sweeps", 1, "--jobs", 1, "--out", tmp_path]
    if missing == "joblib":
        with pytest.raises(SystemExit):
            command(capsys, *options)
        assert "pip install 'microbp[study]'" in capsys.readouterr().err
    else:
        assert "(no picture: " in command(capsys, *options)[1].splitlines()[-1]
