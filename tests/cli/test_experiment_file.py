"""`microbp majority.py`: a file with a user's own experiment."""

import sys
from pathlib import Path

import pytest

from microbp.cli.main import main
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


HEAD = "from microbp.experiments import Experiment, Trained\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = (", "{file}: line 1: '(' was never closed"),
        ("\n1/0", "{file}: line 2: ZeroDivisionError: division by zero"),
        ("raise SystemExit(7)", "{file}: line 1: it ends the program: sys.exit(7)"),
        (
            HEAD + "run = Experiment(lambda: 1, 'a', title='A')",
            "{file}: line 2: TypeError: Experiment: expected a function of a seed, "
            "got <function <lambda>>",
        ),
        (
            HEAD + "run = Experiment(lambda seed, out=1, **how: 1, 'a', title='A')",
            "the setting out: the command has an option of this name already",
        ),
        (
            HEAD + "run = Experiment(lambda seed, x=[], **how: 1, 'a', title='A')",
            "the setting x: expected a default, a number or a text",
        ),
        (
            HEAD + "run = Experiment(lambda seed=1: 1, 'a', title='A')",
            "a: its function has to take **how, and give it to train",
        ),
    ],
)
def test_what_is_wrong_in_a_file_is_told(capsys, tmp_path, monkeypatch, text, message):
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "wrong_xyz.py"
    file.write_text(text)
    try:
        assert refused(capsys, file).endswith(f": error: {message.format(file=file)}")
    finally:
        sys.modules.pop("wrong_xyz", None)


@pytest.mark.parametrize(
    ("result", "message"),
    [
        ("1/0", "line 3: ZeroDivisionError: division by zero"),
        ("5", "a: expected a Result from its function, got 5"),
    ],
)
def test_an_experiment_that_fails_says_where(capsys, tmp_path, monkeypatch, result, message):
    monkeypatch.setattr(sys, "path", [*sys.path])
    file = tmp_path / "fails_xyz.py"
    file.write_text(f"{HEAD}\nrun = Experiment(lambda seed=0, **how: {result}, 'a', title='A')")
    try:
        assert main([str(file), "--out", str(tmp_path / "out")]) == 1
    finally:
        sys.modules.pop("fails_xyz", None)
    where = ", in <lambda>" if "line" in message else ""
    expected = message.replace("3:", f"3{where}:")
    assert capsys.readouterr().err == f"microbp: error: fails_xyz.py: {expected}\n"


def test_a_file_name_with_a_dot_is_refused(capsys, tmp_path):
    file = tmp_path / "one.two.py"
    file.write_text("")
    assert "expected a file name without another dot" in refused(capsys, file)
