"""The options of `draw`, and what it refuses."""

import math
import struct
import xml.etree.ElementTree as ET

import pytest

from microbp import Value, sigmoid
from microbp.drawing.picture import draw
from tests.helpers.graphs import chain
from tests.helpers.pictures import SVG, edges


def polynomial():
    x = Value(3.0, "x")
    y = x * x + x
    y.label = "y"
    return y


def test_direction_size_and_font():
    picture = draw(polynomial(), rankdir="TB", size=(1.5, 1), font="DejaVu Sans, Arial")
    at = {text.text: text for text in ET.fromstring(picture.svg()).iter(SVG + "text")}
    assert float(at["x"].get("y")) < float(at["×"].get("y")) < float(at["y"].get("y"))
    assert {text.get("font-family") for text in at.values()} == {"DejaVu Sans, Arial"}
    width, height = struct.unpack(">II", picture.png()[16:24])
    assert width <= 1.5 * 96 + 2
    assert height <= 96 + 2


SIZE = "draw: size: expected a width and a height, up to 100 inches, got"


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"fold": "cell"}, "draw: fold: expected one of None, 'node', 'unit', 'layer'; got 'cell'"),
        ({"color": "red"}, "draw: color: expected one of None, 'gradient'; got 'red'"),
        ({"rankdir": "up"},
         "draw: rankdir: expected one of None, 'LR', 'RL', 'TB', 'BT'; got 'up'"),
        ({"rankdir": []}, "draw: rankdir: expected one of None, 'LR', 'RL', 'TB', 'BT'; got []"),
        ({"theme": "black"},
         "draw: theme: expected one of 'light', 'dark', 'auto'; got 'black'"),
        ({"theme": None}, "draw: theme: expected one of 'light', 'dark', 'auto'; got None"),
        ({"max_nodes": 0}, "draw: max_nodes: expected a whole number from 1 on, got 0"),
        ({"max_nodes": 2.5}, "draw: max_nodes: expected a whole number from 1 on, got 2.5"),
        ({"size": 3}, f"{SIZE} 3"),
        ({"size": (1, 0)}, f"{SIZE} (1, 0)"),
        ({"size": (math.nan, 1)}, f"{SIZE} (nan, 1)"),
        ({"size": (1, 101)}, f"{SIZE} (1, 101)"),
        ({"font": 'a"b'}, "draw: font: expected the name of a font, got 'a\"b'"),
        ({"font": "<b>"}, "draw: font: expected the name of a font, got '<b>'"),
        ({"font": ""}, "draw: font: expected the name of a font, got ''"),
        ({"font": None}, "draw: font: expected the name of a font, got None"),
    ],
)  # fmt: skip
def test_an_option_it_does_not_know_is_refused(option, message):
    with pytest.raises((TypeError, ValueError), match=next(iter(option))) as caught:
        draw(polynomial(), **option)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((), "draw: expected one or more Values, got none"),
        ((3.0,), "draw: expected Values or a net, got 3.0"),
        (("x",), "draw: expected Values or a net, got 'x'"),
        ((None,), "draw: expected Values or a net, got None"),
        ((Value(1.0), 2), "draw: expected Values or a net, got 2"),
        (([],), "draw: expected one or more Values, got none"),
        (([Value(1.0), {}],), "draw: expected Values or a net, got {}"),
        ((sigmoid,), "draw: expected Values or a net, got <function sigmoid>: call it, draw(f(x))"),
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
    picture = draw(chain(500), rankdir="LR")
    assert len(edges(picture)) == 499
    width, height = struct.unpack(">II", picture.png()[16:24])
    assert 9000 < width <= 9610
    assert height < 100
