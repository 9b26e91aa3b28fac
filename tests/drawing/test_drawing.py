import base64
import html
import importlib.metadata
import math
import random
import re
import struct
import sys
import unicodedata
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from itertools import pairwise
from types import SimpleNamespace
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import microbp
from microbp import Value, dot, sigmoid, tanh
from microbp.core.engine import apply
from microbp.core.ops import Op
from microbp.core.toposort import operands_first
from microbp.drawing import picture, render, style
from microbp.drawing.dot import dot_text
from microbp.drawing.grouping import folded
from microbp.drawing.picture import GraphvizMissing, Picture, draw
from microbp.drawing.render import rendered
from microbp.experiments.nature1986.family_trees import CASES, family_net
from microbp.losses import banded_squared_error
from microbp.nn import Net
from tests.helpers.graphs import chain

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


def edges(picture):
    found = re.findall(
        r'^\t(n\d+) -> (n\d+) \[label="?(.*?)"? id=e\d+_\d+\]$', picture.source, re.M
    )
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
    spelled_out = "".join(
        character.encode("unicode_escape").decode()
        if unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t"
        else {"\ufffe": r"\ufffe", "\uffff": r"\uffff"}.get(character, character)
        for character in label
    )
    lines = [line.expandtabs(4).replace("\xa0", " ") for line in spelled_out.split("\n")]
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
import random, sys
from microbp import Value, dot, draw, sigmoid
from microbp.nn import Net
clutter = [object() for _ in range(int(sys.argv[1]))]
x = [Value(0.5, "x1"), Value(0.25, "x2")]
hidden = [sigmoid(dot([Value(0.1), Value(0.2)], x, Value(0.3))) for _ in range(3)]
sys.stdout.write(draw(*hidden, x[0]).source)
net = Net(3, rng=random.Random(0)).add("hidden", 12).add("output", 3)
for fold in (None, "unit", "layer"):
    for most in (500, 20, 2):
        picture = draw(*net([0, 1, 2]), fold=fold, max_nodes=most, color="gradient")
        sys.stdout.write(picture.source)
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


def luminance(color):
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def attributes(picture):
    """What each box of the source looks like, by its name."""
    found = re.findall(r"^\t([nu]\d+) \[label=<.*>> (.*)\]$", picture.source, re.M)
    return {name: dict(re.findall(r'(\w+)="?([^" ]*)"?', look)) for name, look in found}


def test_leaves_parameters_constants_operations_and_outputs_look_different():
    w, x = Value(1.0, "w"), Value(2.0, "x")
    y = -(w * x + 3.0)
    looks_of = attributes(draw(y))
    parameter, data, product, constant, _, output = looks_of.values()
    kinds = [parameter, data, constant, product, output]
    gray = [(k.get("shape", "box"), k["style"], k.get("penwidth", "1")) for k in kinds]
    assert len(set(gray)) == 5
    assert len({k["color"] for k in kinds}) == len({k["fillcolor"] for k in kinds}) == 5
    for kind in kinds:
        assert contrast(kind["fillcolor"], style.SMALL) > 7.0
        assert contrast(kind["fillcolor"], kind["color"]) > 3.0  # as WCAG asks of a graphic


@pytest.mark.parametrize("label", ["w", "b", "w1", "w12", "b3", "w[hidden1,x2]", "b[a]", "w[\n]"])
def test_what_nn_and_books_call_a_weight_or_bias_is_a_parameter(label):
    assert style.look(Value(1.0, label)) is style.PARAMETER


@pytest.mark.parametrize("label", ["x", "W", "wide", "w[", "w]", "b[1]x", " w", "w\n", "w٣"])
def test_any_other_label_is_an_input_s(label):
    assert style.look(Value(1.0, label)) is style.INPUT


def test_no_label_is_a_constant_s():
    assert style.look(Value(1.0)) is style.CONSTANT


def test_a_root_that_is_a_leaf_keeps_the_corners_of_a_leaf():
    assert "rounded" not in draw(Value(1.0)).source
    assert attributes(draw(Value(1.0, "w")))["n0"]["shape"] == "note"
    assert "penwidth" in draw(Value(1.0)).source


# Sweeps


def grads(picture):
    return {name: lines[-1] for name, lines in boxes(picture).items()}


def test_before_a_sweep_nothing_is_swept_and_afterwards_a_gradient_may_be_0():
    x, zero = Value(3.0, "x"), Value(0.0, "zero")
    y = x * zero
    assert set(grads(draw(y)).values()) == {"not swept"}
    y.backward()
    assert grads(draw(y)) == {"n0": "0", "n1": "3", "n2": "1"}
    assert grads(draw(y + 1.0)) == {
        "n0": "0", "n1": "3", "n2": "1", "n3": "not swept", "n4": "not swept"
    }  # fmt: skip


