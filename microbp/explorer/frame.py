"""A page in a notebook: in a frame, with a still picture where frames are taken out."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable

from microbp.drawing import style

HEIGHT = 760
"""Pixels of a frame."""


def framed(page: str, title: str, still: str, purpose: str, *, height: int = HEIGHT) -> str:
    """A page as a notebook's HTML: in a sandboxed frame, which lies on a still picture.

    `still` is an <svg> element. A notebook that is not trusted, and a host of code, take the
    frame out; what is left says that the notebook has to be trusted for the `purpose`, such as
    "to step through it".
    """
    name = html.escape(title)
    cell = "grid-area:1/1;min-width:0"
    image = base64.b64encode(still.encode()).decode()
    # Both are in one cell of a grid, so that the frame hides what it covers, and needs no script.
    return (
        f'<div style="display:grid"><div style="{cell};max-height:{height}px;overflow:hidden">'
        f'<img alt="{name}, a still picture" src="data:image/svg+xml;base64,{image}">'
        f"<p>A still picture: trust this notebook {html.escape(purpose)}.</p></div>"
        f'<iframe title="{name}" sandbox="allow-scripts" style="{cell};z-index:1" width="100%" '
        f'height="{height}" frameborder="0" srcdoc="{html.escape(page)}"></iframe></div>'
    )


def still(svg: str, rules: Iterable[str]) -> str:
    """A picture of a page by itself, in the light colors that the page would give it.

    The rules of style are those of the page's that the picture needs.
    """
    text = "text{font-family:Helvetica,Arial,sans-serif;fill:#1d2024}"
    head, start, rest = re.split(r"(<svg\b[^>]*>)", svg, maxsplit=1)
    paper = '<rect width="100%" height="100%" fill="#fff"/>'
    return f"{head}{start}<style>{text}{''.join(rules)}</style>{paper}{rest}"


def still_graph(svg: str) -> str:
    """The picture of the explorer's page by itself."""
    rules = [
        ".box{fill:#fff;stroke:#8a8f98}",
        ".rim,.edge path{fill:none;stroke:#9a9fa6}",
        ".edge polygon{fill:#9a9fa6}",
        f".input .box{{stroke:{style.INPUT['color']}}}",
        f".parameter .box{{stroke:{style.PARAMETER['color']}}}",
        f".root .box{{stroke:{style.OUTPUT['color']};stroke-width:3}}",
        f".tintnan .box{{fill:{style.UNDEFINED}}}",
    ]
    for sign, colors in (("-", style.NEGATIVE), ("", style.POSITIVE)):
        rules += [f".tint{sign}{k} .box{{fill:{c}}}" for k, c in enumerate(colors, 1)]
    return still(svg, rules)
