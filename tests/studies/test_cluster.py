"""A study on a Dask cluster."""

import os
import time
from contextlib import contextmanager

import joblib
import pytest

from microbp.experiments.nature1986 import symmetry
from tests.helpers.studies import lines, study


@contextmanager
def dask_cluster(folder, **options):
    """Two workers that joblib's runs go to."""
    import distributed

    place = str(folder / "dask")
    workers = {"n_workers": 2, "dashboard_address": None, "local_directory": place, **options}
    with (
        distributed.LocalCluster(**workers) as cluster,
        distributed.Client(cluster),
        joblib.parallel_config(backend="dask"),
    ):
        yield


@pytest.mark.cluster
@pytest.mark.filterwarnings("default")  # Dask's own, about ports and the like
def test_a_dask_cluster_of_two_workers_gives_the_same(tmp_path):
    def where(seed):
        time.sleep(0.05)
        return {"pid": os.getpid()}

    def fails(seed):
        return {"x": 1 / (seed - 3)}

    path = tmp_path / "runs.jsonl"
    here = symmetry.run.study(range(12), sweeps=15, jobs=1, progress=False)
    with dask_cluster(tmp_path, threads_per_worker=1):
        there = symmetry.run.study(range(12), sweeps=15, out=path, progress=False)
        processes = study(where, range(12), jobs=None)
        failing = study(fails, range(6), jobs=None)
    assert list(there) == list(here)
    assert sorted(lines(path)[1:], key=lambda row: row["seed"]) == list(here)
    pids = {row["pid"] for row in processes}
    assert os.getpid() not in pids
    assert len(pids) == 2
    assert [row["seed"] for row in failing.failures] == [3]


@pytest.mark.cluster
@pytest.mark.filterwarnings("default")
def test_a_run_that_keeps_killing_its_worker_ends_alone(tmp_path):
    def dies_at_3(seed):
        if seed == 3:
            os._exit(1)
        return {"twice": 2 * seed}

    with dask_cluster(tmp_path, threads_per_worker=2, silence_logs=50):
        found = study(dies_at_3, range(8), jobs=None, out=tmp_path / "runs", name="dies")
    assert found.failures == [{"seed": 3, "failure": "its process died"}]
    assert [row["twice"] for row in found.finished] == [2 * s for s in range(8) if s != 3]
    assert len(lines(tmp_path / "runs")) == 1 + 8
