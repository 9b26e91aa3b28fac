"""The answers as a page of Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.metadata import version

from benchmarks.checkers.case import Case
from benchmarks.checkers.checkers import CHECKERS, Answer
from benchmarks.checkers.results import LOST, NONE, RIGHT, WRONG, Question, Results

HEAD = """\
# Checkers of gradients beside each other

Made by `python -m benchmarks.checkers`. Each case is a function at a point, whose gradient mpmath
finds to {digits} digits. Each checker is asked twice: about that gradient, and about one with its
largest entry off by 1 %. It is to pass the first and to fail the second. Where the function has no
derivative, at a kink or at the edge of its domain, there is nothing to pass or to fail.

The others are asked as their manuals say, with their own tolerances, in double precision. For
numdifftools and SciPy, which find a number and leave the judgment to you, the rule is NumPy's
`allclose`. `gradcheck` judges the backward pass of Values itself, and is not asked twice where the
formula loses the gradient's digits, as (1 - cos x) / x^2 does at 1e-7: that is not to pass.
"""

MISTAKES: dict[tuple[Question, Answer], str] = {
    (RIGHT, False): "**fails right**",
    (RIGHT, None): "right?",
    (WRONG, True): "**passes wrong**",
    (WRONG, None): "wrong?",
    (LOST, True): "**passes lost digits**",
    (NONE, True): "passes",
    (NONE, False): "fails",
}


def page(results: Results, cases: Sequence[Case]) -> str:
    """The whole page."""
    return "\n".join(_lines(results, cases))


def _lines(results: Results, cases: Sequence[Case]) -> Iterator[str]:
    yield HEAD.format(digits=18)
    derivatives = sum(case.gradient is not None for case in cases)
    wrong = sum(case.wrong is not None for case in cases)
    yield (
        f"{len(cases)} cases: {derivatives} right gradients, {wrong} wrong ones, and "
        f"{len(cases) - derivatives} points without a derivative.\n"
    )
    yield from _counts(results)
    for title, package in results.missing.items():
        yield f"Left out: {title} ({package} is not installed).\n"
    packages = sorted(
        {name for checker in CHECKERS for name in checker.packages if not checker.missing}
    )
    yield "Versions: " + ", ".join(f"{name} {version(name)}" for name in packages) + ".\n"
    yield "## Case by case\n"
    yield (
        "An empty cell: both answers are as they should be. Fails right, passes wrong: a false "
        "verdict. Right?, wrong?: can't tell.\n"
    )
    yield from _by_case(results, cases)


def _counts(results: Results) -> Iterator[str]:
    yield "| | right passed | can't tell | false fails | wrong caught | can't tell | false passes |"
    yield "|---|" + "---:|" * 6
    for title in results.answers:
        cells = [
            results.count(title, question, answer)
            for question, answer in (
                (RIGHT, True), (RIGHT, None), (RIGHT, False),
                (WRONG, False), (WRONG, None), (WRONG, True),
            )
        ]  # fmt: skip
        yield f"| {title} | " + " | ".join(map(str, cells)) + " |"
    yield ""
    for question, name in ((NONE, "without a derivative"), (LOST, "lost digits")):
        yield f"| {name} | passed | failed | neither |"
        yield "|---|---:|---:|---:|"
        for title in results.answers:
            cells = [results.count(title, question, answer) for answer in (True, False, None)]
            if any(cells):
                yield f"| {title} | " + " | ".join(map(str, cells)) + " |"
        yield ""


def _by_case(results: Results, cases: Sequence[Case]) -> Iterator[str]:
    yield "| | | " + " | ".join(results.answers) + " |"
    yield "|---|---|" + "---|" * len(results.answers)
    for case in cases:
        cells = [
            ", ".join(
                words
                for (question, answer), words in MISTAKES.items()
                if given.get((case.name, question), ...) is answer
            )
            for given in results.answers.values()
        ]
        yield f"| {case.kind} | {case.name} | " + " | ".join(cells) + " |"
    yield ""
