"""Gradients in pictures: where the backward pass has been, and the colors."""

import math
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from microbp import Value, sigmoid, tanh
from microbp.drawing import style
from microbp.drawing.picture import draw
from tests.helpers.pictures import SVG, attributes, boxes, contrast, luminance


def polynomial():
    x = Value(3.0, "x")
    y = x * x + x
    y.label = "y"
    return y


def grads(picture):
    return {name: lines[-1] for name, lines in boxes(picture).items()}


def test_there_is_no_gradient_before_a_backward_pass_and_afterwards_it_may_be_0():
    x, zero = Value(3.0, "x"), Value(0.0, "zero")
    y = x * zero
    assert set(grads(draw(y)).values()) == {"none yet"}
    y.backward()
    assert grads(draw(y)) == {"n0": "0", "n1": "3", "n2": "1"}
    assert grads(draw(y + 1.0)) == {
        "n0": "0", "n1": "3", "n2": "1", "n3": "none yet", "n4": "none yet"
    }  # fmt: skip


def test_a_backward_pass_from_one_root_leaves_what_only_the_other_reaches():
    x, z = Value(3.0, "x"), Value(2.0, "z")
    one, other = x * 0.0, x * z
    one.backward()
    assert grads(draw(one, other)) == {
        "n0": "0", "n1": "3", "n2": "1", "n3": "none yet", "n4": "none yet"
    }  # fmt: skip


def test_a_backward_pass_reaches_whatever_is_below_a_gradient_of_0():
    x = Value(3.0, "x")
    y = sigmoid(tanh(x)) * 0.0
    y.backward()
    assert list(grads(draw(y)).values())[:3] == ["0", "0", "0"]


def test_leaves_keep_what_they_collected_beside_a_new_graph():
    x = Value(3.0, "x")
    (x * x).backward()
    assert grads(draw(x * x)) == {"n0": "6", "n1": "none yet"}


def test_a_gradient_of_nan_counts_as_reached():
    y = polynomial()
    y.backward(math.nan)
    assert set(grads(draw(y)).values()) == {"nan"}


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


def test_what_has_no_gradient_yet_is_white_and_the_scale_is_shown():
    picture = draw(polynomial(), color="gradient")
    assert {box["fillcolor"] for box in attributes(picture).values()} == {"#ffffff"}
    shown = [text.text for text in ET.fromstring(picture.svg()).iter(SVG + "text")]
    scale = ["grad", "≤ −1", "≤ −0.1", "≤ −0.01", "≤ −0.001", "< 0", "0", "> 0", "≥ 0.001",
             "≥ 0.01", "≥ 0.1", "≥ 1"]  # fmt: skip
    assert [text for text in shown if text in scale][-12:] == scale or shown[:12] == scale
    assert "≥ 0.1" not in draw(polynomial()).source


def test_text_stands_out_from_every_color_and_shades_from_one_another():
    for shades in (style.NEGATIVE, style.POSITIVE):
        assert all(contrast(shade, style.SMALL) > 4.5 for shade in shades)
        light = [luminance(shade) for shade in (style.ZERO, *shades)]
        assert light == sorted(light, reverse=True)
        assert all(a / b > 1.1 for a, b in pairwise(light))
    assert contrast(style.UNDEFINED, style.SMALL) > 4.5
