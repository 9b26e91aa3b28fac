"""A worker measures one contender in a process of its own."""

import json
import os
import subprocess
import sys

import pytest

from benchmarks.contenders import CONTENDERS
from benchmarks.worker import Worker
from benchmarks.worker_process import ROOT, WorkerFailed, WorkerProcess


class Steps:
    """A step that takes a known time, by the clock of the worker."""

    sweeps = 10

    def __init__(self, clock):
        self.clock = clock

    def step(self):
        self.clock[0] += 0.03

    def values(self):
        self.clock[0] += 0.00001


def test_a_step_is_repeated_until_there_is_something_to_see(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr("benchmarks.worker.perf_counter", lambda: clock[0])
    worker = Worker(CONTENDERS["c"], None)
    worker.prepared["family-training"] = Steps(clock)
    found = worker.time("family-training")
    assert found == pytest.approx({"step": 0.003, "forward": 0.00001})
    assert 0.2 < clock[0] < 0.4


def test_an_engine_that_is_not_there_is_missing():
    out = subprocess.run(
        [sys.executable, "-m", "benchmarks.worker", "microbp-python"],
        cwd=ROOT,
        env={**os.environ, "MICROBP_ENGINE": "steam"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "steam" in json.loads(out)["missing"]


def test_a_worker_outlives_what_it_can_not_do():
    with WorkerProcess(CONTENDERS["microgpt"]) as worker:
        with pytest.raises(WorkerFailed, match="AttributeError"):
            worker.ask("check", 20.0, workload="gpt-dot")
        with pytest.raises(WorkerFailed, match=r"took more than 0\.001 s"):
            worker.ask("time", 0.001, workload="gpt")
        assert worker.ask("time", 20.0, workload="chain").keys() == {"step", "forward", "backward"}


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_memory_and_depth():
    with WorkerProcess(CONTENDERS["microbp-python"]) as worker:
        memory = worker.ask("memory", 20.0, nodes=50_000)
        assert 80.0 < memory["held"] < 400.0
        assert memory["most"] > memory["held"]
    with WorkerProcess(CONTENDERS["microgpt"]) as worker:
        assert worker.ask("depth", 20.0, nodes=100) == {}
        with pytest.raises(WorkerFailed, match="RecursionError"):
            worker.ask("depth", 20.0, nodes=100_000)
