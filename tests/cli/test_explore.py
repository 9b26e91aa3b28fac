"""`microbp explore`."""

import pytest

from microbp.cli.main import main
from tests.helpers.parsed_page import Page


def test_the_command_writes_a_page(tmp_path, capsys):
    path = tmp_path / "page.html"
    formula = "sigmoid(w*x + b)"
    assert main(["explore", formula, "--at", "w=0.5,x=1,b=-1", "-o", str(path)]) == 0
    assert capsys.readouterr().out == f"Written:\n  {path}\n"
    assert Page(path.read_text("utf-8")).raw["h1", ""] == "0.3775"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["log(x)", "--at", "x=-1", "-o", "a.html"], "log(x = -1.0): the logarithm is defined"),
        (["x*2", "--at", "x=1", "-o", "a.svg"], "expected a file name in .html, got 'a.svg'"),
        (["x*2", "--at", "x=1", "-o", "no/a.html"], "explore: there is no folder 'no'"),
        (["1 + 2", "-o", "a.html"], "there is nothing to explore: the formula has no name"),
        (["x*2", "--at", "x=1"], "the following arguments are required: -o"),
        (["x*2", "-o", "a.html"], "--at gives nothing; the formula has x"),
    ],
)
def test_the_command_fails_in_words(tmp_path, capsys, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as caught:
        main(["explore", *arguments])
    assert caught.value.code == 2
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_in_words_that_there_is_no_layout(capsys, tmp_path, monkeypatch):
    def none(*_):
        raise RuntimeError("dot found no layout")

    monkeypatch.setattr("microbp.explorer.inline_svg.rendered", none)
    page = tmp_path / "page.html"
    with pytest.raises(SystemExit, match="2"):
        main(["explore", "x*x", "--at", "x=3", "-o", str(page)])
    assert capsys.readouterr().err.endswith("error: dot found no layout\n")
    assert not page.exists()
