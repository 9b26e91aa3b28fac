"""Solutions of the exercises, kept in `solutions`, out of the notebooks."""

from __future__ import annotations

import re
from importlib.resources import files

from microbp.course.exercises import known


class Solution(str):
    """Markdown that a notebook shows as such, and any other place as text."""

    def __repr__(self) -> str:
        return str(self)

    def _repr_markdown_(self) -> str:
        return str(self)


def solution(exercise: str) -> Solution:
    """One way to do an exercise, such as "01.2".

    >>> print(solution("04.2"))
    The steep direction sets the limit, $2/\\lambda$ with $\\lambda = 4$. (By the flat one alone...

    Raises ValueError for an exercise that the course doesn't have.
    """
    notebook, _, number = known(exercise, "solution").partition(".")
    path = files("microbp.course") / "solutions" / f"{notebook}.md"
    parts = re.split(r"^## (\S+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = dict(zip(parts[1::2], parts[2::2], strict=True))
    return Solution(found[f"{notebook}.{number}"].strip())
