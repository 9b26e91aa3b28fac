"""Steps by edge, node, unit or layer; their speed; the next change of a node."""

import random

import pytest

from microbp import explore
from microbp.losses import squared_error
from microbp.nn import Net
from tests.helpers.explorer_page import (
    DESKTOP,
    LINES,
    after_backward,
    bits,
    line,
    net_error,
    numbers,
    unit,
    until,
)


def count(page):
    return int(page.inner_text("#step").rpartition(" ")[2])


def test_steps_by_node_unit_and_layer(open_graph):
    error = net_error()
    page = open_graph(error)
    page.select_option("#fold", label="every node")
    assert page.locator("#grain option").all_inner_texts() == [
        f"by {grain}" for grain in ("edge", "node", "unit", "layer")
    ]
    counts = []
    for grain in ("edge", "node", "unit", "layer"):
        page.select_option("#grain", grain)
        counts.append(count(page))
        page.keyboard.press("Home")
        for _ in range(counts[-1]):
            page.keyboard.press("ArrowRight")
        assert page.is_disabled("#next")
        assert bits(numbers(page)) == bits(after_backward(error))
        for _ in range(counts[-1]):
            page.keyboard.press("ArrowLeft")
        assert page.is_disabled("#back")
    assert counts == sorted(counts, reverse=True)
    assert len(set(counts)) == 4


def test_a_unit_in_one_step(open_graph):
    page = open_graph(net_error())
    page.select_option("#fold", label="every node")
    page.select_option("#grain", "unit")
    page.keyboard.press("ArrowRight")
    assert line(page).startswith("hidden1 = sigmoid(")
    assert "unit hidden1" in page.inner_text("#words")
    equations = page.inner_text("#equation")
    assert "Equation 1" in equations
    assert "Equation 2" in equations
    assert page.locator("#picture .node.lit").count() > 5
    while "hidden1.grad" not in line(page):
        page.keyboard.press("ArrowRight")
    assert "all of unit hidden1" in page.inner_text("#words")
    until(page, "location.hash.endsWith('&by=unit')")
    page.check("#predict")  # one result at a time
    assert page.is_disabled("#grain")
    assert page.input_value("#grain") == "edge"


def test_a_node_in_one_step_passes_on_all_its_terms(open_graph):
    page = open_graph(unit(), step="5&by=node")
    page.keyboard.press("ArrowRight")
    assert line(page) == "v2.grad = 0.235"
    assert "v1.grad += 0.235, b.grad += 0.235" in page.inner_text("#words")


def test_a_large_net_is_not_stepped_by_edge_at_first(open_graph):
    net = Net(2, rng=random.Random(1), init=1.0).add("a", 16).add("b", 16).add("output", 1)
    page = open_graph(squared_error(net([1.0, 0.0]), [1.0]))
    assert page.input_value("#grain") == "unit"
    assert 30 < count(page) <= 100


@pytest.mark.parametrize("speed", ["0.5", "5"])
def test_speed(open_page, tmp_path, speed):
    explore(unit(), tmp_path / "page.html")
    page = open_page(**DESKTOP)
    page.clock.install()
    page.goto((tmp_path / "page.html").as_uri())
    page.select_option("#speed", speed)
    page.click("#play")
    page.clock.run_for(1_100)
    assert page.inner_text("#step").split()[1] == {"0.5": "0", "5": "5"}[speed]
    page.select_option("#speed", "1")  # at once
    page.clock.run_for(1_050)
    assert page.inner_text("#step").split()[1] == {"0.5": "1", "5": "6"}[speed]


def test_the_next_change_of_a_node(open_graph):
    page = open_graph(unit())
    page.click("#n2")  # w * x
    assert page.is_disabled("#change-before")
    page.click("#change-after")
    assert line(page) == LINES[1]
    page.keyboard.press("n")
    assert line(page) == LINES[6]
    assert page.is_disabled("#change-after")
    page.keyboard.press("p")
    assert line(page) == LINES[1]
