"""Folds: the one to begin with, unfolding by a click or key, the minimap, the legend."""

import random

from microbp import Value
from microbp.losses import squared_error
from microbp.nn import Net, Neuron
from tests.helpers.explorer_page import PHONE, drawn, unit, until


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


def test_a_net_in_time_opens_on_its_steps_in_every_window(open_graph):
    h = Value(0.0, "start")
    unit = Neuron(2, rng=random.Random(0), label="h1", sources=["x1", "h1"], activation="tanh")
    for _ in range(20):
        h = unit([Value(1.0, "x1"), h])
    for width, height in ((1280, 720), (828, 760), (390, 844)):
        page = open_graph(h, viewport={"width": width, "height": height})
        assert shown(page)[:3] == ["weights", "step 1", "step 2"]
        assert page.evaluate("[...new Set(picture.boxes)].length") == 21
        frame = page.locator("#picture").bounding_box()
        for part in page.locator("#picture > svg:visible .node").all():
            place = part.bounding_box()
            assert place["x"] >= frame["x"]
            assert place["x"] + place["width"] <= frame["x"] + frame["width"]
            assert place["y"] + place["height"] <= frame["y"] + frame["height"]
        page.context.close()


def box(page, label):
    return page.locator(f"#picture > svg:visible .node[aria-label^='{label}']")


def shown(page):
    """What the boxes and the frames of unfolded ones are called, up to the first comma."""
    labels = page.locator("#picture > svg:visible .node").evaluate_all(
        "(all) => all.map((one) => one.getAttribute('aria-label').split(', '))"
    )
    return [name if state != "unfolded" else f"{name} unfolded" for name, state, *_ in labels]


OVERLAPS = """
() => {
  const boxes = [...new Set(picture.boxes)].map((box) => place(box));
  const over = (a, b) => a.left < b.right - 1 && a.right > b.left + 1
    && a.top < b.bottom - 1 && a.bottom > b.top + 1;
  return boxes.flatMap((a, k) => boxes.slice(k + 1).filter((b) => over(a, b))).length;
}
"""


def test_a_click_unfolds_one_box_and_folds_it_again(open_graph):
    page = open_graph(wide_net())
    page.select_option("#fold", label="layers")
    before = shown(page)
    box(page, "b, folded").click()
    assert page.inner_text("#panel h3") == "Layer b"
    units = ["layer b unfolded", *(f"b{k}" for k in range(1, 10))]
    assert sorted(shown(page)) == sorted([*(name for name in before if name != "b"), *units])
    page.click("#zoom-fit")
    box(page, "b5, folded").click()
    assert {"layer b unfolded", "unit b5 unfolded", "b5", "b4", "a"} <= set(shown(page))
    assert box(page, "w[b5,a1]").count() == 1
    assert page.evaluate(OVERLAPS) == 0
    page.click("#zoom-fit")
    place = box(page, "layer b, unfolded").bounding_box()
    page.mouse.click(place["x"] + 5, place["y"] + place["height"] - 5)
    assert shown(page) == before
    assert page.locator("#fold option:checked").inner_text().startswith("layers")


def test_a_box_unfolds_by_keyboard_and_the_link_and_the_steps_keep_it(open_graph):
    page = open_graph(wide_net())
    page.select_option("#fold", label="units")
    box(page, "a2, folded").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("a2, sig")
    assert page.evaluate("picture.svg.contains(document.activeElement)")
    unfolded = shown(page)
    page.click("#next")
    page.click("#next")
    assert shown(page) == unfolded
    until(page, "location.hash.includes('step=2') && location.hash.includes('changed=1.')")
    page.reload()
    assert shown(page) == unfolded
    box(page, "unit a2, unfolded").focus()
    page.keyboard.press("Enter")
    assert len(shown(page)) < len(unfolded)
    box(page, "a2, folded").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Backspace")
    assert "unit a2 unfolded" not in shown(page)
    page.keyboard.press("f")
    assert page.locator("#fold option:checked").inner_text().startswith("layers")


def test_one_unit_folds_in_the_picture_of_every_node(open_graph):
    page = open_graph(wide_net())
    page.select_option("#fold", label="every node")
    count = len(shown(page))
    page.evaluate("choose(-1)")
    box(page, "a2, sigmoid").focus()
    page.keyboard.press("Backspace")
    assert len(shown(page)) == count - 4  # two weights, a bias and a total input
    frames = page.locator("#picture > svg:visible .frame")
    frames.nth(3).dispatch_event("click")
    assert len(shown(page)) < count - 4
    assert page.evaluate(OVERLAPS) == 0
    page.keyboard.press("End")
    for name in ("a2", "a5"):  # the fourth frame that was left
        box(page, f"{name}, folded").dispatch_event("click")
    assert len(shown(page)) == count


def test_a_tap_unfolds_a_box_and_makes_a_step(open_graph):
    page = open_graph(wide_net(), **PHONE)
    page.select_option("#fold", label="layers, in rows")
    box(page, "a, folded").tap()
    assert "layer a unfolded" in shown(page)
    page.tap("#next")
    assert page.inner_text("#step").startswith("Step 1 ")


def test_all_of_a_picture_stays_in_sight_when_there_is_less_room(open_graph):
    page = open_graph(wide_net())
    page.select_option("#fold", label="layers, in rows")
    page.click("#zoom-fit")
    page.set_viewport_size({"width": 700, "height": 600})
    until(page, "view.scale === Math.min(LARGE, scaleOf(picture.svg))")
    assert page.is_hidden("#minimap")
    page.click("#zoom-in")
    scale = page.evaluate("view.scale")
    page.set_viewport_size({"width": 900, "height": 700})
    drawn(page)
    assert page.evaluate("view.scale") == scale  # as it was asked for


def test_without_javascript_there_is_the_finished_graph(open_graph):
    page = open_graph(wide_net(), java_script_enabled=False)
    assert page.locator("#picture > svg:visible").count() == 1
    assert page.locator("#picture > svg:visible .node.operation").count() > 19
    assert "needs JavaScript" in page.inner_text("#words")
    for part in (".transport", ".modes", "#unfold", "#panel"):
        assert page.is_hidden(part)
    grads = page.locator("#picture > svg:visible .root .grad").all_text_contents()
    assert grads == ["1"]


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
