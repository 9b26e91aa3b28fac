"""Labels show as typed, whatever they are."""

import re
import unicodedata
import xml.etree.ElementTree as ET
from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from microbp import Value
from microbp.core.engine import apply
from microbp.core.ops import Op
from microbp.drawing import picture
from microbp.drawing.picture import GraphvizMissing, draw
from tests.helpers.pictures import SVG, boxes, image, small_net
from tests.helpers.profiles import examples

DRAWN = {SVG + tag for tag in ("svg", "g", "title", "polygon", "polyline", "path", "text")}


def label_lines(label):
    """What a picture shall show of a label: all of it, with tabs as spaces."""
    spelled_out = "".join(
        character.encode("unicode_escape").decode()
        if unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t"
        else {"\ufffe": r"\ufffe", "\uffff": r"\uffff"}.get(character, character)
        for character in label
    )
    lines = [line.expandtabs(4).replace("\xa0", " ") for line in spelled_out.split("\n")]
    return [line for line in lines if line]


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


@examples(400)
@given(LABELS)
def test_any_label_shows_as_typed(label):
    check_label(label)


def check_label(label):
    x = Value(0.5, label)
    y = -x
    y.label = label
    picture = draw(y)
    assert boxes(picture) == {
        "n0": [*label_lines(label), "data", "0.5", "grad", "none yet"],
        "n1": ["−", *label_lines(label), "data", "−0.5", "grad", "none yet"],
    }
    check_harmless(picture)
    title = ET.fromstring(picture.svg()).findtext(f".//{SVG}title")
    assert title == image(picture).replace("\r\n", "\n").replace("\r", "\n")


@examples(60)
@given(
    LABELS.filter(lambda name: name not in ("", "x", "output")), st.sampled_from(["unit", "layer"])
)
@example("a1", "layer")
@example("]", "unit")
@example('</TD><TD HREF="javascript:alert(1)">', "layer")
def test_any_name_of_a_layer_shows_as_typed_in_folded_boxes(name, fold):
    picture = draw(small_net(name), fold=fold, max_nodes=5 if fold == "unit" else 2)
    assert any(
        lines[1 : 1 + len(label_lines(label))] == label_lines(label)
        for lines in boxes(picture).values()
        for label in (name, f"{name}1")
    )
    check_harmless(picture)
    assert ET.fromstring(picture.svg()).findtext(f".//{SVG}title").startswith("Graph of output1 = ")


def check_harmless(picture):
    for element in ET.fromstring(picture.svg()).iter():
        assert element.tag in DRAWN
        assert not any("href" in name or name.startswith("on") for name in element.attrib)


@examples(50)
@given(LABELS)
def test_without_graphviz_labels_do_nothing_in_a_notebook(label):
    with mock.patch.object(picture, "rendered", side_effect=GraphvizMissing("none")):
        bundle = draw(Value(1.0, label))._repr_mimebundle_()
    assert set(re.findall("<[^>]*>", bundle["text/html"])) == {"<p>", "</p>", "<pre>", "</pre>"}
    bundle["text/html"].encode()


def test_tabs_and_control_characters_are_made_visible():
    assert boxes(draw(Value(1.0, "&\tb\n\x00\ud800")))["n0"][:2] == ["&   b", r"\x00\ud800"]


@pytest.mark.parametrize("symbol", ["<b>", '</TD><TD HREF="x">', "\\N", "a&amp;", "\x00", "**"])
def test_symbols_of_operations_show_as_typed(symbol):
    op = Op("own", symbol, lambda m, a: a, lambda m, y, a: (1.0,))
    assert boxes(draw(apply(op, Value(1.0))))["n1"][:1] == label_lines(symbol)
