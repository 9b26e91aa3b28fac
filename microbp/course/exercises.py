"""The exercises of the course, each with its title in the notebook."""

from __future__ import annotations

from microbp._support.coerce import shown
from microbp._support.suggest import did_you_mean

EXERCISES = {
    "01.1": "By hand",
    "01.2": "An operation of your own",
    "01.3": "The order",
    "02.1": "By hand",
    "02.2": "A backward pass of your own",
    "02.3": "Many cases",
    "02b.1": "From a blank cell",
    "02b.2": "One more operation",
    "02b.3": "As deep as you like",
    "03.1": "Another squeeze",
    "03.2": "Any number of units above",
    "03.3": "What can't be learned",
    "04.1": "Momentum by hand",
    "04.2": "The largest step",
    "04.3": "A race",
    "05.1": "A triple of your own",
    "05.2": "Eight bits",
    "05.3": "Always no",
    "05.4": "Another step size",
    "06.1": "Grandfathers",
    "06.2": "How long does a weight live?",
    "06.3": "What no unit tells",
    "06.4": "Without the narrow place",
    "07.1": "A weight with many copies",
    "07.2": "Negatives",
    "07.3": "How large at first?",
    "08.1": "A step to one side",
    "08.2": "Find the bug",
    "08.3": "Right everywhere",
    "08.4": "By hand",
    "09.1": "Without an if",
    "09.2": "A replay of your own",
    "09.3": "And back",
    "10.1": "Shares by hand",
    "10.2": "Temperature",
    "10b.1": "Whom does it hear?",
    "10b.2": "Without the places",
    "11.1": "A line left out",
    "11.2": "A column and a row",
}
"""Notebook and number of each exercise: "01.2" is the second of notebook 1."""


def known(exercise: object, where: str) -> str:
    """The name of an exercise; ValueError for any other, naming the function `where`."""
    if isinstance(exercise, str) and exercise in EXERCISES:
        return exercise
    hint = did_you_mean(str(exercise), EXERCISES) if isinstance(exercise, str) else ""
    raise ValueError(f"{where}: expected an exercise such as '01.2', got {shown(exercise)}{hint}")
