"""Pictures of folded graphs: a box for each unit or layer."""

import random
import re
import struct
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from microbp import Value
from microbp.core.toposort import operands_first
from microbp.drawing.dot import dot_text
from microbp.drawing.grouping import folded
from microbp.drawing.picture import draw
from microbp.drawing.render import rendered
from microbp.experiments.nature1986.family_trees import CASES, family_net
from microbp.losses import banded_squared_error
from microbp.nn import Net
from tests.helpers.pictures import SVG, attributes, boxes, small_net


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
        assert found["u1"][at + 1] == f"{low:.4g} … {high:.4g}".replace("-", "−")
    assert found["u1"][:4] == ["σ", "hidden", "2 units", "6 parameters"]
    assert found["u0"][:4] == ["x", "2 inputs", "data", "0 … 1"]
    assert re.findall(r"(\w+ -> \w+) \[(.*)\]", draw(y, fold="layer").source) == [
        ("u0 -> u1", 'label="4 edges" id=fu0_u1'), ("u1 -> u2", 'label="2 edges" id=fu1_u2'),
    ]  # fmt: skip


def test_folded_boxes_have_a_second_border_and_that_of_the_root_is_thick():
    boxes_by_name = attributes(draw(small_net(), fold="layer"))
    assert {box["peripheries"] for box in boxes_by_name.values()} == {"2"}
    assert [name for name, box in boxes_by_name.items() if "penwidth" in box] == ["u2"]


def test_in_a_crowd_edges_don_t_say_how_many_they_are():
    net = Net(8, rng=random.Random(8)).add("hidden", 8).add("output", 1)
    error = net([0.0] * 8)[0] + net([1.0] * 8)[0]
    assert " edges" not in draw(error, fold="unit").source
    assert "128 edges" in draw(error, fold="layer").source


def test_a_box_with_any_root_in_it_is_an_output():
    hidden = small_net().operands[0].operands[2:4]
    boxes_by_name = attributes(draw(hidden[0] + hidden[1], hidden[1], fold="layer"))
    assert [name for name, box in boxes_by_name.items() if "penwidth" in box] == ["u1", "n12"]


def test_the_family_trees_are_one_picture():
    net = family_net(random.Random(1))
    error = banded_squared_error(net(CASES[0][0]), CASES[0][1])
    picture = draw(error, fold="layer", rankdir="LR")
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


def test_a_net_is_drawn_by_unit_for_inputs_of_0():
    net = Net({"a": 2, "b": 1}, rng=random.Random(8)).add("hidden", 3).add("output", 2)
    outputs = net({"a": [0.0, 0.0], "b": [0.0]})
    assert draw(net).source == draw(*outputs, fold="unit").source
    assert draw(net, fold="layer").source == draw(outputs, fold="layer").source


def test_inputs_may_come_after_a_net():
    net = Net({"a": 2, "b": 1}, rng=random.Random(8)).add("hidden", 3).add("output", 2)
    case = {"a": [1.0, 2.0], "b": [Value(3.0)]}
    assert draw(net, case).source == draw(net(case), fold="unit").source
    xor = Net(2, [2, 1], seed=1)
    y = Value(7.0, "y")
    for inputs in ([1.0, 2.0], np.array([1.0, 2.0]), (1.0, 2.0)):
        assert draw(xor, inputs, y, net).source == draw(xor([1, 2]), y, net, fold="unit").source
    with pytest.raises(ValueError, match="3"):
        draw(xor, [1.0, 2.0, 3.0])


def test_lists_of_values_are_several_roots():
    y, z = small_net(), small_net()
    assert draw([y, (z,)]).source == draw(np.array([y, z])).source == draw(y, z).source
