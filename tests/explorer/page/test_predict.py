"""Predict: a result stays hidden until it is guessed or revealed."""

import pytest

from microbp import Value
from tests.helpers.explorer_page import (
    DESKTOP,
    LINES,
    PHONE,
    by_keyboard,
    by_touch,
    line,
    numbers,
    type_leaf,
    unit,
)


def test_predict_before_you_reveal(open_graph):
    page = open_graph(unit())
    page.check("#predict")
    page.click("#next")
    page.click("#reveal")
    page.click("#next")
    assert line(page) == "v2 = v1 + b = 0.5 + (-1) = ?"
    assert numbers(page)[4] == [None, None]
    page.wait_for_timeout(200)
    assert "-0.5" not in page.text_content("#announce")
    for guess, verdict in [
        ("2", "Not yet"),
        ("0.5", "the sign"),
        ("-0.47", "Close"),
        ("?", "number"),
    ]:
        page.fill("#guess", guess)
        page.press("#guess", "Enter")
        assert verdict in page.inner_text("#verdict")
        assert line(page).endswith("?")
    page.fill("#guess", "-.5")
    page.click("#try")
    assert line(page) == LINES[2]
    assert "Right" in page.inner_text("#verdict")
    assert page.is_hidden("#guess")
    page.uncheck("#predict")
    page.click("#next")
    assert line(page) == LINES[3]


@pytest.mark.parametrize("press", [by_keyboard, by_touch])
def test_predict_in_other_ways(open_graph, press):
    page = open_graph(unit(), step=4, **(PHONE if press is by_touch else DESKTOP))
    page.tap("#predict") if press is by_touch else page.press("#predict", " ")
    press(page, "next")
    assert line(page) == "v2.grad += 1 * 0.235 = ?"
    assert "?" in page.text_content("#n4")
    assert numbers(page)[4] == [-0.5, None]
    press(page, "reveal")
    assert line(page) == LINES[5]


def test_a_hidden_result_is_nowhere_to_be_found(open_graph):
    page = open_graph(unit(w=0.123, x=0.456), step=0)
    page.check("#predict")
    page.click("#next")
    page.click("#n2")
    page.wait_for_timeout(200)
    assert "0.05609" not in page.inner_text("body")
    assert "0.05609" not in page.text_content("#announce")
    assert "0.05609" not in page.get_attribute("#n2", "aria-label")
    page.click("#reveal")
    assert "0.05609" in page.text_content("#n2")


def test_the_focus_is_where_the_next_key_belongs(open_graph):
    page = open_graph(unit())
    page.check("#predict")
    page.focus("#next")
    for value in ["0.5", "-0.5", "0.3775"]:
        page.keyboard.press("Enter")
        if value == "0.5":
            page.focus("#guess")
        assert page.evaluate("document.activeElement.id") == "guess"
        page.keyboard.type(value)
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "next"
    page.keyboard.press("ArrowRight")
    assert line(page) == LINES[4]


SEEN = """
() => [document.title, location.hash, document.querySelector("main").innerText,
  document.querySelector("header").innerText,
  ...[...document.querySelectorAll("body *:not(script)")].flatMap((part) =>
    [...part.attributes].map((attribute) => attribute.value))].join("\\n")
"""


def test_nothing_gives_a_result_away(open_graph):
    x = Value(0.8, "x")
    product = x * 0.77
    assert product > 0
    y = product.exp() + x
    page = open_graph(y)
    assert "The program compared v1 with something" in page.evaluate(SEEN)
    assert "2.652" in page.evaluate(SEEN)
    page.check("#predict")
    page.click("#next")
    page.click("#picture [id=n0]")
    assert page.is_disabled("#check")
    results = {"v1": "0.616", "v2": "1.852", "v3": "2.652"}
    while results:
        page.wait_for_timeout(250)
        seen = page.evaluate(SEEN)
        for name in [*results]:
            assert results[name] not in seen
        page.click("#reveal")
        results.pop(page.inner_text("#line").split(" ")[0])
        page.click("#next")
    assert page.inner_text("#title") == "2.652"
    page.click("#last")
    assert page.is_enabled("#check")


def test_what_has_no_value_is_not_said_beforehand(open_graph):
    page = open_graph((Value(2.0, "x") - 3.0 + 1.5).log())
    page.check("#predict")
    type_leaf(page, 0, "1")
    assert "-0.5" not in page.inner_text("body")
    for _ in range(2):
        page.click("#next")
        page.click("#reveal")
    page.click("#next")
    assert "log(v2 = -0.5)" in page.inner_text("#picture")
