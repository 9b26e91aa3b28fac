"""Judge an answer: words, whatever was handed in."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from microbp.course import progress
from microbp.course.answers import check_parameters
from microbp.course.errors import told
from microbp.course.exercises import known
from microbp.course.verdicts import NotRight, NotYet


def check(exercise: str, *answers: Any) -> None:
    """Print "right", "not yet" or "not right", and why; a right answer is kept for the count.

    exercise: such as "01.2"; answers: what the notebook hands over for it. Whatever these are, and
    whatever an answer that is a function raises, is told in words, so that the notebook runs on.

    >>> check("05.2", "8")
    not right: '8' is text. Write the number without the quotes

    Raises ValueError for an exercise that the course doesn't have.
    """
    known(exercise, "check")
    verdict = words(exercise, *answers)
    print(verdict)
    if verdict.startswith("right: "):
        progress.note(exercise)


def words(exercise: str, *answers: Any) -> str:
    """What `check` prints."""
    try:
        judge = _judge(exercise)
        check_parameters(judge, answers)
        return f"right: {judge(*answers)}"
    except NotYet as verdict:
        return f"not yet: {verdict}"
    except NotRight as verdict:
        return f"not right: {verdict}"
    except (Exception, SystemExit) as error:
        found = told(error)
        return f"{'not yet' if isinstance(found, NotYet) else 'not right'}: {found}"


def _judge(exercise: str) -> Callable[..., str]:
    notebook, _, number = exercise.partition(".")
    judges = import_module(f"microbp.course.judges.notebook_{notebook}").JUDGES
    judge: Callable[..., str] = judges[int(number) - 1]
    return judge
