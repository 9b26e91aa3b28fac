"""Notebook 3: a sigmoid unit."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from microbp.checking import gradcheck
from microbp.core.engine import Value
from microbp.core.functions import dot, sigmoid, sin, total
from microbp.course.answers import called, near, number, refuse
from microbp.course.verdicts import NotRight

_SLOPE_MISTAKES: list[tuple[Callable[[float], float], str]] = [
    (
        lambda y: y * (1 - y),
        "y (1 - y) is the slope of the sigmoid. Where is tanh steepest?",
    ),
    (lambda y: 1 - math.tanh(y) ** 2, "y is the output already, so no second tanh is needed"),
    (lambda y: 1 + y * y, "the slope falls as y gets larger, so there is a minus"),
    (lambda y: (1 - y) ** 2, "only y is squared"),
    (lambda y: 1 - 2 * y, "y squared is y * y, and not 2 y"),
    (lambda y: y, "y is the output itself; we want to know how fast it changes"),
]


def slope_of_tanh(slope: Any) -> str:
    points = (0.0, -0.7, 2.0)
    mine = {x: number(called(slope, math.tanh(x)), "what you return") for x in points}
    for mistake, words in _SLOPE_MISTAKES:
        if all(near(found, mistake(math.tanh(x))) for x, found in mine.items()):
            raise NotRight(words)

    def own_tanh(leaf: Value) -> Value:
        y = math.tanh(leaf.data)
        return Value(y, (leaf,), (number(slope(y)),))

    for x in points:
        y = math.tanh(x)
        if not near(mine[x], 1 - y * y) or gradcheck(own_tanh, x).verdict != "pass":
            raise NotRight(
                f"at x = {x}, where y = {y:.4f}, you say {mine[x]:.4g}, but y moves "
                f"{1 - y * y:.4g} times as far as x"
            )
    return "1 at x = 0, four times the sigmoid's steepest, and flat at both ends"


def hidden(hidden_dE_dx: Any) -> str:
    x = Value(0.7)
    y = sigmoid(x)
    weights = [1.5, -2.0, 0.25]
    tops = [dot([w], [y], 0.1) for w in weights]
    total(sin(top) for top in tops).backward()
    above = [(top.grad, w) for top, w in zip(tops, weights, strict=True)]
    mine = number(called(hidden_dE_dx, y.data, list(above)), "what you return")
    slope = y.data * (1.0 - y.data)
    refuse(
        mine,
        {
            y.grad: "that is dE/dy, equation (7). Equation (5) is still to come",
            above[0][0] * above[0][1] * slope: (
                "that is the first unit above alone; (7) is a sum. Does the `return` stand inside "
                "the loop?"
            ),
            above[-1][0] * above[-1][1] * slope: "that is the last unit above alone; (7) is a sum",
            sum(d for d, _ in above) * slope: "you left out the weights",
            sum(w for _, w in above) * slope: "you left out the dE/dx of the units above",
            y.grad * y.data: "the slope is y (1 - y), and not y",
            y.grad * (1.0 - y.data): "the slope is y (1 - y), and not 1 - y",
            y.grad * slope / len(above): "(7) is a sum, and not a mean",
            -x.grad: "the sign. The error is passed on as it is, with no minus",
        },
    )
    if not near(mine, x.grad):
        raise NotRight(f"{mine:.6f}, but backward finds {x.grad:.6f}")
    return "backward finds the same"


def without_gradient(answer: Any) -> str:
    y = number(answer)
    if y == 0.0:
        return "by equation (6). An input that is off teaches its weight nothing"
    output = 1.0 / (1.0 + math.exp(-max(-700.0, min(700.0, 0.8 * y - 0.1))))
    gradient = (output - 1.0) * output * (1.0 - output) * y
    if abs(gradient) < 1e-6 and abs(y) < 1.0:
        raise NotRight(f"with {y:g} the gradient is small, as the input is. When is it exactly 0?")
    if abs(gradient) < 1e-6:
        raise NotRight(
            f"with {y:g} the unit is so sure that the slope in (5) is next to nothing, with this "
            "weight. With a weight of 0 it isn't. Look for a number that works with any: at (6)"
        )
    raise NotRight(f"with an input of {y:g} the gradient may be {gradient:.4f}. See equation (6)")


JUDGES = (slope_of_tanh, hidden, without_gradient)
