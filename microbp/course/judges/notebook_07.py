"""Notebook 7: nets in time."""

from __future__ import annotations

from typing import Any

from microbp._support.coerce import shown
from microbp.core.grad_mode import no_grad
from microbp.course.answers import called, items, near, number, whole
from microbp.course.verdicts import NotRight
from microbp.experiments.nature1986.iterative import Iterated, cases


def derivative(mine: Any) -> str:
    for w, y0, n in [(2.0, 3.0, 5), (2.0, 3.0, 1), (-0.5, 1.0, 3)]:
        found = number(called(mine, w, y0, n, gives="a formula"), "what you return")
        true = n * w ** (n - 1) * y0
        if near(found, true):
            continue
        mistakes = {
            w ** (n - 1) * y0: "that is one copy. There are n, and they add up",
            w**n * y0: "that is the output itself",
            n * w ** (n - 1): "and what it starts from, y0?",
            n * w**n * y0: "one of the n factors w is gone in each product",
            n * w * y0: "the n factors w are multiplied, and not added",
        }
        hints = [": " + hint for number_of, hint in mistakes.items() if near(found, number_of)]
        raise NotRight(
            f"for w = {w}, y0 = {y0}, n = {n} backward finds {true:g}, you say {found:g}"
            f"{hints[0] if hints else ''}"
        )
    return "n copies, each with the same product of all the others"


def negatives(steps_that_work: Any, net: Any) -> str:
    steps = [whole(n, "each") for n in items(steps_that_work, "a list of numbers of steps")]
    if not isinstance(net, Iterated):
        raise NotRight(f"expected the net of seed 3, nets[1], got {shown(net)}")
    for n in steps:
        if not 1 <= n <= 6:
            raise NotRight(f"{n} is not one of 1 to 6")
    for n in range(1, 7):
        works = _works(net, n)
        if works and n not in steps:
            raise NotRight(f"after {n} steps it is right as well")
        if not works and n in steps:
            times = "1 time" if n == 1 else f"{n} times"
            raise NotRight(f"after {n} steps each bit has been inverted {times}")
    return "the net of seed 3, run for so many steps, agrees"


def _works(net: Iterated, steps: int) -> bool:
    """Whether a net with these weights is a shift register over so many steps."""
    with no_grad():
        for row, target in cases(3, steps):
            now: Any = row
            for _ in range(steps):
                now = net.layer(now)
            if [float(y > 0.5) for y in now] != target:
                return False
    return True


def init(smallest_init: Any, reach: Any) -> str:
    mine = number(smallest_init)
    if mine <= 0.0:
        raise NotRight(f"{mine:g}. Expected a size above 0")
    if not (2.0 * mine).is_integer():
        raise NotRight(f"{mine:g}. Go in steps of a half: 0.5, 1, 1.5 and so on")
    if mine > 20.0:
        raise NotRight(f"{mine:g} is much too large")
    here = number(called(reach, 16, mine), "what reach gives")
    below = number(called(reach, 16, mine - 0.5), "what reach gives") if mine > 0.5 else 0.0
    if here <= 0.01:
        raise NotRight(f"with weights up to {mine:g}, reach is {here:.1e}, below a hundredth")
    if below > 0.01:
        raise NotRight(f"with weights up to {mine - 0.5:g}, reach is {below:.1e} already")
    return f"with weights up to {mine - 0.5:g} it is {below:.1e}, and with {mine:g} {here:.1e}"


JUDGES = (derivative, negatives, init)
