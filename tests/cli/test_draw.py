import pytest

from microbp.cli.main import main

FORMULA = ["draw", "sigmoid(w*x + b)", "--at", "w=0.5,x=1,b=-1"]


def test_draw_sweeps_and_writes_the_picture(capsys, tmp_path):
    path = tmp_path / "unit.svg"
    assert main([*FORMULA, "-o", str(path)]) == 0
    assert capsys.readouterr().out == f"Written:\n  {path}\n"
    svg = path.read_text("utf-8")
    assert "<title>Graph of 0.3775: 6 nodes, 5 edges</title>" in svg
    assert "none yet" not in svg
    assert ">0.235<" in svg


def test_options_reach_the_picture(tmp_path):
    path = tmp_path / "unit.dot"
    assert main([*FORMULA, "--out", str(path), "--color", "gradient", "--rankdir", "TB",
                 "--theme", "dark"]) == 0  # fmt: skip
    source = path.read_text("utf-8")
    assert "rankdir=TB" in source
    assert "≥ 0.1" in source
    assert 'bgcolor="#1e1e1e"' in source


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["x", "--at", "x=1"], "the following arguments are required: -o/--out"),
        (["1+1", "-o", "a.svg"], "there is nothing to draw: the formula has no name"),
        (["x*y", "--at", "x=1", "-o", "a.svg"], "--at gives x; the formula has x, y"),
        (
            ["log(x)", "--at", "x=-1", "-o", "a.svg"],
            "log(x = -1.0): the logarithm is defined for numbers above 0",
        ),
        (
            ["x", "--at", "x=1", "-o", "a.jpg"],
            "save: expected a file name in .svg, .png, .pdf, .dot or .gv, got 'a.jpg'",
        ),
        (["x", "--at", "x=1", "-o", "no/a.dot"], "write 'no/a.dot': save: there is no folder 'no'"),
    ],
)  # fmt: skip
def test_bad_input_is_named_and_nothing_is_written(
    capsys, tmp_path, monkeypatch, arguments, message
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stop:
        main(["draw", *arguments])
    assert stop.value.code == 2
    assert capsys.readouterr().err.endswith(f"{message}\n")
    assert list(tmp_path.iterdir()) == []


def test_without_graphviz_it_says_how_to_get_one(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("importlib.metadata.files", lambda _: None)
    with pytest.raises(SystemExit):
        main([*FORMULA, "-o", str(tmp_path / "a.svg")])
    assert "pip install 'microbp[dot]'" in capsys.readouterr().err


def test_help_teaches(capsys):
    with pytest.raises(SystemExit):
        main(["draw", "--help"])
    assert 'microbp draw "sigmoid(w*x + b)" --at w=0.5,x=1,b=-1 -o unit.svg' in (
        capsys.readouterr().out
    )
