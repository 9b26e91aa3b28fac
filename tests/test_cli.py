import subprocess
import sys

import pytest

import microbp
from microbp.cli import main


def run(capsys, *arguments):
    status = main(arguments)
    return status, capsys.readouterr().out


def refused(capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    return capsys.readouterr().err.splitlines()[-1]


def test_symmetry_reports_and_writes_where_it_is_told(capsys, tmp_path):
    out = tmp_path / "there"
    status, text = run(capsys, "symmetry", "--seed", "3", "--sweeps", "2", "--out", str(out))
    assert status == 0
    assert "seed 3, 2 sweeps" in text
    assert str(out / "history.csv") in text
    assert (out / "weights.json").exists()


def test_the_default_folder_never_holds_another_run(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for _ in range(3):
        run(capsys, "symmetry", "--sweeps", "1")
    folders = sorted(path.name for path in tmp_path.iterdir())
    assert folders == ["symmetry-seed8", "symmetry-seed8-2", "symmetry-seed8-3"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--sweeps", "-1"], "argument --sweeps: expected a whole number from 0 on, got '-1'"),
        (["--sweeps", "2.5"], "argument --sweeps: expected a whole number from 0 on, got '2.5'"),
        (["--eps", "fast"], "argument --eps: expected a finite number, got 'fast'"),
        (["--alpha", "nan"], "argument --alpha: expected a finite number, got 'nan'"),
        (["--init", "inf"], "argument --init: expected a finite number, got 'inf'"),
        (["--seed", "x"], "argument --seed: invalid int value: 'x'"),
    ],
)
def test_bad_options_are_named(capsys, arguments, message):
    last = refused(capsys, "symmetry", *arguments)
    assert last == f"microbp symmetry: error: {message}"


def test_a_folder_that_can_not_be_made_is_told_before_training(capsys, tmp_path):
    (tmp_path / "file").write_text("")
    last = refused(capsys, "symmetry", "--out", str(tmp_path / "file" / "out"))
    assert "argument --out: can't write into" in last


@pytest.mark.parametrize("arguments", [["--help"], ["symmetry", "--help"]])
def test_help_teaches(capsys, arguments):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    text = capsys.readouterr().out
    assert stop.value.code == 0
    assert ("dw(t) = -eps dE/dw(t) + alpha dw(t-1)" in text) == (len(arguments) == 2)
    assert "symmetry" in text


def test_no_command_is_an_error_that_shows_the_commands(capsys):
    assert "required: COMMAND" in refused(capsys)


def test_the_module_runs_as_a_program():
    output = subprocess.check_output([sys.executable, "-m", "microbp", "--version"], text=True)
    assert output == f"microbp {microbp.__version__}\n"
