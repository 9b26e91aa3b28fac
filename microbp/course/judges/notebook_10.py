"""Notebook 10: a net that writes names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from microbp._support.coerce import shown
from microbp.core.engine import Value
from microbp.course.answers import called, items, near, number
from microbp.course.verdicts import NotRight

SCORES = [2.0, 1.0, -1.0]
EACH = "return a list with a share for each score"


def softmax(scores: Sequence[float]) -> list[float]:
    """Positive shares that add up to 1."""
    exps = [math.exp(score - max(scores)) for score in scores]
    return [e / sum(exps) for e in exps]


def _shares(found: Any) -> list[float]:
    """What a learner's softmax gives, as floats; Values are welcome here."""
    if not isinstance(found, (list, tuple)) and getattr(found, "ndim", 0) != 1:
        raise NotRight(f"{EACH}; got {shown(found)}")
    got = items(found, "a list of shares")
    if len(got) != len(SCORES):
        raise NotRight(f"{EACH}; got {shown(found)}")
    return [number(share.data if isinstance(share, Value) else share) for share in got]


def _same(mine: Sequence[float], true: Sequence[float]) -> bool:
    return all(map(near, mine, true))


def by_hand(mine: Any) -> str:
    got = _shares(called(mine, list(SCORES), gives="a list"))
    if _same(got, [score / sum(SCORES) for score in SCORES]):
        raise NotRight("that is each score divided by their sum. Some are negative; take exp")
    if _same(got, [math.exp(score) for score in SCORES]):
        raise NotRight(f"they add up to {sum(got):.2f}, and not to 1. Divide by the sum")
    if _same(got, [math.exp(score) / sum(SCORES) for score in SCORES]):
        raise NotRight("divide by the sum of the exps, and not by that of the scores")
    if not _same(got, softmax(SCORES)):
        raise NotRight(f"for {SCORES} you say {got}, expected {softmax(SCORES)}")
    for far in ([1000.0, 1001.0], [-1000.0, -1001.0]):
        try:
            found = items(called(mine, list(far), gives="a list"), "a list of shares")
            got = [number(share) for share in found]
        except ArithmeticError as error:
            raise NotRight(
                f"fine for small scores, but for {far}: {error}. Subtract the largest score from "
                "all of them first"
            ) from None
        if len(got) != 2 or not _same(got, softmax(far)):
            raise NotRight(f"for {far} you say {got}, expected {softmax(far)}")
    return "near 0 and far away"


def temperature(mine: Any) -> str:
    got = _shares(called(mine, list(SCORES), 0.5, gives="the shares"))
    if _same(got, [score / 0.5 for score in SCORES]):
        raise NotRight("these are the scores, divided. The softmax is missing")
    if _same(got, softmax([score * 0.5 for score in SCORES])):
        raise NotRight("you multiplied by the temperature. A low one should make the best surer")
    if _same(got, softmax(SCORES)):
        raise NotRight("these are the shares without a temperature. Divide the scores by it")
    if not near(sum(got), 1.0):
        raise NotRight(f"the shares add up to {sum(got):.3f}. Divide the scores, not the shares")
    right = softmax([score / 0.5 for score in SCORES])
    if not _same(got, right):
        raise NotRight(f"at temperature 0.5 {SCORES} give {got}, expected {right}")
    if not _same(_shares(called(mine, list(SCORES), 4.0)), softmax([s / 4.0 for s in SCORES])):
        raise NotRight("at temperature 0.5 it is, but not at 4")
    return "a low temperature makes the best surer, and a high one makes all alike"


JUDGES = (by_hand, temperature)
