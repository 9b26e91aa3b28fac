"""A plot for a notebook, as an image with alternative text."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping
from typing import Any


def image_html(kind: str, content: str | bytes, words: str, look: Mapping[str, Any] = {}) -> str:
    """An image as HTML, which has the words where screen readers find them.

    JupyterLab shows an image of a kind such as image/png without its alternative text. `content` is
    base64, or the text of an SVG; `look` may have the width at which it is shown.
    """
    if kind == "image/svg+xml" and isinstance(content, str):
        content = content.encode()
    data = base64.b64encode(content).decode() if isinstance(content, bytes) else content.strip()
    width = f' width="{look["width"]}"' if "width" in look else ""
    return (
        f'<img alt="{html.escape(words)}"{width} style="max-width:100%;height:auto" '
        f'src="data:{kind};base64,{data}">'
    )
