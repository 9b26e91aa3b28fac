"""check_gradient on other people's programs: the right ones pass, the mistakes planted are found."""

import numpy as np
import pytest

from microbp import check_gradient
from tests.checking.black_box import test_corpus
from tests.checking.black_box.corpus import plainly
from tests.checking.black_box.corpus.loading import load


def report_on(name, mistake=None):
    program = load(name, mistake)
    return check_gradient(program.f, at=program.at, **program.derivatives)


def wrong_inputs(report, inputs):
    """The numbers of the inputs of which some derivative is wrong; all outputs have the same."""
    return {n % inputs for n, entry in enumerate(report.entries) if entry.verdict == "fail"}


def judge(name):
    """A right gradient passes; where it can't be known, the report says why."""
    report = report_on(name)
    assert report.verdict in ("pass", "inconclusive"), str(report)
    for entry in report.entries:
        assert entry.verdict == "pass" or entry.note, str(report)
    assert report.verdict == "pass" or name in UNDECIDED, str(report)


UNDECIDED = {
    "iterations/cents": "months of a loan, each rounded to the cent",
}
"""Right programs whose gradient differences can't show, and why."""


def judge_mistake(mistake):
    """The mistake is found, in the right entries only, and called by its name where it has one."""
    report = report_on(mistake.program, mistake)
    assert report.verdict == "fail", str(report)
    assert mistake.says in "\n".join(report.wrong), str(report)
    program, _, given = test_corpus.difference_and_gradient(mistake.program, mistake)
    _, _, right = test_corpus.difference_and_gradient(mistake.program)
    found = wrong_inputs(report, len(plainly.entries(program)))
    assert found <= set(np.flatnonzero(np.abs(given - right) > 1e-9 * np.abs(right))), str(report)
    assert found or "reset" in mistake.says, str(report)


@pytest.mark.parametrize("name", test_corpus.RIGHT)
def test_a_right_gradient_passes(name):
    judge(name)


@pytest.mark.parametrize("mistake", test_corpus.MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_is_found_where_it_is(mistake):
    judge_mistake(mistake)
