"""What is drawn of a graph: boxes, edges, captions and their order."""

import math
import xml.etree.ElementTree as ET

import pytest

from microbp import Value, dot, sigmoid, tanh
from microbp.core.engine import apply
from microbp.core.ops import Op
from microbp.drawing import style
from microbp.drawing.picture import draw
from tests.helpers.pictures import SVG, attributes, boxes, contrast, edges, texts


def polynomial():
    x = Value(3.0, "x")
    y = x * x + x
    y.label = "y"
    return y


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
        (-math.inf, "−inf"),
        (-0.0, "−0"),
        (0.1 + 0.2, "0.3"),
        (-1 / 3, "−0.3333"),
        (123456.0, "1.235e+05"),
        (5e-324, "4.941e−324"),
    ],
)
def test_numbers_have_four_significant_digits_and_the_minus_sign_of_plots(number, shown):
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


def test_leaves_parameters_constants_operations_and_outputs_look_different():
    w, x = Value(1.0, "w"), Value(2.0, "x")
    y = -(w * x + 3.0)
    boxes_by_name = attributes(draw(y))
    parameter, data, product, constant, _, output = boxes_by_name.values()
    kinds = [parameter, data, constant, product, output]
    gray = [(k.get("shape", "box"), k["style"], k.get("penwidth", "1")) for k in kinds]
    assert len(set(gray)) == 5
    assert len({k["color"] for k in kinds}) == len({k["fillcolor"] for k in kinds}) == 5
    for kind in kinds:
        assert contrast(kind["fillcolor"], style.SMALL) > 7.0
        assert contrast(kind["fillcolor"], kind["color"]) > 3.0  # as WCAG asks of a graphic


@pytest.mark.parametrize("label", ["w", "b", "w1", "w12", "b3", "w[hidden1,x2]", "b[a]", "w[\n]"])
def test_what_nn_and_books_call_a_weight_or_bias_is_a_parameter(label):
    assert style.box_style(Value(1.0, label)) is style.PARAMETER


@pytest.mark.parametrize("label", ["x", "W", "wide", "w[", "w]", "b[1]x", " w", "w\n", "w٣"])
def test_any_other_label_is_an_input_s(label):
    assert style.box_style(Value(1.0, label)) is style.INPUT


def test_no_label_is_a_constant_s():
    assert style.box_style(Value(1.0)) is style.CONSTANT


def test_a_root_that_is_a_leaf_keeps_the_corners_of_a_leaf():
    assert "rounded" not in draw(Value(1.0)).source
    assert attributes(draw(Value(1.0, "w")))["n0"]["shape"] == "note"
    assert "penwidth" in draw(Value(1.0)).source
