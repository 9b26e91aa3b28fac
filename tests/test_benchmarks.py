"""The benchmark: does every contender compute the same, and does a run write what it found?

Peers that are not installed are not needed here.
"""

import gc
import importlib.util
import json
import math
import os
import subprocess
import sys

import pytest

from benchmarks import __main__ as command
from benchmarks import race
from benchmarks.contenders import CONTENDERS, REFERENCE
from benchmarks.counting import operations
from benchmarks.employer import ROOT, Employee, Failed
from benchmarks.report import report
from benchmarks.results import Results, Spread
from benchmarks.targets import targets
from benchmarks.worker import Worker
from benchmarks.works import WORKS
from benchmarks.works.elementary import chain

PEERS = {  # those installed here
    contender.peer: contender
    for contender in CONTENDERS.values()
    if all(importlib.util.find_spec(package) for package in contender.packages)
}
PAIRS = [
    (peer, work)
    for peer in PEERS
    for work in WORKS
    if peer in ("floats", "microbp") or not WORKS[work].nary
]


@pytest.fixture(autouse=True)
def as_before():
    """A worker usually has a process to itself, and changes it."""
    limit = sys.getrecursionlimit()
    yield
    sys.setrecursionlimit(limit)
    gc.enable()


def check(contender, work):
    peer = importlib.import_module(f"benchmarks.peers.{contender.peer}").Peer()
    return Worker(contender, peer).check(work)


def some_results(**fields):
    machine = dict.fromkeys(("processor", "cores", "system", "python"), "some")
    return Results(date="today", machine=machine, rounds=1, **fields)


@pytest.mark.parametrize(("peer", "work"), PAIRS)
def test_each_contender_finds_the_loss_and_gradient_of_floats(peer, work):
    right, found = check(REFERENCE, work), check(PEERS[peer], work)
    assert math.isclose(found["loss"], right["loss"], rel_tol=1e-12)
    assert math.isclose(found["slope"], right["slope"], rel_tol=1e-5)


def test_operations_are_counted():
    assert operations(chain(5)) == 5
    assert operations(WORKS["moons-dot"]) == operations(WORKS["moons"])
    assert 55_000 < operations(WORKS["gpt"]) < 65_000


def run(folder, *options, pythonpath=""):
    subprocess.run(
        [sys.executable, "-m", "benchmarks", "--rounds", "1", *options, "--out", str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(pythonpath)},
        check=True,
    )
    return json.loads((folder / "benchmarks.json").read_text(encoding="utf-8"))


