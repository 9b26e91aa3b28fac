"""Markdown of the course as HTML that needs nothing more: formulas are drawn, code is colored."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from kit.pages import HERE

MATHJAX = HERE.parent / "website" / "node_modules" / "mathjax"
_PLACE = re.compile("\x02(\\d+)\x03")


class Writer:
    """Writes parts of a page; its formulas are drawn together, at the end.

    links: the addresses in place of those in the text. A link to any other page of the repository
    becomes plain text, as the page is read apart from it.
    """

    def __init__(self, links: Mapping[str, str]) -> None:
        self.links = links
        self.formulas: list[tuple[str, bool]] = []
        self.markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
        self.markdown.use(dollarmath_plugin, renderer=self._formula, double_inline=True)
        self.markdown.add_render_rule("fence", lambda _, tokens, i, *rest: pre(tokens[i].content))

    def blocks(self, text: str) -> list[str]:
        """Each paragraph, list, table and formula in HTML, with places for its formulas."""
        found: list[list[Any]] = [[]]
        for token in self.markdown.parse(text):
            token.children = self._with_links(token.children or [])
            found[-1].append(token)
            if token.level == 0 and token.nesting <= 0:
                found.append([])
        options = self.markdown.options
        return [self.markdown.renderer.render(block, options, {}) for block in found if block]

    def line(self, text: str) -> str:
        """A heading's words in HTML."""
        (block,) = self.blocks(text)
        return block.strip().removeprefix("<p>").removesuffix("</p>")

    def _with_links(self, tokens: list[Any]) -> list[Any]:
        kept, leads = [], True
        for token in tokens:
            if token.type == "link_open":
                to = self.links.get(token.attrs["href"], token.attrs["href"])
                token.attrs["href"] = to
                leads = to.startswith("https:") or to in self.links.values()
            if leads or token.type not in ("link_open", "link_close"):
                kept.append(token)
        return kept

    def _formula(self, tex: str, options: dict[str, bool]) -> str:
        self.formulas.append((tex, options["display_mode"]))
        return f"\x02{len(self.formulas) - 1}\x03"

    def filled(self, html: str) -> str:
        """The HTML with its formulas: drawn, and in MathML for those who listen."""
        if not self.formulas:
            return html
        drawn = subprocess.run(
            ["node", str(HERE / "formulas.cjs"), str(MATHJAX)],
            input=json.dumps(self.formulas), capture_output=True, text=True, check=False,
        )  # fmt: skip
        if drawn.returncode:
            raise RuntimeError(f"MathJax: {drawn.stderr.strip()}")
        pictures = json.loads(drawn.stdout)
        return _PLACE.sub(lambda found: self._shown(int(found[1]), *pictures[int(found[1])]), html)

    def _shown(self, place: int, svg: str, mathml: str) -> str:
        kind = "display" if self.formulas[place][1] else "inline"
        hidden = svg.replace('role="img"', 'aria-hidden="true"')
        return f'<span class="formula {kind}">{hidden}<span class="spoken">{mathml}</span></span>'


def pre(code: str) -> str:
    """A program in HTML, in the colors of the page."""
    return f'<pre class="code">{colored(code)}</pre>'


def colored(code: str) -> str:
    """Python in HTML; a line has no tag that ends in another."""
    return str(highlight(code, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True))).rstrip("\n")


def text(said: str) -> str:
    """What a program printed."""
    return f'<pre class="output">{escape(said.rstrip())}</pre>'
