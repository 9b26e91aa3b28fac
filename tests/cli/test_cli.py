import errno
import subprocess
import sys
from pathlib import Path

import pytest

import microbp
from microbp.cli.main import main
from microbp.core import custom_op, ops
from microbp.core.custom_op import operation


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
        (["--lr", "fast"], "argument --lr: expected a finite number, got 'fast'"),
        (["--momentum", "nan"], "argument --momentum: expected a finite number, got 'nan'"),
        (["--init", "inf"], "argument --init: expected a finite number, got 'inf'"),
        (["--seed", "x"], "argument --seed: expected a whole number from 0 on, got 'x'"),
    ],
)
def test_bad_options_are_named(capsys, arguments, message):
    last = refused(capsys, "symmetry", *arguments)
    assert last == f"microbp symmetry: error: {message}"


def test_a_folder_that_can_not_be_made_is_told_before_training(capsys, tmp_path):
    (tmp_path / "file").write_text("")
    last = refused(capsys, "symmetry", "--out", str(tmp_path / "file" / "out"))
    assert "argument --out: can't write into" in last


@pytest.mark.parametrize(
    ("formula", "at", "status", "verdict"),
    [
        ("sigmoid(w*x + b)**2", "w=0.5,x=1,b=-1", 0, "pass"),
        ("(-x)**2", "x=-3", 0, "pass"),
        ("tanh(x)", " x = 20 ", 0, "pass"),
        ("abs(x)", "x=0", 3, "kink"),
        ("sqrt(x)", "x=0", 3, "domain-edge"),
        ("exp(x)", "x=1000", 3, "inconclusive"),
        ("double(x)", "x=1", 1, "fail"),
    ],
)
def test_check_reports_and_its_status_says_the_verdict(
    capsys, monkeypatch, formula, at, status, verdict
):
    wrong = operation("double", value=lambda m, x: 2 * x, partials=lambda m, y, x: (2.001,))
    assert wrong(1.0) == 2.0
    monkeypatch.delitem(custom_op._own, "double")
    got, text = run(capsys, "check", formula, "--at", at)
    del ops.table["double"]
    assert (got, text.splitlines()[0]) == (status, f"gradcheck: {verdict}")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["x +", "--at", "x=1"], "argument formula: this is not a formula\n  x +\n     ^"),
        (["x*y", "--at", "x=1"], "--at gives x; the formula has x, y"),
        (["x", "--at", "x=1,y=2"], "--at gives x, y; the formula has x"),
        (["x"], "--at gives nothing; the formula has x"),
        (["1+1"], "there is nothing to differentiate with respect to: the formula has no name"),
        (["x", "--at", "x"], "argument --at: expected NAME=NUMBER, got 'x'"),
        (["x", "--at", "𝑥=1,x=2"], "--at gives x twice"),
        (["sigmoid(α)", "--at", "α=1,\udcce\udcb1=2"], "--at gives α twice"),
        (
            ["dot([x], [x, x])", "--at", "x=1"],
            "argument formula: expected lists of one length for dot, got 1 and 2\n"
            "  dot([x], [x, x])\n"
            "  ^",
        ),
        (["x", "--at", "x=nan"], "argument --at: expected a finite number, got 'nan'"),
        (
            ["log(x)", "--at", "x=-1"],
            "log(x = -1.0): the logarithm is defined for numbers above 0",
        ),
    ],
)
def test_bad_input_to_check_is_named(capsys, arguments, message):
    with pytest.raises(SystemExit) as stop:
        main(["check", *arguments])
    assert stop.value.code == 2
    assert capsys.readouterr().err.endswith(f"microbp check: error: {message}\n")


def test_names_match_as_python_folds_them(capsys):
    status, text = run(capsys, "check", "ﬁ*x", "--at", "fi=1,𝑥=2")
    assert (status, "fi  2" in text, "x   1" in text) == (0, True, True)


@pytest.mark.parametrize("command", ["draw", "explore"])
def test_an_empty_name_of_a_file_is_refused(capsys, command):
    last = refused(capsys, command, "x", "--at", "x=1", "--out", "")
    assert last.endswith("expected the name of a file, got ''")


def test_a_folder_where_none_can_be_made_is_told(capsys, monkeypatch):
    def denied(path, *rest, **named):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", denied)
    last = refused(capsys, "symmetry", "--sweeps", "1")
    assert last == (
        "microbp symmetry: error: can't make a folder 'symmetry-seed8' here: Permission denied; "
        "--out names one elsewhere"
    )


@pytest.mark.parametrize("name", ["settings.json", "checkpoint.json", "history.csv", "graph.svg"])
def test_a_folder_in_the_place_of_a_file_is_told(capsys, tmp_path, name):
    (tmp_path / name).mkdir()
    last = refused(capsys, "symmetry", "--sweeps", "1", "--out", str(tmp_path))
    assert last.startswith("microbp symmetry: error: ")
    assert name[-8:] in last


@pytest.mark.parametrize(
    ("arguments", "lesson"),
    [
        (["--help"], "symmetry"),
        (["symmetry", "--help"], "dw(t) = -lr dE/dw(t) + momentum dw(t-1)"),
        (["study", "--help"], "microbp.study does so with any experiment of yours"),
        (["study", "symmetry", "--help"], "2 for bad input or a"),
        (["check", "--help"], 'microbp check "sigmoid(w*x + b)**2" --at w=0.5,x=1,b=-1'),
    ],
)
def test_help_teaches(capsys, arguments, lesson):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 0
    assert lesson in capsys.readouterr().out


def test_no_command_is_an_error_that_shows_the_commands(capsys):
    assert "required: COMMAND" in refused(capsys)


def test_the_module_runs_as_a_program():
    output = subprocess.check_output([sys.executable, "-m", "microbp", "--version"], text=True)
    assert output.startswith(f"microbp {microbp.__version__}, engine: ")
    assert output.count("\n") == 1
