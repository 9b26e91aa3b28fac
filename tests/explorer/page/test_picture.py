"""The page's picture: zoom, drag, folding, colors, sizes."""

import re

import pytest

from microbp import Value, explore
from microbp.core.toposort import operands_first
from tests.helpers.explorer_page import (
    DESKTOP,
    LAST,
    LINES,
    PHONE,
    after_backward,
    bits,
    by_keyboard,
    by_mouse,
    by_touch,
    net_error,
    numbers,
    unit,
    until,
)


def view(page):
    return [float(x) for x in page.get_attribute("#picture > svg", "viewBox").split()]


@pytest.mark.parametrize("way", ["mouse", "keyboard", "keys", "touch"])
def test_zoom_by_buttons_and_keys(open_graph, way):
    page = open_graph(unit(), **(PHONE if way == "touch" else DESKTOP))
    keys = {"zoom-in": "+", "zoom-out": "-", "zoom-fit": "0"}
    press = {"mouse": by_mouse, "keyboard": by_keyboard, "touch": by_touch}.get(
        way, lambda page, control: page.keyboard.press(keys[control])
    )
    press(page, "zoom-fit")
    start = view(page)
    press(page, "zoom-in")
    press(page, "zoom-in")
    assert view(page)[2] == pytest.approx(start[2] / 1.25**2)
    press(page, "zoom-out")
    assert view(page)[2] == pytest.approx(start[2] / 1.25)
    press(page, "zoom-fit")
    assert view(page) == pytest.approx(start)


def test_wheel_and_drag(open_graph):
    page = open_graph(unit())
    box, node = (page.locator(part).bounding_box() for part in ("#picture", "#n0"))
    x, y = node["x"] + 0.8 * node["width"], node["y"] + 0.8 * node["height"]
    start = view(page)

    def under_the_pointer(seen):
        return (
            seen[0] + (x - box["x"]) * seen[2] / box["width"],
            seen[1] + (y - box["y"]) * seen[3] / box["height"],
        )

    page.mouse.move(x, y)
    page.mouse.wheel(0, -200)
    until(page, f"{start[2]} > document.querySelector('#picture > svg').viewBox.baseVal.width")
    zoomed = view(page)
    assert under_the_pointer(zoomed) == pytest.approx(under_the_pointer(start), abs=2.0)
    page.mouse.down()
    page.mouse.move(x + 50, y + 30, steps=4)
    page.mouse.up()
    moved = view(page)
    assert moved[2:] == pytest.approx(zoomed[2:])
    scale = zoomed[2] / box["width"]
    assert zoomed[0] - moved[0] == pytest.approx(50 * scale, rel=0.15)
    assert zoomed[1] - moved[1] == pytest.approx(30 * scale, rel=0.15)
    assert page.locator("#picture .chosen").count() == 0  # a drag is no click


def test_drag_and_pinch_by_touch(open_graph):
    page = open_graph(unit(), **PHONE)
    box = page.locator("#picture").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    fingers = page.context.new_cdp_session(page)

    def touch(kind, *places):
        points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(places)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    start = view(page)
    touch("touchStart", (x, y))
    for step in range(1, 6):
        touch("touchMove", (x + 10 * step, y + 4 * step))
    touch("touchEnd")
    moved = view(page)
    scale = start[2] / box["width"]
    assert start[0] - moved[0] == pytest.approx(50 * scale, rel=0.25)
    assert start[1] - moved[1] == pytest.approx(20 * scale, rel=0.25)
    touch("touchStart", (x - 20, y), (x + 20, y))
    for step in range(1, 6):
        touch("touchMove", (x - 20 - 4 * step, y), (x + 20 + 4 * step, y))
    touch("touchEnd")
    assert view(page)[2] == pytest.approx(moved[2] / 2, rel=0.15)
    page.tap("#n0")  # and a tap is still a tap
    assert page.locator("#picture .chosen").count() > 0


def test_units_fold(open_graph):
    error = net_error()
    page = open_graph(error, step=999)
    options = page.locator("#fold option").all_inner_texts()
    assert options == ["every node", "units", "layers", "layers, in rows"]
    page.select_option("#fold", label="every node")
    assert page.locator("#picture > svg:visible [data-unit]").count() == 0
    page.select_option("#fold", label="units")
    assert page.locator("#picture > svg:visible [data-unit]").count() == 3
    page.focus("#fold")
    page.keyboard.press("ArrowDown")
    assert "hidden, " in page.get_attribute("#picture > svg:visible [data-unit='1']", "aria-label")
    page.click("#zoom-fit")
    page.click("#picture > svg:visible [data-unit='1']")  # which unfolds it
    members = page.locator("#panel .members button")
    assert members.count() > 3
    members.first.click()
    assert "∂" in page.inner_text("#panel")
    page.select_option("#fold", label="layers")
    page.select_option("#grain", "edge")
    while not page.is_disabled("#back"):  # every step, with most of the graph in boxes
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("End")
    page.select_option("#fold", label="every node")
    assert bits(numbers(page)) == bits(after_backward(error))


def test_each_edge_has_its_partial(open_graph):
    page = open_graph(unit(), step=LAST)
    texts = page.locator("#picture > svg g[id^=e] text").all_text_contents()
    assert sorted(texts) == ["0.235", "0.5", "1", "1", "1"]


def test_colors_follow_the_gradient(open_graph):
    w = Value(2.0, "w")
    y = w * -0.5 + w * 0.0
    page = open_graph(y, step=0)
    assert page.locator("#picture [class*=tint]").count() == 0
    page.click("#last")
    classes = page.get_attribute("#n0", "class").split()
    assert "tint-4" in classes
    assert "tint5" in page.get_attribute(f"#n{len(operands_first(y)) - 1}", "class").split()


def test_dark_and_light(open_graph):
    page = open_graph(unit(), color_scheme="light")
    color = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(color)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(color)
    brightness = [sum(map(int, re.findall(r"\d+", text)[:3])) for text in (light, dark)]
    assert brightness[0] > 600
    assert brightness[1] < 200


def test_reduced_motion(open_graph):
    moving = """
    [...document.querySelectorAll("*")].some((part) => {
      const style = getComputedStyle(part);
      return [style.transitionDuration, style.animationDuration].some(
        (times) => times.split(",").some((time) => parseFloat(time) > 0.001));
    })
    """
    page = open_graph(unit(), step=5, reduced_motion="reduce")
    assert not page.evaluate(moving)


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_sticks_out_of_the_page(open_graph, device):
    page = open_graph(unit(), step=5, **device)
    page.click("#check")
    page.click("#zoom-fit")
    page.click("#n0")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= device["viewport"]["width"]


def test_without_javascript_the_finished_graph_shows(open_graph):
    page = open_graph(unit(), java_script_enabled=False)
    picture = page.inner_text("#picture")
    for text in ("w", "x", "sigmoid" if "sigmoid" in picture else "σ", "0.3775", "0.1175", "0.235"):
        assert text in picture
    box = page.locator("#picture > svg").first.bounding_box()
    assert box["height"] > 100


def test_in_a_notebooks_frame(open_page):
    html = explore(unit())._repr_mimebundle_()["text/html"]
    page = open_page(html)
    frame = page.frame_locator("iframe")
    for _ in range(3):
        frame.locator("#next").click()
    assert frame.locator("#line").inner_text() == LINES[3]
