"""Notebook 11: PyTorch and JAX."""

from __future__ import annotations

from typing import Any

from microbp.course.answers import near, number, refuse
from microbp.course.verdicts import NotRight


def never_zeroed(answer: Any) -> str:
    found = number(answer)
    refuse(
        found,
        {
            0.512: "so it would be with zero_grad. Without it each gradient is added to the last",
            0.8: "that is after one step",
            0.44: "that is after two steps",
            0.4: "the gradients add up, and each is that of the new w: 2, then 1.6 more",
            -0.2: "the gradients add up, and each is that of the new w: 2, then 1.6 more",
        },
    )
    if not near(found, -0.008):
        raise NotRight(f"{found:g}. The slope is 2 w. What stands in grad before the second step?")
    return "the steps grow, as all earlier gradients count again: past the bottom in three"


def stretched(answer: Any) -> str:
    found = number(answer)
    refuse(
        found,
        {
            1: "that is what it should give. But a column minus a row is stretched, to (4, 4)",
            16: "there are 16 differences, and each is 0.5 or -0.5",
            8: "each difference is 0.5 or -0.5. Square it before you add",
            0: "squares don't cancel",
            0.25: "that is each square. They are added up",
        },
    )
    if not near(found, 4.0):
        raise NotRight(f"{found:g}. How many differences are there, and what is each squared?")
    return "16 squares of 0.25: four times too much, and no error message"


JUDGES = (never_zeroed, stretched)
