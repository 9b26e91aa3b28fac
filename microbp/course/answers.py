"""What learners hand in, as plain numbers and lists; anything else is told in words."""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from microbp._support import coerce
from microbp._support.coerce import shown
from microbp.core.engine import Value
from microbp.course.verdicts import NotRight, NotYet


def number(answer: object, what: str = "your answer") -> float:
    """The answer as a finite float; NotYet for the `...` of the exercise, NotRight for the rest."""
    if answer is ...:
        raise NotYet("put a number in place of the ...")
    if answer is None:
        raise NotRight(f"{what} is None, and should be a number")
    if isinstance(answer, str):
        raise NotRight(f"{shown(answer)} is text. Write the number without the quotes")
    if isinstance(answer, Value):
        raise NotRight(f"{what} is a Value. Give the plain number: its .data, or its .grad")
    if isinstance(answer, bool) or getattr(answer, "ndim", 0) != 0:
        raise NotRight(f"expected one number, got {shown(answer)}")
    if callable(answer):
        raise NotRight(f"{what} is {shown(answer)}. Did you forget to call it?")
    try:
        found = coerce.number(answer, what)
    except (TypeError, ValueError):
        raise NotRight(f"expected one number, got {shown(answer)}") from None
    if not math.isfinite(found):
        raise NotRight(f"{what} is {found}, and should be a finite number")
    return found


def whole(answer: object, what: str = "your answer") -> int:
    """The same for a whole number; 8.0 is one."""
    found = number(answer, what)
    if not found.is_integer():
        raise NotRight(f"{shown(answer)}. Expected a whole number")
    return int(found)


def items(answer: object, what: str) -> list[Any]:
    """The items of a list, a tuple, an array or a set; NotYet where one of them is `...`."""
    if answer is ...:
        raise NotYet(f"put {what} in place of the ...")
    if answer is None or isinstance(answer, (str, bytes, Mapping, type)):
        raise NotRight(f"expected {what}, got {shown(answer)}")
    if not isinstance(answer, Iterable) or isinstance(answer, Value):
        raise NotRight(f"expected {what}, got {shown(answer)}")
    found = list(islice(answer, 10_000))  # a generator may have no end
    if any(item is ... for item in found):
        raise NotYet("there is still a ... in it")
    return found


def numbers(answer: object, length: int, what: str) -> list[float]:
    """The numbers in a list of this length, which is described by `what`."""
    found = items(answer, what)
    if len(found) != length:
        raise NotRight(f"expected {what}, got {shown(answer)}")
    return [number(item, f"number {place} of the list") for place, item in enumerate(found, 1)]


def called(function: Any, *arguments: Any, gives: str = "a number") -> Any:
    """What the learner's function returns: neither None, nor the `...` of the exercise."""
    if function is ...:
        raise NotYet("write the function")
    if not callable(function):
        raise NotRight(f"expected your function, got {shown(function)}. Hand it over by its name")
    check_parameters(function, arguments)
    found = function(*arguments)
    if found is ...:
        raise NotYet(f"return {gives} in place of the ...")
    if found is None:
        name = getattr(function, "__name__", "your function")
        raise NotRight(f"{name} gave None and not {gives}. Does each way through it `return`?")
    return found


def check_parameters(function: Any, arguments: tuple[Any, ...]) -> None:
    """NotRight where the function can't be called with so many arguments."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # of some functions written in C
        return
    try:
        signature.bind(*arguments)
    except TypeError:
        name = getattr(function, "__name__", "your function")
        count = "1 argument" if len(arguments) == 1 else f"{len(arguments)} arguments"
        raise NotRight(
            f"{name}{signature} can't be called with {count}. Keep its first line as it was"
        ) from None


def near(mine: float, number: float) -> bool:
    """Whether two numbers agree, rounding apart."""
    return math.isclose(mine, number, rel_tol=1e-9, abs_tol=1e-12)


def refuse(mine: float, mistakes: Mapping[float, str]) -> None:
    """NotRight with the words for this number, if it is a known mistake."""
    for mistake, words in mistakes.items():
        if near(mine, mistake):
            raise NotRight(words)
