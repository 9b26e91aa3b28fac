import base64
import html
import importlib.metadata
import math
import re
import struct
import sys
import unicodedata
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import microbp
from microbp import Value, dot, renderer, sigmoid, tanh
from microbp.drawing import GraphvizMissing, Picture, draw
from microbp.engine import apply
from microbp.ops import Op

MISSING = (
    "a picture needs Graphviz: install it from your system's package manager "
    "(for example: apt install graphviz), or run: pip install 'microbp[dot]'"
)
SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {SVG + tag for tag in ("svg", "g", "title", "polygon", "polyline", "path", "text")}


def polynomial():
    x = Value(3.0, "x")
    y = x * x + x
    y.label = "y"
    return y


def chain(nodes):
    y = Value(1.0)
    for _ in range(nodes - 1):
        y = -y
    return y


def edges(picture):
    found = re.findall(r'^\t(n\d+) -> (n\d+) \[label="(.*)" id="e\d+_\d+"\]$', picture.source, re.M)
    assert len(found) == picture.source.count(" -> ")
    return found


def boxes(picture):
    """The lines of text in each node of the rendered picture, by the node's name."""
    groups = ET.fromstring(picture.svg()).iter(SVG + "g")
    return {
        group.findtext(SVG + "title"): texts(group)
        for group in groups
        if group.get("class") == "node"
    }


def texts(group):
    # Graphviz writes the second of two spaces as one that does not break, and no empty line.
    shown = ["".join(text.itertext()) for text in group.iter(SVG + "text")]
    return [text.replace("\xa0", " ") for text in shown if text]


def label_lines(label):
    """What a picture shall show of a label: all of it, with tabs as spaces."""
    spelt_out = "".join(
        character.encode("unicode_escape").decode()
        if unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t"
        else {"\ufffe": r"\ufffe", "\uffff": r"\uffff"}.get(character, character)
        for character in label
    )
    lines = [line.expandtabs(4).replace("\xa0", " ") for line in spelt_out.split("\n")]
    return [line for line in lines if line]


def program(folder, name, body):
    """An executable in Python, alone on a PATH of its own."""
    file = folder / name
    file.write_text(f"#!{sys.executable}\nimport sys\n{body}")
    file.chmod(0o755)


@pytest.fixture
def bare(monkeypatch, tmp_path_factory):
    """A machine with no Graphviz of any kind; the only folder on its PATH."""
    if sys.platform == "win32":
        pytest.skip("stands in for programs with scripts")
    folder = tmp_path_factory.mktemp("bin")
    monkeypatch.setenv("PATH", str(folder))

    def files(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "files", files)
    return folder


# What is drawn


def test_each_operand_has_an_edge_with_its_partial_and_repeats_are_kept():
    picture = draw(polynomial())
    assert edges(picture) == [
        ("n0", "n1", "3"),
        ("n0", "n1", "3"),
        ("n1", "n2", "1"),
        ("n0", "n2", "1"),
    ]


def test_a_box_holds_symbol_label_data_and_gradient():
    y = polynomial()
    y.backward()
    assert boxes(draw(y)) == {
        "n0": ["x", "data", "3", "grad", "7"],
        "n1": ["×", "data", "9", "grad", "1"],
        "n2": ["+", "y", "data", "12", "grad", "1"],
    }


def test_a_value_used_twice_is_one_node_even_from_several_roots():
    x = Value(2.0, "x")
    picture = draw(x * 3.0, x + 1.0, x)
    assert picture.source.count("[label=<") == 5
    assert edges(picture) == [
        ("n0", "n2", "3"),
        ("n1", "n2", "2"),
        ("n0", "n4", "1"),
        ("n3", "n4", "1"),
    ]


def test_a_root_given_twice_is_drawn_once():
    y = polynomial()
    assert draw(y, y).source == draw(y).source


def test_a_unit_is_two_nodes():
    y = tanh(dot([Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)], Value(5.0)))
    assert [(a, b) for a, b, _ in edges(draw(y))] == [*((f"n{i}", "n5") for i in range(5)),
                                                      ("n5", "n6")]  # fmt: skip


