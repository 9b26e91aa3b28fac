"""What a study returns: a row for each seed, in order, with any number of jobs."""

import time
from functools import partial
from pathlib import Path

import joblib
import pytest

from microbp._support import progress
from microbp.experiments.nature1986 import symmetry
from tests.helpers.studies import fails_at_3, guess, study


def zero_last(seed, *, folder):
    """Seed 0 ends only when all others have."""
    ended = [Path(folder, str(other)) for other in (5, 9, 7, 1)]
    while seed == 0 and not all(path.exists() for path in ended):
        time.sleep(0.01)
    Path(folder, str(seed)).touch()
    return {"at": time.monotonic()}


def test_rows_are_in_the_order_of_seeds_whatever_ended_first(tmp_path):
    settings = {"folder": str(tmp_path)}
    found = study(zero_last, [5, 0, 9, 7, 1], jobs=2, settings=settings)
    assert [row["seed"] for row in found] == [5, 0, 9, 7, 1]
    assert found[1]["at"] == max(row["at"] for row in found)


def test_a_study_is_the_same_with_any_number_of_jobs():
    one = symmetry.run.study(range(6), sweeps=20, jobs=1, progress=False)
    two = symmetry.run.study(range(6), sweeps=20, jobs=2, progress=False)
    assert list(one) == list(two)
    assert one[2] == {"seed": 2, **symmetry.run.measure(2, sweeps=20)}
    assert study(symmetry.run.measure, [2], settings={"sweeps": 20})[0] == one[2]


def test_settings_reach_the_experiment_and_its_defaults_are_known():
    found = study(partial(guess, sweeps=7), [1])
    assert found[0] == {"seed": 1, **guess(1, sweeps=7)}
    assert found.settings == {"sweeps": 7}
    assert study(guess, [1]).settings == {"sweeps": 100}
    assert study(guess, [1], settings={"sweeps": 8}).settings == {"sweeps": 8}
    with pytest.raises(TypeError, match="sweps"):
        study(guess, [1], settings={"sweps": 8})


def test_an_experiment_may_be_any_callable():
    class Adds:
        def __call__(self, seed, to):
            return {"sum": seed + to}

    assert study(lambda seed: {"x": -seed}, [3], jobs=2)[0] == {"seed": 3, "x": -3}
    assert study(Adds(), range(2), jobs=2, settings={"to": 5})[1] == {"seed": 1, "sum": 6}


def test_no_seeds_make_an_empty_study(tmp_path):
    found = study(guess, [], out=tmp_path / "runs")
    assert (len(found), found.failures, found.stopped) == (0, [], "all runs done")
    assert "runs        0; all runs done" in found.summary()
    assert found.to_csv(tmp_path / "table.csv").read_text() == "seed\n"
    assert repr(found) == "<study of 0 runs: all runs done>"


def test_a_seed_given_twice_counts_once_and_has_to_be_whole():
    assert [row["seed"] for row in study(guess, [4, 2, 4])] == [4, 2]
    with pytest.raises(TypeError, match="whole numbers as seeds, got"):
        study(guess, [1.5])
    with pytest.raises(ValueError, match=r"study: jobs: expected .* from 1 to 1,000, got 0"):
        study(guess, [1], jobs=0)


def test_progress_shows_how_many_and_how_many_failed(capfd, monkeypatch):
    monkeypatch.setattr(progress, "LINE_AFTER", 0.0)
    study(fails_at_3, range(5), progress=True)
    assert capfd.readouterr().err.splitlines()[-1] == "5 of 5 runs, failed 1"


def test_the_number_of_jobs_is_the_configuration_s_where_it_has_one(monkeypatch):
    asked = []

    class Parallel(joblib.Parallel):
        def __init__(self, n_jobs, **options):
            asked.append(n_jobs)
            super().__init__(n_jobs=1, **options)

    monkeypatch.setattr(joblib, "Parallel", Parallel)
    study(guess, [1], jobs=None)
    with joblib.parallel_config(backend="threading", n_jobs=3):
        study(guess, [1], jobs=None)
        study(guess, [1], jobs=2)
    assert asked == [-1, 3, 2]
