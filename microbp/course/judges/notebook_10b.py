"""Notebook 10b: attention."""

from __future__ import annotations

from typing import Any

from microbp.core.engine import Value
from microbp.core.grad_mode import no_grad
from microbp.course.answers import called, items, near, number, refuse
from microbp.course.verdicts import NotRight
from microbp.datasets import names


def no_query(answer: Any) -> str:
    found = number(answer)
    refuse(
        found,
        {
            0: "all *scores* are 0. What are the shares, after the softmax?",
            30: "large values don't attract. The shares come from queries and keys alone",
            3: "small values don't attract. The shares come from queries and keys alone",
            39: "that is the sum. The shares add up to 1",
            1 / 3: "that is each share. The result is the sum of the values, each by its share",
        },
    )
    if not near(found, 13.0):
        raise NotRight(f"{found:g}. What are the scores, and what does the softmax make of them?")
    return "all scores are 0, and all shares 1/3: the mean"


def without_place(net: Any) -> str:
    one, swapped = _last_scores(net, ".tark"), _last_scores(net, ".atrk")
    other = _last_scores(net, ".terk")
    if _apart(one, swapped) > 1e-6:
        raise NotRight(
            "after t, a, r and after a, t, r it doesn't say the same about the next letter, so it "
            "still knows their places"
        )
    if _apart(one, other) < 1e-9:
        raise NotRight("now it sees the last letter alone. Leave out the place, not the attention")
    return "the order of the earlier letters makes no difference any more, and which they are does"


def _last_scores(net: Any, text: str) -> list[float]:
    """The scores of the next letter."""
    tokens = [".", *sorted({letter for name in names() for letter in name})]
    letters = [[float(token == letter) for token in tokens] for letter in text]
    with no_grad():
        found = items(called(net, letters, gives="the scores"), "a list of scores for each letter")
    if len(found) != len(text):
        raise NotRight(f"expected scores for each of {len(text)} letters, got {len(found)}")
    scores = items(found[-1], "a list of scores")
    if len(scores) != len(tokens):
        raise NotRight(f"expected {len(tokens)} scores for each letter, got {len(scores)}")
    return [number(score.data if isinstance(score, Value) else score) for score in scores]


def _apart(one: list[float], other: list[float]) -> float:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


JUDGES = (no_query, without_place)
