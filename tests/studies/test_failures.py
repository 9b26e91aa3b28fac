"""Runs that fail: each is a row, and stops no other."""

import os
import subprocess
import sys
from functools import partial

import pytest

from microbp.studies import Study
from tests.helpers.studies import fails_at_3, guess, lines, study


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_that_fails_is_a_row_and_stops_no_other(jobs):
    found = study(fails_at_3, range(6), jobs=jobs)
    failure = {"seed": 3, "failure": "ZeroDivisionError: division by the seed"}
    assert found.failures == [found[3]] == [failure]
    assert [row["twice"] for row in found.finished] == [0, 2, 4, 8, 10]
    assert repr(found) == "<study of 6 runs, 1 failed: all runs done>"
    assert "failed      1 with an error\n  seed 3: ZeroDivisionError: div" in found.summary()


def test_many_failures_are_told_in_few_lines():
    text = study(fails_at_3, [3]).summary()
    assert text.count("seed 3: ") == 1
    text = Study({"seed": seed, "failure": "E"} for seed in range(30)).summary()
    assert "failed      30 with an error" in text
    assert "  seed 4: E\n  and 25 more\n" in text


class Untellable(Exception):
    def __str__(self):
        raise self


def raises(seed):
    raise [SystemExit(1), RecursionError("deep"), Untellable(), MemoryError()][seed]


def gives(seed):
    return [{"x": 1}, 5, {"x": object()}, {"seed": 9}, {"failure": ""}, {"x": 1j}, {"x": {1}}][seed]


@pytest.mark.parametrize(("experiment", "runs"), [(raises, 4), (gives, 7)])
def test_whatever_a_run_raises_or_gives_it_ends_alone(experiment, runs):
    found = study(experiment, range(runs))
    assert len(found) == runs
    assert len(found.failures) == runs - (experiment is gives)
    assert all(row["failure"] for row in found.failures)


def dies_at_3(seed):
    if seed == 3:
        os._exit(1)
    return {"twice": 2 * seed}


def test_a_run_that_takes_its_process_down_is_found_and_stops_no_other(tmp_path):
    found = study(dies_at_3, range(12), jobs=2, out=tmp_path / "runs")
    assert found.failures == [{"seed": 3, "failure": "its process died"}]
    assert [row["twice"] for row in found.finished] == [2 * s for s in range(12) if s != 3]
    assert len(lines(tmp_path / "runs")) == 1 + 12


def test_what_can_not_be_pickled_is_an_error_of_the_study():
    with pytest.raises(Exception, match="pickle"):
        study(partial(guess, sweeps=(x for x in ())), range(4), jobs=2)


def test_a_failure_of_many_words_leaves_a_file_that_can_be_read(tmp_path):
    def fails(seed):
        raise ValueError("é" * 5_000_000)

    for _ in range(2):
        found = study(fails, [1], out=tmp_path / "runs.jsonl", name="fails")
        assert found[0]["failure"].startswith("ValueError: ééé")
    assert (tmp_path / "runs.jsonl").stat().st_size < 300_000


@pytest.mark.thorough
@pytest.mark.parametrize("state", ["None", "open(os.devnull)"])
def test_a_study_runs_where_a_program_has_no_standard_streams(state):
    program = f"""if True:
        import os, sys
        import microbp
        sys.stdout = sys.stderr = none = {state}
        if none is not None:
            none.close()
        found = microbp.study(lambda seed: {{"twice": 2 * seed}}, range(3), jobs=2)
        os._exit(10 * len(found.finished) + (sys.stdout is sys.stderr is none))
    """
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 31
