"""`python -m benchmarks.random_gradients`: gradcheck on random expressions, right and wrong.

Each derivative's truth is found to many digits, so that every verdict can be judged. Half of the
expressions are right; the others have a mistake in one partial. Half of all have numbers of
everyday size, the others of any size.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from tqdm import tqdm

from benchmarks.random_expressions import MISTAKEN, MISTAKES, Case, random_case
from microbp import Value, gradcheck
from microbp.checking.report import Entry, Report

SURELY_RIGHT = 1e-15
"""A derivative that is off by less than this part of it is right, though a partial may be wrong."""
LOST = 1e-9
"""A derivative of right partials that is off by more than this has lost its digits."""
NOTHING = sys.float_info.min
"""Denormal numbers below this have too few digits to be wrong in."""
SHOWN = 5

LOST_DIGITS = "lost digits"
FALSE_PASS, FALSE_FAIL, FALSE_BLAME, ERROR = FALSE = (
    "false pass", "false fail", "false blame", "error"
)  # fmt: skip
OUTCOMES = ("pass", "fail", "inconclusive", "kink", "domain-edge", LOST_DIGITS, *FALSE)


@dataclass(frozen=True)
class Offender:
    """A case with a false verdict, and what is false about it."""

    seed: int
    number: int
    case: Case
    outcome: str
    reason: str

    def __str__(self) -> str:
        again = f"python -m benchmarks.random_gradients --seed {self.seed} --only {self.number}"
        kind = self.case.mistake or "right"
        return "\n".join(
            [f"--- {self.outcome} ({kind}): {self.reason}", f"# {again}"]
            + [self.case.right.check(self.case.right.leaves)]
            + ([f"# with a mistake in y{self.case.wrong}"] if self.case.mistake else [])
        )


@dataclass
class Counts:
    """How often each outcome, by size of the numbers and by mistake, and the offenders."""

    counts: Counter[tuple[bool, str, str]] = field(default_factory=Counter)
    offenders: list[Offender] = field(default_factory=list)

    def add(self, seed: int, number: int) -> None:
        case = case_of(seed, number)
        try:
            outcome, reason = outcome_of(case, report_of(case))
        except Exception as error:  # an expression has a value: gradcheck is to have an answer
            outcome, reason = ERROR, repr(error)
        self.counts[case.moderate, case.mistake, outcome] += 1
        if outcome in FALSE:
            self.offenders.append(Offender(seed, number, case, outcome, reason))

    def number(self, outcome: str, moderate: bool | None = None, mistake: str | None = None) -> int:
        """How many had this outcome; of all, or of one size or one mistake ("" for none)."""
        return sum(
            n
            for (size, kind, found), n in self.counts.items()
            if found == outcome and moderate in (None, size) and mistake in (None, kind)
        )

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        for moderate in (True, False):
            yield f"## Numbers of {'everyday' if moderate else 'any'} size\n"
            yield "| | " + " | ".join(OUTCOMES) + " |"
            yield "|---|" + "---:|" * len(OUTCOMES)
            for mistake in ("", *MISTAKES):
                row = [str(self.number(outcome, moderate, mistake)) for outcome in OUTCOMES]
                yield f"| {mistake or 'right'} | " + " | ".join(row) + " |"
            yield ""
        for kind in FALSE:
            found = [offender for offender in self.offenders if offender.outcome == kind]
            found.sort(key=lambda offender: len(offender.case.expression.steps))
            yield f"{kind}: {len(found)}"
            yield from map(str, found[:SHOWN])


def case_of(seed: int, number: int) -> Case:
    """Case `number` of this seed: the even ones are right, the others take turns in mistakes."""
    rng = Random(f"{seed}/{number}")
    return random_case(rng, MISTAKES[number // 2 % len(MISTAKES)] if number % 2 else "")


def report_of(case: Case) -> Report:
    leaves = zip(case.expression.leaves, case.expression.names, strict=True)
    return gradcheck(case.expression, *(Value(x, name) for x, name in leaves))


def outcome_of(case: Case, report: Report) -> tuple[str, str]:
    """One of OUTCOMES, and in words what is false about it."""
    failed = [i for i, entry in enumerate(report.entries) if entry.verdict == "fail"]
    for i, entry in enumerate(report.entries):
        if entry.verdict == "pass" and (reason := _passed_wrongly(case, i, entry)):
            return FALSE_PASS, reason
    if report.verdict != "fail":
        return report.verdict, ""
    if not failed:
        return FALSE_FAIL, "; ".join(report.wrong)
    known = [(report.entries[i], case.exact(i)) for i in failed]
    for entry, exact in known:
        if exact is None:
            if not case.mistake:
                return FALSE_FAIL, f"{entry.name} has no derivative here"
        elif exact.relative(entry.backward) < (SURELY_RIGHT if case.mistake else LOST):
            return FALSE_FAIL, f"{entry.name}: {entry.backward!r} is right"
    if not case.mistake:
        return LOST_DIGITS, ""
    *_, reason = report.wrong
    if "the first wrong partial is that of" in reason and f"that of {MISTAKEN}" not in reason:
        return FALSE_BLAME, reason.splitlines()[0]
    return "fail", ""


def _passed_wrongly(case: Case, i: int, entry: Entry) -> str:
    exact = case.exact(i)
    if exact is None:
        return ""
    off = exact.off(entry.backward)
    if off <= NOTHING or off <= entry.resolution:
        return ""
    return f"{entry.name}: {entry.backward!r} passed, and is {float(exact.value)!r}"


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    if options.only is not None:
        case = case_of(options.seed, options.only)
        report = report_of(case)
        outcome, reason = outcome_of(case, report)
        print(Offender(options.seed, options.only, case, outcome, reason), report, sep="\n\n")
        return
    counts = Counts()
    numbers: Iterable[int] = range(2 * options.cases)
    try:
        for number in tqdm(numbers, mininterval=1.0, leave=False):
            counts.add(options.seed, number)
    except KeyboardInterrupt:
        print("Interrupted: what was counted is kept.")
    print(counts)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.random_gradients",
        description="gradcheck on random expressions, as many right ones as wrong ones.",
    )
    parser.add_argument(
        "--cases", type=int, default=1000, help="of each, right and wrong; default: %(default)s"
    )
    parser.add_argument("--seed", type=int, default=1, help="default: %(default)s")
    parser.add_argument("--only", type=int, metavar="CASE", help="check this one, and show it")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
