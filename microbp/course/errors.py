"""A learner's exception in words, with the line where it was raised and a hint."""

from __future__ import annotations

import re
import sysconfig
import traceback
from pathlib import Path

from microbp._support.coerce import shortened
from microbp.course.verdicts import NotRight, NotYet

NOT_THEIRS = (str(Path(__file__).parents[1]), *map(sysconfig.get_path, ("stdlib", "purelib")))
"""Folders of code that no learner wrote: ours, Python's, and what is installed."""

HINTS: list[tuple[type[BaseException], str, str]] = [
    (
        TypeError,
        r"for \^=?:|bitwise_xor",
        "In Python, x to the power of 2 is x**2; ^ is another operation",
    ),
    (
        TypeError,
        r"expected a plain number, got .*Value|must be real number, not Value",
        "The functions of math take plain numbers alone. For Values, write microbp.exp(x), or "
        "m.exp(x) where there is an m",
    ),
    (
        TypeError,
        r"NoneType",
        "Something is None. Does a function that you call lack its `return`? And list.reverse(), "
        ".sort() and .append() change a list and return None",
    ),
    (
        TypeError,
        r"object is not callable",
        "Brackets after a number call it, as if it were a function. A product needs its *",
    ),
    (
        TypeError,
        r"'str'|concatenate|real number, not str",
        "Text in quotes can't be computed with",
    ),
    (
        TypeError,
        r"'(list|tuple|generator)'|sequence",
        "A list can't be computed with as a whole. Take its items one by one",
    ),
    (
        AttributeError,
        r"'(float|int)' object has no attribute",
        "This is a plain number. Only a Value has .data, .grad and .backward()",
    ),
    (AttributeError, r"'NoneType'", "Something is None. Does a function lack its `return`?"),
    (AttributeError, r"", "Is the name after the dot spelled right?"),
    (UnboundLocalError, r"", "Give it a value before it is used"),
    (NameError, r"", "Is it spelled right, and has the cell that makes it been run?"),
    (KeyError, r"", "The dict has no such key"),
    (IndexError, r"", "A list of n items has the places 0 to n - 1"),
    (ZeroDivisionError, r"", "Something is divided by 0"),
    (OverflowError, r"", "A number on the way is too large for a computer"),
    (RecursionError, r"", "A function calls itself without end. Where does it stop?"),
    (
        ValueError,
        r"too many values to unpack|not enough values to unpack",
        "The names before the = and the items after it must be equally many",
    ),
]
"""Which exception, a pattern in its message, and what to do; the first that fits is said."""


def told(error: BaseException) -> NotYet | NotRight:
    """What a judge says of a learner's code that raised this exception."""
    message = _message(error)
    if isinstance(error, TypeError) and "ellipsis" in message:
        return NotYet("there is still a ... in your code")
    hint = next(
        (
            ". " + words
            for kind, pattern, words in HINTS
            if isinstance(error, kind) and re.search(pattern, message)
        ),
        "",
    )
    kind = type(error).__name__
    return NotRight(f"{_place(error)}{kind}{': ' if message else ''}{message}{hint}")


def _message(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:  # of a class of the learner's own
        return ""
    return shortened(" ".join(text.split()), 200).rstrip(".")


def _place(error: BaseException) -> str:
    """The last line of the learner's own code that it went through."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith(NOT_THEIRS)
    ]
    own = [frame for frame in frames if frame.filename == frames[0].filename]
    if not own or not own[-1].line:
        return "your code stops with "
    return f"your code stops at `{shortened(own[-1].line, 100)}` with "
