"""The panel with a node's chain-rule sum."""

import pytest

from microbp import Value
from tests.helpers.explorer_page import DESKTOP, PHONE


def shared():
    """a is used twice, and its gradient is a sum of two terms: 3 + 2 a."""
    a = Value(2.0, "a")
    y = a * 3.0 + a * a
    y.label = "y"
    return y


@pytest.mark.parametrize("way", ["mouse", "keyboard", "touch"])
def test_a_nodes_whole_chain_rule_sum(open_graph, way):
    page = open_graph(shared(), step=99, **(PHONE if way == "touch" else DESKTOP))
    if way == "mouse":
        page.click("#n0")
    elif way == "touch":
        page.tap("#n0")
    else:
        while page.evaluate("document.activeElement.dataset.node") is None:
            page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "n4"  # the root
        while page.evaluate("document.activeElement.id") != "n0":
            page.keyboard.press("ArrowLeft")
        page.keyboard.press("Enter")
    panel = page.inner_text("#panel")
    assert "∂y/∂a = 7" in panel
    assert "sum over its 3 uses" in panel
    assert "3 paths lead here" in panel
    rows = page.locator("#panel tbody tr").all_inner_texts()
    assert [row.split("\t") for row in rows] == [
        ["v2", "1", "2", "2"],
        ["v2", "1", "2", "2"],
        ["v1", "1", "3", "3"],
    ]
    paths = page.locator("#panel .paths li").all_inner_texts()
    assert sorted(" ".join(path.split()) for path in paths) == [
        "y → v1 → a 1 × 3 = 3",
        "y → v2 → a 1 × 2 = 2",
        "y → v2 → a 1 × 2 = 2",
    ]
    assert "chosen" in page.get_attribute("#n0", "class")
    if way == "keyboard":
        page.keyboard.press("Escape")
        assert page.locator("#picture .chosen").count() == 0


def test_what_the_page_cannot_compute_is_told(open_graph):
    x = Value(2.0, "x")
    assert not open_graph(x * x).locator("#why-fixed").is_visible()
    page = open_graph(Value(4.0, (x,), (4.0,)) * x)
    assert "nodes made by hand, by Value(data, children" in page.inner_text("#why-fixed")
    assert "microbp.operation" not in page.inner_text("#why-fixed")
