"""Slides to show and to print, made of the committed notebooks: a file each, which needs no other.

A slide begins at each heading. What is too much for one goes on in the next: slides.js shares it
out when the page is opened, as it knows how high everything is.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any

from kit import course, markdown, pages
from kit.markdown import Writer
from website import notebooks

LINES = 22
"""A longer program goes on in a block of its own."""

_SETUP = re.compile(r"\*To run this notebook.*?\*\n", re.DOTALL)
_NAVIGATION = """\
<nav aria-label="Slides">
<button type="button" id="back" aria-label="Back">‹</button>
<output id="place" aria-live="polite"></output>
<button type="button" id="on" aria-label="On">›</button>
</nav>"""


def write(folder: Path) -> Iterable[Path]:
    """Write the slides of each notebook."""
    for path in course.NOTEBOOKS:
        to = folder / f"{path.stem}.html"
        to.write_text(deck(path), "utf-8")
        yield to


def deck(path: Path) -> str:
    """A notebook as a page of slides."""
    notebook = course.read(path)
    title = course.title(notebook)
    writer = Writer({other.name: f"{other.stem}.html" for other in course.NOTEBOOKS})
    sections = []
    for heading, parts in slides(notebook["cells"], writer):
        kind, level = ("slide title", 1) if heading == title else ("slide", 2)
        top = f"<h{level}>{writer.line(heading)}</h{level}>"
        inside = "\n".join(parts)
        sections.append(
            f'<section class="{kind}">{top}\n<div class="body">{inside}</div></section>'
        )
    body = "<main>\n" + "\n".join(sections) + f"\n</main>\n{_NAVIGATION}"
    return pages.page(title, writer.filled(body), "slides.css", "slides.js")


def slides(cells: list[course.Cell], writer: Writer) -> Iterator[tuple[str, list[str]]]:
    """The heading and the parts of each slide; a check has no place on one."""
    heading, parts = "", []
    for cell in cells:
        if cell["cell_type"] == "code":
            if "check" not in cell["metadata"].get("tags", []):
                parts.append(program(cell))
            continue
        for piece in re.split(r"^(?=##? )", course.source(cell), flags=re.MULTILINE):
            if piece.startswith("#"):
                if heading:
                    yield heading, parts
                top, _, piece = piece.partition("\n")
                heading, parts = top.lstrip("# "), []
            text = _SETUP.sub("", piece.lstrip())
            parts += [f'<div class="part">{block}</div>' for block in writer.blocks(text)]
    yield heading, parts


def program(cell: course.Cell) -> str:
    """A cell's program, in pieces that fit on a slide, and what it showed."""
    code = re.sub(r"^%.*\n", "", course.source(cell), flags=re.MULTILINE)
    shown = [f'<pre class="code">{piece}</pre>' for piece in shared_out(code)]
    shown += [output_shown(output, cell) for output in cell["outputs"]]
    return f'<div class="part cell">{"".join(shown)}</div>'


def shared_out(code: str) -> Iterator[str]:
    """A program in color, cut at empty lines where it is too long for a slide."""
    lines, colored = code.splitlines(), markdown.colored(code).splitlines()
    start = 0
    while len(lines) - start > LINES:
        gaps = [at for at in range(start + 1, start + LINES) if not lines[at].strip()]
        outer = [at for at in gaps if lines[at + 1][:1].strip()]
        end = (outer or gaps or [start + LINES])[-1]
        yield "\n".join(colored[start:end]).rstrip()
        start = end
        while not lines[start].strip():
            start += 1
    yield "\n".join(colored[start:])


def output_shown(output: dict[str, Any], cell: course.Cell) -> str:
    """What a cell printed or drew."""
    data = output.get("data", {})
    for kind in ("image/png", "image/svg+xml"):
        if kind in data:
            given = "".join(data[kind])
            encoded = given if kind == "image/png" else base64.b64encode(given.encode()).decode()
            alt = output["metadata"].get(kind, {}).get("alt") or notebooks.described(cell)
            source = f"data:{kind};base64,{encoded.replace(chr(10), '')}"
            return f'<img src="{source}" alt="{escape(alt)}">'
    return markdown.text("".join(output.get("text") or data["text/plain"]))
