"""What a box of a picture looks like, as the classes that the page styles."""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Sequence

from microbp.core.engine import Value
from microbp.drawing import style

ROOM = {"number": 54, "range": 104}
"""Points kept for a number, and for the range of several, so that other numbers fit later."""


def kind_of(node: Value) -> str:
    """input, parameter, constant or operation."""
    node_style = style.box_style(node)
    kinds = {"parameter": style.PARAMETER, "constant": style.CONSTANT, "input": style.INPUT}
    return next((kind for kind, known in kinds.items() if node_style is known), "operation")


def tint(grads: Sequence[float]) -> str:
    """The class for the color of gradients, as in `style.color`: tint-5 to tint5, or tintnan."""
    if any(map(math.isnan, grads)):
        return "tintnan"
    grad = max(grads, key=abs)
    level = 1 + bisect(style.STEPS, abs(grad)) if grad else 0
    return f"tint{math.copysign(level, grad):.0f}" if level else "tint0"
