"""The page of a training by touch, on a projector, without JavaScript, in a notebook, by frames."""

import pytest

import microbp
from microbp.experiments.pdp8 import xor
from microbp.nn import Net
from microbp.optim import Momentum
from tests.helpers.explorer_page import DESKTOP, PHONE, until
from tests.helpers.training_page import at, symmetry_page, training

pytestmark = pytest.mark.browser


CARDS = "net", "curve", "cases", "pairs", "settings", "squares"  # one below the other, on a phone


def test_it_can_be_used_by_touch(open_training):
    page = open_training(symmetry_page(), **PHONE)
    tops = [page.locator(f"#{card}-card").bounding_box()["y"] for card in CARDS]
    assert tops == sorted(tops)
    page.tap("#next")
    at(page, 1)
    page.tap("#play")
    until(page, "training.sweep > 3")
    page.tap("#play")
    assert page.get_attribute("#play", "aria-pressed") == "false"
    furthest = page.evaluate("furthest()")
    slider = page.locator("#slider").bounding_box()
    page.touchscreen.tap(slider["x"] + 3, slider["y"] + slider["height"] / 2)
    at(page, 0)
    page.touchscreen.tap(slider["x"] + slider["width"] - 3, slider["y"] + slider["height"] / 2)
    at(page, furthest)
    page.locator(".case").nth(9).tap()
    assert page.get_attribute(".case[aria-selected='true']", "title") == "0 0 1 0 0 1"
    page.locator(".unit .body").last.tap()
    assert page.inner_text("#closer-name") == "output1"


def test_a_click_beside_a_small_unit_chooses_it(open_training):
    cases = [([1.0] * 24, [1.0]), ([0.0] * 24, [0.0])]
    page = open_training(training(cases, 3, 0.5, 0.5), viewport=PHONE["viewport"])
    page.locator("#net").scroll_into_view_if_needed()
    body = page.locator(".unit .body").first.bounding_box()
    assert body["width"] < 16
    page.mouse.click(body["x"] + body["width"] / 2, body["y"] - 2)
    assert page.inner_text("#closer-name") == "x1"


def test_a_projector_gets_large_type_and_all_of_the_page(open_training):
    page = open_training(symmetry_page(), "#sweep=3")
    at(page, 3)
    size = "parseFloat(getComputedStyle(document.getElementById('sweep')).fontSize)"
    before = page.evaluate(size)
    page.check("#projector")
    assert page.evaluate(size) > 1.4 * before
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    letters = page.evaluate("letters.size")
    assert letters > 15
    page.uncheck("#projector")
    assert page.evaluate(size) == before


def test_without_javascript_there_are_a_picture_and_words(open_training):
    page = open_training(symmetry_page(), java_script_enabled=False)
    assert "open the page where JavaScript is allowed" in page.inner_text(".still")
    lines = page.locator("#net .lines path")
    assert lines.count() == 14
    assert lines.first.bounding_box()["width"] > 30
    assert page.locator("#net text", has_text="hidden1").is_visible()
    for control in ("#play", "#slider", "#settings", "#cases", "#curve", "#look-inside"):
        assert page.locator(control).is_hidden()


def test_it_runs_in_a_sandboxed_frame(open_page, tmp_path, complaints):
    shown = training(xor.cases(), 3, 0.5, 0.5)._repr_mimebundle_()["text/html"]
    (tmp_path / "notebook.html").write_text(f"<!DOCTYPE html><title>n</title>{shown}", "utf-8")
    page = open_page(tmp_path / "notebook.html", **DESKTOP)
    frame = page.frames[1]
    frame.click("#next")
    until(frame, "document.getElementById('sweep').textContent === '1'")
    frame.click("#look-inside")
    until(frame, "document.querySelector('#inside-frame iframe') !== null")
    frame.frame_locator("#inside-frame iframe").locator("#line").wait_for()
    complaints.said.clear()  # a frame without a file of its own is a request to Playwright


def frames(**how):
    net = Net(2, [2, 1], activation="sigmoid", output="sigmoid", seed=1, init=0.5)

    class Doubled(Momentum):
        def change(self, lr, shrink, sweep):
            super().change(2.0 * lr, shrink, sweep)

    cases = [([0, 0], [0]), ([0, 1], [1]), ([1, 0], [1]), ([1, 1], [0])]
    page = microbp.watch(net, cases, Doubled(net.parameters(), 0.1), sweeps=3000, **how)
    assert page.data["mode"] == "frames"
    return page


def test_frames_show_every_case_and_the_error_of_their_sweep(open_training):
    page = frames()
    kept = page.data["frames"]
    assert kept["every"] > 1
    opened = open_training(page, "#sweep=3000")
    at(opened, "3,000")
    assert float(opened.inner_text("#error")) == pytest.approx(kept["errors"][3000], rel=1e-3)
    tiles = opened.locator(".case")
    assert tiles.count() == 4
    good = tiles.evaluate_all("(all) => all.map((each) => each.classList.contains('good'))")
    assert sum(good) == kept["right"][3000]
    tiles.nth(2).click()
    output = float(opened.locator("#case-outputs td").nth(1).inner_text())
    assert output == pytest.approx(kept["outputs"][-1][2][0], abs=1e-4)
    values = opened.locator("#net .value").evaluate_all("(all) => all.map((x) => x.textContent)")
    assert values == ["1.00", "0.00", "", "", f"{kept['outputs'][-1][2][0]:.2f}"]
    assert opened.inner_text("#net-hint").endswith(
        "Of hidden units only the weights were recorded."
    )
    assert opened.is_hidden("#look-inside")


def test_frames_judged_by_a_function_of_python_say_nothing_of_a_single_case(open_training):
    opened = open_training(frames(right=lambda outputs, targets: True))
    assert opened.locator(".case").count() == 4
    assert opened.locator(".case.good, .case.bad").count() == 0
    assert opened.locator("#case-outputs td").last.inner_text() == ""
