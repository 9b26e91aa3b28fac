"""A page taken apart."""

import json
import re
from html.parser import HTMLParser


class Page(HTMLParser):
    """A page taken apart: its elements, its texts, and what scripts and styles it holds."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.raw, self._open = [], {}, []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attributes):
        assert len(dict(attributes)) == len(attributes)
        self.elements.append((tag, dict(attributes)))
        if tag in ("script", "style", "title", "h1"):
            self._open.append((tag, dict(attributes).get("type", "")))

    def handle_endtag(self, tag):
        if self._open and self._open[-1][0] == tag:
            self._open.pop()

    def handle_data(self, data):
        if self._open:
            self.raw[self._open[-1]] = self.raw.get(self._open[-1], "") + data

    @property
    def recorded(self):
        return json.loads(self.raw["script", "application/json"])

    def ids(self):
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]


def held_by(page):
    """What the page of a training holds as JSON."""
    return json.loads(re.search(r'id="training">(.*?)</script>', page)[1])
