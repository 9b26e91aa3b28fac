"""Light and dark pictures, and those that follow the reader's choice."""

import re

import pytest

from microbp import Value
from microbp.drawing import style
from microbp.drawing.picture import draw
from tests.helpers.pictures import attributes, boxes, contrast

FILLS = [look["fillcolor"] for look in (style.INPUT, style.PARAMETER, style.CONSTANT,
                                        style.OPERATION, style.OUTPUT)]  # fmt: skip
FILLS += [*style.NEGATIVE, *style.POSITIVE, style.ZERO, style.UNDEFINED]
BORDERS = [look["color"] for look in (style.INPUT, style.PARAMETER, style.CONSTANT,
                                      style.OPERATION, style.OUTPUT)]  # fmt: skip


def unit():
    w, x = Value(-1.5, "w"), Value(2.0, "x")
    y = (w * x + 3.0).tanh()
    y.backward()
    return y


@pytest.mark.parametrize("fill", FILLS)
def test_text_stands_out_from_every_fill_in_both_themes(fill):
    assert contrast(fill, "#000000") > 4.5
    assert contrast(fill, style.SMALL) > 4.5
    assert contrast(style.DARK[fill], style.DARK_INK) > 4.5
    assert contrast(style.DARK[fill], style.DARK[style.SMALL]) > 4.5


def test_lines_and_borders_stand_out_from_dark_paper():
    for color in (*BORDERS, style.EDGE):
        assert contrast(style.DARK[color], style.DARK_PAPER) > 3.0
    assert contrast(style.DARK[style.SMALL], style.DARK_PAPER) > 4.5


@pytest.mark.parametrize("color", [None, "gradient"])
def test_a_dark_picture_has_no_light_color_and_the_same_words(color):
    light, dark = (draw(unit(), color=color, theme=theme) for theme in ("light", "dark"))
    assert boxes(dark) == boxes(light)
    shown = set(re.findall(r'(?:fill|stroke)="(#\w+)"', dark.svg()))
    assert shown
    assert shown <= {*style.DARK.values(), style.DARK_PAPER, style.DARK_INK}
    assert 'fill="white"' not in dark.svg()
    inks = {re.search('fill="(.*?)"', text)[1] for text in re.findall("<text.*?>", dark.svg())}
    assert inks <= {style.DARK_INK, style.DARK[style.SMALL], style.DARK[style.EDGE]}
    assert attributes(dark).keys() == attributes(light).keys()


def test_an_auto_picture_is_the_light_one_with_the_dark_colors_for_readers_of_dark_pages():
    light, auto = draw(unit(), theme="light"), draw(unit(), theme="auto")
    assert auto.source == light.source
    (rules,) = re.findall("<style>(.*?)</style>", auto.svg())
    assert re.sub("<style>.*?</style>", "", auto.svg()) == light.svg()
    assert rules.startswith("@media (prefers-color-scheme:dark){")
    for color in set(re.findall(r'(?:fill|stroke)="(#\w+)"', light.svg())):
        assert f'[fill="{color}"]{{fill:{style.DARK[color]}}}' in rules


@pytest.mark.parametrize("label", ['color="#333333"', "COLOR=#808080", '"#fff4dd"', "fill:#e3f0fa"])
@pytest.mark.parametrize("theme", ["dark", "auto"])
def test_colors_in_labels_stay(label, theme):
    assert boxes(draw(Value(1.0, label), theme=theme))["n0"][0] == label
