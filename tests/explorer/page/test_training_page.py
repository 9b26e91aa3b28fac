"""The page of a training: its controls, its slider, its links, its keys, and what it shows."""

import random
from importlib.resources import files

import pytest

import microbp
from microbp.experiments.nature1986 import symmetry
from microbp.experiments.pdp8 import xor
from microbp.explorer.training_page import TrainingPage
from microbp.nn import Net
from microbp.optim import Momentum
from tests.helpers.explorer_page import DESKTOP, PHONE, until

pytestmark = pytest.mark.browser


def training(cases, seed, init, lr, **options):
    net = Net(len(cases[0][0]), rng=random.Random(seed), init=init).add("hidden", 2)
    net.add("output", 1)
    return microbp.watch(net, cases, Momentum(net.parameters(), lr=lr, momentum=0.9), **options)


@pytest.fixture
def open_training(open_page, tmp_path):
    def opened(page=None, fragment="", **options):
        page = page or training(xor.cases(), 3, 0.5, 0.5)
        page.save(tmp_path / "page.html")
        return open_page(tmp_path / "page.html", fragment, **DESKTOP | options)

    return opened


def symmetry_page():
    page = training(symmetry.CASES, 8, 0.3, 0.1, title="Symmetry")
    return TrainingPage({**page.data, "kind": "symmetry"})


def at(page, sweep):
    until(page, f"document.getElementById('sweep').textContent === '{sweep}'")


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
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then((all) => all.violations)")
    assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found] == []
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= device["viewport"]["width"]
