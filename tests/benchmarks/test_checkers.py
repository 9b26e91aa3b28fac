"""Checkers beside each other: ours on all cases, each other's on two, and the page."""

import re
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.checkers import __main__ as command
from benchmarks.checkers.__main__ import CASES
from benchmarks.checkers.case import Case
from benchmarks.checkers.checkers import CHECKERS, Checker
from benchmarks.checkers.results import LOST, NONE, RIGHT, WRONG, Results
from benchmarks.checkers.table import page

BY_TITLE = {checker.title: checker for checker in CHECKERS}
SMOOTH = Case("easy", "a product", lambda m, x: m.sin(x[0]) * m.exp(x[1]), (0.5, -0.3))
TWO = [SMOOTH, Case("easy", "abs at 0", lambda m, x: abs(x[0]), (0.0,))]


def test_the_cases_are_many_and_differ():
    assert sum(case.gradient is not None for case in CASES) >= 100
    assert sum(case.wrong is not None for case in CASES) >= 95
    assert len({case.name for case in CASES}) == len(CASES)


SOME_OR_ALL = pytest.mark.parametrize(
    "cases",
    [
        pytest.param(CASES[::4], id="some"),
        pytest.param(CASES, id="all", marks=pytest.mark.thorough),
    ],
)


@SOME_OR_ALL
@pytest.mark.parametrize(
    ("title", "most_right", "most_wrong"),
    [("microbp.gradcheck", 0.975, 0.975), ("microbp.check_gradient", 0.9, 0.93)],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's, at the far ends
def test_no_verdict_of_ours_is_false(title, most_right, most_wrong, cases):
    results = Results()
    results.ask([BY_TITLE[title]], cases)
    asked = Counter(question for _, question in results.answers[title])
    assert results.count(title, RIGHT, False) == 0
    assert results.count(title, WRONG, True) == results.count(title, LOST, True) == 0
    assert results.count(title, RIGHT, True) >= most_right * asked[RIGHT] > 0.8 * len(cases)
    assert results.count(title, WRONG, False) >= most_wrong * asked[WRONG] > 0.7 * len(cases)
    assert results.count(title, NONE, None) == asked[NONE]


OTHERS = [
    pytest.param("JAX check_grads", marks=pytest.mark.jax),
    pytest.param("HIPS autograd check_grads", marks=pytest.mark.thorough),
    pytest.param("numdifftools Gradient", marks=pytest.mark.thorough),
    pytest.param("SciPy check_grad", marks=pytest.mark.thorough),
]


@pytest.mark.parametrize("title", OTHERS)
def test_others_are_asked_rightly(title):
    results = Results()
    results.ask([BY_TITLE[title]], [SMOOTH])
    assert results.answers[title] == {("a product", RIGHT): True, ("a product", WRONG): False}


def test_the_page_counts_false_verdicts():
    results = Results()
    results.ask(
        [
            Checker("yes", (), lambda case, gradient: True),
            Checker("no", (), lambda case, gradient: False),
            Checker("error", (), lambda case, gradient: gradient / 0),
            Checker("absent", ("no_such_package",), lambda case, gradient: True),
        ],
        TWO,
    )
    text = page(results, TWO)
    assert "2 cases: 1 right gradients, 1 wrong ones, and 1 points without" in text
    assert "| yes | 1 | 0 | 0 | 0 | 0 | 1 |" in text
    assert "| no | 0 | 0 | 1 | 1 | 0 | 0 |" in text
    assert "| error | 0 | 1 | 0 | 0 | 1 | 0 |" in text
    assert "| easy | a product | **passes wrong** | **fails right** | right?, wrong? |" in text
    assert "Left out: absent (no_such_package is not installed)." in text


def test_a_library_is_asked_about_no_gradient_that_it_lost():
    lost = Case(
        "hard", "(1 - cos x) / x^2", lambda m, x: (1 - m.cos(x[0])) / x[0] ** 2, (1e-7,), 20
    )
    results = Results()
    results.ask([BY_TITLE["microbp.gradcheck"]], [lost])
    assert list(results.answers["microbp.gradcheck"]) == [("(1 - cos x) / x^2", LOST)]


def test_an_interrupted_run_writes_no_page(monkeypatch, tmp_path, capsys):
    def interrupted(case, gradient):
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "CHECKERS", [Checker("slow", (), interrupted)])
    command.main(["--out", str(tmp_path / "page.md")])
    assert "Interrupted: no page is written." in capsys.readouterr().out
    assert not list(tmp_path.iterdir())


def test_the_figures_in_the_docs_are_those_of_the_page():
    docs = Path(__file__).parents[2] / "docs"
    rows = re.findall(r"^\| (.+?) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$",
                      (docs / "checkers.md").read_text(), re.MULTILINE)  # fmt: skip
    said = re.findall(r"\d+ of \d+", (docs / "checking.md").read_text())
    for title in (
        "microbp.gradcheck",
        "microbp.check_gradient",
        "PyTorch gradcheck",
        "JAX check_grads",
    ):
        (figures,) = (list(map(int, row)) for name, *row in rows if name == title)
        for three in (figures[:3], figures[3:]):
            assert f"{three[0]} of {sum(three)}" in said, title
        assert not title.startswith("microbp") or figures[2] == figures[5] == 0
