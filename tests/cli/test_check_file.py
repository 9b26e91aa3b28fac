"""`microbp check --file`: one file's report, or a table for many."""

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import microbp
from microbp.checking.submissions.process import limits_memory
from microbp.cli import check_file
from microbp.cli.main import main
from tests.helpers.commands import command, refused

RIGHT = """
def loss(x):
    return x[0] ** 2 + 3 * x[1]

def grad(x):
    return [2 * x[0], 3.0]
"""
WRONG = RIGHT.replace("3.0]", "2.0]")
KINK = RIGHT.replace("3 * x[1]", "abs(x[1])").replace("3.0]", "0.0]")
BROKEN = RIGHT.replace("[2 *", "[two *")
NAMES = ["--function", "loss", "--gradient", "grad"]
AT = ["--at", "[0.5, 0.0]"]


@pytest.fixture
def files(tmp_path):
    def write(**texts):
        paths = [tmp_path / f"{name}.py" for name in texts]
        for path, text in zip(paths, texts.values(), strict=True):
            path.write_text(text)
        return [str(path) for path in paths]

    return write


@pytest.mark.parametrize(
    ("text", "status"), [(RIGHT, 0), (WRONG, 1), (KINK, 3)], ids=["pass", "fail", "kink"]
)
def test_one_file_gets_a_report_and_its_status(capsys, files, text, status):
    got, said = command(capsys, "check", "--file", *files(a=text), *NAMES, *AT)
    assert (got, status == 0) == (status, ": pass" in said.splitlines()[0])


def test_nothing_is_written_beside_the_files(capsys, monkeypatch, files):
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    path, helper = files(a="from helper import loss, grad\n", helper=RIGHT)
    assert command(capsys, "check", "--file", path, *NAMES, *AT)[0] == 0
    assert sorted(Path(path).parent.iterdir()) == [Path(path), Path(helper)]


def test_a_file_that_cannot_be_run_is_bad_input(capsys, files):
    (path,) = files(a=BROKEN)
    assert main(["check", "--file", path, *NAMES, *AT]) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert said == f"{path}: line 6, in grad: NameError: name 'two' is not defined"


def test_it_says_that_files_are_run_and_the_limits(capsys, files):
    (path,) = files(a=RIGHT)
    main(["check", "--file", path, *NAMES, *AT, "--time", "20", "--memory", "2.5"])
    memory = " and 2.5 GB of memory." if limits_memory() else "; this system does not limit memory."
    said = capsys.readouterr().err
    assert said == f"Runs {path} in a process of its own: at most 20 s{memory}\n"


def test_without_resource_there_is_no_limit_of_memory(capsys, files, monkeypatch):
    monkeypatch.setattr(check_file, "limits_memory", lambda: False)
    main(["check", "--file", *files(a=RIGHT), *NAMES, *AT])
    assert "at most 60 s; this system does not limit memory." in capsys.readouterr().err


def test_arrays_are_given_when_asked_for(capsys, files):
    text = "def loss(w, b):\n    return w @ w + b\ndef grad(w, b):\n    return 2 * w, 1.0\n"
    at = ["--at", "([1.0, 2.0], 0.5)"]
    status, _ = command(capsys, "check", "--file", *files(a=text), *NAMES, *at, "--arrays")
    assert status == 0


def test_the_point_may_be_in_a_file(capsys, files, tmp_path):
    point = tmp_path / "point.json"
    point.write_text("[0.5,\n 1.5]\n")
    arguments = ["check", "--file", *files(a=RIGHT), *NAMES, "--at"]
    assert command(capsys, *arguments, point)[0] == 0
    point.write_text("[0.5, null]")
    assert f"error: {point}: expected numbers" in refused(capsys, *arguments, point)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--file"], "argument --file: expected the name of a file, or several"),
        (["--file", "missing.py"], "missing.py: no such file"),
        (["--file", __file__, "--at", "w=1"], "argument --at: expected numbers as Python writes"),
        (["--file", __file__, "--time", "0"], "argument --time: expected a number above 0"),
        (["--file", __file__, "--memory", "much"], "argument --memory: expected a finite number"),
        (["--file", __file__, "--csv", "no/where.csv"], "can't write 'no/where.csv': No such file"),
    ],
)
def test_bad_input_is_named(capsys, arguments, message):
    assert message in refused(capsys, "check", *NAMES, *AT, *arguments)


def test_many_files_get_a_table(capsys, files, tmp_path):
    paths, table = files(a=RIGHT, b=WRONG, c=BROKEN), tmp_path / "grades.csv"
    status, said = command(
        capsys, "check", "--file", *paths, *NAMES, "--at", "[0.5, 0.25]", "--csv", table
    )
    assert status == 1
    assert "3 of 3 files checked: 1 pass, 1 fail, 1 error" in said
    assert str(table) in said
    found = list(csv.DictReader(table.read_text().splitlines()))
    assert [row["file"] for row in found] == paths
    assert [row["verdict"] for row in found] == ["pass", "fail", "error"]
    assert "[1]" in found[1]["first wrong entry"]
    assert "two" in found[2]["note"]


def test_a_pattern_that_the_shell_left_is_all_its_files(capsys, files, tmp_path):
    paths = files(b=RIGHT, a=RIGHT)
    status, said = command(capsys, "check", "--file", tmp_path / "*.py", *NAMES, *AT)
    assert status == 0
    assert [line.split()[0] for line in said.splitlines()[:2]] == sorted(paths)


def test_limits_may_be_as_large_as_you_like(capsys, files):
    limits = ["--time", "1e15", "--memory", "1e15"]
    assert command(capsys, "check", "--file", *files(a=RIGHT), *NAMES, *AT, *limits)[0] == 0


def test_the_status_for_many_files(capsys, files):
    def status(**texts):
        return command(capsys, "check", "--file", *files(**texts), *NAMES, *AT)[0]

    assert status(a=RIGHT, b=RIGHT) == 0
    assert status(a=RIGHT, b=KINK) == 3


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="Ctrl-C is sent otherwise")
def test_ctrl_c_keeps_what_was_done(files, tmp_path):
    paths = files(a=RIGHT, b="import time\ntime.sleep(60)\n", c=RIGHT)
    table = tmp_path / "grades.csv"
    run = subprocess.Popen(
        [sys.executable, "-m", "microbp", "check", "--file", *paths, *NAMES, *AT, "--csv", table],
        cwd=Path(microbp.__file__).parents[1],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    for _ in range(300):
        if table.exists() and "a.py" in table.read_text():
            break
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    said, _ = run.communicate(timeout=20)
    assert run.returncode == 3
    assert "Interrupted" in said
    assert "b.py" not in table.read_text()
    assert [path.suffix for path in tmp_path.iterdir()].count(".csv") == 1
    assert len(list(tmp_path.iterdir())) == 4


def test_the_help_says_that_files_are_run(capsys):
    for arguments, said in [
        (["--file", "--help"], "Each file is RUN"),
        (["--help"], "--file --help"),
    ]:
        with pytest.raises(SystemExit) as stop:
            main(["check", *arguments])
        assert stop.value.code == 0
        assert said in capsys.readouterr().out
