"""Pictures as files and in notebooks."""

import html
import re

import PIL.Image
import pytest

import microbp
from microbp import Value
from microbp.drawing.notebook import framed
from microbp.drawing.picture import draw
from tests.helpers.pictures import MISSING, image, program


def polynomial():
    x = Value(3.0, "x")
    y = x * x + x
    y.label = "y"
    return y


@pytest.mark.parametrize(
    ("name", "start"),
    [("a.svg", b"<?xml"), ("A.SVG", b"<?xml"), ("a.png", b"\x89PNG"), ("a.dot", b"digraph"),
     ("a.b.gv", b"digraph")],
)  # fmt: skip
def test_the_suffix_of_a_file_gives_its_format(tmp_path, name, start):
    assert draw(polynomial()).save(str(tmp_path / name)) == tmp_path / name
    assert (tmp_path / name).read_bytes().startswith(start)
    assert list(tmp_path.iterdir()) == [tmp_path / name]


def test_a_pdf_is_asked_of_graphviz(bare, tmp_path):
    program(bare, "dot", "print('%PDF', sys.argv[1:])")
    assert draw(Value(1.0)).save(tmp_path / "a.pdf").read_text() == "%PDF ['-Tpdf']\n"


def test_the_text_is_saved_without_graphviz_and_in_utf_8(bare, tmp_path):
    picture = draw(Value(1.0, "∂🎉"))
    assert picture.save(tmp_path / "a.dot").read_text("utf-8") == picture.source
    assert "∂🎉" in picture.source


@pytest.mark.parametrize("name", ["net.jpg", "net", ".svg", "net.svg.bak"])
def test_another_suffix_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match="save") as caught:
        draw(Value(1.0)).save(tmp_path / name)
    assert str(caught.value) == (
        f"save: expected a file name in .svg, .png, .pdf, .dot or .gv, got {name!r}"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf"])
def test_a_failing_render_keeps_the_old_file_and_leaves_no_other(bare, tmp_path, suffix):
    program(bare, "dot", "sys.stdout.write('half'); sys.stdout.flush(); sys.exit('broken')")
    path = tmp_path / f"a.{suffix}"
    with pytest.raises(RuntimeError, match="broken"):
        draw(Value(1.0)).save(path)
    assert list(tmp_path.iterdir()) == []
    path.write_text("old")
    with pytest.raises(RuntimeError, match="broken"):
        draw(Value(1.0)).save(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failing_write_keeps_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.dot"
    path.write_text("old")

    def full(*_):
        raise OSError("disk full")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(OSError, match="disk full"):
        draw(Value(1.0)).save(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_notebook_gets_an_image_that_it_may_always_show():
    picture = draw(polynomial())
    assert picture._repr_mimebundle_().keys() == {"text/html", "text/plain"}  # it's stored once
    assert picture._repr_mimebundle_(include=None, exclude={"text/html"}).keys() >= {"text/plain"}
    assert image(picture) == "Graph of y = 12: 3 nodes, 4 edges"
    assert image(draw(Value(1.0, '"><script>'))) == 'Graph of "><script> = 1: 1 node, 0 edges'


@pytest.mark.parametrize(
    ("width", "height", "most", "least"),
    [(300, 100, 400, 330), (2000, 400, 2667, 2200), (300, 600, 360, 330), (120, 5000, 132, 132)],
)
def test_a_notebook_shows_digits_of_at_least_13_pixels_however_large_the_picture(
    width, height, most, least
):
    shown = framed(f'<svg role="img" width="{width}pt" height="{height}.00pt">', "a net")
    assert f"width:100%;height:auto;max-width:{most}px;min-width:{least}px" in shown
    assert f' width="{most}"' in shown  # for hosts that remove styles
    assert shown.startswith('<div style="overflow:auto;max-height:720px"')


def test_files_hold_the_caption_as_alternative_text(tmp_path):
    picture = draw(Value(1.0, "∂<"))
    path = picture.save(tmp_path / "a.png")
    assert PIL.Image.open(path).text["Description"] == "Graph of ∂< = 1: 1 node, 0 edges"
    svg = picture.save(tmp_path / "a.svg").read_text("utf-8")
    assert re.search('<svg role="img"', svg)
    assert "<title>Graph of ∂&lt; = 1: 1 node, 0 edges</title>" in svg


def test_a_notebook_without_graphviz_shows_how_to_get_one(bare):
    picture = draw(Value(1.0, "<b>"))
    bundle = picture._repr_mimebundle_()
    assert bundle["text/plain"] == f"{MISSING}\n\n{picture.source}"
    assert html.unescape(bundle["text/html"]) == (
        f"<p>{MISSING}</p><p>The graph in DOT:</p><pre>{picture.source}</pre>"
    )
    assert set(re.findall("<[^>]*>", bundle["text/html"])) == {"<p>", "</p>", "<pre>", "</pre>"}


def test_graphviz_is_imported_only_to_draw(python):
    run = python("import sys, microbp; print('graphviz' in sys.modules, microbp.draw)")
    assert run.stdout.startswith("False <function draw"), run.stderr


def test_draw_is_a_public_name():
    assert microbp.draw is draw
