"""A page is accessible: axe finds nothing, and Tab reaches every control."""

import pytest

from microbp import Value
from tests.helpers.explorer_page import DESKTOP, PHONE, net_error, type_leaf


@pytest.fixture(scope="module")
def axe():
    from importlib.resources import files

    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def violations(page, axe):
    page.evaluate(axe + "; null")
    options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
    found = page.evaluate("(options) => axe.run(options).then((all) => all.violations)", options)
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


@pytest.mark.parametrize("colors", ["light", "dark"])
@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing(open_graph, axe, device, colors):
    page = open_graph(net_error(), color_scheme=colors, **device)
    for _ in range(22):
        page.keyboard.press("ArrowRight")
    page.click("#check")
    page.click("#zoom-fit")
    page.locator("#picture > svg:visible [data-node]").first.click()
    page.locator("details summary").click()
    assert violations(page, axe) == []
    page.check("#predict")
    page.fill("#guess", "7")
    page.press("#guess", "Enter")
    assert violations(page, axe) == []
    page.uncheck("#predict")
    page.select_option("#fold", label="units")
    page.click("#zoom-fit")
    page.locator("#picture > svg:visible [data-unit]").first.click()
    page.click("#last")
    assert violations(page, axe) == []
    page.click("#legend-open")
    assert violations(page, axe) == []


def test_axe_finds_nothing_where_there_is_no_value(open_graph, axe):
    page = open_graph(1.0 / (Value(2.0, "x") - 1.0), step=3)
    type_leaf(page, 1, "1")
    assert violations(page, axe) == []


def test_every_control_can_be_reached_by_tab(open_graph):
    page = open_graph(net_error(), step=5)
    wanted = page.evaluate("""
    [...document.querySelectorAll("button, input, select, summary, [tabindex='0']")]
      .filter((part) => part.checkVisibility() && !part.disabled).length
    """)
    seen = set()
    for _ in range(wanted + 2):
        page.keyboard.press("Tab")
        seen.add(
            page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)")
        )
    assert len(seen - {0}) >= wanted
