"""The page of a training: its controls, its slider, its links, its keys, and what it shows."""

from importlib.resources import files

import pytest

from microbp.experiments import load
from microbp.experiments.pdp8 import xor
from tests.helpers.explorer_page import DESKTOP, PHONE, until
from tests.helpers.training_page import at, symmetry_page, training

pytestmark = pytest.mark.browser


def weights(page):
    return page.evaluate("[...training.parameters]")


def test_keys_and_the_slider_go_through_time(open_training):
    page = open_training()
    begun = weights(page)
    for n in (1, 2, 3):
        page.keyboard.press("ArrowRight")
        at(page, n)
    third = weights(page)
    page.keyboard.press("ArrowLeft")
    at(page, 2)
    page.keyboard.press("Home")
    at(page, 0)
    assert weights(page) == begun
    page.keyboard.press("End")
    at(page, 3)
    assert weights(page) == third
    page.evaluate(
        "slider.value = 1; slider.dispatchEvent(new Event('input'))".replace(
            "slider", "document.getElementById('slider')"
        )
    )
    at(page, 1)
    page.keyboard.press(" ")
    until(page, "training.sweep > 3")
    page.keyboard.press(" ")
    assert page.get_attribute("#play", "aria-pressed") == "false"


def test_going_on_differently_keeps_the_first_run_to_compare_with(open_training):
    page = open_training(fragment="#sweep=20")
    at(page, 20)
    first = weights(page)
    page.evaluate("goTo(5); wake()")
    at(page, 5)
    page.fill("#set-lr", "0.1")
    page.press("#set-lr", "Enter")
    assert page.evaluate("before.seen.errors.length") == 20
    assert page.evaluate("furthest()") == 5
    page.evaluate("goTo(20); wake()")
    at(page, 20)
    assert weights(page) != first


SMALL = """
() => [...document.querySelectorAll("button, input, select, summary, .case")]
  .map((part) => part.closest("label") ?? part)
  .filter((part) => part.checkVisibility())
  .map((part) => [part.outerHTML, part.getBoundingClientRect()])
  .filter(([, { width, height }]) => Math.min(width, height) < 24)
  .map(([text]) => text)
"""


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_control_is_at_least_24_pixels_wide_and_high(open_training, device):
    assert open_training(symmetry_page(), **device).evaluate(SMALL) == []


def test_a_link_brings_a_state_back(open_training):
    page = open_training(fragment="#seed=5&lr=0.25@7&sweep=12&case=2")
    at(page, 12)
    found = weights(page)
    until(page, "location.hash.includes('sweep=12')")
    assert page.evaluate("location.hash") == "#seed=5&lr=0.25@7&sweep=12&case=2"
    again = open_training(fragment="#seed=5&lr=0.25@7&sweep=12&case=2")
    at(again, 12)
    assert weights(again) == found
    assert again.input_value("#set-lr") == "0.25"
    assert again.get_attribute(".case[aria-selected='true']", "title") == "1 0"


def test_mini_batches_can_be_chosen_and_a_link_names_them(open_training):
    page = open_training(symmetry_page())
    page.fill("#set-batch", "65")
    page.press("#set-batch", "Enter")
    assert page.get_attribute("#set-batch", "aria-invalid") == "true"
    assert page.evaluate("training.settings.batch") is None
    page.fill("#set-batch", "16")
    page.press("#set-batch", "Enter")
    until(page, "document.getElementById('by-batch').checked")
    page.evaluate("goTo(3); wake()")
    at(page, 3)
    found = weights(page)
    until(page, "location.hash === '#batch=16&sweep=3'")
    again = open_training(symmetry_page(), "#batch=16&sweep=3")
    at(again, 3)
    assert weights(again) == found
    again.check("#all-cases")
    assert again.evaluate("training.settings.batch") is None


def test_another_seed_holds_out_other_cases_and_shows_them(open_training):
    page = open_training(load("sequences").watch(), "#sweep=2")
    at(page, 2)
    first = page.inner_text("#held-out-cases").split()[1::2]
    assert first == page.evaluate("data.held_out.names")
    page.click("#new-seed")
    at(page, 0)
    there = load("sequences")(2, sweeps=0, progress=False)
    assert page.inner_text("#held-out-cases").split()[1::2] == list(there.held_out_cases().names)
    titles = page.locator(".case").evaluate_all("(all) => all.map((each) => each.title)")
    assert titles == there.case_names()


PACE = """
() => {
  const seen = () => [clock.room, pace.rest];
  for (let k = 0; k < 60; k++) keepPace(16.7);
  const smooth = seen();
  for (let k = 0; k < 40; k++) keepPace(33.3);
  const late = seen();
  for (let k = 0; k < 600; k++) keepPace(16.7);
  return [smooth, late, seen()];
}
"""


def test_where_frames_come_late_it_trains_and_draws_less_in_each(open_training):
    smooth, late, again = open_training().evaluate(PACE)
    assert smooth == again == [9, 0]
    assert late[0] == 2
    assert late[1] > 3


def test_the_symmetry_net_finds_the_papers_ratio(open_training):
    page = open_training(symmetry_page(), "#sweep=400")
    at(page, 400)
    assert page.inner_text("#right") == "64 of 64"
    assert page.locator(".case.good").count() == 64
    first, second, third = map(float, page.inner_text("#ratio").split(" : "))
    assert (first, second, third) == pytest.approx((1, 2, 4), abs=0.2)
    page.locator(".unit .body").last.click()
    assert page.locator("#closer tbody tr").count() == 3


HOSTILE = ["</script><script>hit = 1</script>", "<img src=x onerror='hit = 1'>", "${x} $title", "x"]


def test_names_are_text_and_do_nothing(open_training):
    page = training(
        xor.cases(), 3, 0.5, 0.5, title=HOSTILE[0], notes=HOSTILE[1], case_names=HOSTILE
    )
    opened = open_training(page)
    opened.keyboard.press("ArrowRight")
    at(opened, 1)
    assert opened.inner_text("h1") == HOSTILE[0]
    titles = opened.locator(".case").evaluate_all("(all) => all.map((each) => each.title)")
    assert titles == HOSTILE
    assert opened.evaluate("typeof hit") == "undefined"
    assert opened.locator("img").count() == 0


@pytest.mark.parametrize("colors", ["light", "dark"])
@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(open_training, device, colors):
    page = open_training(symmetry_page(), "#sweep=3", color_scheme=colors, **device)
    at(page, 3)
    page.locator(".unit .body").last.click()
    page.click("#numbers-box summary")
    page.evaluate(
        files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8") + "; null"
    )
    options = "{resultTypes: ['violations'], rules: {'target-size': {enabled: true}}}"
    found = page.evaluate(f"axe.run({options}).then((all) => all.violations)")
    assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found] == []
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= device["viewport"]["width"]


def test_a_long_title_breaks_instead_of_making_the_page_wide(open_training):
    words = "title" * 80
    page = open_training(training(xor.cases(), 3, 0.5, 0.5, title=words, notes=words))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
