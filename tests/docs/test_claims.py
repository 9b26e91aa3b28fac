"""docs/claims.md: made from the studies' results, and from nothing else."""

import doctest
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
sys.path.insert(0, str(DOCS))  # its programs are no package, and import one another

import claims  # noqa: E402
import make_claims  # noqa: E402
import studies  # noqa: E402
import study_results  # noqa: E402

from microbp.experiments.nature1986 import family_trees, symmetry  # noqa: E402
from microbp.experiments.pdp8 import xor  # noqa: E402
from microbp.studies import Share  # noqa: E402

ROWS = [
    {"seed": 0, "kind": "a", "solved_at": 4, "right": 4, "held_out_right": 2},
    {"seed": 1, "kind": "b", "solved_at": 10, "right": 3, "held_out_right": 2},
    {"seed": 2, "kind": "a", "solved_at": None, "right": 2, "held_out_right": 2},
]


@pytest.fixture
def lines():
    plan = studies.PlannedStudy(xor.run, {"hidden": 3}, 3, by=(4, 9), below=(("right", 3.5),))
    return list(studies.lines(plan, ROWS))


def test_a_study_in_lines(lines):
    found = {(line.group, line.result): line for line in lines}
    assert {line.study for line in lines} == {"xor hidden=3"}
    assert (found["all", "runs"].number, found["solved", "runs"].number) == (3, 2)
    assert found["all", "solved by 9"][3:5] == (1, 3)
    assert found["solved", "right < 3.5"][3:5] == (1, 2)
    assert found["all kind=a", "runs"][3:5] == (2, 3)
    assert found["solved kind=a", "runs"][3:5] == (1, 2)
    assert found["all", "right"][3:] == (3, 3, 3.0, 2.5, 3, 3.5)
    assert found["all", "held_out_right = 2"][3:5] == (3, 3)
    assert ("all", "held_out_right = 1") not in found


def test_the_table_is_read_as_it_was_written(lines, tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(studies.table(lines))
    assert studies.read(path) == lines


def test_results_are_asked_for_by_name(lines):
    found = study_results.Results(lines)
    assert found.share("xor hidden=3") == Share(2, 3)
    assert found.share("xor hidden=3", "solved kind=b") == Share(1, 2)
    assert found.share("xor hidden=3", "solved kind=c") == Share(0, 2)
    assert found.quartiles("xor hidden=3", "solved_at") == "7 (5.5 to 8.5)"
    assert found.quartiles("xor hidden=3", "nothing") == "-"
    with pytest.raises(KeyError):
        found.share("a study that was never run")


@pytest.mark.parametrize(
    ("number", "of", "word"),
    [
        (100, 100, "yes"),
        (91, 100, "mostly"),  # its interval begins below 0.9
        (55, 100, "for some seeds"),
        (3, 100, "hardly ever"),
        (0, 100, "no"),
        (0, 3, "for some seeds"),  # three seeds tell nothing
    ],
)
def test_the_word_for_a_share(number, of, word):
    assert claims.agreement(Share(number, of)) == word


def test_every_study_that_is_asked_for_is_planned():
    few = {"sweeps": 2, "within": 2}
    lines = []
    for plan in studies.planned_studies():
        settings = {**plan.settings, **{k: few[k] for k in few if k in plan.experiment.settings}}
        rows = [{"seed": seed, **plan.experiment.measure(seed, **settings)} for seed in (0, 1)]
        lines += studies.lines(plan, rows)
    page = make_claims.page(study_results.Results(lines))
    assert page.count("\n| ") > 60
    assert all(f"| {claim.says} |" in page for claim in claims.CLAIMS)


@pytest.mark.parametrize("module", [study_results, studies], ids=lambda module: module.__name__)
def test_the_examples_of_the_programs(module):
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0


def test_a_bar_in_a_cell_is_no_end_of_it():
    assert make_claims._table(["a"], [["|x|"]])[2] == "| &#124;x&#124; |"


def test_names_of_studies_are_different():
    names = [plan.name for plan in studies.planned_studies()]
    assert len(names) == len(set(names))


def test_the_page_is_what_the_results_give():
    assert make_claims.PAGE.read_text() == make_claims.page(study_results.Results(studies.read()))


def test_figures_in_the_docs_and_the_help_are_the_studies():
    found = study_results.Results(studies.read())

    def percent(*share):
        number, of = found.share(*share)
        return f"{100 * number / of:.0f} %"

    at_1425 = percent("symmetry", "all", "solved by 1425")
    page = " ".join((DOCS / "experiments.md").read_text().split())
    assert f"{at_1425} have all 64 rows right within the paper's 1,425 sweeps, and " in page
    assert f"sweeps, and {percent('symmetry')} within 10,000." in page
    assert f"of 1,000 seeds {at_1425} do, and {percent('symmetry')} within" in symmetry.run.notes
    told = f"Of 500 seeds {percent('family-trees')} learn all 100 cases, and "
    told += f"{percent('family-trees', 'all', 'held_out_right = 4')} get all four right"
    assert told in family_trees.run.notes
    assert [found.share(f"family-trees without={n}").number > 0 for n in (1, 2, 3, 4)] == [
        False, False, False, True,
    ]  # fmt: skip


def test_the_results_are_of_the_studies_planned():
    found = {line.study: line.of for line in studies.read() if line.result == "runs"
             if line.group == "all"}  # fmt: skip
    assert found == {plan.name: plan.seeds for plan in studies.planned_studies()}