def test_a_run_writes_complete_files(tmp_path):
    found = run(tmp_path, "--only", "chain", "--contenders", "floats,microbp-python,microgpt")
    assert found["times"]["chain"].keys() == {"floats", "microbp-python", "microgpt"}
    assert found["times"]["chain"]["microgpt"].keys() == {"step", "forward", "backward"}
    text = (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    assert "## chain: 2,000 products" in text
    assert "| microgpt's style |" in text
    assert (tmp_path / "benchmarks.png").read_bytes().endswith(b"IEND\xaeB`\x82")
    assert len(list(tmp_path.iterdir())) == 3


def test_a_missing_peer_is_named(tmp_path):
    (tmp_path / "xad.py").write_text("raise ModuleNotFoundError('xad was taken away')\n")
    found = run(
        tmp_path / "out", "--only", "chain", "--contenders", "floats,xad", pythonpath=tmp_path
    )
    assert found["missing"] == {"xad": "xad was taken away"}
    assert found["times"]["chain"].keys() == {"floats"}
    text = (tmp_path / "out" / "benchmarks.md").read_text(encoding="utf-8")
    assert "Left out: XAD (xad was taken away)." in text


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
    with Employee(CONTENDERS["microgpt"]) as employee:
        with pytest.raises(Failed, match="AttributeError"):
            employee.ask("check", 20.0, work="gpt-dot")
        with pytest.raises(Failed, match=r"took more than 0\.001 s"):
            employee.ask("time", 0.001, work="gpt")
        assert employee.ask("time", 20.0, work="chain").keys() == {"step", "forward", "backward"}


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_memory_and_depth():
    with Employee(CONTENDERS["microbp-python"]) as employee:
        weight = employee.ask("memory", 20.0, nodes=50_000)
        assert 80.0 < weight["held"] < 400.0
        assert weight["most"] > weight["held"]
    with Employee(CONTENDERS["microgpt"]) as employee:
        assert employee.ask("depth", 20.0, nodes=100) == {}
        with pytest.raises(Failed, match="RecursionError"):
            employee.ask("depth", 20.0, nodes=100_000)


class Answers:
    """An employee whose answers are known."""

    def __init__(self, key, **answer):
        self.contender, self.answer, self.hello = CONTENDERS[key], answer, {"nary": False}

    def ask(self, order, limit, **arguments):
        if "error" in self.answer:
            raise Failed(self.answer["error"])
        return self.answer


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"loss": 1.0, "slope": 2.0}, None),
        ({"loss": 1.0 + 1e-11, "slope": 2.0}, "wrong: a loss"),
        ({"loss": math.nan, "slope": 2.0}, "wrong: a loss"),
        ({"loss": 1.0, "slope": 2.001}, "wrong: a gradient"),
        ({"error": "took more than 20 s"}, "took more than 20 s"),
    ],
)
def test_who_is_wrong_or_slow_is_left_out(answer, reason):
    results = some_results()
    reference = Answers("floats", loss=1.0, slope=2.0)
    race._check(results, WORKS["chain"], reference, Answers("xad", **answer))
    left_out = results.left_out["chain"]
    assert left_out == {} if reason is None else left_out["xad"].startswith(reason)
    if reason is not None:
        assert f"Left out: XAD ({reason}" in report(results)


def test_ratios_are_taken_round_by_round():
    times = {"chain": {"floats": {"step": [1.0, 10.0, 2.0]}, "xad": {"step": [3.0, 20.0, 2.0]}}}
    results = some_results(times=times)
    assert results.ratio(("chain", "xad"), ("chain", "floats")) == Spread(1.5, 2.0, 2.5)
    assert results.ratio(("chain", "xad"), ("moons", "floats")) is None


def test_targets_are_held_against_what_was_measured():
    def step(seconds):
        return {"step": [seconds]}

    times = {
        "moons": {"microbp-compiled": step(1.0), "micrograd-nogc": step(24.0), "xad": step(8.0)}
    }
    memory = {"microbp-compiled": {"held": 88.0}}
    verdicts = {
        target.what: target.verdict for target in targets(some_results(times=times, memory=memory))
    }
    assert verdicts["micrograd-nogc moons / microbp-compiled moons"] == "missed"
    assert verdicts["xad moons / microbp-compiled moons"] == "reached"
    assert verdicts["compiled: bytes a node of a chain of products"] == "reached"
    assert verdicts["xad gpt / microbp-compiled gpt"] == "not measured"


def test_an_interrupted_run_keeps_what_it_has(tmp_path, monkeypatch, capsys):
    def interrupted(results, works, contenders, progress):
        results.operations["chain"] = 2_000
        results.times["chain"] = {"floats": {"step": [1e-4], "forward": [1e-4]}}
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "time_works", interrupted)
    command.main(["--only", "chain", "--out", str(tmp_path)])
    assert "interrupted before their end" in (tmp_path / "benchmarks.md").read_text()
    assert json.loads((tmp_path / "benchmarks.json").read_text())["interrupted"]
    assert "kept" in capsys.readouterr().out


@pytest.mark.parametrize("options", [["--only", "chian"], ["--contenders", "x"], ["--rounds", "0"]])
def test_unknown_options_are_refused(options, capsys):
    with pytest.raises(SystemExit):
        command.main(options)
    assert options[1] in capsys.readouterr().err
