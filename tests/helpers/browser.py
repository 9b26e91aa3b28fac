"""A real Chromium, without a window and without a network, for the tests of pages.

A test asks for it by the fixture `open_page`.
"""

import shutil
from dataclasses import dataclass, field

import pytest

BROWSERS = "chromium", "chromium-browser", "google-chrome"
QUIET = [
    "--headless",
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def executable():
    """Where there is a Chromium; None if nowhere."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def missing():
    """What is missing for these tests, and how to get it; "" if nothing is."""
    try:
        import playwright  # noqa: F401  # only whether it is there
    except ImportError:
        return "the tests of pages drive a browser by Playwright: pip install 'microbp[browser]'"
    if executable() is None:
        return f"the tests of pages need one of {', '.join(BROWSERS)}: apt-get install chromium"
    return ""


@pytest.fixture(scope="module")  # not the session: its event loop is in the way of others' loops
def chromium():
    """The browser. Its tests run only when they are asked for: without one they fail."""
    if reason := missing():
        pytest.fail(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=QUIET)
        yield browser
        browser.close()


@dataclass
class Complaints:
    """What pages said that they shouldn't have: errors, warnings, and requests to anywhere."""

    said: list[str] = field(default_factory=list)

    def listen_to(self, page):
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        page.on("console", self._console)
        page.on("request", self._request)
        page.on("dialog", self._dialog)

    def _console(self, message):
        if message.type in ("error", "warning"):
            self.said.append(f"console: {message.text}")

    def _request(self, request):
        if not request.is_navigation_request() or not request.url.startswith("file:"):
            self.said.append(f"request: {request.url}")

    def _dialog(self, dialog):
        self.said.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@pytest.fixture
def complaints():
    """Of all pages of this test; there must be none when it ends."""
    heard = Complaints()
    yield heard
    assert heard.said == []


@pytest.fixture
def open_page(chromium, complaints):
    """Open an empty page, HTML or a file, with the options of a browser context."""
    contexts = []

    def opened(source="", fragment="", **options):
        context = chromium.new_context(offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)  # or shrinking a failure takes half an hour
        complaints.listen_to(page)
        if isinstance(source, str):
            page.set_content(source)
        else:
            page.goto(source.as_uri() + fragment)
        return page

    yield opened
    for context in contexts:
        context.close()
