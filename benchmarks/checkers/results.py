"""What each checker said of each case, and whether it was right."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import microbp
from benchmarks.checkers.case import Case
from benchmarks.checkers.checkers import Answer, Checker, by_gradcheck

RIGHT, WRONG, LOST, NONE = "right", "wrong", "lost", "no derivative"
Progress: TypeAlias = Callable[[Sequence[Case], str], Iterable[Case]]
Question: TypeAlias = str
"""What the gradient is that is asked about. LOST: the library's own, which the formula's rounding
makes wrong. NONE: there is none."""
MOST_LOST = 0.005
"""A library's own gradient that is off by more than this part is lost."""


@dataclass
class Results:
    """The answers, by checker's title and then by case's name and question."""

    answers: dict[str, dict[tuple[str, Question], Answer]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    """The checkers left out, and the package that each lacks."""
    interrupted: bool = False

    def count(self, title: str, question: Question, answer: Answer) -> int:
        """How often a checker gave this answer to this kind of question."""
        return sum(
            asked == question and given is answer
            for (_, asked), given in self.answers[title].items()
        )

    def ask(
        self,
        checkers: Iterable[Checker],
        cases: Sequence[Case],
        progress: Progress | None = None,
    ) -> None:
        """Ask each checker about each case; Ctrl-C keeps what was answered."""
        try:
            for checker in checkers:
                if checker.missing:
                    self.missing[checker.title] = checker.missing
                    continue
                given = self.answers[checker.title] = {}
                for case in progress(cases, checker.title) if progress else cases:
                    given.update(_asked(checker, case))
        except KeyboardInterrupt:
            self.interrupted = True


def _asked(checker: Checker, case: Case) -> dict[tuple[str, Question], Answer]:
    if case.gradient is None:
        own = microbp.grad(lambda x: case.f(microbp, x))(list(case.at))
        gradient = [d if math.isfinite(d) else 1.0 for d in own]
        return {(case.name, NONE): _answer(checker, case, gradient)}
    if checker.check is by_gradcheck and _is_lost(case):
        return {(case.name, LOST): _answer(checker, case, case.gradient)}
    asked = {(case.name, RIGHT): _answer(checker, case, case.gradient)}
    if case.wrong is not None:
        asked[case.name, WRONG] = _answer(checker, case, case.wrong)
    return asked


def _answer(checker: Checker, case: Case, gradient: Sequence[float]) -> Answer:
    """The checker's answer; None too where it raises an error instead of one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return checker.check(case, gradient)
        except Exception:
            return None


def _is_lost(case: Case) -> bool:
    """Whether the backward pass through this formula loses its digits."""
    own = microbp.grad(lambda x: case.f(microbp, x))(list(case.at))
    assert case.exact is not None
    pairs = zip(own, case.exact, strict=True)
    return any(exact.off(d) > MOST_LOST * abs(float(exact.value)) for d, exact in pairs)
