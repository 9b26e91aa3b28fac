"""From the page of a training into one of its cases, in the explorer, and back."""

import base64
import gzip
import json
import re
from importlib.resources import files

import pytest

from microbp.experiments import load
from microbp.explorer import training_page
from microbp.losses import squared_error
from microbp.nn import Net
from microbp.optim import Momentum
from microbp.training import watch
from tests.helpers.explorer_page import DESKTOP, PHONE, drawn, numbers, until

pytestmark = pytest.mark.browser

XOR = [([0, 0], [0]), ([0, 1], [1]), ([1, 0], [1]), ([1, 1], [0])]
CLOSE = 1e-9
NAMES = "NODES.map((node) => node.name)"


def a_net():
    return Net(2, [2, 1], activation="sigmoid", output="sigmoid", seed=1, init=0.5)


@pytest.fixture
def open_training(open_page, tmp_path, complaints):
    def opened(fragment="", page=None, **options):
        net = a_net()
        page = page or watch(net, XOR, Momentum(net.parameters(), lr=0.5), title="Exclusive or")
        page.save(tmp_path / "page.html")
        return open_page(tmp_path / "page.html", fragment, **DESKTOP | options)

    yield opened
    # Playwright tells of the frame's own text as of a request, which no network gets.
    complaints.said = [said for said in complaints.said if said != "request: about:srcdoc"]


def look_inside(page):
    page.click("#look-inside")
    until(page, "document.activeElement.tagName === 'IFRAME'")
    (frame,) = page.main_frame.child_frames
    until(frame, "typeof state === 'object' && state.at > 0")
    return frame


def engines(page, case):
    """The value and the gradient of each node that has a name, at the weights of this page."""
    net = a_net()
    for p, data in zip(net.parameters(), page.evaluate("[...training.parameters]"), strict=True):
        p.data = data
    inputs, targets = XOR[case]
    error = squared_error(net(inputs), targets)
    error.backward()
    return error.data, {p.label: (p.data, p.grad) for p in net.parameters()}


def explorers(frame):
    """The same, as the picture of every node has it after the last step."""
    frame.select_option("#fold", "0")
    frame.evaluate("CONTROLS.last()")
    found = numbers(frame)
    return found[-1][0], dict(zip(frame.evaluate(NAMES), map(tuple, found), strict=True))


@pytest.mark.parametrize(("sweep", "case"), [(0, 1), (300, 2)])
def test_the_explorer_has_the_engines_numbers_at_these_weights(open_training, sweep, case):
    page = open_training(f"#sweep={sweep}&case={case}")
    until(page, f"document.getElementById('sweep').textContent === '{sweep}'")
    frame = look_inside(page)
    assert frame.inner_text("#line") == "E.grad = 1"  # where the backward pass begins
    error, parameters = engines(page, case)
    its_error, nodes = explorers(frame)
    assert its_error == pytest.approx(error, rel=CLOSE)
    assert {name: nodes[name] for name in parameters} == {
        name: pytest.approx(both, rel=CLOSE, abs=CLOSE) for name, both in parameters.items()
    }
    assert [nodes[name][0] for name in ("x1", "x2", "d")] == [*XOR[case][0], *XOR[case][1]]
    assert f"after {sweep} sweeps" in page.inner_text("#inside-title")
    assert page.inner_text("#inside-title").startswith(f"Inside the case {XOR[case][0][0]} ")


def test_escape_and_the_button_lead_back_and_the_training_waits(open_training):
    page = open_training()
    page.click("#play")
    until(page, "training.sweep > 3")
    frame = look_inside(page)
    sweep = page.evaluate("training.sweep")
    page.keyboard.press("ArrowRight")  # a step of the explorer, and no sweep
    # keyboard.press waits for the frame to answer, which may be gone by then: it hung once
    frame.evaluate(
        "() => void setTimeout(() => document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'Escape', bubbles: true})))"
    )
    until(page, "document.activeElement.id === 'look-inside'")
    assert page.evaluate("training.sweep") == sweep
    assert page.main_frame.child_frames == []
    look_inside(page)
    page.click("#inside-close")
    until(page, "document.activeElement.id === 'look-inside'")
    page.keyboard.press("ArrowRight")
    until(page, f"training.sweep === {sweep + 1}")


def test_a_changed_leaf_goes_back_to_the_number_it_was_opened_with(open_training):
    page = open_training("#sweep=50")
    until(page, "training.sweep === 50")
    frame = look_inside(page)
    before = explorers(frame)
    field = frame.locator("#leaves input[type=text]").nth(4)
    field.fill("3")
    field.press("Enter")
    drawn(frame)
    assert explorers(frame) != before
    frame.click("#reset")
    assert explorers(frame) == before


@pytest.mark.parametrize("colors", ["light", "dark"])
def test_axe_finds_nothing_and_a_phone_shows_all_of_it(open_training, colors):
    page = open_training(color_scheme=colors, **PHONE)
    frame = look_inside(page)
    assert frame.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    for each in (page, frame):
        each.evaluate(f"{axe}; null")
        options = "{iframes: false, resultTypes: ['violations']}"
        found = each.evaluate(f"axe.run({options}).then((all) => all.violations)")
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_a_page_without_room_says_so(open_training, monkeypatch):
    monkeypatch.setattr(training_page, "MOST_BYTES", 130_000)
    page = open_training()
    assert page.is_hidden("#look-inside")
    assert page.inner_text("#inside-none") == training_page.TOO_LARGE


@pytest.mark.parametrize("name", ["symmetry", "encoder", "iterative", "sequences", "family-trees"])
def test_the_papers_nets_have_room_for_the_finest_picture_and_15_kB_more(name):
    page = load(name).watch().html
    inside = re.search(r'id="inside"[^>]*>(.*?)</script>', page)[1]
    folds = re.search(
        r'"fold_names":(\[.*?\])',
        gzip.decompress(base64.b85decode(inside.replace(",", "<"))).decode(),
    )
    assert json.loads(folds[1])[0] == "every node"
    assert len(page.encode()) <= training_page.MOST_BYTES - 15_000
