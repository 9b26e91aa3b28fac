"""Notebook 9: record and replay."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

from microbp._support.coerce import shown
from microbp.checking import gradcheck
from microbp.core.engine import Value
from microbp.core.functions import tanh
from microbp.course.answers import called, items, near, number
from microbp.course.verdicts import NotRight, NotYet
from microbp.replay import record


def leaky(mine: Any) -> str:
    x = Value(1.0)
    y = called(mine, x, gives="a Value")
    if not isinstance(y, Value):
        raise NotRight(f"return a Value, computed from x; got {shown(y)}")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        program = record(y, inputs=[x])
    got = [float(program.forward([[at]])[0]) for at in (3.0, -2.0)]
    if any("compared" in str(warning.message) for warning in caught):
        raise NotRight(f"your if was decided at x = 1, so at -2 the recording gives {got[1]:g}")
    if got == [3.0, 0.0]:
        raise NotRight("at -2 it gives 0. That is relu; leaky lets a tenth of x through")
    if got[1] == 2.0:
        raise NotRight("at -2 it gives 2. The sign of x stays")
    if not (near(got[0], 3.0) and near(got[1], -0.2)):
        raise NotRight(f"at 3 and -2 it gives {got} and should give [3.0, -0.2]")
    if gradcheck(mine, -2.0).verdict != "pass":
        raise NotRight("the values are, but gradcheck finds a wrong slope at -2")
    return "3 at 3, and -0.2 at -2, by one and the same recording"


Tape = list[tuple[Any, ...]]
TAPE: Tape = [("mul", 0, 1), ("add", 3, 2), ("tanh", 4)]
GIVEN = [2.0, 3.0, -5.5]


def _by_values(tape: Tape) -> tuple[list[float], list[float]]:
    """The numbers on a tape that begins with GIVEN, and their adjoints."""
    operations: dict[str, Callable[..., Any]] = {
        "mul": lambda a, b: a * b,
        "add": lambda a, b: a + b,
        "tanh": tanh,
    }
    values = [Value(given) for given in GIVEN]
    for operation, *places in tape:
        values.append(operations[operation](*(values[place] for place in places)))
    values[-1].backward()
    return [v.data for v in values], [v.grad for v in values]


def forward(mine: Any) -> str:
    given = list(GIVEN)
    got = items(called(mine, list(TAPE), given, gives="the list of all numbers"), "a list")
    if given != GIVEN:
        raise NotRight("the list that was given is not the same any more. Copy it first")
    if got == given:
        raise NotYet("there is no number for any operation")
    if len(got) != 6:
        raise NotRight(f"{len(got)} numbers; 3 were given, and each of 3 operations adds one")
    true, _ = _by_values(TAPE)
    for place, expected in enumerate(true):
        found = number(got[place], f"the number at place {place}")
        if not near(found, expected):
            what = f"at place {place} there is {found:g} and should be {expected:g}"
            if place >= 3:
                operation, *places = TAPE[place - 3]
                what += f", {operation} of the numbers at {tuple(places)}"
            raise NotRight(what)
    longer = [*TAPE, ("mul", 5, 5), ("add", 6, 6)]
    last = items(called(mine, longer, list(GIVEN)), "a list")[-1:]
    if not last or not near(number(last[0]), 2.0 * math.tanh(0.5) ** 2):
        raise NotRight("this tape is, but a longer one is not")
    return "a replay in a few lines"


def backward(mine: Any) -> str:
    _, true = _by_values(TAPE)
    got = _adjoints(mine, TAPE)
    if not any(got):
        raise NotYet("all adjoints are 0")
    if got[-1] != 1.0:
        raise NotRight(f"the last number's adjoint is 1, and not {got[-1]:g}: start with it")
    if got[3] == 0.0:
        raise NotRight("nothing arrives at the first operation. Go from the end to the beginning")
    if near(got[0], true[1]) and near(got[1], true[0]):
        raise NotRight(
            "x and w are the wrong way round: the partial with respect to one factor is the other"
        )
    for place, (found, adjoint) in enumerate(zip(got, true, strict=True)):
        if not near(found, adjoint):
            raise NotRight(f"at place {place} there is {found:.6f} and should be {adjoint:.6f}")
    for more in ([("mul", 3, 3)], [("add", 0, 5), ("mul", 6, 0)]):
        longer = [*TAPE, *more]
        _, true = _by_values(longer)
        if not all(map(near, _adjoints(mine, longer), true)):
            raise NotRight(f"with {more} at the end, a number is used twice. Add: += and not =")
    return "record, replay, and back. You have written the heart of a compiler of nets"


def _adjoints(mine: Any, tape: Tape) -> list[float]:
    numbers, _ = _by_values(tape)
    found = items(called(mine, list(tape), list(numbers), gives="a list"), "a list of adjoints")
    if len(found) != len(numbers):
        raise NotRight(f"{len(found)} adjoints for {len(numbers)} numbers")
    return [number(adjoint, "each adjoint") for adjoint in found]


JUDGES = (leaky, forward, backward)