def test_a_sweep_of_one_root_leaves_what_only_the_other_reaches():
    x, z = Value(3.0, "x"), Value(2.0, "z")
    one, other = x * 0.0, x * z
    one.backward()
    assert grads(draw(one, other)) == {
        "n0": "0", "n1": "3", "n2": "1", "n3": "not swept", "n4": "not swept"
    }  # fmt: skip


def test_a_sweep_reaches_whatever_is_below_a_gradient_of_0():
    x = Value(3.0, "x")
    y = sigmoid(tanh(x)) * 0.0
    y.backward()
    assert list(grads(draw(y)).values())[:3] == ["0", "0", "0"]


def test_leaves_keep_what_they_collected_beside_a_new_graph():
    x = Value(3.0, "x")
    (x * x).backward()
    assert grads(draw(x * x)) == {"n0": "6", "n1": "not swept"}


def test_a_gradient_that_is_nan_was_swept():
    y = polynomial()
    y.backward(math.nan)
    assert set(grads(draw(y)).values()) == {"nan"}


# Color by gradient


@pytest.mark.parametrize(
    ("grad", "fill"),
    [
        (0.0, style.ZERO), (-0.0, style.ZERO), (math.nan, style.UNDEFINED),
        (5e-324, style.POSITIVE[0]), (0.000999, style.POSITIVE[0]), (0.001, style.POSITIVE[1]),
        (0.01, style.POSITIVE[2]), (0.1, style.POSITIVE[3]), (1.0, style.POSITIVE[4]),
        (math.inf, style.POSITIVE[4]), (-0.5, style.NEGATIVE[3]), (-math.inf, style.NEGATIVE[4]),
    ],
)  # fmt: skip
def test_the_scale_of_gradients_is_fixed(grad, fill):
    x = Value(1.0)
    y = -x
    y.backward()
    x.grad = grad
    assert attributes(draw(y, color="gradient"))["n0"]["fillcolor"] == fill


def test_what_is_not_swept_is_white_and_the_scale_is_shown():
    picture = draw(polynomial(), color="gradient")
    assert {look["fillcolor"] for look in attributes(picture).values()} == {"#ffffff"}
    shown = [text.text for text in ET.fromstring(picture.svg()).iter(SVG + "text")]
    scale = ["grad", "≤ -1", "≤ -0.1", "≤ -0.01", "≤ -0.001", "< 0", "0", "> 0", "≥ 0.001",
             "≥ 0.01", "≥ 0.1", "≥ 1"]  # fmt: skip
    assert [text for text in shown if text in scale][-12:] == scale or shown[:12] == scale
    assert "≥ 0.1" not in draw(polynomial()).source


def test_text_stands_out_from_every_color_and_shades_from_one_another():
    for shades in (style.NEGATIVE, style.POSITIVE):
        assert all(contrast(shade, style.SMALL) > 4.5 for shade in shades)
        light = [luminance(shade) for shade in (style.ZERO, *shades)]
        assert light == sorted(light, reverse=True)
        assert all(a / b > 1.1 for a, b in pairwise(light))
    assert contrast(style.UNDEFINED, style.SMALL) > 4.0


# Folding


def small_net(name="hidden"):
    net = Net(2, rng=random.Random(8), init=0.5).add(name, 2).add("output", 1)
    (y,) = net([0.0, 1.0])
    y.backward()
    return y


def test_a_folded_unit_has_its_name_its_numbers_and_its_count_of_parameters():
    y = small_net()
    found = boxes(draw(y, fold="unit"))
    assert found["u2"] == ["σ", "output1", "3 parameters", "data", f"{y.data:.4g}", "grad", "1"]
    assert len(found) == 5


def test_a_folded_layer_has_the_range_of_its_outputs():
    y = small_net()
    hidden = y.operands[0].operands[2:4]
    found = boxes(draw(y, fold="layer"))
    for name, key in (("data", "data"), ("grad", "grad")):
        low, high = sorted(getattr(h, name) for h in hidden)
        at = found["u1"].index(key)
        assert found["u1"][at + 1] == f"{low:.4g} … {high:.4g}"
    assert found["u1"][:4] == ["σ", "hidden", "2 units", "6 parameters"]
    assert found["u0"][:4] == ["x", "2 inputs", "data", "0 … 1"]
    assert re.findall(r"(\w+ -> \w+) \[(.*)\]", draw(y, fold="layer").source) == [
        ("u0 -> u1", 'label="4 edges" id=fu0_u1'), ("u1 -> u2", 'label="2 edges" id=fu1_u2'),
    ]  # fmt: skip


