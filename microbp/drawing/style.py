"""Colors and shapes of the parts of a picture, readable in gray and for the color-blind."""

from __future__ import annotations

import math
import re
from bisect import bisect
from collections.abc import Sequence

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
NOTE = {"shape": "plaintext", "fillcolor": "#ffffff"}

_PARAMETER_LABEL = re.compile(r"[wb]([0-9]+|\[.*\])?", re.DOTALL)

NEGATIVE = ("#e6f1f7", "#c4dfed", "#a3cce3", "#80b8d8", "#59a3cd")  # tints of #0072b2
POSITIVE = ("#fbefe6", "#f5dac4", "#f0c5a3", "#eaae80", "#e49659")  # tints of #d55e00
ZERO, UNDEFINED = "#ffffff", "#cc79a7"
STEPS = (0.001, 0.01, 0.1, 1.0)
"""Sizes of a gradient at which the next color begins, in every picture."""


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
