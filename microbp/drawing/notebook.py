"""Show a picture in a notebook: at a size at which it can be read, in a frame that scrolls."""

from __future__ import annotations

import base64
import html
import re

_POINTS = re.compile(r'<svg\b[^>]*?\bwidth="([0-9.]+)pt"[^>]*?\bheight="([0-9.]+)pt"')

_LARGE, _LEAST = 4 / 3, 1.1
"""Pixels to a point: where there is room, and where there is none, with type of 13 pixels."""

_HEIGHT = 720
"""Pixels that the frame may be high."""


def framed(svg: str, alt: str) -> str:
    """HTML that shows the SVG once, as an image, which no host of notebooks takes for a program.

    It fits into the notebook's column if its digits can be read at that size; otherwise it
    scrolls. Where a host removes styles, the image has a width nevertheless.
    """
    found = _POINTS.search(svg)
    width, height = map(float, found.groups()) if found else (600.0, 400.0)
    scale = min(max(_HEIGHT / height, _LEAST), _LARGE)
    most, least = round(scale * width), round(_LEAST * width)
    size = f"display:block;width:100%;height:auto;max-width:{most}px;min-width:{least}px"
    data = base64.b64encode(svg.encode()).decode()
    image = (
        f'<img alt="{html.escape(alt)}" width="{most}" style="{size}" '
        f'src="data:image/svg+xml;base64,{data}">'
    )
    return f'<div style="overflow:auto;max-height:{_HEIGHT}px" tabindex="0">{image}</div>'
