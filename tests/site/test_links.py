"""Each link of the site leads somewhere, nothing it loads is elsewhere, and pictures have words."""

from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest

pytestmark = pytest.mark.site


class Links(HTMLParser):
    """The links and the ids of a page; and what it loads."""

    def __init__(self):
        super().__init__()
        self.links, self.loaded, self.ids, self.wordless = [], [], set(), []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.ids |= {given[name] for name in ("id", "name") if given.get(name)}
        if "href" in given and tag == "a":
            self.links.append(given["href"])
        elif "href" in given and given.get("rel") not in ("next", "prev", "index", "search"):
            self.loaded.append(given["href"])
        if tag == "img" and not given.get("alt"):
            self.wordless.append(given["src"])
        if "src" in given:
            self.loaded.append(given["src"])


@pytest.fixture(scope="module")
def pages(site):
    found = {}
    for path in site.rglob("*.html"):
        if not {"live", "lite", "_static"} & set(path.relative_to(site).parts):
            found[path] = Links()
            found[path].feed(path.read_text("utf-8"))
    assert len(found) > 40
    return found


def test_each_link_leads_somewhere(pages):
    broken = []
    for path, page in pages.items():
        for link in page.links + page.loaded:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            to = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            known = pages[to].ids if to in pages else set()
            place = parts.fragment if "live" not in to.parts else ""  # there, settings and a step
            if not to.exists() or (place and unquote(place) not in known):
                broken.append((path.name, link))
    assert not broken


def test_a_page_loads_nothing_from_elsewhere(pages, site):
    for path, page in pages.items():
        for link in page.loaded:
            assert urlsplit(link).scheme in ("", "data"), (path, link)
    for sheet in (site / "_static").rglob("*.css"):
        text = sheet.read_text("utf-8")
        assert "url(http" not in text, sheet
        assert "@import" not in text, sheet


def test_each_picture_has_words(pages):
    assert [(path.name, page.wordless) for path, page in pages.items() if page.wordless] == []
