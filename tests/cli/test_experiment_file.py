"""`microbp majority.py`: a file with a user's own experiment."""

import sys
from pathlib import Path

import pytest

from tests.helpers.commands import command, refused

MAJORITY = Path(__file__).parents[2] / "examples" / "majority.py"

PROGRAM = "import sys; from microbp.cli.main import main; sys.exit(main())"


@pytest.fixture
def majority(monkeypatch):
    """The path of the example; what importing it changes is undone."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.delitem(sys.modules, "majority", raising=False)
    yield MAJORITY
    sys.modules.pop("majority", None)


def test_a_file_is_a_command(capsys, tmp_path, majority):
    status, text = command(capsys, majority, "--seed", 3, "--hidden", 1, "--out", tmp_path)
    assert status == 0
    assert text.startswith("Majority of five bits: seed 3, 500 sweeps, lr 0.1, momentum 0.9")
    assert "This seed gets all 32 cases right." in text
    names = {"history.csv", "weights.json", "weights.png", "learning-curve.png"}
    names |= {"settings.json", "checkpoint.json"}
    assert {path.name for path in tmp_path.iterdir()} == names


def test_a_file_has_a_study_in_other_processes(tmp_path, python):
    options = ["--seeds", "4", "--sweeps", "40", "--jobs", "2", "--out", str(tmp_path)]
    run = python(PROGRAM, "study", MAJORITY, *options)
    assert run.returncode == 0, run.stderr
    text = run.stdout
    assert "Study of majority\n" in text
    assert "runs        4 (seeds 0 to 3); all runs done" in text
    assert len((tmp_path / "results.jsonl").read_text().splitlines()) == 1 + 4


def test_a_file_that_is_none_is_told(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path])
    missing, empty, taken = (tmp_path / f"{name}.py" for name in ("missing", "empty_xyz", "json"))
    empty.write_text("run = 7\n")
    taken.write_text("")
    assert refused(capsys, missing) == f"microbp: error: {missing}: no such file"
    assert refused(capsys, "study", empty).endswith("expected run = Experiment(...) in it, got 7")
    assert "there is another module called json" in refused(capsys, taken)