def test_folded_boxes_have_a_second_border_and_that_of_the_root_is_thick():
    looks_of = attributes(draw(small_net(), fold="layer"))
    assert {look["peripheries"] for look in looks_of.values()} == {"2"}
    assert [name for name, look in looks_of.items() if "penwidth" in look] == ["u2"]


def test_in_a_crowd_edges_don_t_say_how_many_they_are():
    net = Net(8, rng=random.Random(8)).add("hidden", 8).add("output", 1)
    error = net([0.0] * 8)[0] + net([1.0] * 8)[0]
    assert " edges" not in draw(error, fold="unit").source
    assert "128 edges" in draw(error, fold="layer").source


def test_a_box_with_any_root_in_it_is_an_output():
    hidden = small_net().operands[0].operands[2:4]
    looks_of = attributes(draw(hidden[0] + hidden[1], hidden[1], fold="layer"))
    assert [name for name, look in looks_of.items() if "penwidth" in look] == ["u1", "n12"]


def test_the_family_trees_are_one_picture():
    net = family_net(random.Random(1))
    error = banded_squared_error(net(CASES[0][0]), CASES[0][1])
    picture = draw(error, fold="layer")
    width, height = struct.unpack(">II", picture.png()[16:24])
    assert width < 4500
    assert height < 400
    assert "630 " not in picture.source  # but these, of five layers:
    counts = re.findall(r"(\d+) parameters", picture.source)
    assert sum(map(int, counts)) == 630


def test_the_ids_of_the_svg_carry_the_prefix():
    y = small_net()
    nodes = operands_first(y)
    for groups in ([], folded(nodes, "unit"), folded(nodes, "layer")):
        svg = ET.fromstring(rendered(dot_text(nodes, [y], groups, prefix="p7_"), "svg"))
        ids = {element.get("id"): element.get("class") for element in svg.iter(SVG + "g")}
        assert all(id.startswith("p7_") for id in ids)
        if not groups:
            assert {id for id, kind in ids.items() if kind == "node"} == {
                f"p7_n{i}" for i in range(len(nodes))
            }
            assert {id for id, kind in ids.items() if kind == "edge"} == {
                f"p7_e{i}_{k}" for i, n in enumerate(nodes) for k in range(len(n.operands))
            }


# Options


def test_direction_size_and_font():
    picture = draw(polynomial(), rankdir="TB", size=(1.5, 1), font="DejaVu Sans, Arial")
    at = {text.text: text for text in ET.fromstring(picture.svg()).iter(SVG + "text")}
    assert float(at["x"].get("y")) < float(at["×"].get("y")) < float(at["y"].get("y"))
    assert {text.get("font-family") for text in at.values()} == {"DejaVu Sans, Arial"}
    width, height = struct.unpack(">II", picture.png()[16:24])
    assert width <= 1.5 * 96 + 2
    assert height <= 96 + 2


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"fold": "cell"}, "fold: expected one of None, 'unit', 'layer'; got 'cell'"),
        ({"color": "red"}, "color: expected one of None, 'gradient'; got 'red'"),
        ({"rankdir": "up"}, "rankdir: expected one of 'LR', 'RL', 'TB', 'BT'; got 'up'"),
        ({"rankdir": []}, "rankdir: expected one of 'LR', 'RL', 'TB', 'BT'; got []"),
        ({"max_nodes": 0}, "max_nodes: expected a whole number from 1 on, got 0"),
        ({"max_nodes": 2.5}, "max_nodes: expected a whole number from 1 on, got 2.5"),
        ({"size": 3}, "size: expected a width and a height, up to 100 inches, got 3"),
        ({"size": (1, 0)}, "size: expected a width and a height, up to 100 inches, got (1, 0)"),
        ({"size": (math.nan, 1)},
         "size: expected a width and a height, up to 100 inches, got (nan, 1)"),
        ({"size": (1, 101)}, "size: expected a width and a height, up to 100 inches, got (1, 101)"),
        ({"font": 'a"b'}, "font: expected the name of a font, got 'a\"b'"),
        ({"font": "<b>"}, "font: expected the name of a font, got '<b>'"),
        ({"font": ""}, "font: expected the name of a font, got ''"),
        ({"font": None}, "font: expected the name of a font, got None"),
    ],
)  # fmt: skip
def test_an_option_it_does_not_know_is_refused(option, message):
    with pytest.raises(ValueError, match=next(iter(option))) as caught:
        draw(polynomial(), **option)
    assert str(caught.value) == message


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
    check_harmless(picture)
    title = ET.fromstring(picture.svg()).findtext(f".//{SVG}title")
    assert title == image(picture).replace("\r\n", "\n").replace("\r", "\n")


@settings(max_examples=60)
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


@settings(max_examples=50)
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
    monkeypatch.setattr(render, "PATIENCE", 0.3)
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
