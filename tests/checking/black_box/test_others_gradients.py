"""check_gradient on other people's programs: right ones pass, mistakes are found where they are."""

import numpy as np
import pytest

from microbp import check_gradient
from tests.checking.black_box import test_corpus
from tests.checking.black_box.corpus import plainly
from tests.checking.black_box.corpus.loading import load


def report_on(name, mistake=None):
    program = load(name, mistake)
    return check_gradient(program.f, at=program.at, **program.derivatives)


def judge(name):
    """A right gradient passes; where values are rounded or iterated, a report may say why not."""
    report = report_on(name)
    assert report.verdict in ("pass", "inconclusive"), str(report)
    for entry in report.entries:
        assert entry.verdict == "pass" or entry.note, str(report)
    assert report.verdict == "pass" or name.startswith("iterations/"), str(report)


def judge_mistake(mistake):
    """The mistake is found, in the right entries only, and called by its name where it has one."""
    report = report_on(mistake.program, mistake)
    assert report.verdict == "fail", str(report)
    assert mistake.says in "\n".join(report.wrong), str(report)
    program, _, given = test_corpus.loaded(mistake.program, mistake)
    _, _, right = test_corpus.loaded(mistake.program)
    is_wrong = np.abs(given - right) > 1e-9 * np.abs(right)
    wrong = {name for name, off in zip(plainly.entries(program), is_wrong, strict=True) if off}
    found = {entry.name for entry in report.entries if entry.verdict == "fail"}
    if "hessian" in load(mistake.program).derivatives:
        found = {name.rpartition(", ")[2] for name in found}  # "x[0], x[1]"
    assert found <= wrong, str(report)
    assert found or mistake.says == "reset", str(report)


@pytest.mark.parametrize("name", test_corpus.RIGHT)
def test_a_right_gradient_passes(name):
    judge(name)


@pytest.mark.parametrize("mistake", test_corpus.MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_is_found_where_it_is(mistake):
    judge_mistake(mistake)
