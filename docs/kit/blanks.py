"""The parts of a worksheet, in the copy for students and in the one for teachers."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from html import escape

import microbp
from microbp import Value

SVG = "http://www.w3.org/2000/svg"
_NAME = re.compile(r"`([^`]*)`")


@dataclass(frozen=True)
class Copy:
    """What differs between the two copies of a sheet: whether the answers are in it."""

    answers: bool

    def blank(self, answer: object, width: float = 1.0) -> str:
        """The answer, or a line as long as `width` numbers to write it on."""
        if self.answers:
            return f'<b class="answer">{words(str(answer))}</b>'
        return f'<span class="blank" style="width: {14 * width:g}mm"></span>'

    def lines(self, answer: str, count: int) -> str:
        """The answer to a question in words, or lines to write it on."""
        if self.answers:
            return f'<p class="answer">{words(answer)}</p>'
        return '<div class="line"></div>' * count

    def graph(self, root: Value) -> str:
        """A graph with boxes in place of all that is to be computed, or with the answers."""
        if self.answers:
            root.backward()
        picture = ET.fromstring(microbp.draw(root).svg())
        if not self.answers:
            empty(picture)
        picture.set("aria-label", picture.findtext(f".//{{{SVG}}}title", ""))
        ET.register_namespace("", SVG)
        return f'<div class="graph">{ET.tostring(picture, encoding="unicode")}</div>'


def number(value: float) -> str:
    """A number as one writes it on paper.

    >>> number(-4.0), number(0.59868766)
    ('−4', '0.5987')
    """
    return f"{round(value, 4):g}".replace("-", "−")


def factor(value: float) -> str:
    """The same as the second factor of a product, in brackets if it has a sign."""
    return f"({number(value)})" if value < 0 else number(value)


def words(text: str) -> str:
    """Text in HTML, with `names` in code type."""
    return _NAME.sub(r"<code>\1</code>", escape(text))


def paragraph(text: str) -> str:
    """A paragraph in HTML."""
    return f"<p>{words(text)}</p>"


def table(head: list[str], rows: list[list[str]], kind: str = "") -> str:
    """A table; its rows are HTML."""
    top = "".join(f'<th scope="col">{cell}</th>' if cell else "<td></td>" for cell in head)
    body = "\n".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        f'<table class="{kind}">\n<thead><tr>{top}</tr></thead>\n<tbody>\n{body}\n</tbody></table>'
    )


def empty(picture: ET.Element) -> None:
    """Put a box in place of each number that is to be computed; constants need no derivative."""
    groups = [
        (group.findtext(f"{{{SVG}}}title", ""), group)
        for group in picture.iter(f"{{{SVG}}}g")
        if group.get("class") in ("node", "edge")
    ]
    results = {title.partition("->")[2] for title, _ in groups}
    constants = {
        title
        for title, group in groups
        if group.get("class") == "node" and any("stroke-dasharray" in part.attrib for part in group)
    }
    for title, group in groups:
        texts = group.findall(f"{{{SVG}}}text")
        source, arrow, _ = title.partition("->")
        for label, value in zip([None, *texts], texts, strict=False):
            kind = label.text if label is not None else ""
            if source in constants and (arrow or "grad" in (kind, value.text)):
                group.remove(value)
            elif arrow:
                box(group, value, float(value.get("x", "0")) - 13.0, 26.0)
            elif label is not None and (kind == "grad" or (kind == "data" and title in results)):
                box(group, value, float(label.get("x", "0")) + 25.0, 50.0)
    for top in picture.iter(f"{{{SVG}}}title"):
        top.text = "A graph to fill in"
        break


def box(group: ET.Element, text: ET.Element, left: float, width: float) -> None:
    """An empty box in place of the text."""
    top = float(text.get("y", "0")) - 11.5
    place = {"x": f"{left:g}", "y": f"{top:g}", "width": f"{width:g}", "height": "15", "rx": "2"}
    paint = {"fill": "white", "stroke": "#999999", "stroke-width": "0.7"}
    ET.SubElement(group, f"{{{SVG}}}rect", place | paint)
    group.remove(text)
