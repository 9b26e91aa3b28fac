"""Folds: the one to begin with, unfolding by a click or key, the minimap, the legend."""

import random

from microbp.losses import squared_error
from microbp.nn import Net
from tests.helpers.explorer_page import unit


def wide_net():
    net = Net(2, rng=random.Random(1), init=1.0).add("a", 9).add("b", 9).add("output", 1)
    return squared_error(net([1.0, 0.0]), [1.0])


def test_it_opens_on_the_finest_fold_that_can_be_read(open_graph):
    for width in (1280, 828, 390):
        page = open_graph(wide_net(), viewport={"width": width, "height": 760})
        first = page.evaluate("pictures.indexOf(picture)")
        scales = page.evaluate("svgs.map(scaleOf)")
        readable = page.evaluate("READABLE")
        if any(scale >= readable for scale in scales):
            assert scales[first] >= readable
            assert all(scale < readable for scale in scales[:first])
        else:
            assert scales[first] == max(scales)
        page.context.close()


def test_a_click_unfolds_around_the_box_and_a_key_folds_again(open_graph):
    page = open_graph(wide_net())
    page.select_option("#fold", label="layers")
    page.click("#zoom-fit")
    page.locator("#picture > svg:visible [data-unit][aria-label^='b,']").click()
    assert page.locator("#fold option:checked").inner_text() == "units"
    assert page.inner_text("#panel h3") == "Layer b"
    frame = page.locator("#picture").bounding_box()
    box = page.locator("#picture > svg:visible [data-unit][aria-label^='b5,']").bounding_box()
    for side, size in (("x", "width"), ("y", "height")):
        middle = box[side] + box[size] / 2 - frame[side] - frame[size] / 2
        assert abs(middle) < frame[size] / 4
    page.click("#panel-title")
    page.keyboard.press("f")
    assert page.locator("#fold option:checked").inner_text().startswith("layers")
    page.locator("#picture > svg:visible [tabindex='0']").focus()
    page.keyboard.press("Enter")
    assert page.locator("#fold option:checked").inner_text() == "units"
    assert page.evaluate("document.activeElement.closest('svg') === picture.svg")
    page.keyboard.press("u")
    assert page.is_disabled("#unfold")


def test_a_minimap_shows_where_one_is(open_graph):
    page = open_graph(wide_net())
    page.select_option("#fold", label="every node")
    page.click("#zoom-fit")
    assert page.is_hidden("#minimap")
    for _ in range(9):
        page.keyboard.press("+")
    assert page.is_visible("#minimap")
    box = page.locator("#minimap").bounding_box()
    page.mouse.click(box["x"] + 3, box["y"] + box["height"] - 3)
    x, y = page.evaluate("[view.x, view.y]")
    width, height = page.evaluate("Object.values(sizeOf(picture.svg))")
    assert x < width / 4
    assert y > height * 3 / 4


def test_the_legend_says_what_one_looks_at(open_graph):
    page = open_graph(unit())
    page.keyboard.press("?")
    assert "A parameter: a weight or a bias" in page.inner_text("#legend")
    page.keyboard.press("ArrowRight")  # which is not for the steps now
    page.keyboard.press("Escape")
    assert page.is_hidden("#legend")
    assert page.inner_text("#step").startswith("Step 0 ")
