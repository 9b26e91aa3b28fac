"""`microbp watch`."""

import pytest

from microbp.cli.main import main
from tests.helpers.parsed_page import held_by


def test_the_command_writes_the_page_of_an_experiment(tmp_path, capsys):
    path = tmp_path / "xor.html"
    assert main(["watch", "xor", "--seed", "3", "--hidden", "4", "-o", str(path)]) == 0
    assert capsys.readouterr().out == f"Written:\n  {path}\n"
    held = held_by(path.read_text("utf-8"))
    assert held["title"] == "Exclusive or (PDP ch. 8)"
    assert held["settings"]["seed"] == 3
    assert len(held["start"]) == 17


def test_the_command_writes_the_page_of_an_experiment_in_a_file(tmp_path):
    path = tmp_path / "majority.html"
    assert main(["watch", "examples/majority.py", "-o", str(path)]) == 0
    assert "Majority" in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["symetry", "-o", "a.html"], "there is no experiment 'symetry': did you mean 'symmetry'?"),
        (["xor", "-o", "a.svg"], "watch: expected a file name in .html, got 'a.svg'"),
        (["xor", "-o", "no/a.html"], "watch: there is no folder 'no'"),
        (["xor", "--lr", "fast", "-o", "a.html"], "expected a finite number, got 'fast'"),
        (["xor"], "the following arguments are required: -o"),
        (["family-trees", "--settings", "x", "-o", "a.html"], "expected printed or working"),
    ],
)
def test_the_command_fails_in_words(tmp_path, capsys, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as caught:
        main(["watch", *arguments])
    assert caught.value.code == 2
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