def test_the_caption_counts_and_names_the_roots():
    assert repr(draw(polynomial())) == "<Picture of y = 12: 3 nodes, 4 edges>"
    assert repr(draw(Value(0.5), Value(2.0, "b"))) == ("<Picture of 0.5, b = 2: 2 nodes, 0 edges>")
    assert repr(draw(-Value(2.0))) == "<Picture of -2: 2 nodes, 1 edge>"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (math.nan, "nan"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
        (-0.0, "-0"),
        (0.1 + 0.2, "0.3"),
        (-1 / 3, "-0.3333"),
        (123456.0, "1.235e+05"),
        (5e-324, "4.941e-324"),
    ],
)
def test_numbers_have_four_significant_digits(number, shown):
    x = Value(number)
    x.grad = number
    y = apply(Op("f", "f", lambda m, a: 1.0, lambda m, y, a: (number,)), x)
    y.grad = 1.0
    picture = draw(y)
    assert boxes(picture)["n0"] == ["data", shown, "grad", shown]
    (edge,) = [
        group for group in ET.fromstring(picture.svg()).iter(SVG + "g")
        if group.get("class") == "edge"
    ]  # fmt: skip
    assert texts(edge) == [shown]


def test_the_same_graph_gives_the_same_text_in_every_process(python):
    code = """
import sys
from microbp import Value, dot, draw, sigmoid
clutter = [object() for _ in range(int(sys.argv[1]))]
x = [Value(0.5, "x1"), Value(0.25, "x2")]
hidden = [sigmoid(dot([Value(0.1), Value(0.2)], x, Value(0.3))) for _ in range(3)]
sys.stdout.write(draw(*hidden, x[0]).source)
"""
    runs = [python(code, 10**n, PYTHONHASHSEED=str(n), PYTHONUTF8="1") for n in range(3)]
    assert runs[0].stdout.startswith("digraph microbp {"), runs[0].stderr
    assert len({run.stdout for run in runs}) == 1


def test_operands_stand_in_the_order_in_which_they_were_written():
    x = [Value(i % 2, f"x{i}") for i in range(6)]
    units = [
        sigmoid(dot([Value(0.1, f"w{j}{i}") for i in range(6)], x, Value(0.0, f"b{j}")))
        for j in range(2)
    ]
    root = ET.fromstring(draw(dot([Value(1.0), Value(2.0)], units)).svg())
    height = {text.text: float(text.get("y")) for text in root.iter(SVG + "text")}
    for names in ([f"w{0}{i}" for i in range(6)], [f"x{i}" for i in range(6)],
                  [f"w{1}{i}" for i in range(6)]):  # fmt: skip
        assert [height[name] for name in names] == sorted(height[name] for name in names)


def test_the_picture_leads_from_left_to_right():
    root = ET.fromstring(draw(polynomial()).svg())
    at = {text.text: float(text.get("x")) for text in root.iter(SVG + "text")}
    assert at["x"] < at["×"] < at["y"]


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_a_root_that_is_a_leaf_keeps_the_corners_of_a_leaf():
    assert "rounded" not in draw(Value(1.0)).source
    assert "penwidth" in draw(Value(1.0)).source


# Labels are anybody's


NASTY = [
    "w|1", "{x", "a}b", "a<b>", "<b>bold</b>", "<", ">", "<x>", '"', '""', "'", 'a"b"', "\\",
    "\\\\", "ends in \\", '\\"', "\\N", "\\G", "\\l", "\\E\\T\\H\\L", "\\n", "\\\\N",
    "n0", "node", "&", "&amp;", "&lt;", "&#65;", "&nosuch;", "]]>", "<!--", "-->",
    "\n", "a\nb", "\na", "a\n",
    "a\n\nb", "a\r\nb", "\t", "a\tb", "&\tb", "ab\tc\nd\te", " ", "  ", " a  b ", "\u00a0",
    "\u200b", "\u2028", "é", "∂E/∂w", "文字", "🎉", "👩\u200d👧", "\u202eabc", "\x00", "a\x00b",
    "\x1b[31m", "\x7f", "\x85", "\ud800", "\udfff!", "\ufffe", "\uffff", "\U0010ffff", "%s", "$x$",
    "x" * 300, "<IMG SRC='x'/>", "<script>alert(1)</script>",
    '</TD><TD HREF="javascript:alert(1)">',
]  # fmt: skip
LABELS = st.text(st.characters()) | st.text(
    r"\NGlnr<>&;#{}|\"' ax/" + "\t\n\r\x00\ud800", max_size=9
)


@pytest.mark.parametrize("label", NASTY, ids=ascii)
def test_nasty_labels_show_as_typed(label):
    check_label(label)


@settings(max_examples=400)
@given(LABELS)
def test_any_label_shows_as_typed(label):
    check_label(label)


