"""docs/check-your-own-gradient.md: its commands do what it says."""

import re
import shlex
from pathlib import Path

import pytest

from microbp.cli.main import main

PAGE = Path(__file__).parents[2] / "docs" / "check-your-own-gradient.md"
START = "def loss(x):\n    return x[0] * x[1] ** 2\n\n\n"
SUBMISSIONS = {
    "ann": "def grad(x):\n    return [x[1] ** 2, 2 * x[0] * x[1]]\n",
    "bob": "def grad(x):\n    return [x[1] ** 2, x[0] * x[1]]\n",
    "eve": "def grad(x):\n    return [x[1] ** 2, 2 * x[0] * y]\n",
}


@pytest.fixture
def commands(tmp_path, monkeypatch):
    """The page's commands, in a folder with submissions."""
    monkeypatch.chdir(tmp_path)
    Path("submissions").mkdir()
    for name, gradient in SUBMISSIONS.items():
        Path("submissions", f"{name}.py").write_text(START + gradient)
    found = re.findall(r"^microbp (.*)$", PAGE.read_text(), re.MULTILINE)
    files = [f"submissions/{name}.py" for name in SUBMISSIONS]
    return [
        [word for part in shlex.split(line) for word in (files if "*" in part else [part])]
        for line in found
    ]


def test_one_file_gets_a_report_and_many_a_table(commands, capsys):
    one, many = commands
    assert main(one) == 1
    assert "x[1]" in capsys.readouterr().out
    assert main(many) == 1
    (table,) = re.findall(r"```text\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert capsys.readouterr().out == table
    assert Path("grades.csv").read_text().count("\n") == 4
