"""Colors and shapes of the parts of a picture, readable in gray and for the color-blind."""

from __future__ import annotations

import math
import re
from bisect import bisect
from collections.abc import Sequence
from typing import Literal, TypeAlias

from microbp.core.engine import Value

# Blue, orange, green and purple of Okabe and Ito, which the color-blind can tell apart; shape,
# corners and border say the same. Dark text on the pale fills has a contrast above 7 : 1.
INPUT = {"style": "filled", "fillcolor": "#e3f0fa", "color": "#0072b2"}
PARAMETER = {"shape": "note", "style": "filled", "fillcolor": "#f7e9f1", "color": "#a0447c"}
CONSTANT = {"style": "filled,dashed", "fillcolor": "#f2f2f2", "color": "#666666"}
OPERATION = {"style": "rounded,filled", "fillcolor": "#fff4dd", "color": "#b87700"}
OUTPUT = {"fillcolor": "#dcf2ea", "color": "#00664b", "penwidth": "3"}
FOLDED = {"peripheries": "2"}
SMALL = "#333333"
EDGE = "#808080"

_PARAMETER_LABEL = re.compile(r"[wb]([0-9]+|\[.*\])?", re.DOTALL)

NEGATIVE = ("#e6f1f7", "#c4dfed", "#a3cce3", "#80b8d8", "#59a3cd")  # tints of #0072b2
POSITIVE = ("#fbefe6", "#f5dac4", "#f0c5a3", "#eaae80", "#e49659")  # tints of #d55e00
ZERO, UNDEFINED = "#ffffff", "#d58fb5"
STEPS = (0.001, 0.01, 0.1, 1.0)
"""Sizes of a gradient at which the next color begins, in every picture."""

Theme: TypeAlias = Literal["light", "dark", "auto"]

DARK_PAPER, DARK_INK = "#1e1e1e", "#f4f4f4"
DARK = {
    "#e3f0fa": "#10334d", "#0072b2": "#56b4e9",
    "#f7e9f1": "#43203a", "#a0447c": "#dd8fc0",
    "#f2f2f2": "#333333", "#666666": "#a6a6a6",
    "#fff4dd": "#3d2f10", "#b87700": "#e6a532",
    "#dcf2ea": "#0e3d30", "#00664b": "#3fbf98",
    SMALL: "#e0e0e0", EDGE: "#a0a0a0", ZERO: "#262626", UNDEFINED: "#8a3f68",
    **dict(zip(NEGATIVE, ("#1d3442", "#1a4157", "#164e6e", "#125b84", "#0c6496"), strict=True)),
    **dict(zip(POSITIVE, ("#3f291b", "#56341d", "#6b3d19", "#804512", "#93500f"), strict=True)),
}  # fmt: skip
"""What each color becomes on dark paper."""

_COLOR = re.compile('(?i:color)="(#[0-9a-f]{6})"')


def darkened(source: str) -> str:
    """DOT with the dark theme's colors. No label can hold such an attribute: it has no quotes."""
    return _COLOR.sub(
        lambda found: found[0].replace(found[1], DARK.get(found[1], found[1])), source
    )


def dark_rules() -> str:
    """A style sheet for Graphviz's SVG: the same colors, where the reader prefers dark pages."""
    rules = [f"text{{fill:{DARK_INK}}}", f'[fill="white"]{{fill:{DARK_PAPER}}}']
    for light, dark in DARK.items():
        rules += [f'[{part}="{light}"]{{{part}:{dark}}}' for part in ("fill", "stroke")]
    return f"<style>@media (prefers-color-scheme:dark){{{''.join(rules)}}}</style>"


def box_style(node: Value) -> dict[str, str]:
    """Graphviz's attributes for the box of a node.

    A leaf without a label is a constant; one whose label is w or b, perhaps with a number or
    brackets after it, is a parameter (w, w12, w[hidden1,x2], b[hidden1]); any other is an input.
    """
    if node.op is not None:
        return OPERATION
    if not node.label:
        return CONSTANT
    return PARAMETER if _PARAMETER_LABEL.fullmatch(node.label) else INPUT


def color(grads: Sequence[float]) -> str:
    """The color of the gradient furthest from 0, by STEPS: blue below 0, orange above.

    White where there is none, purple where one is nan.
    """
    if any(map(math.isnan, grads)):
        return UNDEFINED
    grad = max(grads, key=abs, default=0.0)
    if grad == 0.0:
        return ZERO
    return (NEGATIVE if grad < 0.0 else POSITIVE)[bisect(STEPS, abs(grad))]
