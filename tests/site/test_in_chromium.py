"""The site's pages in a browser without a network: formulas, search, frames, accessibility."""

from importlib.resources import files

import pytest

pytestmark = pytest.mark.site
DESKTOP = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"}
PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
SOME = [
    "index", "search", "genindex", "notebooks/03-a-sigmoid-unit", "docs/checkers",
    "docs/coming-from-jax", "reference/index", "reference/training", "gallery/pictures",
]  # fmt: skip


@pytest.fixture(scope="module")
def browse(chromium, site):
    """Open a page of the site; what it says or asks for must be of the site."""
    contexts, wrong = [], []

    def opened(name, **options):
        context = chromium.new_context(offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: m.type in ("error", "warning") and wrong.append(m.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", asked)
        path, _, query = name.partition("?")
        page.goto(f"{(site / path).as_uri()}.html?{query}")
        return page

    def asked(request):
        if not request.url.startswith((site.as_uri(), "data:", "blob:")):
            wrong.append(request.url)

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.mark.parametrize("name", SOME)
@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_page_is_accessible_and_fits(browse, name, device):
    page = browse(name, **device)
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8") + ";0")
    found = page.evaluate("axe.run({preload: false}).then((all) => all.violations)")
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_formulas_are_drawn(browse):
    page = browse("notebooks/03-a-sigmoid-unit")
    page.wait_for_selector("mjx-container svg")
    assert page.locator("mjx-container").count() == page.locator(".math").count()
    assert page.locator("mjx-merror").count() == 0


def test_a_search_finds_a_function_without_a_server(browse):
    page = browse("search?q=gradcheck")
    page.wait_for_selector("#search-results li")
    assert "reference/checking.html" in page.inner_html("#search-results")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pictures_and_live_pages_follow_the_button(browse, theme):
    """And not the system, which is light here: to pretend another would overrule both."""
    page = browse("gallery/pages", color_scheme="null")
    page.evaluate(f"document.body.dataset.theme = '{theme}'")
    frame = page.query_selector("iframe.live").content_frame()
    dark = "matchMedia('(prefers-color-scheme: dark)')"
    frame.wait_for_function(f"{dark}.matches === {str(theme == 'dark').lower()}")
    page.goto(page.url.replace("pages.html", "pictures.html"))
    page.evaluate(f"document.body.dataset.theme = '{theme}'")
    picture = page.locator("article img[src$='.svg']").first
    assert picture.evaluate("(img) => getComputedStyle(img).colorScheme") == theme


def test_a_live_page_steps_in_its_frame(browse):
    page = browse("gallery/pages", **DESKTOP)
    frame = page.frame_locator("iframe.live").first
    frame.locator("#next").click()
    assert frame.locator("#step").inner_text().startswith("Step 1")