def check_label(label):
    x = Value(0.5, label)
    y = -x
    y.label = label
    picture = draw(y)
    assert boxes(picture) == {
        "n0": [*label_lines(label), "data", "0.5", "grad", "not swept"],
        "n1": ["-", *label_lines(label), "data", "-0.5", "grad", "not swept"],
    }
    for element in ET.fromstring(picture.svg()).iter():
        assert element.tag in DRAWN
        assert not any("href" in name or name.startswith("on") for name in element.attrib)
    image(picture)


def test_tabs_and_control_characters_are_made_visible():
    assert boxes(draw(Value(1.0, "&\tb\n\x00\ud800")))["n0"][:2] == ["&   b", r"\x00\ud800"]


@pytest.mark.parametrize("symbol", ["<b>", '</TD><TD HREF="x">', "\\N", "a&amp;", "\x00", "**"])
def test_symbols_of_operations_show_as_typed(symbol):
    op = Op("own", symbol, lambda m, a: a, lambda m, y, a: (1.0,))
    assert boxes(draw(apply(op, Value(1.0))))["n1"][:1] == label_lines(symbol)


# Refusals


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((), "draw: expected one or more Values, got none"),
        ((3.0,), "draw: expected Values, got 3.0"),
        (("x",), "draw: expected Values, got 'x'"),
        ((None,), "draw: expected Values, got None"),
        ((Value(1.0), 2), "draw: expected Values, got 2"),
        (([],), "draw: expected Values, got []"),
    ],
)
def test_what_is_no_value_is_refused(given, message):
    with pytest.raises(TypeError) as caught:
        draw(*given)
    assert str(caught.value) == message


@pytest.mark.parametrize(("nodes", "shown"), [(501, "501"), (100_000, "100,000")])
def test_a_large_graph_is_cut_however_deep_and_says_so(nodes, shown):
    picture = draw(chain(nodes))
    assert len(edges(picture)) == 499
    assert edges(picture)[-1][:2] == (f"n{nodes - 2}", f"n{nodes - 1}")
    assert f"The 500 nodes nearest to the root, of {shown} nodes." in picture.source
    assert "1 operand not shown" in picture.source
    assert repr(picture) == (
        f"<Picture of -1: {shown} nodes, {nodes - 1:,} edges, 500 boxes shown>".replace(
            "of -1", "of 1" if nodes % 2 else "of -1"
        )
    )


def test_the_largest_graph_is_drawn_and_its_bitmap_is_kept_in_bounds():
    picture = draw(chain(500))
    assert len(edges(picture)) == 499
    width, height = struct.unpack(">II", picture.png()[16:24])
    assert 9000 < width <= 9610
    assert height < 100


# Rendering


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
    assert picture.png() == b"on the PATH\n"
    (tmp_path / "scripts").mkdir()
    program(tmp_path / "scripts", "graphviz-pure", "print('in this environment')")
    packaged(monkeypatch, tmp_path)
    assert picture.png() == b"in this environment\n"
    program(bare, "dot", "print(sys.argv[1:], sys.stdin.buffer.read().decode(), end='')")
    assert picture.png().decode() == f"['-Tpng', '-Gsize=100'] {picture.source}"
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
    monkeypatch.setattr(renderer, "PATIENCE", 0.3)
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


# Files


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


# Notebooks


def image(picture):
    """The picture's HTML, taken apart: it is one image, whose data and whose caption are right."""
    found = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.append((tag, dict(attributes)))
    parser.handle_data = lambda data: found.append(("data", data))
    bundle = picture._repr_mimebundle_()
    parser.feed(bundle["text/html"])
    parser.close()
    ((tag, attributes),) = found
    assert tag == "img"
    assert attributes.keys() == {"alt", "src"}
    head, _, data = attributes["src"].partition(",")
    assert head == "data:image/svg+xml;base64"
    assert base64.b64decode(data).decode() == picture.svg() == bundle["image/svg+xml"]
    assert f"<Picture of {attributes['alt'].removeprefix('Graph of ')}>" == bundle["text/plain"]
    bundle["text/plain"].encode()  # a notebook's file is in UTF-8
    return attributes["alt"]


def test_a_notebook_gets_an_image_that_it_may_always_show():
    picture = draw(polynomial())
    assert picture._repr_mimebundle_().keys() == {"text/html", "image/svg+xml", "text/plain"}
    assert picture._repr_mimebundle_(include=None, exclude={"text/html"}).keys() >= {"text/plain"}
    assert image(picture) == "Graph of y = 12: 3 nodes, 4 edges"
    assert image(draw(Value(1.0, '"><script>'))) == 'Graph of "><script> = 1: 1 node, 0 edges'


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
