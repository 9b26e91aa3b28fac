"""The teacher's kit as the site offers it: printed sheets, and slides, without a network."""

import re

import pytest

pytestmark = pytest.mark.site
DECKS = ["02-the-reverse-sweep", "03-a-sigmoid-unit", "10b-a-small-gpt"]
CUT = """[...document.querySelectorAll(".body")].filter((body) =>
    body.scrollHeight > body.clientHeight || body.scrollWidth > body.clientWidth).length"""


@pytest.fixture(scope="module")
def show(chromium, site):
    """Open a file of the kit; it may ask for nothing else."""
    context = chromium.new_context(offline=True, viewport={"width": 1280, "height": 720})
    page, wrong = context.new_page(), []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: wrong.append(request.url))

    def opened(name):
        page.goto((site / "kit" / name).as_uri())
        return page

    yield opened
    context.close()
    assert all(said.startswith(("data:", (site / "kit").as_uri())) for said in wrong), wrong


def count(pdf):
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_each_worksheet_is_a_page_of_paper(show, site):
    sheets = sorted((site / "kit" / "worksheets").glob("*.html"))
    assert len(sheets) == 8
    for sheet in sheets:
        page = show(f"worksheets/{sheet.name}")
        assert [count(page.pdf(format=paper)) for paper in ("A4", "Letter")] == [1, 1], sheet
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 680, "height": 900})  # 180 mm, as on A4
        assert page.evaluate("document.documentElement.scrollWidth") == 680, sheet
        page.emulate_media(media="null")
        page.set_viewport_size({"width": 1280, "height": 720})


@pytest.mark.parametrize("deck", DECKS)
def test_all_is_in_sight_on_each_slide_and_each_prints(show, deck):
    page = show(f"slides/{deck}.html")
    page.wait_for_selector(".paged")
    slides = page.locator(".slide").count()
    assert slides > 10
    assert count(page.pdf(prefer_css_page_size=True)) == slides
    page.add_style_tag(content=".paged .slide { display: flex !important; }")
    assert page.evaluate(CUT) == 0


def test_keys_lead_through_the_slides(show):
    page = show("slides/02-the-reverse-sweep.html")
    page.wait_for_selector(".paged")
    heading = page.locator(".slide.now :is(h1, h2)")
    assert heading.inner_text().startswith("2 ·")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    assert heading.inner_text().startswith("Forward, by hand")
    page.keyboard.press("ArrowLeft")
    assert heading.inner_text().startswith("2 ·")
    page.keyboard.press("End")
    assert heading.inner_text().startswith("What to remember")


def test_formulas_are_drawn_and_can_be_read_out(show):
    page = show("slides/03-a-sigmoid-unit.html")
    page.wait_for_selector(".paged")
    assert page.locator(".formula svg").count() == page.locator(".formula math").count() > 10
