"""Stepping through a page: by button, key, slider, touch and link."""

import re

import pytest

from microbp import explore
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
    line,
    net_error,
    numbers,
    unit,
    until,
)


def at(page):
    return int(re.fullmatch(r"Step (\d+) of \d+", page.inner_text("#step"))[1])


def by_keys(page, control):
    keys = {"next": "ArrowRight", "back": "ArrowLeft", "first": "Home", "last": "End"}
    page.keyboard.press(keys[control])


WAYS = [
    pytest.param(by_mouse, DESKTOP, id="mouse"),
    pytest.param(by_keyboard, DESKTOP, id="buttons by keyboard"),
    pytest.param(by_keys, DESKTOP, id="keys"),
    pytest.param(by_touch, PHONE, id="touch"),
]


@pytest.mark.parametrize(("press", "device"), WAYS)
def test_every_step_forth_and_back(open_graph, press, device):
    page = open_graph(unit(), **device)
    lines = [line(page)]
    for _ in range(LAST):
        press(page, "next")
        lines.append(line(page))
    assert lines == LINES
    assert page.is_disabled("#next")
    assert bits(numbers(page)) == bits(after_backward(unit()))
    for step in reversed(range(LAST)):
        press(page, "back")
        assert line(page) == LINES[step]
    assert page.is_disabled("#back")
    press(page, "last")
    assert (at(page), line(page)) == (LAST, LINES[LAST])
    press(page, "first")
    assert (at(page), line(page)) == (0, LINES[0])
    assert numbers(page) == [
        [0.5, None],
        [1.0, None],
        [None, None],
        [-1.0, None],
        *[[None] * 2] * 2,
    ]


@pytest.mark.parametrize(("press", "device"), [WAYS[0], WAYS[1], WAYS[3]])
def test_play_and_pause(open_page, tmp_path, press, device):
    explore(unit(), tmp_path / "page.html")
    page = open_page(**device)
    page.clock.install()
    page.goto((tmp_path / "page.html").as_uri())
    page.clock.run_for(3_000)
    assert at(page) == 0
    press(page, "play")
    page.clock.run_for(3_050)
    assert at(page) == 3
    assert page.get_attribute("#play", "aria-pressed") == "true"
    press(page, "play")
    page.clock.run_for(3_000)
    assert at(page) == 3
    press(page, "play")
    page.clock.run_for(60_000)
    assert at(page) == LAST
    assert page.get_attribute("#play", "aria-pressed") == "false"
    press(page, "play")  # once more from the start
    page.clock.run_for(1_050)
    assert at(page) == 1
    page.keyboard.press("ArrowRight")  # which ends it
    page.clock.run_for(3_000)
    assert at(page) == 2


def test_space_plays(open_page, tmp_path):
    explore(unit(), tmp_path / "page.html")
    page = open_page(**DESKTOP)
    page.clock.install()
    page.goto((tmp_path / "page.html").as_uri())
    page.keyboard.press(" ")
    page.clock.run_for(2_050)
    assert at(page) == 2
    page.keyboard.press(" ")
    page.clock.run_for(2_000)
    assert at(page) == 2


def test_the_slider(open_graph):
    page = open_graph(unit())
    box = page.locator("#slider").bounding_box()
    page.mouse.move(box["x"] + 8, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=3)
    assert 4 <= at(page) <= 5
    page.mouse.move(box["x"] + box["width"], box["y"] + box["height"] / 2, steps=3)
    page.mouse.up()
    assert line(page) == LINES[LAST]
    page.keyboard.press("ArrowLeft")
    assert line(page) == LINES[LAST - 1]
    page.keyboard.press("Home")
    assert at(page) == 0
    assert page.get_attribute("#slider", "aria-valuetext") == f"0 of {LAST}, Start"


def test_the_slider_by_touch(open_graph):
    page = open_graph(unit(), **PHONE)
    box = page.locator("#slider").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2)
    assert line(page) == LINES[LAST]


def test_a_link_to_a_step(open_graph):
    page = open_graph(unit(), step=5)
    assert line(page) == LINES[5]
    page.click("#next")
    until(page, "location.hash === '#step=6'")
    page.evaluate("location.hash = '#step=2'")
    until(page, "document.getElementById('step').textContent.startsWith('Step 2 ')")
    assert line(page) == LINES[2]


@pytest.mark.parametrize("step", ["99", "-1", "x", "1e9", ""])
def test_a_link_to_no_step(open_graph, step):
    page = open_graph(unit(), step=step)
    assert at(page) in (0, LAST)
    page.click("#back" if at(page) else "#next")


def test_what_is_in_the_act_is_lit(open_graph):
    page = open_graph(unit(), step=9)
    lit = page.evaluate("[...document.querySelectorAll('#picture .lit')].map((part) => part.id)")
    assert sorted(lit) == ["e2_1", "n1", "n2"]
    page.click("#back")
    lit = page.evaluate("[...document.querySelectorAll('#picture .lit')].map((part) => part.id)")
    assert sorted(lit) == ["e2_0", "n0", "n2"]


def test_each_step_is_announced(open_graph):
    page = open_graph(unit())
    page.click("#next")
    until(page, "document.getElementById('announce').textContent.startsWith('Step 1')")
    assert LINES[1] in page.text_content("#announce")
    assert page.get_attribute("#announce", "aria-live") == "polite"


def test_equations_of_the_paper_stand_beside_their_steps(open_graph):
    error = net_error()
    page = open_graph(error)
    page.select_option("#fold", "0")
    seen = []
    while not page.is_disabled("#next"):
        page.keyboard.press("ArrowRight")
        seen.append(page.inner_text("#equation"))
    numbers = [found[1] for text in seen if (found := re.match(r"Equation (\d)", text))]
    forward = numbers[: numbers.index("4")]
    assert set(forward) == set("123")
    assert set(numbers[len(forward) :]) == set("4567")
