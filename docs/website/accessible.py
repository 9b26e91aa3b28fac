"""What Sphinx and its theme write that a screen reader can't make sense of, put right."""

from __future__ import annotations

import re
from pathlib import Path

_PARAMETERS = re.compile(r'<dl>\s*((?:<dd><em class="sig-param">.*?</dd>\s*)+)</dl>', re.DOTALL)
_HEADS = re.compile(r'(?<=<th class="head")[^>]*><p>[^<]*')
_REPLACED = {
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="Pages">',
    '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="On this page">',
    '<th class="head"><p></p></th>': "<td></td>",
    '<div id="search-results">': """<h1>Search</h1>
<form class="search-again" role="search"><input type="search" name="q" aria-label="Search">
<button class="sd-btn sd-btn-primary">Search</button></form>
<div id="search-results">""",
}


def mend(site: Path) -> None:
    """Mend all pages that Sphinx wrote."""
    for page in site.rglob("*.html"):
        if not page.is_relative_to(site / "live"):
            page.write_text(mended(page.read_text("utf-8")), "utf-8")


def mended(html: str) -> str:
    """The parameters of a function are lines, not definitions; a heading has a level.

    In a table's head, names may break where one would break them.

    >>> mended('<dl>\\n<dd><em class="sig-param">x</em>,</dd>\\n</dl>')
    '<span class="sig-lines"><span class="sig-line"><em class="sig-param">x</em>,</span>\\n</span>'
    >>> mended('<th class="head"><p>microbp.check_gradient</p></th>')
    '<th class="head"><p>microbp.<wbr>check_<wbr>gradient</p></th>'
    """
    for old, new in _REPLACED.items():
        html = html.replace(old, new)
    html = _HEADS.sub(lambda found: re.sub(r"([._])(?=\w)", r"\1<wbr>", found[0]), html)
    return _PARAMETERS.sub(_lines, html)


def _lines(found: re.Match[str]) -> str:
    lines = found[1].replace("<dd>", '<span class="sig-line">').replace("</dd>", "</span>")
    return f'<span class="sig-lines">{lines}</span>'
