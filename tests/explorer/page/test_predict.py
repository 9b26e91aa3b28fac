"""Predict: a result stays hidden until it is guessed or revealed."""

import pytest

from tests.helpers.explorer_page import (
    DESKTOP,
    LINES,
    PHONE,
    by_keyboard,
    by_touch,
    line,
    numbers,
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
