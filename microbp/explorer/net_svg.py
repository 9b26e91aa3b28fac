"""The picture of a net as an <svg> element, with the ids and classes that the page goes by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from microbp.drawing.layout import Diagram
from microbp.explorer.net_blocks import Block, Unit
from microbp.explorer.net_layout import SIZE, net_layout
from microbp.explorer.net_lines import lines_of

_ARROWS = 80  # lines, up to which each has a head


class DrawnNet(NamedTuple):
    """The <svg> element of a picture, and its size in points."""

    svg: str
    width: float
    height: float


def drawn_net(
    diagram: Diagram,
    units: Sequence[Unit] = (),
    *,
    prefix: str = "",
    size: tuple[float, float] = SIZE,
) -> DrawnNet:
    """The picture of a diagram, as `inline_svg` gives it, in rows that this size can show.

    With `units` each of them is a frame with its weights, total input and output in it.
    """
    layout = net_layout(diagram, units, size=size)
    lines = lines_of(diagram, layout)
    arrows = len(lines) <= _ARROWS
    look = "sparse" if arrows else "dense"  # of many lines one sees the whole, not each
    size_text = f"{layout.width:.0f} {layout.height:.0f}"
    width, height = size_text.split()
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}pt" height="{height}pt" '
        f'viewBox="0 0 {size_text}" data-box="0 0 {size_text}" data-prefix="{prefix}" '
        f'class="{look}" role="presentation">'
        '<g font-size="12" text-anchor="end">'
    ]
    parts += [_frame(block) for block in layout.blocks + layout.tied if block.framed]
    parts += [line.svg(prefix, arrows) for line in lines]
    blocks = layout.tied + [block for column in layout.columns for block in column]
    parts += [box.svg(prefix) for block in blocks for box in block.boxes]
    return DrawnNet("\n".join([*parts, "</g></svg>"]), layout.width, layout.height)


def _frame(block: Block) -> str:
    size = f'x="{block.x:.5g}" y="{block.y:.5g}"'
    size += f' width="{block.width:.5g}" height="{block.height:.5g}"'
    return f'<rect class="frame" {size} rx="9" fill="none" stroke="#9a9fa6" stroke-opacity="0.6"/>'
