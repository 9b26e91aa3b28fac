"""A study on a Dask cluster."""

import os
import time

import joblib
import pytest

from microbp.experiments.nature1986 import symmetry
from tests.helpers.studies import lines, study


@pytest.mark.cluster
@pytest.mark.filterwarnings("default")  # Dask's own, about ports and the like
def test_a_dask_cluster_of_two_workers_gives_the_same(tmp_path):
    import distributed

    def where(seed):
        time.sleep(0.05)
        return {"pid": os.getpid()}

    def fails(seed):
        return {"x": 1 / (seed - 3)}

    path = tmp_path / "runs.jsonl"
    here = symmetry.run.study(range(12), sweeps=15, jobs=1, progress=False)
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            dashboard_address=None,
            local_directory=str(tmp_path / "dask"),
        ) as cluster,
        distributed.Client(cluster),
        joblib.parallel_config(backend="dask"),
    ):
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
    import distributed

    def dies_at_3(seed):
        if seed == 3:
            os._exit(1)
        return {"twice": 2 * seed}

    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=2,
            dashboard_address=None,
            local_directory=str(tmp_path / "dask"),
            silence_logs=50,
        ) as cluster,
        distributed.Client(cluster),
        joblib.parallel_config(backend="dask"),
    ):
        found = study(dies_at_3, range(8), jobs=None, out=tmp_path / "runs", name="dies")
    assert found.failures == [{"seed": 3, "failure": "its process died"}]
    assert [row["twice"] for row in found.finished] == [2 * s for s in range(8) if s != 3]
    assert len(lines(tmp_path / "runs")) == 1 + 8
