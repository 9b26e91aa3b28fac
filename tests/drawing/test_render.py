"""Rendering by Graphviz: which one, and what if there is none or it fails."""

import importlib.metadata
import sys
import xml.etree.ElementTree as ET
from types import SimpleNamespace

import pytest

from microbp import Value
from microbp.drawing import render
from microbp.drawing.picture import GraphvizMissing, Picture, draw
from tests.helpers.pictures import MISSING, SVG, program


def polynomial():
    x = Value(3.0, "x")
    y = x * x + x
    y.label = "y"
    return y


def test_svg_and_png_are_what_they_say():
    picture = draw(polynomial())
    assert ET.fromstring(picture.svg()).tag == SVG + "svg"
    assert picture.png().startswith(b"\x89PNG\r\n\x1a\n")


def packaged(monkeypatch, folder):
    """Let graphviz-pure be installed in this folder, on no PATH."""
    program_file = importlib.metadata.PackagePath("scripts/graphviz-pure")
    program_file.dist = SimpleNamespace(locate_file=folder.joinpath)
    record = [importlib.metadata.PackagePath("graphviz_pure.dist-info/RECORD"), program_file]
    monkeypatch.setattr(importlib.metadata, "files", {"graphviz-pure": record}.__getitem__)


def test_the_system_s_graphviz_comes_first(bare, tmp_path, monkeypatch):
    picture = draw(Value(1.0))
    program(bare, "graphviz-pure", "print('on the PATH')")
    assert picture.png().startswith(b"on the PATH\n")
    (tmp_path / "scripts").mkdir()
    program(tmp_path / "scripts", "graphviz-pure", "print('in this environment')")
    packaged(monkeypatch, tmp_path)
    assert picture.png().startswith(b"in this environment\n")
    program(bare, "dot", "print(sys.argv[1:], sys.stdin.buffer.read().decode(), end='')")
    asked = f"['-Tpng', '-Gsize=100'] {picture.source}".encode()
    png = picture.png()
    assert png[:33] + png[-len(asked) + 33 :] == asked
    assert picture.svg() == f"['-Tsvg'] {picture.source}"


def test_the_package_s_program_is_found_though_it_is_on_no_path(python, tmp_path):
    code = "from microbp import Value, draw; print(draw(Value(1.0, 'x')).svg())"
    run = python(code, PATH=str(tmp_path))
    assert "graphviz-pure" in run.stdout, run.stderr


def test_a_package_whose_program_is_gone_is_no_graphviz(bare, tmp_path, monkeypatch):
    packaged(monkeypatch, tmp_path)
    with pytest.raises(GraphvizMissing):
        draw(Value(1.0)).svg()
    monkeypatch.setattr(importlib.metadata, "files", lambda _: None)
    with pytest.raises(GraphvizMissing):
        draw(Value(1.0)).svg()


@pytest.mark.parametrize("picture", [Picture.svg, Picture.png, lambda d: d.save("x.pdf")])
def test_without_graphviz_the_error_names_both_ways_to_get_one(bare, picture):
    with pytest.raises(GraphvizMissing) as caught:
        picture(draw(Value(1.0)))
    assert str(caught.value) == MISSING
    assert isinstance(caught.value, RuntimeError)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("dot", ""),
        (
            "graphviz-pure",
            "; Graphviz itself, from your system's package manager "
            "(for example: apt install graphviz), may do it",
        ),
    ],
)
@pytest.mark.parametrize("body", ["sys.exit('Format: pdf?')", "sys.stderr.write('Format: pdf?')"])
def test_a_failing_graphviz_is_quoted(bare, tmp_path, name, hint, body):
    program(bare, name, body)
    with pytest.raises(RuntimeError) as caught:
        draw(Value(1.0)).save(tmp_path / "x.pdf")
    assert str(caught.value) == f"{bare / name} wrote no pdf: Format: pdf?{hint}"
    assert not isinstance(caught.value, GraphvizMissing)


def test_a_layout_that_takes_forever_is_given_up(bare, monkeypatch):
    program(bare, "dot", "import time; time.sleep(60)")
    monkeypatch.setattr(render, "TIMEOUT", 0.3)
    with pytest.raises(RuntimeError) as caught:
        draw(Value(1.0)).svg()
    assert str(caught.value) == (
        f"{bare / 'dot'} found no layout in 0 seconds: draw a smaller part of the graph"
    )


def test_svg_is_rendered_once(bare, tmp_path):
    program(bare, "dot", f"open({str(tmp_path / 'runs')!r}, 'a').write('.'); print('<svg/>')")
    picture = draw(Value(1.0))
    assert picture.svg() == picture.svg() == "<svg/>\n"
    picture._repr_mimebundle_()
    picture.save(tmp_path / "x.svg")
    assert (tmp_path / "runs").read_text() == "."


@pytest.fixture
def in_browser(monkeypatch):
    """The globals of JavaScript, as Pyodide gives them; no Graphviz among them yet."""
    js = SimpleNamespace()
    monkeypatch.setitem(sys.modules, "js", js)
    monkeypatch.setattr(sys, "platform", "emscripten")
    return js


def test_in_a_browser_the_page_s_graphviz_draws(in_browser):
    picture = draw(Value(1.0))
    with pytest.raises(GraphvizMissing, match="this page has loaded none: reload the page, or"):
        picture.svg()
    in_browser.microbpGraphviz = SimpleNamespace(layout=lambda *given: f"<svg {given}/>")
    assert picture.svg() == f'<svg role="img" {(picture.source, "svg", "dot")}/>'
    with pytest.raises(RuntimeError, match=r"^in a browser, Graphviz writes no png: save as \.svg"):
        picture.png()


def test_what_graphviz_says_in_a_browser_is_quoted(in_browser):
    in_browser.microbpGraphviz = SimpleNamespace(layout=lambda *_: 1 / 0)
    with pytest.raises(RuntimeError, match=r"^Graphviz wrote no svg: division by zero$"):
        draw(Value(1.0)).svg()
